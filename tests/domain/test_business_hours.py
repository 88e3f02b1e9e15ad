"""Business time: what lies within the hours counts, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.domain.rules.hours import BusinessHours

VIENNA = ZoneInfo("Europe/Vienna")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
OFFICE = BusinessHours(
    zone=VIENNA,
    days=frozenset(range(5)),
    opens=time(8),
    closes=time(17),
    holidays=frozenset({date(2026, 12, 25)}),
)
NIGHT = BusinessHours(zone=VIENNA, days=frozenset({4}), opens=time(22), closes=time(6))


def at(text: str) -> datetime:
    """A local time in Vienna, in UTC: two times of one zone are compared as if no clock changed."""
    return datetime.fromisoformat(text).replace(tzinfo=VIENNA).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        ("2026-11-27 10:00", "2026-11-27 10:00"),  # a Friday
        ("2026-11-27 07:59", "2026-11-27 08:00"),
        ("2026-11-27 17:00", "2026-11-30 08:00"),
        ("2026-11-28 12:00", "2026-11-30 08:00"),
        ("2026-12-24 18:00", "2026-12-28 08:00"),  # over a holiday and a weekend
        ("2026-03-27 18:00", "2026-03-30 08:00"),  # summer time begins on that Sunday
    ],
)
def test_hours_begin_at_their_local_time(now: str, begins: str) -> None:
    assert OFFICE.opens_at(at(now)) == at(begins)
    assert OFFICE.is_open(at(now)) is (now == begins)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-11-27 10:00", HOUR, "2026-11-27 11:00"),
        ("2026-11-27 16:30", HOUR, "2026-11-30 08:30"),
        ("2026-11-27 16:00", HOUR, "2026-11-27 17:00"),
        ("2026-11-28 03:00", 30 * MINUTE, "2026-11-30 08:30"),
        ("2026-12-24 16:00", 10 * HOUR, "2026-12-28 17:00"),
        ("2026-11-27 08:00", 45 * HOUR, "2026-12-03 17:00"),
    ],
)
def test_only_business_time_passes(start: str, span: timedelta, end: str) -> None:
    assert OFFICE.after(at(start), span) == at(end)
    assert OFFICE.within(at(start), at(end)) == span


def test_nothing_lies_between_a_time_and_an_earlier_one() -> None:
    """A clock that was set back."""
    assert OFFICE.within(at("2026-11-27 12:00"), at("2026-11-27 11:00")) == timedelta()


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    assert NIGHT.is_open(at("2026-11-28 02:00"))  # the night of Friday
    assert not NIGHT.is_open(at("2026-11-27 02:00"))
    assert NIGHT.opens_at(at("2026-11-28 06:00")) == at("2026-12-04 22:00")
    assert NIGHT.after(at("2026-11-27 23:00"), 8 * HOUR) == at("2026-12-04 23:00")


@pytest.mark.parametrize(("friday", "long"), [("2026-10-24", 9), ("2026-03-28", 7), ("2026-11-28", 8)])
def test_the_night_in_which_the_clocks_change_is_as_long_as_it_is(friday: str, long: int) -> None:
    saturdays = BusinessHours(zone=VIENNA, days=frozenset({5}), opens=time(22), closes=time(6))
    evening = at(f"{friday} 12:00")
    assert saturdays.within(evening, evening + timedelta(days=1)) == long * HOUR


def test_hours_that_begin_within_the_hour_that_is_left_out_begin_after_it() -> None:
    early = BusinessHours(zone=VIENNA, days=frozenset({6}), opens=time(2, 30), closes=time(12))
    assert early.opens_at(at("2026-03-29 00:30")) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    within = BusinessHours(zone=VIENNA, days=frozenset({6}), opens=time(2, 10), closes=time(2, 50))
    assert within.opens_at(at("2026-03-29 00:30")).astimezone(VIENNA) == datetime(2026, 3, 29, 3, 10, tzinfo=VIENNA)


def test_all_day_is_never_closed_on_its_days() -> None:
    always = BusinessHours(zone=UTC, days=frozenset(range(7)), opens=time(0), closes=time(0))
    start = datetime(2026, 11, 27, 23, 59, tzinfo=UTC)
    assert always.is_open(start)
    assert always.after(start, 100 * HOUR) == start + 100 * HOUR


def test_holidays_without_end_hold_nothing_up_for_ever() -> None:
    closed = frozenset(date(2026, 1, 1) + timedelta(days=day) for day in range(8_000))
    never = BusinessHours(zone=UTC, days=frozenset(range(7)), opens=time(8), closes=time(9), holidays=closed)
    start = datetime(2026, 11, 27, 12, tzinfo=UTC)
    assert never.after(start, HOUR) == start + HOUR
    assert never.opens_at(start) == start
