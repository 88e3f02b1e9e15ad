"""Runs outbox tasks in rounds, one worker after the other until nothing is due, so that every run is the same.

`test_follow_up` and the tests with a real process show that workers wake up and run side by side."""

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
    """Runs tasks until nothing is due at that time."""
    for _ in range(_ROUNDS_AT_MOST):
        due = await _due(database, now)
        if not due:
            return
        for loop in loops:
            if loop.kinds & due:
                await run_due(loop)
    raise AssertionError("what is due never ends")


async def run_due(loop: Worker) -> None:
    """One round of one worker: each task it claims is completed or postponed."""
    await loop._begin_due()
    tasks = list(loop._running.values())
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in tasks:
        task.result()  # fails only where the process is made to end


async def _due(database: Database, now: datetime) -> frozenset[TaskKind]:
    async with database.reading() as connection:
        left = database.newer.left_alone(now)
        due = select(outbox.c.kind).where(outbox.c.due <= now, outbox.c.case_number.not_in(left)).distinct()
        return frozenset(TaskKind(kind) for kind in (await connection.execute(due)).scalars())
