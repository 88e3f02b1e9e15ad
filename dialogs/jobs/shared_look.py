"""One look for what is due for all workers of a process: most looks find that nothing is."""

import asyncio
from datetime import datetime, timedelta

from services.domain.case.transition import TaskKind
from services.ports.clock import Clock
from services.ports.storage import Outbox

LOOK_AT_LEAST_EVERY = 5.0
"""Seconds after which a worker looks, also when nothing is known to be due: another replica may have made it so."""
_SAME_LOOK = 1.0
"""Seconds for which a look answers all. What this process itself makes due wakes its worker without one."""
_EVERY_KIND = frozenset(TaskKind)


class SharedLook:
    """The outbox, which is asked once for all when the next tasks are due: the workers look at the same moments (see
    `until_next_look`), and the first of them looks for the others."""

    def __init__(self, outbox: Outbox, clock: Clock) -> None:
        self._outbox = outbox
        self.claim, self.complete = outbox.claim, outbox.complete
        self.postpone, self.restart = outbox.postpone, outbox.restart
        self._clock = clock
        self._flight: asyncio.Task[datetime | None] | None = None
        self._begun = float("-inf")

    async def next_due(self, kinds: frozenset[TaskKind]) -> datetime | None:
        """When the earliest task of these kinds is due; `None`, or a time of another kind, where that is later than the
        next look. Raises `Unavailable`."""
        earliest = await self._of_all()
        ahead = self._clock.now() + timedelta(seconds=LOOK_AT_LEAST_EVERY)
        if earliest is None or earliest > ahead:
            return earliest
        return await self._outbox.next_due(kinds)

    async def _of_all(self) -> datetime | None:
        now = asyncio.get_running_loop().time()
        if self._flight is None or now - self._begun >= _SAME_LOOK or _failed(self._flight):
            self._flight = asyncio.ensure_future(self._outbox.next_due(_EVERY_KIND))
            self._flight.add_done_callback(_failed)  # whoever waited for it may be gone when it fails
            self._begun = now
        return await asyncio.shield(self._flight)


def until_next_look() -> float:
    """Seconds until the next moment at which all workers of this process look."""
    return LOOK_AT_LEAST_EVERY - asyncio.get_running_loop().time() % LOOK_AT_LEAST_EVERY


def _failed(flight: asyncio.Task[datetime | None]) -> bool:
    return flight.done() and (flight.cancelled() or flight.exception() is not None)
