"""Which of a case's times are business time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber, Question, Unresolved
from services.domain.case.stall import TOLD_AFTER, Stall
from services.domain.case.status import Status
from services.domain.case.timers import timers
from services.domain.case.transition import TaskKind
from services.domain.people import SignOff
from services.domain.unknown import UnknownReason
from tests.cases import BO, CASES, HOUR, MINUTE, TIMING
from tests.rules.examples import ESCALATION, OFFICE, rules

EVENING = datetime(2026, 11, 24, 19, tzinfo=UTC)
MORNING = datetime(2026, 11, 25, 7, tzinfo=UTC)  # eight o'clock in Vienna
RULED = replace(TIMING, rules=rules(OFFICE, ESCALATION))
REVIEWED = SignOff(by=BO.id, name=BO.name, at=EVENING)


def waiting(**request: object) -> Case:
    """A request of the evening."""
    case = CASES[Status.WAITING]
    asked = replace(case.request, sent_at=EVENING, reminded_at=None, reviewing=None, question=None)
    return replace(case, request=replace(asked, **request))  # type: ignore[arg-type]  # the tests name real fields


def due(case: Case, kind: TaskKind, now: datetime = EVENING) -> datetime | None:
    return timers(case, now, RULED).get(kind)


def test_reminders_and_mentions_are_due_in_the_morning_and_nothing_else_is() -> None:
    plain, ruled = timers(waiting(), EVENING, TIMING), timers(waiting(), EVENING, RULED)
    changed = {kind: at for kind, at in ruled.items() if plain.get(kind) != at}
    assert changed == {TaskKind.REMIND: MORNING + 30 * MINUTE, TaskKind.MENTION: MORNING + 2 * HOUR}


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.WAITING], ids=str)
def test_others_are_mentioned_of_requests_alone(status: Status) -> None:
    assert TaskKind.MENTION not in timers(CASES[status], EVENING, RULED)


def test_a_release_that_failed_in_the_evening_is_called_to_mind_in_the_morning() -> None:
    failed = replace(CASES[Status.FAILED], unresolved=Unresolved(since=EVENING))
    assert timers(failed, EVENING, RULED)[TaskKind.REMIND] == MORNING + 30 * MINUTE
    assert timers(failed, EVENING, TIMING)[TaskKind.REMIND] == EVENING + 30 * MINUTE


def test_without_hours_every_hour_counts() -> None:
    every = replace(TIMING, rules=rules(ESCALATION))
    assert timers(waiting(), EVENING, every)[TaskKind.MENTION] == EVENING + 2 * HOUR


def test_where_somebody_looks_or_it_was_done_nobody_is_mentioned() -> None:
    assert due(waiting(reviewing=REVIEWED), TaskKind.MENTION) is None
    assert due(waiting(others_mentioned_at=EVENING), TaskKind.MENTION) is None


def test_it_is_counted_from_when_it_became_the_approvers_turn_again() -> None:
    answered = Question(asked=REVIEWED, reply="the newsletter", replied_at=MORNING + HOUR)
    assert due(waiting(question=answered), TaskKind.MENTION) == MORNING + 3 * HOUR
    first = replace(waiting(), first_approval=replace(REVIEWED, at=MORNING + 2 * HOUR))
    assert due(first, TaskKind.MENTION) == MORNING + 4 * HOUR


@pytest.mark.parametrize(
    "reminded_at", [EVENING + HOUR, EVENING - timedelta(days=3)], ids=["by night", "a clock that was set back"]
)
def test_a_reminder_out_of_time_makes_the_next_one_due_later_and_not_at_once(reminded_at: datetime) -> None:
    assert due(waiting(reminded_at=reminded_at), TaskKind.REMIND) == MORNING + 30 * MINUTE
    assert timers(waiting(reminded_at=EVENING - HOUR), EVENING, TIMING)[TaskKind.REMIND] > EVENING


@pytest.mark.parametrize(
    ("kind", "told"),
    [(TaskKind.UNBLOCK, MORNING), (TaskKind.LIMITS, MORNING), (TaskKind.CONTAIN, EVENING)],
)
def test_a_step_that_protects_is_told_of_by_night(kind: TaskKind, told: datetime) -> None:
    stall = Stall(
        case=CaseNumber(1), kind=kind, reason=UnknownReason.THROTTLED, since=EVENING, again_by=EVENING + MINUTE
    )
    hours = RULED.rules.hours
    assert not stall.is_to_be_told(told + TOLD_AFTER - MINUTE, hours)
    assert stall.is_to_be_told(told + TOLD_AFTER, hours)
    once = replace(stall, told_at=told + TOLD_AFTER)
    assert not once.is_to_be_told(told + 2 * TOLD_AFTER - MINUTE, hours)
    assert once.is_to_be_told(told + 2 * TOLD_AFTER, hours)
