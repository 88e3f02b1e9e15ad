"""A release that failed, and a case that needs Microsoft's support, are called to mind like a request that waits."""

import pytest

from services.domain.case.status import Status
from tests.cases import BO, LIMIT_REASON, MINUTE
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.test_digest import sends
from tests.dialogs.world import CLEO, World

FAILED = "Case 1 (Ana Soto): the unblock failed and is waiting"
NEEDS_TICKET = "Case 1 (Ana Soto) still needs a support ticket"
CALLED = {"by_another_route": "true", "ground": "called her: it was her newsletter"}


def reminders(w: World) -> list[str]:
    marks = (
        "is waiting for a decision",
        "are waiting for a decision",
        "still waiting for a decision",
        "still need",
    )
    return [text for sheet in w.sheets() if any(mark in (text := w.text_of(sheet)) for mark in marks)]


async def ana_could_not_be_unblocked(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.outcomes = [REFUSED] * 9
    await w.bo_approves()
    assert await w.status() is Status.FAILED


async def ana_needs_a_ticket(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.keeps_listing = True
    await w.bo_approves()
    await w.passes(w.timing.support_after)
    while await w.status() is Status.UNBLOCKED:
        await w.passes(MINUTE)
    assert await w.status() is Status.NEEDS_TICKET


async def test_a_failed_release_is_called_to_mind_ever_more_rarely(w: World) -> None:
    await ana_could_not_be_unblocked(w)
    await w.passes(w.timing.remind_after - MINUTE)
    assert reminders(w) == []
    await w.passes(4 * w.timing.remind_after + 2 * MINUTE)
    assert [line.startswith(FAILED) for line in reminders(w)] == [True] * 3  # after one, two and four times the span


async def test_its_time_counts_from_the_failure_and_not_from_the_request(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(w.timing.remind_after + MINUTE)
    w.mail.outcomes = [REFUSED]
    await w.bo_approves()
    await w.passes(w.timing.remind_after - MINUTE)
    assert reminders(w) == []
    await w.passes(2 * MINUTE)
    assert len(reminders(w)) == 1


async def test_a_case_that_needs_a_ticket_is_called_to_mind(w: World) -> None:
    await ana_needs_a_ticket(w)
    await w.passes(w.timing.remind_after + MINUTE)
    (line,) = reminders(w)
    assert line.startswith(NEEDS_TICKET)


@pytest.mark.parametrize(("verb", "then"), [("ticket", Status.WITH_MICROSOFT), ("close", Status.CLOSED)])
async def test_somebody_who_took_it_up_is_reminded_no_more(w: World, verb: str, then: Status) -> None:
    await ana_could_not_be_unblocked(w)
    await w.presses(BO, verb, reference="TKT-1", reason="called her")
    assert await w.status() is then
    await w.passes(5 * w.timing.remind_after)
    assert reminders(w) == []


async def test_a_reminder_that_is_true_no_more_is_not_posted(w: World) -> None:
    await ana_could_not_be_unblocked(w)
    await w.passes(w.timing.remind_after - MINUTE)
    w.messenger.down = True
    await w.passes(2 * MINUTE)
    await w.presses(BO, "close", close_reason="she left")
    w.messenger.down = False
    await w.passes(2 * MINUTE)
    assert await w.status() is Status.CLOSED
    assert reminders(w) == []


async def test_releases_that_failed_together_share_one_line(w: World) -> None:
    w.mail.outcomes = [REFUSED] * 4
    for number in range(1, 5):
        await sends(w, number)
        await w.presses(BO, "approve", number, None, **CALLED)
        assert await w.status(number) is Status.FAILED
        await w.passes(MINUTE)
    w.messenger.sheets.clear()
    await w.passes(w.timing.remind_after)
    (line,) = [one for one in reminders(w) if "failed" in one]
    assert line.startswith("4 unblocks failed")
    assert "1 (Sample Person 1), 2 (Sample Person 2), 3 (Sample Person 3), 4 (Sample Person 4)" in line


async def test_a_busy_case_is_compared_with_the_list_as_often_as_a_quiet_one(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.entries.clear()
    for who in (BO, CLEO) * 3:  # somebody does something about it before each look
        await w.passes(w.timing.check_every / 2)
        await w.presses(who, "looking")
    assert await w.status() is Status.ALREADY_LIFTED
