"""What comes of something late is bound to what was decided meanwhile."""

from dataclasses import replace

from services.domain.case.status import Status
from tests.cases import BO, HOUR, LIMIT_REASON, MINUTE, SPAM_REASON
from tests.dialogs.fake_mail import UNCLEAR
from tests.dialogs.test_after_the_end import has_relapsed, sends
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, World

THIEF = "it was the thief on the phone"


async def waits_again_after_an_unclear_removal(w: World) -> None:
    """The approval lapsed with a call of Remove of which nobody knows what came of it."""
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [UNCLEAR]
    await w.presses(BO, "approve")
    w.mail.restrict(ANAS_ADDRESS, SPAM_REASON, since=w.clock.now() - HOUR)
    await w.passes(HOUR)
    assert await w.status() is Status.WAITING


async def test_after_a_denial_too_the_list_says_whether_a_removal_took_effect(w: World) -> None:
    await waits_again_after_an_unclear_removal(w)
    w.mail.entries.clear()
    await w.presses(CLEO, "deny", reason="please come to the help desk")
    await w.passes(HOUR)
    case = await w.case()
    assert (case.status, case.unblock.done_at is not None, len(w.mail.removals)) == (Status.DENIED, True, 1)
    assert any("stopped too late" in line for line in w.lines())
    assert "please come to the help desk" in w.approvers_see()


async def test_a_denial_of_what_nobody_called_remove_for_looks_for_nothing(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(CLEO, "deny", reason="please come to the help desk")
    w.mail.entries.clear()
    await w.passes(HOUR)
    assert (await w.case()).stopped is None
    assert w.lines() == []


async def test_a_stop_told_on_an_older_card_marks_the_release_that_is_still_watched(w: World) -> None:
    """Her word does not close what an approver called a theft."""
    await has_relapsed(w)
    await sends(w, 2)
    w.directory.people[ANA_CLICKS.id] = replace(
        w.directory.people[ANA_CLICKS.id], password_changed_at=w.clock.now() - MINUTE
    )
    await w.presses(BO, "approve", 2, None, by_another_route="true", ground="called her")
    await w.passes(10 * MINUTE)
    assert await w.status(2) is Status.OFF_LIST
    await w.presses(CLEO, "stop", 1, None, stop_reason=THIEF)
    await w.presses(ANA_CLICKS, "works", 2)
    assert await w.status(2) is Status.OFF_LIST
    assert (await w.case(2)).stopped is not None
