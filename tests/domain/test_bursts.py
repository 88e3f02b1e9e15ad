"""Guessing that succeeded must show, whatever else is in the sign-in log."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from services.domain.evidence.findings import Found, findings
from services.domain.evidence.report import SignIn
from services.domain.evidence.sign_ins import condensed
from tests.cases import NOW, SINCE, report

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
START = SINCE - DAY


def guesses(since: datetime, how_many: int = 10, step: timedelta = MINUTE) -> list[SignIn]:
    return [SignIn(at=since + n * step, succeeded=False, place="ES") for n in range(how_many)]


def success(at: datetime, place: str = "ES") -> SignIn:
    return SignIn(at=at, succeeded=True, place=place)


USUAL = success(SINCE - 8 * DAY)


def found(sign_ins: Iterable[SignIn]) -> set[Found | None]:
    return {one.found for one in findings(report(sign_ins=tuple(sign_ins)), SINCE, None)}


def test_an_earlier_burst_in_vain_does_not_hide_the_one_that_succeeded() -> None:
    log = [*guesses(SINCE - 5 * DAY), USUAL, *guesses(START), success(START + 12 * MINUTE)]
    assert Found.SIGNED_IN_AFTER_FAILURES in found(log)
    assert Found.SIGNED_IN_AFTER_FAILURES in found(condensed(log))


def test_a_success_long_after_the_first_guesses_of_a_long_burst_counts() -> None:
    log = [USUAL, *guesses(START, 100), success(START + 2 * HOUR)]
    assert Found.SIGNED_IN_AFTER_FAILURES in found(log)


def test_the_owners_own_sign_in_of_that_hour_does_not_hide_the_other_one() -> None:
    start = START.replace(minute=10)
    log = [USUAL, success(start - 9 * MINUTE), *guesses(start), success(start + 12 * MINUTE)]
    assert Found.SIGNED_IN_AFTER_FAILURES in found(log)
    assert Found.SIGNED_IN_AFTER_FAILURES in found(condensed(log))


def test_a_success_between_two_others_of_its_hour_is_kept_where_it_was_guessed() -> None:
    start = START.replace(minute=20)
    others = [success(start - 19 * MINUTE), success(start + 35 * MINUTE)]
    between = success(start + 12 * MINUTE)
    assert between in condensed([USUAL, *others, *guesses(start), between])


def test_failures_made_after_the_success_do_not_push_the_guessing_out() -> None:
    log = [USUAL, *guesses(START), success(START + 12 * MINUTE), *guesses(START + 5 * HOUR, 100)]
    assert Found.SIGNED_IN_AFTER_FAILURES in found(condensed(log))


def test_failures_far_apart_do_not_push_a_burst_in_vain_out() -> None:
    log = [USUAL, *guesses(START), *guesses(START + HOUR, 100, 10 * MINUTE)]
    assert Found.FAILED_BURST in found(log)
    assert Found.FAILED_BURST in found(condensed(log))


def test_sign_ins_in_every_hour_do_not_push_a_strange_country_out() -> None:
    log = [USUAL, success(START, "KP"), *(success(START + n * MINUTE) for n in range(1, 5_000))]
    kept = condensed(log)
    assert Found.UNUSUAL_PLACE in found(kept)
    assert len(kept) < 600


def test_a_log_full_of_guessing_is_kept_short() -> None:
    log = [one for n in range(2_000) for one in (*guesses(NOW - n * MINUTE, 3), success(NOW - n * MINUTE))]
    kept = condensed(log)
    assert Found.SIGNED_IN_AFTER_FAILURES in found(kept)
    assert len(kept) < 700
