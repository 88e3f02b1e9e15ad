"""The monitor of the restricted list: what a new read changes in what was known of the list."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.domain.restriction import RestrictedList, Restriction

FAILURES_UNTIL_TOLD = 3
"""After so many failed reads in a row the approvers are told, once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry that the monitor knows. `absent_at`: when a complete read first did not show it any more."""

    address: str
    since: datetime | None
    absent_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorState:
    """The monitor's own state.

    `begun`: it has read the list before. `failures`: failed reads in a row. `told`: the approvers were told that the
    list cannot be read."""

    begun: bool = False
    failures: int = 0
    told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges:
    """New entries, the entries to store as known, and the addresses that left the list."""

    added: tuple[Restriction, ...]
    known: tuple[KnownEntry, ...]
    gone: tuple[str, ...]


def compare(listing: RestrictedList, known: Mapping[str, KnownEntry], apart: timedelta) -> ListChanges:
    """What one complete read changes. `known` is by lower-case address.

    An entry counts as gone only when two reads that lie `apart` did not show it."""
    present = {entry.address.casefold(): entry for entry in listing.entries}
    added = tuple(entry for address, entry in present.items() if _is_news(entry, known.get(address)))
    back = tuple(
        known_entry(entry) for address, entry in present.items() if address in known and known[address].absent_at
    )
    missing = {address: one for address, one in known.items() if address not in present}
    first = [replace(one, absent_at=listing.read_at) for one in missing.values() if one.absent_at is None]
    gone = tuple(
        address for address, one in missing.items() if one.absent_at and listing.read_at - one.absent_at >= apart
    )
    return ListChanges(added=added, known=(*(known_entry(entry) for entry in added), *back, *first), gone=gone)


def known_entry(entry: Restriction) -> KnownEntry:
    return KnownEntry(address=entry.address.casefold(), since=entry.since)


def _is_news(entry: Restriction, known: KnownEntry | None) -> bool:
    """Whether the entry is not known yet, or starts later than the known one. Without both starts it is known."""
    if known is None:
        return True
    return entry.since is not None and known.since is not None and entry.since > known.since
