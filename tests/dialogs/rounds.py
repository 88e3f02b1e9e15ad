"""Duties are paid in rounds: one loop after the other until nothing is due, so that every run takes the same way.

That the loops wake up and run side by side is shown by `test_follow_up` and by the bot as a process."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from dialogs.jobs.worker import FollowUp
from services.clients.store.database import Database
from services.clients.store.tables import todos
from services.domain.case.transition import Duty

_ROUNDS_AT_MOST = 200


async def pay_all_due(database: Database, loops: Sequence[FollowUp], now: datetime) -> None:
    """Until nothing is due at that time."""
    for _ in range(_ROUNDS_AT_MOST):
        due = await _due(database, now)
        if not due:
            return
        for loop in loops:
            if loop.among & due:
                await pay_due(loop)
    raise AssertionError("what is due never ends")


async def pay_due(loop: FollowUp) -> None:
    """One round of one loop: everything it claims is paid, or tried."""
    await loop._begin_due()
    lanes = list(loop._lanes.values())
    await asyncio.gather(*lanes, return_exceptions=True)
    for lane in lanes:
        lane.result()  # a lane never fails: only a death ends it


async def _due(database: Database, now: datetime) -> frozenset[Duty]:
    async with database.reading() as connection:
        due = select(todos.c.duty).where(todos.c.due <= now).distinct()
        return frozenset(Duty(duty) for duty in (await connection.execute(due)).scalars())
