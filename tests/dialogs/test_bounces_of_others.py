"""A pasted bounce says whose message came back: one's own, that of a mailbox one sends from, or somebody else's."""

import pytest

from services.domain.case.status import Status
from tests.dialogs.test_other_mailboxes import MAILBOX, SALES
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, World

KIM = "kim@fabrikam.example"


def bounce(sender: str, recipient: str = KIM, answer: str = "550 5.1.8 Access denied, bad outbound sender") -> str:
    return (
        f"Delivery has failed to these recipients or groups:\n\n{recipient}\n\nRemote Server returned '{answer}'\n\n"
        f"Original message headers:\n\nFrom: Sales <{sender}>\nTo: {recipient}\n"
    )


@pytest.fixture
def sales(w: World) -> World:
    """Ana may send from the shared mailbox, which is restricted."""
    w.mailboxes.known = {SALES: MAILBOX}
    w.mail.restrict(SALES)
    return w


async def test_the_mailbox_whose_message_came_back_is_looked_at(sales: World) -> None:
    await sales.says(ANA_CLICKS, bounce(SALES))
    assert f"About the mailbox Sales ({SALES})" in sales.ana_sees()
    assert [case.sender.mailbox_address for case in await sales.cases.open_cases()] == [SALES]


@pytest.mark.parametrize(
    "headers", ["De : Sales <{}>\nÀ : {}", "Da: {}\nA: {}", "差出人: {}\n宛先: {}", "من: {}\nإلى: {}"]
)
async def test_so_it_is_in_whatever_language_the_headers_are(sales: World, headers: str) -> None:
    await sales.says(ANA_CLICKS, f"550 5.1.8 Access denied, bad outbound sender\n\n{headers.format(SALES, KIM)}")
    assert [case.sender.mailbox_address for case in await sales.cases.open_cases()] == [SALES]


async def test_it_is_looked_at_while_ones_own_case_is_open(sales: World) -> None:
    await sales.ana_asks()
    await sales.says(ANA_CLICKS, bounce(SALES))
    assert [case.sender.mailbox_address for case in await sales.cases.open_cases()] == ["", SALES]


async def test_ones_own_bounce_is_about_oneself(sales: World) -> None:
    sales.mail.restrict(ANAS_ADDRESS)
    await sales.says(ANA_CLICKS, bounce(ANAS_ADDRESS.upper()))
    assert [case.sender.mailbox_address for case in await sales.cases.open_cases()] == [""]
    assert await sales.status() is Status.SECURING


async def test_the_bounce_of_a_mailbox_that_is_not_theirs_says_whose_it_is(w: World) -> None:
    w.mail.restrict(SALES)
    answer = await w.says(ANA_CLICKS, bounce(SALES, answer="550 5.1.1 User unknown"))
    assert f"came back to {SALES}, not to you" in answer
    assert "The recipient's address does not exist." in answer
    assert await w.cases.open_cases() == []


async def test_a_bounce_about_mail_to_them_is_for_the_senders_side(w: World) -> None:
    answer = await w.says(ANA_CLICKS, bounce(KIM, recipient=ANAS_ADDRESS))
    assert f"about mail from {KIM} to you" in answer
    assert "in another organisation" in answer
    assert "ask me again" not in answer


async def test_nobody_is_asked_about_the_mailbox_that_sends_bounces(w: World) -> None:
    answer = await w.says(ANA_CLICKS, "all my mail comes back from mailer-daemon@contoso.example")
    assert "I can't help with" not in answer
    assert "not restricted" in answer


async def test_several_troubles_of_one_message_stand_on_one_card(w: World) -> None:
    answer = await w.says(
        ANA_CLICKS,
        f"{KIM}\nRemote Server returned '550 5.1.1 User unknown'\n\n"
        "lee@fabrikam.example\nRemote Server returned '552 5.2.2 Mailbox full'\n",
    )
    assert f"5.1.1 for {KIM}:" in answer
    assert "5.2.2 for lee@fabrikam.example:" in answer


async def test_a_phishing_mail_dressed_as_a_bounce_is_called_one(w: World) -> None:
    answer = await w.says(ANA_CLICKS, "Delivery failed. Verify your password: http://contoso-mail.example/login")
    assert "looks like a phishing mail" in answer
