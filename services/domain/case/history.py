"""How often a sender was restricted, from our own records and the audit log, neither counted twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.domain.case.case import Case
from services.domain.evidence.report import HISTORY_OVER, Listing
from services.domain.unknown import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderHistory:
    """What our own records say of a person's past."""

    restrictions: int
    unblocks: int
    requests: int


_SAME = timedelta(minutes=15)
"""Two lines of the log within this tell of one restriction."""


def times_restricted(case: Case, now: datetime) -> int:
    """In ninety days, this time included. The log may know of times before Sendwell was there, our records of what
    the log has forgotten: the larger number stands."""
    return max(case.past.restrictions + (1 if case.restriction else 0), times_logged(listings_of(case), now))


def listings_of(case: Case) -> tuple[Listing, ...]:
    """What the audit log said when evidence was last gathered; nothing where it was not or could not be asked."""
    listings = case.evidence.listings if case.evidence else ()
    return () if isinstance(listings, Unknown) else listings


def times_logged(listings: Iterable[Listing], now: datetime) -> int:
    """Restrictions the audit log tells of."""
    number, last = 0, None
    for at in sorted(one.at for one in listings if one.listed and one.at > now - HISTORY_OVER):
        if last is None or at - last > _SAME:
            number += 1
        last = at
    return number
