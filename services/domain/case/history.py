"""How often a sender was restricted, from our own cases and from the audit log, without counting one twice."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.domain.case.case import Case
from services.domain.case.episode import Episode, episode_now
from services.domain.evidence.report import HISTORY_OVER, Listing
from services.domain.restriction import Restriction
from services.domain.unknown import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRestriction:
    """A restriction as a case of ours saw it: when the case began, since when the sender was restricted, and when it
    was lifted by us."""

    opened_at: datetime
    since: datetime | None = None
    unblocked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderCount:
    """How many cases a mailbox has, and in how many of them its sender was unblocked."""

    cases: int
    unblocks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryMark:
    """The state of all cases about a mailbox: how many there are, and their versions in sum. A new case gives another
    mark, and so does any change of one."""

    cases: int
    versions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderHistory:
    """What our own cases say of a sender: the restrictions that they saw, how often the sender was unblocked, and how
    often the person asked.

    `episode`: of the mailbox's newest case about a restriction; `None` if there is none. `works_since`: when its sender
    left the list, if the person said that mail works: such a case is watched for a while."""

    seen: tuple[SeenRestriction, ...] = ()
    unblocks: int
    requests: int
    episode: Episode | None = None
    works_since: datetime | None = None

    def episode_now(self, now: datetime, watch_for: timedelta) -> Episode:
        """The episode of an entry that is seen now, whoever sees it first."""
        watched = self.works_since is not None and now < self.works_since + watch_for
        return episode_now(self.episode, now, watched=watched)

    @property
    def restrictions(self) -> int:
        """How often the sender was restricted: several cases about one restriction are one."""
        return len(_distinct(self.seen))

    def earlier_than(self, listed: Restriction | None, now: datetime) -> int:
        """How many restrictions there were before the one that is listed now."""
        if listed is None:
            return self.restrictions
        return len(_distinct((*self.seen, SeenRestriction(opened_at=now, since=listed.since)))) - 1


def _distinct(seen: Iterable[SeenRestriction]) -> list[SeenRestriction]:
    found: list[SeenRestriction] = []
    for one in sorted(seen, key=lambda one: one.opened_at):
        same = next((place for place, other in enumerate(found) if _is_same(one, other, found[-1])), None)
        if same is None:
            found.append(one)
            continue
        known = found[same]
        found[same] = replace(
            known, since=known.since or one.since, unblocked_at=one.unblocked_at or known.unblocked_at
        )
    return found


def _is_same(one: SeenRestriction, other: SeenRestriction, last: SeenRestriction) -> bool:
    """By their starts. Where one is not known, a case that follows another is about the same restriction unless that
    was lifted."""
    if one.since is None or other.since is None:
        return other is last and other.unblocked_at is None
    return abs(one.since - other.since) <= _SAME


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How many cases came to the approvers lately because somebody asked: `by_person` from this person, for whatever
    mailbox; `about_mailbox` about this mailbox, whoever asked; `by_person_about_it` both. `open_cases`: how many the
    person has open, sent or not."""

    by_person: int
    about_mailbox: int
    by_person_about_it: int
    open_cases: int

    def is_enough(self, most: int) -> bool:
        """Whether one more is too many. For a mailbox that many ask for, each may still ask once: nobody can use up
        what is somebody else's."""
        return self.by_person >= most or (self.about_mailbox >= most and self.by_person_about_it > 0)


_SAME = timedelta(minutes=15)
"""Two entries of the audit log, or two starts that the list shows, within this time are about one restriction."""


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
