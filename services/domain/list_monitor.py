"""What a read of the restricted list means against what was known of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.domain.restriction import RestrictedList, Restriction

FAILURES_UNTIL_TOLD = 3
"""So many reads in a row must fail until the approvers are told, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry the watch knows. `absent_at`: when a complete read first no longer showed it."""

    address: str
    since: datetime | None
    absent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorState:
    """Where the watch stands. `begun`: it has read the list before; `told`: the approvers know that it cannot."""

    begun: bool = False
    failures: int = 0
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges:
    """What is new, what is known (anew) from now on, and what is gone."""

    added: tuple[Restriction, ...]
    known: tuple[KnownEntry, ...]
    gone: tuple[str, ...]


def compare(listing: RestrictedList, known: Mapping[str, KnownEntry], apart: timedelta) -> ListChanges:
    """One complete read against what was known by lower-case address. One absence is not gone: two reads apart are."""
    present = {entry.address.casefold(): entry for entry in listing.entries}
    news = tuple(entry for address, entry in present.items() if _is_news(entry, known.get(address)))
    back = tuple(
        known_entry(entry) for address, entry in present.items() if address in known and known[address].absent_at
    )
    missing = {address: one for address, one in known.items() if address not in present}
    first = [replace(one, absent_at=listing.read_at) for one in missing.values() if one.absent_at is None]
    gone = tuple(
        address for address, one in missing.items() if one.absent_at and listing.read_at - one.absent_at >= apart
    )
    return ListChanges(added=news, known=(*(known_entry(entry) for entry in news), *back, *first), gone=gone)


def known_entry(entry: Restriction) -> KnownEntry:
    return KnownEntry(address=entry.address.casefold(), since=entry.since)


def _is_news(entry: Restriction, known: KnownEntry | None) -> bool:
    """Not known, or restricted anew: an entry whose start was not given is the one that was known."""
    if known is None:
        return True
    return entry.since is not None and known.since is not None and entry.since > known.since
