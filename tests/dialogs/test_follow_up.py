"""The loop that pays what is due, where it is ended in the middle."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from dialogs.build import converse
from dialogs.casework.case_writer import Desk
from dialogs.jobs.handlers import Duties
from dialogs.jobs.worker import FollowUp
from services.clients.store.database import Database
from services.clients.store.outbox import TodoStore
from services.domain.case.commands import Reached
from services.domain.case.timers import Timers, timers
from services.domain.case.transition import TIMED, Duty
from services.ports.storage import Todo
from tests.dialogs.rounds import pay_due
from tests.dialogs.world import World


class HangingUp(TodoStore):
    """Claims, and takes its time to say so."""

    claimed = False

    async def claim(self, *given: object) -> Sequence[Todo]:
        todos = await super().claim(*given)  # type: ignore[arg-type]  # the same four
        self.claimed = True
        await asyncio.sleep(0.05)
        return todos


async def test_what_is_claimed_in_the_moment_of_the_end_is_due_at_once(database: Database) -> None:
    world = World(database)
    await world.ana_asks()
    world.clock.time += timedelta(days=30)
    todos = HangingUp(database)
    loop = FollowUp(TIMED, todos=todos, duties=world.loops[1]._duties, clock=world.clock, reference=lambda: "")
    running = asyncio.create_task(loop.run())
    while not todos.claimed:  # noqa: ASYNC110 - the store tells nobody
        await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    due = await todos.next_due(frozenset(Duty))
    assert due is not None
    assert due <= world.clock.now()


class Counting(TodoStore):
    """Says how often it was asked what is due."""

    looks = 0

    async def claim(self, *given: object) -> Sequence[Todo]:
        self.looks += 1
        return await super().claim(*given)  # type: ignore[arg-type]  # the same four

    async def looked(self, times: int) -> None:
        async with asyncio.timeout(4):  # sooner than the look that is made anyway
            while self.looks < times:  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.001)


async def test_what_is_due_much_later_wakes_nobody_and_what_is_due_soon_does(database: Database) -> None:
    world = World(database)
    todos, now = Counting(database), world.clock.now()
    loop = FollowUp(TIMED, todos=todos, duties=world.loops[1]._duties, clock=world.clock, reference=lambda: "")
    running = asyncio.create_task(loop.run())
    await todos.looked(1)
    for hours in range(1, 100):
        loop.nudge(now + timedelta(hours=hours))
    await asyncio.sleep(0.05)
    assert todos.looks == 1
    loop.nudge(now)
    await todos.looked(2)
    loop.nudge(now + timedelta(milliseconds=20))
    await todos.looked(3)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_a_save_says_what_is_owed_from_now_on_and_when(database: Database) -> None:
    world = World(database)
    await world.ana_has_sent()
    told: list[Timers] = []
    desk = Desk(cases=world.cases, clock=world.clock, limits=world.limits, nudge=told.append)
    saved = await desk.advance(await world.case(), Reached(error="blocked"))
    now = world.clock.now()
    assert told == [{**timers(saved, now, world.limits), Duty.SHOW_PERSON: now, Duty.SHOW_APPROVERS: now}]
    assert told[0][Duty.EXPIRE] > now


class Slow(Duties):
    """Takes a while over each todo."""

    takes = timedelta()

    def __init__(self) -> None:
        self.begun: list[Todo] = []

    async def pay(self, todo: Todo) -> None:
        self.begun.append(todo)
        await asyncio.sleep(self.takes.total_seconds())


async def test_what_is_claimed_is_ours_for_a_lease_and_may_take_three_quarters_of_it(database: Database) -> None:
    world, slow = World(database), Slow()
    await world.ana_asks()
    slow.takes = timedelta(seconds=30)
    lease = timedelta(milliseconds=100)
    loop = FollowUp(TIMED, todos=world.todos, duties=slow, clock=world.clock, reference=lambda: "", lease=lease)
    world.clock.time += timedelta(days=30)
    await pay_due(loop)
    begun, claimed_at = {todo.due for todo in slow.begun}, world.clock.now()
    assert begun == {claimed_at + lease}
    due = await world.todos.next_due(TIMED)
    assert due is not None
    assert due > claimed_at + lease  # given up after 75 ms, and put off as what failed is


async def test_the_loops_hold_what_they_claim_for_the_lease_that_is_set(database: Database) -> None:
    world, lease = World(database), timedelta(seconds=7)
    await world.ana_asks()
    world.clock.time += timedelta(days=30)
    held = [todo for loop in converse(replace(world.ports(), lease=lease)).loops for todo in await loop._claim(9)]
    assert {todo.due for todo in held} == {world.clock.now() + lease}
