"""A budget of calls: never more of them within a span, and what somebody waits for comes first."""

from datetime import timedelta

import pytest

from services.clients.call_budget import CallBudget
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.dialogs.fake_clock import FakeClock

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def budget(clock: FakeClock) -> CallBudget:
    """Ten calls within five minutes, three of them kept."""
    return CallBudget(clock, calls=10, kept=3, within=5 * MINUTE)


def refused(budget: CallBudget, calls: int = 1, *, urgent: bool = False) -> timedelta | None:
    """Returns how long to wait for that many calls."""
    with pytest.raises(Unavailable) as trouble:
        budget.take(calls, urgent=urgent)
    assert trouble.value.reason is UnknownReason.THROTTLED
    return trouble.value.retry_after


def test_calls_are_free_again_when_they_are_five_minutes_old(budget: CallBudget, clock: FakeClock) -> None:
    budget.take(4)
    clock.time += MINUTE
    budget.take(3)
    assert refused(budget) == 4 * MINUTE
    assert refused(budget, 5) == 5 * MINUTE
    clock.time += 4 * MINUTE
    budget.take(4)
    assert refused(budget) == MINUTE


def test_what_somebody_waits_for_has_the_last_ones(budget: CallBudget) -> None:
    budget.take(7)
    assert refused(budget) is not None
    budget.take(3, urgent=True)
    assert refused(budget, urgent=True) == 5 * MINUTE


def test_all_are_taken_or_none(budget: CallBudget) -> None:
    budget.take(5)
    refused(budget, 3)
    budget.take(2)


def test_who_needs_more_than_there_ever_are_has_all_of_them(budget: CallBudget, clock: FakeClock) -> None:
    budget.take(1)
    assert refused(budget, 50) == 5 * MINUTE
    clock.time += 5 * MINUTE
    budget.take(50)
    assert refused(budget) == 5 * MINUTE


@pytest.mark.parametrize(
    ("asked", "kept"), [(2 * MINUTE, 2 * MINUTE), (None, 5 * MINUTE), (28 * 60 * MINUTE, 60 * MINUTE)]
)
def test_when_the_service_turns_one_away_nobody_asks_for_a_while(
    budget: CallBudget, clock: FakeClock, asked: timedelta | None, kept: timedelta
) -> None:
    budget.close(asked)
    assert refused(budget, urgent=True) == kept
    clock.time += kept
    budget.take()


def test_a_clock_that_is_set_back_closes_nothing_for_hours(budget: CallBudget, clock: FakeClock) -> None:
    budget.take(7)
    clock.time -= timedelta(hours=3)
    budget.take()
