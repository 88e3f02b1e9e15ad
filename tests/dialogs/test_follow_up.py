"""The loop that pays what is due, where it is ended in the middle."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from dialogs.casework.case_writer import Desk
from dialogs.conversations.inbound import Where
from dialogs.jobs.worker import LEASE, FollowUp
from services.clients.store.cases import CaseStore
from services.clients.store.database import Database
from services.clients.store.outbox import TodoStore
from services.domain.case.apply import opened
from services.domain.case.case import Case, Status
from services.domain.case.commands import Reached
from services.domain.case.timers import Timers, timers
from services.domain.case.transition import SPOKEN, TIMED, Duty, Move
from services.domain.case.workflow import Verb
from services.domain.unknown import Why
from services.ports.errors import ChangedMeanwhile, Unavailable
from services.ports.storage import Todo
from services.ports.teams import Place
from tests.cases import ANA, BO, CASES
from tests.dialogs.fakes import FakeClock, FakeMessenger
from tests.dialogs.world import ANA_CLICKS, PACE, everything_well
from tests.reliability.rounds import RoundsWorld, pay_due


class HangingUp(TodoStore):
    """Claims, and takes its time to say so."""

    claimed = False

    async def claim(self, *given: object) -> Sequence[Todo]:
        todos = await super().claim(*given)  # type: ignore[arg-type]  # the same four
        self.claimed = True
        await asyncio.sleep(0.05)
        return todos


async def test_what_is_claimed_in_the_moment_of_the_end_is_due_at_once(database: Database) -> None:
    world = RoundsWorld(database)
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


@dataclass(kw_only=True)
class SlowOnce(FakeMessenger):
    """Teams, whose next answer takes so much of the world's time."""

    clock: FakeClock
    takes: timedelta = timedelta()

    def _enter(self, place: Place) -> None:
        super()._enter(place)
        self.clock.time += self.takes
        self.takes = timedelta()


@pytest.mark.parametrize(("late", "left"), [(timedelta(), False), (timedelta(microseconds=1), True)])
async def test_what_could_outlive_its_lease_is_left_to_whoever_claims_it_next(
    database: Database, late: timedelta, left: bool
) -> None:
    """Of sixty seconds a task may take forty-five: begun later than after fifteen, two could be at it at once."""
    outside = everything_well()
    teams = SlowOnce(clock=outside.clock)
    world = RoundsWorld(database, outside=replace(outside, messenger=teams))
    await world.ana_has_sent()
    speaking, claimed_at = world.loops[0], world.clock.time
    form = {"by_another_route": "true", "ground": "called her"}
    await world.only_presses(BO, "approve", 1, Where.CHANNEL, form)  # the person is told, the approvers' card drawn
    teams.takes = timedelta(seconds=15) + late
    await pay_due(speaking)
    assert await world.todos.next_due(SPOKEN) == (claimed_at + LEASE if left else None)
    world.clock.time = claimed_at + LEASE
    await pay_due(speaking)
    assert await world.todos.next_due(SPOKEN) is None


@dataclass(kw_only=True)
class Away(FakeMessenger):
    """Teams, which takes nothing and says when to come again."""

    retry_after: timedelta | None = None

    def _enter(self, place: Place) -> None:
        raise Unavailable(Why.THROTTLED, retry_after=self.retry_after)


async def waits_of(database: Database, teams: Away, tries: int) -> list[float]:
    """Seconds between one try of telling a person and the next."""
    world = RoundsWorld(database, outside=replace(everything_well(), messenger=teams))
    await world.cases.save(opened(CASES[Status.SECURING], world.clock.now()), {})
    await world.places.remember(ANA, world.place(ANA_CLICKS, Where.PERSONAL))
    waits = []
    for _ in range(tries):
        await pay_due(world.loops[0])
        due = await world.todos.next_due(SPOKEN)
        assert due is not None
        waits.append((due - world.clock.time).total_seconds())
        world.clock.time = due
    return waits


async def test_what_fails_is_tried_again_after_twice_the_time_each_and_a_minute_at_most(database: Database) -> None:
    assert await waits_of(database, Away(), 8) == [2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize(("asked", "waits"), [(90, [90, 90]), (0.1, [1, 1])])
async def test_who_says_when_to_come_again_is_believed_and_not_pressed(
    database: Database, asked: float, waits: list[float]
) -> None:
    assert await waits_of(database, Away(retry_after=timedelta(seconds=asked)), 2) == waits


class OvertakenOnce(CaseStore):
    """Somebody else saves the case just before its reminder."""

    done = False

    async def save(self, move: Move, timers: Timers, **more: Any) -> Case:
        if move.event.verb is Verb.REMIND and not self.done:
            self.done = True
            raise ChangedMeanwhile
        return await super().save(move, timers, **more)


class OvertakenWorld(RoundsWorld):
    def case_store(self, database: Database) -> CaseStore:
        return OvertakenOnce(database)


async def test_what_somebody_else_was_faster_at_is_looked_at_again_and_not_given_up(database: Database) -> None:
    world = OvertakenWorld(database)
    await world.ana_has_sent()
    await world.passes(PACE.remind_after)
    assert not any("Reminder" in line for line in world.lines())
    await world.passes(timedelta(seconds=1))
    assert any("Reminder" in line for line in world.lines())


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
    world = RoundsWorld(database)
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
    world = RoundsWorld(database)
    await world.ana_has_sent()
    told: list[Timers] = []
    desk = Desk(cases=world.cases, clock=world.clock, limits=world.limits, nudge=told.append)
    saved = await desk.advance(await world.case(), Reached(error="blocked"))
    now = world.clock.now()
    assert told == [{**timers(saved, now, world.limits), Duty.SHOW_PERSON: now, Duty.SHOW_APPROVERS: now}]
    assert told[0][Duty.EXPIRE] > now
