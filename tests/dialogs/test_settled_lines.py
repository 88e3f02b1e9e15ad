"""A line that says that a case still waits does not stay under a happy end."""

from collections.abc import Awaitable, Callable

import pytest

from services.domain.case.status import Status
from tests.cards.sample_evidence import STOLEN
from tests.cases import BO, HOUR, LIMIT_REASON, MINUTE
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.test_called_to_mind import CALLED, ana_could_not_be_unblocked, ana_needs_a_ticket
from tests.dialogs.test_digest import OVER, sends
from tests.dialogs.world import ANA_CLICKS, CHANNEL, CLEO, World

SETTLED = "Settled: case 1 is no longer waiting for the admins."


def said(w: World) -> list[str]:
    """All that the channel says, in its threads too."""
    return [w.text_of(sheet) for sheet in w.sheets()]


def waits(w: World) -> list[str]:
    marks = ("waiting for a decision", "still needs a support ticket")
    return [text for text in said(w) if not text.startswith("⏳") and any(mark in text for mark in marks)]


@pytest.mark.parametrize("ends", ["approve", "withdraw"])
async def test_reminders_of_a_request_end_with_it(w: World, ends: str) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(2 * w.timing.remind_after + MINUTE)
    assert len(waits(w)) == 2
    if ends == "withdraw":
        await w.presses(ANA_CLICKS, "withdraw")
    else:
        await w.presses(BO, ends, 1, None, **CALLED)
    assert waits(w) == []
    assert said(w).count(SETTLED) == 2
    await w.passes(HOUR)
    assert said(w).count(SETTLED) == 2


@pytest.mark.parametrize("stops", [ana_could_not_be_unblocked, ana_needs_a_ticket])
async def test_reminders_of_a_stop_end_once_somebody_took_it_up(
    w: World, stops: Callable[[World], Awaitable[None]]
) -> None:
    await stops(w)
    await w.passes(w.timing.remind_after + MINUTE)
    assert len(waits(w)) == 1
    await w.presses(BO, "ticket", reference="TKT-1")
    assert waits(w) == []
    assert said(w).count(SETTLED) == 2  # the first line about the stop, and the reminder of it


async def test_a_shared_line_names_those_that_wait_still(w: World) -> None:
    w.mail.outcomes = [REFUSED] * 2
    for number in (1, 2):
        await sends(w, number)
        await w.presses(BO, "approve", number, None, **CALLED)
        assert await w.status(number) is Status.FAILED
    await w.passes(w.timing.remind_after)
    await w.presses(BO, "close", 1, close_reason="she left")
    (line,) = waits(w)
    assert "1 unblock failed" in line
    assert "2 (Sample Person 2)" in line
    assert "Sample Person 1" not in line
    await w.presses(BO, "close", 2, close_reason="he left")
    assert waits(w) == []


async def test_a_reminder_of_a_digest_stands_while_one_of_its_cases_waits(w: World) -> None:
    for number in range(1, OVER + 3):
        await sends(w, number)
    await w.passes(w.timing.remind_after + MINUTE)
    of_digest = "Cases on this card are still waiting for a decision."
    assert said(w).count(of_digest) == 1
    await w.commands(BO, f"deny {OVER + 1} come by")
    assert said(w).count(of_digest) == 1
    await w.commands(BO, f"deny {OVER + 2} come by")
    assert said(w).count(of_digest) == 0
    assert "Settled: cases 5, 6 are" in " ".join(said(w))


async def test_that_another_approver_is_needed_is_said_no_more_once_one_has_decided(w: World) -> None:
    w.traces.report = STOLEN
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve", 1, None, **CALLED)
    assert any("one of two approvals" in text for text in said(w))
    await w.presses(CLEO, "deny", reason="no")
    assert not any("has one of two approvals" in text for text in said(w))


async def test_a_channel_that_is_gone_holds_nothing_up(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(w.timing.remind_after + MINUTE)
    w.messenger.closed[CHANNEL.id] = "404 ConversationNotFound"
    await w.presses(BO, "approve", 1, None, **CALLED)
    await w.passes(HOUR)
    assert await w.status() is Status.OFF_LIST
    assert len(waits(w)) == 1
    w.messenger.closed.clear()
    await w.added_to_team()
    await w.passes(HOUR)
    assert waits(w) == []


@pytest.mark.parametrize(
    ("stops", "line"),
    [(ana_could_not_be_unblocked, "Please decide what comes next"), (ana_needs_a_ticket, "mail still bounces")],
)
async def test_the_first_line_about_a_stop_ends_with_it_too(
    w: World, stops: Callable[[World], Awaitable[None]], line: str
) -> None:
    await stops(w)
    assert [text for text in said(w) if line in text and text.startswith("Case 1")]
    await w.presses(BO, "ticket", reference="TKT-1")
    assert [text for text in said(w) if line in text and text.startswith("Case 1")] == []
    assert said(w).count(SETTLED) == 1
