"""What waits for a decision mentions the approvers, and nothing else does. A card is never lost for want of that."""

import pytest

from services.domain.case.status import Status
from services.domain.mention import Mention
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, MINUTE, report
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.test_digest import OVER, sends
from tests.dialogs.test_evidence import OUTSIDE
from tests.dialogs.test_watch import begun
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CHANNEL, CLEO, WATCH_EVERY, World


@pytest.fixture
def w(w: World) -> World:
    """A world whose approvers are mentioned. Ana is one, too."""
    people = ((ANA, "Ana Soto"), (BO.id, "Bo Larsen"), (CLEO.id, "Cleo Marsh"))
    w.mentions.known = tuple(Mention(id=who, name=name) for who, name in people)
    return w


def notified(w: World) -> list[list[str]]:
    """Whom each message in the channel notified, oldest first."""
    return [sheet.notified for sheet in w.sheets()]


async def test_a_request_notifies_the_approvers_but_not_the_person_of_the_case(w: World) -> None:
    await w.ana_has_sent()
    assert notified(w) == [["Bo Larsen", "Cleo Marsh"]]


async def test_what_changes_on_a_card_notifies_nobody(w: World) -> None:
    await w.ana_has_sent()
    await w.presses(BO, "looking")
    await w.is_off_list()
    assert [sheet for sheet in w.posts() if sheet.notified] == [w.posts()[0]]
    assert "<at>" not in w.approvers_see()


async def test_a_reminder_and_a_reply_notify_again(w: World) -> None:
    await w.ana_has_sent()
    await w.passes(w.timing.remind_after + MINUTE)
    await w.presses(BO, "ask", words="which list was it?")
    await w.presses(ANA_CLICKS, "reply", words="the newsletter")
    assert notified(w) == [["Bo Larsen", "Cleo Marsh"]] * 3


async def test_the_first_of_two_approvals_notifies_the_others(w: World) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    await w.ana_has_sent()
    await w.bo_approves()
    assert await w.status() is Status.WAITING
    assert notified(w)[-1] == ["Cleo Marsh"]


async def test_what_only_tells_notifies_nobody(w: World) -> None:
    """A case that failed is told below its card, with nobody mentioned."""
    await w.ana_has_sent()
    w.mail.outcomes = [REFUSED]
    await w.bo_approves()
    assert await w.status() is Status.FAILED
    assert w.lines()
    assert notified(w)[1:] == [[]] * len(w.lines())


async def test_the_quiet_card_of_the_list_monitor_becomes_a_request_that_notifies(w: World) -> None:
    await begun(w)
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    assert notified(w) == [[]]
    await w.presses_in_chat(ANA_CLICKS, "tell", 1)
    assert notified(w) == [[], ["Bo Larsen", "Cleo Marsh"]]


async def test_a_card_that_is_asked_for_or_comes_back_notifies_nobody(w: World) -> None:
    await w.ana_has_sent()
    await w.commands(BO, "case 1")
    w.messenger.delete(w.posts()[-1])
    await w.presses(BO, "looking")
    assert notified(w)[1:] == [[]] * (len(w.sheets()) - 1)


async def test_a_digest_notifies_when_it_begins_and_at_its_reminder(w: World) -> None:
    for number in range(1, OVER + 3):
        await sends(w, number)
    digest = w.posts()[-1]
    assert digest.notified == ["Ana Soto", "Bo Larsen", "Cleo Marsh"]
    assert digest.updates
    for number in range(1, OVER + 1):
        await w.says(BO, f"deny {number} come by")
    await w.passes(w.timing.remind_after + MINUTE)
    assert [sheet.notified for sheet in w.sheets() if sheet.thread == digest.posted.activity] == [digest.notified]


@pytest.mark.parametrize("trouble", ["unreadable", "slow", "refused", "nobody"])
async def test_no_request_is_lost_for_the_want_of_a_mention(w: World, trouble: str) -> None:
    w.mentions.trouble = UnknownReason.NO_PERMISSION if trouble == "unreadable" else None
    w.mentions.hangs = trouble == "slow"
    w.messenger.takes_mentions = trouble != "refused"
    w.mentions.known = () if trouble == "nobody" else w.mentions.known
    await w.ana_has_sent()
    assert notified(w) == [[]]
    assert "Waiting for a decision" in w.approvers_see()


async def test_a_channel_that_is_gone_is_no_matter_of_mentions(w: World) -> None:
    w.messenger.closed[CHANNEL.id] = "403 BotNotInConversationRoster"
    await w.ana_has_sent()
    assert w.sheets() == []
    w.messenger.closed.clear()
    await w.passes(5 * MINUTE)
    assert notified(w) == [["Bo Larsen", "Cleo Marsh"]]
