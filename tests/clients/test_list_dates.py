"""The dates of the restricted list, in every form that they may have."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.list_answers import DATES
from services.clients.exchange.list_dates import read_list_date

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
MORNING = datetime(2026, 9, 24, 7, 41, 12, tzinfo=UTC)
SAY_NOTHING = {"nothing", "empty", "zero", "far away", "day alone", "in words"}


@pytest.mark.parametrize(
    "value",
    [
        "2026-09-24T07:41:12Z",
        "2026-09-24T07:41:12.0000000Z",
        "2026-09-24T07:41:12+00:00",
        "2026-09-24T09:41:12.0000000+02:00",
        "2026-09-23T21:41:12-1000",
        "2026-09-24T07:41:12",
        "2026-09-24 07:41:12.0000000",
        " 2026-09-24T07:41:12Z ",
        "09/24/2026 7:41:12 AM",
        "9/24/2026 07:41:12 AM",
        "9/24/2026, 7:41:12\u202fAM",
        "09/24/2026 9:41:12 AM +02:00",
        "09/24/2026 07:41:12",
        "24/09/2026 07:41:12",
        "24/09/2026 7:41:12 am",
        "/Date(1790235672000)/",
        "/Date(1790235672000+0200)/",
        "\\/Date(1790235672000)\\/",
        {"value": "/Date(1790235672000)/", "DisplayHint": 2, "DateTime": "Thursday, 24 September 2026 09:41:12"},
        {"DateTime": "2026-09-24T09:41:12", "UtcDateTime": "2026-09-24T07:41:12Z", "Offset": {"Hours": 2}},
    ],
)
def test_one_moment_in_many_forms(value: Any) -> None:
    assert read_list_date(value, NOW) == MORNING


def test_twelve_is_midnight_in_the_morning_and_noon_in_the_afternoon() -> None:
    assert read_list_date("9/24/2026 12:05:00 AM", NOW) == MORNING.replace(hour=0, minute=5, second=0)
    assert read_list_date("9/24/2026 12:05:00 PM", NOW) == MORNING.replace(hour=12, minute=5, second=0)
    assert read_list_date("9/24/2026 1:05 PM", NOW) == MORNING.replace(hour=13, minute=5, second=0)


@pytest.mark.parametrize(
    ("text", "month", "day"),
    [
        ("10/09/2026 7:41:12 AM", 10, 9),  # American, as its capitals say
        ("10/12/2026 07:41:12", 10, 12),  # December is not yet
        ("09/09/2026 07:41:12", 9, 9),
    ],
)
def test_where_only_one_reading_is_left_it_is_the_date(text: str, month: int, day: int) -> None:
    assert read_list_date(text, NOW) == MORNING.replace(month=month, day=day)


@pytest.mark.parametrize("text", ["10/09/2026 07:41:12", "10/09/2026 7:41:12 am"])
def test_what_could_be_two_dates_is_none(text: str) -> None:
    assert read_list_date(text, NOW) is None


@pytest.mark.parametrize(
    "value",
    [
        *(None, "", " ", "soon", 7, 1790235672000, True, [], {}, {"value": 7}, {"DateTime": "2026-09-24T07:41:12"}),
        *("0001-01-01T00:00:00", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "1601-01-01T00:00:00Z"),
        *("1/1/0001 12:00:00 AM", "/Date(-62135596800000)/", "1970-01-01T00:00:00Z", "/Date(0)/"),
        *("9999-12-31T23:59:59.9999999", "/Date(253402300799999)/", "/Date(99999999999999999)/"),
        *("2026-09-24", "2026-09-24T07", "20260924T074112Z", "2026-W39-4", "24.09.2026 07:41:12"),
        *("2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-09-24T25:00:00Z", "2026-09-24T07:41:12+99:00"),
        *("9/24/2026 13:41:12 PM", "9/24/2026 0:41:12 AM", "13/13/2026 07:41:12", "9/24/26 7:41:12 AM"),
        "٢٠٢٦-09-24T07:41:12Z",
    ],
)
def test_what_is_no_moment(value: Any) -> None:
    assert read_list_date(value, NOW) is None


def test_what_lies_ahead_is_local_time_without_its_zone_or_no_date_and_clocks_may_differ() -> None:
    for ahead, read in ((timedelta(minutes=10), True), (timedelta(hours=2), False), (timedelta(days=400), False)):
        text = (NOW + ahead).strftime("%Y-%m-%dT%H:%M:%S")
        assert (read_list_date(text, NOW) is not None) is read


@pytest.mark.parametrize("form", DATES)
def test_each_form_of_the_sandbox_is_the_moment_or_none(form: str) -> None:
    read = read_list_date(DATES[form](MORNING), NOW)
    assert read == (None if form in SAY_NOTHING else MORNING)


@given(st.one_of(st.text(), st.dictionaries(st.sampled_from(["value", "UtcDateTime"]), st.text())))
def test_nothing_breaks_it(value: Any) -> None:
    moment = read_list_date(value, NOW)
    assert moment is None or (moment.tzinfo is UTC and moment < NOW + timedelta(hours=1))


@given(st.integers(1, 365 * 24 * 3600 * 15), st.sampled_from(sorted(DATES)))
def test_no_form_is_read_as_another_moment(seconds_ago: int, form: str) -> None:
    moment = NOW - timedelta(seconds=seconds_ago)
    assert read_list_date(DATES[form](moment), NOW) in (moment, None)
