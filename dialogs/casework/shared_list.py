"""One read of the restricted list for whoever wants it at the same time: Exchange refuses too many at once."""

import asyncio
from datetime import timedelta

from services.domain.restriction import RestrictedList
from services.ports.clock import Clock
from services.ports.microsoft365 import MailSystem

SAME_MOMENT = timedelta(seconds=2)
"""Thousands of checks due at once are one question, however slow the answer."""


class SharedList:
    """A case that meets the same read twice learns nothing from it the second time: reads count by when they were
    made."""

    def __init__(self, mail: MailSystem, clock: Clock, within: timedelta = SAME_MOMENT) -> None:
        self._mail = mail
        self._clock = clock
        self._within = within
        self._last: RestrictedList | None = None
        self._flight: asyncio.Task[RestrictedList] | None = None

    async def read(self) -> RestrictedList:
        """The read of a moment ago, the one under way, or a new one. Raises what the read raises."""
        if self._last is not None and timedelta() <= self._clock.now() - self._last.read_at < self._within:
            return self._last
        return await self.joined()

    async def joined(self) -> RestrictedList:
        """The read under way or a new one: whoever gives it up leaves it to the others."""
        if self._flight is None or self._flight.done():
            self._flight = asyncio.ensure_future(self._mail.restricted())
        self._last = await asyncio.shield(self._flight)
        return self._last
