"""One read of a restricted list for everybody who wants it at the same time: Exchange refuses too many at once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from services.domain.case.case import Case
from services.domain.restriction import RestrictedList
from services.ports.clock import Clock
from services.ports.microsoft365 import MailSystem, Removal

SAME_MOMENT = timedelta(seconds=2)
"""Thousands of checks due at once are one question, however slow the answer."""


class SharedList:
    """A mail system whose list is read once for all who ask meanwhile. A case that meets the same read twice learns
    nothing from it the second time: reads count by when they were made."""

    def __init__(self, mail: MailSystem, clock: Clock, within: timedelta = SAME_MOMENT) -> None:
        self._mail = mail
        self._clock = clock
        self._within = within
        self._last: RestrictedList | None = None
        self._flight: asyncio.Task[RestrictedList] | None = None

    async def restricted(self) -> RestrictedList:
        """The read under way, or a new one. Whoever gives it up leaves it to the others. Raises its errors."""
        if self._flight is None or self._flight.done():
            self._flight = asyncio.ensure_future(self._mail.restricted())
        return await self._landed(self._flight)

    async def recent(self) -> RestrictedList:
        """The read of the last two seconds, the one under way, or a new one. Raises what the read raises."""
        if self._last is not None and timedelta() <= self._clock.now() - self._last.read_at < self._within:
            return self._last
        return await self.restricted()

    async def fresh(self) -> RestrictedList:
        """A read that begins now: what is done next rests on it. Others may join it. Raises what the read raises."""
        self._flight = asyncio.ensure_future(self._mail.restricted())
        return await self._landed(self._flight)

    async def restricted_among(self, addresses: Sequence[str]) -> RestrictedList:
        """A read for these addresses alone, never shared."""
        return await self._mail.restricted_among(addresses)

    async def unblock(self, address: str, note: str) -> Removal:
        """One call of Remove, never shared."""
        return await self._mail.unblock(address, note)

    async def ping(self) -> None:
        """Whether we may read and unblock."""
        await self._mail.ping()

    async def _landed(self, flight: asyncio.Task[RestrictedList]) -> RestrictedList:
        self._last = await asyncio.shield(flight)
        return self._last


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedLists:
    """The two restricted lists of a tenant, each shared."""

    senders: SharedList
    connectors: SharedList

    def of(self, case: Case) -> SharedList:
        """The list on which the case's sender or connector stands."""
        return self.connectors if case.sender.connector_id else self.senders
