"""A world whose duties are paid in rounds: one loop after the other, so that every run takes the same way."""

import asyncio

from sqlalchemy import select

from dialogs.jobs.worker import Worker
from services.clients.store.tables import outbox
from services.domain.case.transition import TaskKind
from tests.dialogs.world import World

_ROUNDS_AT_MOST = 200


class RoundsWorld(World):
    """The loops do not run; what is due is paid when time passes."""

    async def _settle(self) -> None:
        for _ in range(_ROUNDS_AT_MOST):
            due = await self._due()
            if not due:
                return
            for loop in self.workers:
                if loop.kinds & due:
                    await pay_due(loop)
        raise AssertionError("what is due never ends")

    async def _due(self) -> frozenset[TaskKind]:
        async with self.database.reading() as connection:
            due = select(outbox.c.kind).where(outbox.c.due <= self.clock.now()).distinct()
            return frozenset(TaskKind(kind) for kind in (await connection.execute(due)).scalars())


async def pay_due(loop: Worker) -> None:
    """One round of one loop: everything it claims is paid, or tried."""
    await loop._begin_due()
    lanes = list(loop._running.values())
    await asyncio.gather(*lanes, return_exceptions=True)
    for lane in lanes:
        lane.result()  # a lane never fails: only a death ends it
