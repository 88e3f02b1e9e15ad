"""How often a sender was restricted."""

from dataclasses import replace
from datetime import timedelta

from services.domain.case.case import Status
from services.domain.case.history import listings_of, times_logged, times_restricted
from services.domain.evidence.report import Listing
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import CASES, MINUTE, NOW, report

DAY = timedelta(days=1)
WAITING = CASES[Status.WAITING]


def listed(*ago: timedelta) -> tuple[Listing, ...]:
    return tuple(Listing(at=NOW - span, listed=True) for span in ago)


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
