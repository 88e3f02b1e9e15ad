"""The restricted list as it is, and as it is shown: it lags, comes late, is cut short, and once in a while is empty."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from services.domain.restriction import RestrictedList, Restriction
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import (
    Removal,
    RemovalDone,
    RemovalNotBegun,
    RemovalRefused,
    RemovalUnclear,
)
from tests.cases import restriction
from tests.simulation.loop import LIFE, Life


class Now(Protocol):
    def now(self) -> datetime: ...


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of Remove: what was listed, what the process that called had read last, and what came of it."""

    at: datetime
    address: str
    note: str
    listed: Restriction | None
    read: tuple[Restriction, ...] | None
    effective: bool
    way: str


@dataclass(kw_only=True)
class Tenant:
    """Implements the port `MailSystem`. `ways` is how the next calls of Remove go; afterwards they go well."""

    clock: Now
    entries: dict[str, Restriction] = field(default_factory=dict)
    lingering: dict[str, tuple[Restriction, datetime]] = field(default_factory=dict)
    """What was removed and is shown still, until then."""
    late: dict[str, datetime] = field(default_factory=dict)
    """What is listed and not shown yet."""
    lag: timedelta = timedelta()
    cut_until: datetime | None = None
    empty_reads: int = 0
    ways: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    called: Callable[[Call], None] = lambda _: None
    empty_at: list[datetime] = field(default_factory=list)
    """When a read was empty by mistake."""
    reads: dict[Life | None, tuple[Restriction, ...]] = field(default_factory=dict)

    def restrict(self, address: str, *reason: str, late: timedelta = timedelta()) -> None:
        now = self.clock.now()
        self.entries[address] = replace(restriction(*reason, since=now), address=address)
        self.lingering.pop(address, None)
        if late:
            self.late[address] = now + late

    def lift(self, address: str) -> None:
        """Somebody lifts it, or it ends by itself."""
        entry = self.entries.pop(address, None)
        if entry and self.lag:
            self.lingering[address] = (entry, self.clock.now() + self.lag)

    async def restricted(self) -> RestrictedList:
        now = self.clock.now()
        if self.cut_until and now < self.cut_until:
            return RestrictedList(entries=(), complete=False, read_at=now)
        shown = self._shown(now)
        if self.empty_reads:
            self.empty_reads -= 1
            self.empty_at.append(now)
            shown = ()
        self._note_read(shown)
        return RestrictedList(entries=shown, complete=True, read_at=now)

    async def restricted_among(self, addresses: Sequence[str]) -> RestrictedList:
        asked = {address.casefold() for address in addresses}
        shown = tuple(entry for entry in self._shown(self.clock.now()) if entry.address.casefold() in asked)
        self._note_read(shown)
        return RestrictedList(entries=shown, complete=True, read_at=self.clock.now())

    def _note_read(self, shown: tuple[Restriction, ...]) -> None:
        self.reads[LIFE.get()] = shown

    def _shown(self, now: datetime) -> tuple[Restriction, ...]:
        listed = {address: entry for address, entry in self.entries.items() if self.late.get(address, now) <= now}
        lingering = {address: entry for address, (entry, until) in self.lingering.items() if until > now}
        return tuple({**lingering, **listed}.values())

    def shown_for(self, addresses: Sequence[str], since: timedelta) -> tuple[Restriction, ...]:
        """What the list has shown of these addresses for so long."""
        then = self.clock.now() - since
        mine = {address.casefold() for address in addresses}
        listed = (one for one in self._shown(then) if one.address.casefold() in mine)
        return tuple(one for one in listed if one.since is None or one.since <= then)

    async def unblock(self, address: str, note: str) -> Removal:
        way = self.ways.pop(0) if self.ways else "done"
        listed = self.entries.get(address)
        reaches = way in ("done", "lost answer") and listed is not None
        self.calls.append(
            Call(
                at=self.clock.now(),
                address=address,
                note=note,
                listed=listed,
                read=self.reads.get(LIFE.get()),
                effective=reaches,
                way=way,
            )
        )
        self.called(self.calls[-1])
        if reaches:
            self.lift(address)
        return _ANSWERS.get(way, RemovalDone())

    async def ping(self) -> None:
        raise Unavailable(UnknownReason.UNREACHABLE)


_ANSWERS: dict[str, Removal] = {
    "lost answer": RemovalUnclear(error="timed out: HTTP 504"),
    "lost call": RemovalUnclear(error="timed out: HTTP 504"),
    "refused": RemovalRefused(error="This sender was unblocked too often."),
    "not begun": RemovalNotBegun(error="throttled: HTTP 429"),
}
WAYS = tuple(_ANSWERS)
