"""How often a sender was restricted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.history import SeenRestriction, SenderHistory, listings_of, times_logged, times_restricted
from services.domain.case.status import Status
from services.domain.evidence.report import Listing
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import CASES, HOUR, MINUTE, NOW, report, restriction

DAY = timedelta(days=1)
WAITING = CASES[Status.WAITING]


def listed(*ago: timedelta) -> tuple[Listing, ...]:
    return tuple(Listing(at=NOW - span, listed=True) for span in ago)


def case_of(opened: timedelta, since: timedelta | None, *, lifted: bool = False) -> SeenRestriction:
    """A case that began so long ago, about a restriction that began so long ago."""
    at = NOW - opened
    return SeenRestriction(
        opened_at=at, since=NOW - since if since else None, unblocked_at=at + MINUTE if lifted else None
    )


@pytest.mark.parametrize(
    ("seen", "number"),
    [
        ((), 0),
        # One restriction, and a person who withdrew twice.
        ((case_of(3 * DAY, 4 * DAY), case_of(2 * DAY, 4 * DAY), case_of(DAY, 4 * DAY)), 1),
        ((case_of(3 * DAY, 4 * DAY), case_of(DAY, 2 * DAY)), 2),
        ((case_of(3 * DAY, 4 * DAY), case_of(DAY, 4 * DAY - 15 * MINUTE)), 1),
        ((case_of(3 * DAY, 4 * DAY), case_of(DAY, 4 * DAY - 16 * MINUTE)), 2),
        # Without a start, what follows is the same unless it was lifted between.
        ((case_of(3 * DAY, None), case_of(2 * DAY, None), case_of(DAY, 4 * DAY)), 1),
        ((case_of(3 * DAY, None, lifted=True), case_of(2 * DAY, None), case_of(DAY, None)), 2),
        ((case_of(3 * DAY, 4 * DAY), case_of(2 * DAY, None, lifted=True), case_of(DAY, None)), 2),
    ],
)
def test_restrictions_are_counted_and_not_cases(seen: tuple[SeenRestriction, ...], number: int) -> None:
    assert SenderHistory(seen=seen, unblocks=0, requests=len(seen)).restrictions == number


def test_the_restriction_that_is_listed_now_is_none_of_the_earlier_ones() -> None:
    history = SenderHistory(seen=(case_of(3 * DAY, 4 * DAY), case_of(DAY, DAY)), unblocks=0, requests=2)
    assert history.earlier_than(restriction(since=NOW - DAY), NOW) == 1
    assert history.earlier_than(restriction(since=NOW - HOUR), NOW) == 2
    assert history.earlier_than(None, NOW) == 2


def test_one_restriction_is_not_counted_twice() -> None:
    assert times_logged(listed(DAY, DAY - MINUTE, DAY - 2 * MINUTE), NOW) == 1
    assert times_logged(listed(DAY, 2 * DAY, 100 * DAY), NOW) == 2
    assert times_logged((Listing(at=NOW, listed=False),), NOW) == 0


def test_lines_of_the_log_within_a_quarter_of_an_hour_tell_of_one_restriction_and_of_ninety_days() -> None:
    second = timedelta(seconds=1)
    assert times_logged(listed(DAY, DAY - 15 * MINUTE), NOW) == 1
    assert times_logged(listed(DAY, DAY - 15 * MINUTE - second), NOW) == 2
    assert times_logged(listed(90 * DAY), NOW) == 0
    assert times_logged(listed(90 * DAY - second), NOW) == 1


def test_the_larger_of_our_records_and_the_log_stands() -> None:
    assert times_restricted(WAITING, NOW) == 1
    assert times_restricted(replace(WAITING, past=replace(WAITING.past, restrictions=2)), NOW) == 3
    seen = replace(
        WAITING,
        past=replace(WAITING.past, restrictions=1),
        evidence=report(listings=listed(*(n * DAY for n in range(1, 6)))),
    )
    assert times_restricted(seen, NOW) == 5
    assert times_restricted(replace(WAITING, restriction=None), NOW) == 0


def test_a_log_that_was_not_read_says_nothing() -> None:
    unread = replace(WAITING, evidence=report(listings=Unknown(reason=UnknownReason.NO_PERMISSION)))
    assert listings_of(unread) == ()
    assert times_restricted(unread, NOW) == 1
