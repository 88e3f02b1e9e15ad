"""How often a sender was restricted, from our own cases and from the audit log, without counting one twice."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.domain.case.case import Case
from services.domain.case.episode import Episode
from services.domain.evidence.report import HISTORY_OVER, Listing
from services.domain.unknown import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderHistory:
    """How often a sender was restricted and unblocked, and how often the person asked, from our own cases.

    `episode`: of the mailbox's newest case about a restriction; `None` if there is none."""

    restrictions: int
    unblocks: int
    requests: int
    episode: Episode | None = None


_SAME = timedelta(minutes=15)
"""Two entries of the audit log within this time are about one restriction."""


def times_restricted(case: Case, now: datetime) -> int:
    """Restrictions in the last ninety days, this one included: the larger of two counts. The audit log may reach back
    to before Sendwell was installed, and our own cases may be older than what the log keeps."""
    return max(case.past.restrictions + (1 if case.restriction else 0), times_logged(listings_of(case), now))


def listings_of(case: Case) -> tuple[Listing, ...]:
    """The audit log's entries when evidence was last gathered; empty if it was not gathered or could not be read."""
    listings = case.evidence.listings if case.evidence else ()
    return () if isinstance(listings, Unknown) else listings


def times_logged(listings: Iterable[Listing], now: datetime) -> int:
    """The number of restrictions in these entries of the audit log, over ninety days."""
    number, last = 0, None
    for at in sorted(one.at for one in listings if one.listed and one.at > now - HISTORY_OVER):
        if last is None or at - last > _SAME:
            number += 1
        last = at
    return number
