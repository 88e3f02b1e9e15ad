"""The monitor of the restricted list: what a new read changes in what was known of the list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.domain.restriction import RestrictedList, Restriction
from services.domain.unknown import UnknownReason

FAILURES_UNTIL_TOLD = 3
"""After so many failed reads in a row, or tries to take one entry in, the approvers are told, once."""

_WAIT_AT_MOST = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry that the monitor knows. `absent_at`: when a complete read first did not show it any more.

    One that could not be taken in stays news: `tries` counts how often that failed, and at `due` it is tried again."""

    address: str
    since: datetime | None
    absent_at: datetime | None = None
    tries: int = 0
    due: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether it is news still."""
        return self.tries > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorState:
    """The monitor's own state.

    `begun`: it has read the list before. `failures`: failed reads in a row, the last one for the reason `why`. `told`:
    the approvers were told that the list cannot be read. `whose_unread`: it may not be read whose an address is.
    `lease`: until when the read is ours; `None` where nobody claimed it."""

    begun: bool = False
    failures: int = 0
    told: bool = False
    why: UnknownReason | None = None
    whose_unread: bool = False
    lease: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges:
    """New entries, which are known only when they are taken in; the known entries to store anew; and the addresses that
    left the list."""

    added: tuple[Restriction, ...]
    known: tuple[KnownEntry, ...]
    gone: tuple[str, ...]


def compare(listing: RestrictedList, known: Mapping[str, KnownEntry], apart: timedelta) -> ListChanges:
    """What one complete read changes. `known` is by lower-case address.

    An entry counts as gone only when two reads that lie `apart` did not show it."""
    present = {entry.address.casefold(): entry for entry in listing.entries}
    added = tuple(entry for address, entry in present.items() if _is_news(entry, known.get(address)))
    back = tuple(
        known_entry(entry)
        for address, entry in present.items()
        if address in known and known[address].absent_at and not known[address].waits
    )
    missing = {address: one for address, one in known.items() if address not in present}
    first = [replace(one, absent_at=listing.read_at) for one in missing.values() if one.absent_at is None]
    gone = tuple(
        address for address, one in missing.items() if one.absent_at and listing.read_at - one.absent_at >= apart
    )
    return ListChanges(added=added, known=(*back, *first), gone=gone)


def still_news(entry: Restriction, before: KnownEntry | None, now: datetime, every: timedelta) -> KnownEntry:
    """The entry after one more try to take it in, which failed; the next try waits longer, up to an hour."""
    tries = before.tries + 1 if before else 1
    wait = min(every * 2 ** min(tries - 1, 10), _longest_wait(every))
    return replace(known_entry(entry), tries=tries, due=now + wait)


def is_due(before: KnownEntry | None, now: datetime, every: timedelta) -> bool:
    """Whether news are to be tried now. A time further ahead than any wait is that of a clock that was set back."""
    return before is None or before.due is None or not now < before.due <= now + _longest_wait(every)


def _longest_wait(every: timedelta) -> timedelta:
    return max(every, _WAIT_AT_MOST)


def known_entry(entry: Restriction) -> KnownEntry:
    return KnownEntry(address=entry.address.casefold(), since=entry.since)


def _is_news(entry: Restriction, known: KnownEntry | None) -> bool:
    """Whether the entry is not known yet, or starts later than the known one. Without both starts it is known."""
    if known is None or known.waits:
        return True
    return entry.since is not None and known.since is not None and entry.since > known.since
