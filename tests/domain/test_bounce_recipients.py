"""Several recipients in one bounce, also several in one line: each trouble once, with everybody whom it befell."""

import pytest

from services.domain.bounce.bounce import read_bounce

IDA, JON, KAI = "ida@fabrikam.example", "jon@tailspin.example", "kai@woodgrove.example"
UNKNOWN, FULL = "550 5.1.1 User unknown", "552 5.2.2 Mailbox full"

TWO_AND_ONE = (
    f"Delivery has failed to these recipients or groups:\n\n{IDA}; {JON}\n{UNKNOWN}\n\n{KAI}\n{FULL}",
    f"Delivery has failed to these recipients or groups:\n\n{IDA}, {JON}\n{UNKNOWN}\n\n{KAI}\n{FULL}",
    f"Delivery has failed to these recipients or groups:\n\n<{IDA}> <{JON}>\n{UNKNOWN}\n\n<{KAI}>\n{FULL}",
    f"Unzustellbar:\n\n{IDA} und {JON}\n{UNKNOWN}\n\n{KAI}\n{FULL}",
    f"Non remis :\n\n{IDA} et {JON}\n{UNKNOWN}\n\n{KAI}\n{FULL}",
    f"Ida (<{IDA}>), Jon (<{JON}>)\n{UNKNOWN}\n\nKai (<{KAI}>)\n{FULL}",
    f"Berg, Ida <{IDA}>; Holm, Jon <{JON}>\n{UNKNOWN}\n\nLind, Kai <{KAI}>\n{FULL}",
    f"{IDA}, {JON}: {UNKNOWN}\n{KAI}: {FULL}",
    f"<{IDA}>, <{JON}>: host mx.fabrikam.example said: {UNKNOWN}\n<{KAI}>: host mx.woodgrove.example said: {FULL}",
    f"{IDA} {UNKNOWN}\n{JON} {UNKNOWN}\n{KAI} {FULL}",
    f"{IDA}: {UNKNOWN}, {JON}: {UNKNOWN}, {KAI}: {FULL}",
    f"{IDA} {UNKNOWN}; {JON} {UNKNOWN}; {KAI} {FULL}",
    f"550 5.1.1 {IDA}, {JON}: User unknown\n552 5.2.2 {KAI}: Mailbox full",
    f"550 5.1.1 <{IDA}>: User unknown\n550 5.1.1 <{JON}>: User unknown\n552 5.2.2 <{KAI}>: Mailbox full",
    (
        f"Final-Recipient: rfc822;{IDA}, rfc822;{JON}\nAction: failed\nStatus: 5.1.1\n\n"
        f"Final-Recipient: rfc822;{KAI}\nAction: failed\nStatus: 5.2.2\n"
    ),
)


@pytest.mark.parametrize("text", TWO_AND_ONE)
def test_two_share_a_trouble_and_one_has_another(text: str) -> None:
    bounce = read_bounce(text)
    assert bounce is not None
    assert {(trouble.code, trouble.recipients) for trouble in bounce.troubles} == {
        ("5.1.1", (IDA, JON)),
        ("5.2.2", (KAI,)),
    }


def test_a_sender_named_beside_the_code_is_nobody_whom_it_befell() -> None:
    bounce = read_bounce("550 5.7.60 <ida@contoso.example>: Client does not have permissions to send as this sender")
    assert bounce is not None
    assert bounce.troubles[0].recipients == ()


def test_an_expanded_group_is_not_a_second_recipient() -> None:
    status = f"Final-Recipient: rfc822;{IDA} (expanded from {KAI})\nAction: failed\nStatus: 5.1.1\n"
    bounce = read_bounce(status)
    assert bounce is not None
    assert bounce.troubles[0].recipients == (IDA,)


def test_a_sentence_with_two_addresses_is_no_list() -> None:
    bounce = read_bounce(f"{IDA} wrote to {JON} and got\n{UNKNOWN}")
    assert bounce is not None
    assert bounce.troubles[0].recipients == ()
