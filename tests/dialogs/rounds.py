"""Duties are paid in rounds: one loop after the other until nothing is due, so that every run takes the same way.

That the loops wake up and run side by side is shown by `test_follow_up` and by the bot as a process."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from dialogs.jobs.worker import Worker
from services.clients.store.database import Database
from services.clients.store.tables import outbox
from services.domain.case.transition import TaskKind

_ROUNDS_AT_MOST = 200


async def run_all_due(database: Database, loops: Sequence[Worker], now: datetime) -> None:
    """Until nothing is due at that time."""
    for _ in range(_ROUNDS_AT_MOST):
        due = await _due(database, now)
        if not due:
            return
        for loop in loops:
            if loop.kinds & due:
                await run_due(loop)
    raise AssertionError("what is due never ends")


async def run_due(loop: Worker) -> None:
    """One round of one loop: everything it claims is paid, or tried."""
    await loop._begin_due()
    tasks = list(loop._running.values())
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        task.result()  # a lane never fails: only a death ends it


async def _due(database: Database, now: datetime) -> frozenset[TaskKind]:
    async with database.reading() as connection:
        due = select(outbox.c.kind).where(outbox.c.due <= now).distinct()
        return frozenset(TaskKind(kind) for kind in (await connection.execute(due)).scalars())
