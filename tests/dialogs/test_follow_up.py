"""The loop that pays what is due, where it is ended in the middle."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from dialogs.casework.case_writer import CaseWriter
from dialogs.jobs.worker import Worker
from services.clients.store.database import Database
from services.clients.store.outbox import SqlOutbox
from services.domain.case.commands import Reached
from services.domain.case.timers import Timers, timers
from services.domain.case.transition import SCHEDULED, TaskKind
from services.ports.storage import OutboxTask
from tests.reliability.rounds import RoundsWorld


class HangingUp(SqlOutbox):
    """Claims, and takes its time to say so."""

    claimed = False

    async def claim(self, *given: object) -> Sequence[OutboxTask]:
        outbox = await super().claim(*given)  # type: ignore[arg-type]  # the same four
        self.claimed = True
        await asyncio.sleep(0.05)
        return outbox


async def test_what_is_claimed_in_the_moment_of_the_end_is_due_at_once(database: Database) -> None:
    world = RoundsWorld(database)
    await world.ana_asks()
    world.clock.time += timedelta(days=30)
    outbox = HangingUp(database)
    loop = Worker(SCHEDULED, outbox=outbox, handlers=world.loops[1]._handlers, clock=world.clock, reference=lambda: "")
    running = asyncio.create_task(loop.run())
    while not outbox.claimed:  # noqa: ASYNC110 - the store tells nobody
        await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    due = await outbox.next_due(frozenset(TaskKind))
    assert due is not None
    assert due <= world.clock.now()


class Counting(SqlOutbox):
    """Says how often it was asked what is due."""

    looks = 0

    async def claim(self, *given: object) -> Sequence[OutboxTask]:
        self.looks += 1
        return await super().claim(*given)  # type: ignore[arg-type]  # the same four

    async def looked(self, times: int) -> None:
        async with asyncio.timeout(4):  # sooner than the look that is made anyway
            while self.looks < times:  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.001)


async def test_what_is_due_much_later_wakes_nobody_and_what_is_due_soon_does(database: Database) -> None:
    world = RoundsWorld(database)
    outbox, now = Counting(database), world.clock.now()
    loop = Worker(SCHEDULED, outbox=outbox, handlers=world.loops[1]._handlers, clock=world.clock, reference=lambda: "")
    running = asyncio.create_task(loop.run())
    await outbox.looked(1)
    for hours in range(1, 100):
        loop.wake(now + timedelta(hours=hours))
    await asyncio.sleep(0.05)
    assert outbox.looks == 1
    loop.wake(now)
    await outbox.looked(2)
    loop.wake(now + timedelta(milliseconds=20))
    await outbox.looked(3)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_save_says_what_is_owed_from_now_on_and_when(database: Database) -> None:
    world = RoundsWorld(database)
    await world.ana_has_sent()
    told: list[Timers] = []
    writer = CaseWriter(cases=world.cases, clock=world.clock, timing=world.timing, wake=told.append)
    saved = await writer.apply_for_worker(await world.case(), Reached(error="blocked"))
    now = world.clock.now()
    assert told == [
        {**timers(saved, now, world.timing), TaskKind.UPDATE_PERSON_CARD: now, TaskKind.UPDATE_APPROVERS_CARD: now}
    ]
    assert told[0][TaskKind.EXPIRE] > now
