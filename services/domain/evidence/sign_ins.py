"""Bursts of failed sign-ins and the successes among them; and which sign-ins of a long log are worth keeping."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from services.domain.evidence.report import SignIn

BURST = 10
"""So many failures within an hour are a burst."""
WITHIN = timedelta(hours=1)

FAILURES_AT_MOST = 100
"""Of a longer log only so many failures are kept, the newest."""
_SUCCESSES_AT_MOST = 500
_GUESSED_AT_MOST = 20


def usual_places(sign_ins: Iterable[SignIn], before: datetime) -> frozenset[str]:
    """The countries that the person signed in from until then."""
    return frozenset(one.place for one in sign_ins if one.succeeded and one.at < before and one.place)


def bursts(failures: Iterable[SignIn]) -> Iterator[Sequence[SignIn]]:
    """Every ten failures in a row that lie within an hour, oldest first. They overlap where there are more than ten."""
    ordered = sorted(failures, key=lambda one: one.at)
    for start in range(len(ordered) - BURST + 1):
        ten = ordered[start : start + BURST]
        if ten[-1].at - ten[0].at <= WITHIN:
            yield ten


def guessed(sign_ins: Iterable[SignIn]) -> Iterator[tuple[SignIn, Sequence[SignIn]]]:
    """Each success during a burst or within an hour after it, with ten failures of that burst; oldest first.

    What was stopped although the password was right was no guess: a success after it says that the person met the
    policy that had stopped them, not that somebody guessed right."""
    every = sorted(sign_ins, key=lambda one: one.at)
    tens = list(bursts(one for one in every if not one.succeeded and not one.stopped))
    ends = [ten[-1].at for ten in tens]
    for success in every:
        if not success.succeeded:
            continue
        # Of the bursts that are not over for too long, the first began first.
        nearest = bisect_left(ends, success.at - WITHIN)
        if nearest < len(tens) and tens[nearest][0].at < success.at:
            yield success, tens[nearest]


def condensed(sign_ins: Iterable[SignIn]) -> tuple[SignIn, ...]:
    """Those that the findings rest on, newest first: the newest failures and the first burst, what may have been
    guessed with the failures before it, and of the other successes the first and the last of each country, and of each
    hour in it; of those that the rules expect, and of the others, by themselves."""
    oldest_first = sorted(sign_ins, key=lambda one: one.at)
    failures = [one for one in oldest_first if not one.succeeded]
    kept = [*failures[-FAILURES_AT_MOST:], *next(bursts(failures), ())]
    told = list(guessed(oldest_first))
    for success, ten in (*told[:_GUESSED_AT_MOST], *told[-_GUESSED_AT_MOST:]):
        kept += [success, *ten]
    successes = [one for one in oldest_first if one.succeeded]
    kept += _first_and_last(successes, lambda one: (one.place, one.expected))
    hourly = _first_and_last(
        successes, lambda one: (one.place, one.expected, one.at.replace(minute=0, second=0, microsecond=0))
    )
    kept += sorted(hourly, key=lambda one: one.at)[-_SUCCESSES_AT_MOST:]
    # Two that are the same in all are two.
    once = {id(one): one for one in kept}
    return tuple(sorted(once.values(), key=lambda one: one.at, reverse=True))


def _hour_of(one: SignIn) -> datetime:
    return one.at.replace(minute=0, second=0, microsecond=0)


def _first_and_last(oldest_first: Sequence[SignIn], key: Callable[[SignIn], object]) -> list[SignIn]:
    first: dict[object, SignIn] = {}
    last: dict[object, SignIn] = {}
    for one in oldest_first:
        first.setdefault(key(one), one)
        last[key(one)] = one
    return [*first.values(), *last.values()]
