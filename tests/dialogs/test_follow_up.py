"""The worker: leases, retries, bugs, and what happens to tasks when it is ended."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from dialogs.build import build
from dialogs.casework.case_writer import CaseWriter
from dialogs.conversations.inbound import ConversationKind
from dialogs.jobs.handlers import TaskHandlers
from dialogs.jobs.worker import Worker, WorkerBounds
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database
from services.clients.store.outbox import SqlOutbox
from services.domain.case.case import Case
from services.domain.case.commands.clock import Reached
from services.domain.case.creation import created_by_person
from services.domain.case.status import Status
from services.domain.case.timers import Timers, timers
from services.domain.case.transition import MESSAGES, SCHEDULED, TaskKind, Transition
from services.domain.case.workflow import Verb
from services.domain.unknown import UnknownReason
from services.ports.errors import ChangedMeanwhile, Unavailable
from services.ports.storage import OutboxTask
from services.ports.teams import ConversationRef
from tests.cases import ANA, BO, CASES
from tests.dialogs.fake_clock import FakeClock
from tests.dialogs.fake_teams import FakeMessenger
from tests.dialogs.rounds import run_due
from tests.dialogs.world import ANA_CLICKS, LONG_DAYS, World, everything_well

SECOND = timedelta(seconds=1)
LEASE = LONG_DAYS.lease
BOUNDS = WorkerBounds(lease=LEASE)


class HangingUp(SqlOutbox):
    """A store that claims tasks and is slow to return them."""

    claimed = False

    async def claim(self, *given: object) -> Sequence[OutboxTask]:
        tasks = await super().claim(*given)  # type: ignore[arg-type]  # the same four
        self.claimed = True
        await asyncio.sleep(0.05)
        return tasks


async def test_what_is_claimed_in_the_moment_of_the_end_is_due_at_once(database: Database) -> None:
    world = World(database)
    await world.ana_asks()
    world.clock.time += timedelta(days=30)
    outbox = HangingUp(database)
    loop = Worker(
        SCHEDULED,
        outbox=outbox,
        handlers=world.workers[1]._handlers,
        clock=world.clock,
        reference=lambda: "",
        bounds=BOUNDS,
    )
    running = asyncio.create_task(loop.run())
    while not outbox.claimed:  # noqa: ASYNC110 - the store sets no event
        await asyncio.sleep(0.001)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    due = await outbox.next_due(frozenset(TaskKind))
    assert due is not None
    assert due <= world.clock.now()
    assert loop.handed_back > 0


@dataclass(kw_only=True)
class SlowOnce(FakeMessenger):
    """Teams, whose next response takes that much of the test clock's time."""

    clock: FakeClock
    takes: timedelta = timedelta()

    def _enter(self, conversation: ConversationRef) -> None:
        super()._enter(conversation)
        self.clock.time += self.takes
        self.takes = timedelta()


@pytest.mark.parametrize(("late", "left"), [(timedelta(), False), (timedelta(microseconds=1), True)])
async def test_what_could_outlive_its_lease_is_left_to_whoever_claims_it_next(
    database: Database, late: timedelta, left: bool
) -> None:
    """A task may take 45 s of its lease of 60 s. Begun more than 15 s after the claim, it could run twice at once."""
    outside = everything_well()
    teams = SlowOnce(clock=outside.clock)
    world = World(database, outside=replace(outside, messenger=teams))
    await world.ana_has_sent()
    speaking, claimed_at = world.workers[0], world.clock.time
    form = {"by_another_route": "true", "ground": "called her"}
    await world.only_presses(
        BO, "approve", 1, ConversationKind.CHANNEL, form
    )  # the person is notified, the approvers' card updated
    teams.takes = timedelta(seconds=15) + late
    await run_due(speaking)
    assert await world.outbox.next_due(MESSAGES) == (claimed_at + LEASE if left else None)
    world.clock.time = claimed_at + LEASE
    await run_due(speaking)
    assert await world.outbox.next_due(MESSAGES) is None


@dataclass(kw_only=True)
class Away(FakeMessenger):
    """Teams, which refuses every message and says when to try again."""

    retry_after: timedelta | None = None
    asked: int = 0
    is_away: bool = True

    def _enter(self, conversation: ConversationRef) -> None:
        if not self.is_away:
            return super()._enter(conversation)
        self.asked += 1
        raise Unavailable(UnknownReason.THROTTLED, retry_after=self.retry_after)


async def waits_of(database: Database, teams: Away, tries: int) -> list[float]:
    """Returns the seconds between the tries of notifying a person."""
    world = World(database, outside=replace(everything_well(), messenger=teams))
    await world.cases.save(created_by_person(CASES[Status.SECURING], world.clock.now()), {})
    await world.conversations.remember(ANA, world.conversation(ANA_CLICKS, ConversationKind.PERSONAL))
    waits = []
    for _ in range(tries):
        await run_due(world.workers[0])
        due = await world.outbox.next_due(MESSAGES)
        assert due is not None
        waits.append((due - world.clock.time).total_seconds())
        world.clock.time = due
    return waits


async def test_what_fails_is_tried_again_after_twice_the_time_each_and_a_minute_at_most(database: Database) -> None:
    assert await waits_of(database, Away(), 8) == [2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize(("asked", "waits"), [(90, [90, 90]), (0.01, [0.1, 0.1])])
async def test_who_says_when_to_come_again_is_believed_and_not_pressed(
    database: Database, asked: float, waits: list[float]
) -> None:
    assert await waits_of(database, Away(retry_after=timedelta(seconds=asked)), 2) == waits


async def test_who_asks_to_wait_is_not_asked_anew_by_what_a_later_task_makes_pointless(database: Database) -> None:
    """Two changes of a case within a moment: their updates are claimed together, and the later one speaks for both."""
    teams = Away(retry_after=timedelta(minutes=20), is_away=False)
    world = World(database, outside=replace(everything_well(), messenger=teams))
    await world.ana_has_sent()
    teams.is_away = True
    for press in ("looking", "deny"):
        await world.only_presses(BO, press, 1, ConversationKind.CHANNEL, {"reason": "no"})
    await run_due(world.workers[0])
    asked = teams.asked
    assert asked > 1, "both cards"
    for _ in range(3):
        world.clock.time += LEASE
        await run_due(world.workers[0])
    assert teams.asked == asked


class OvertakenOnce(SqlCaseStore):
    """Somebody else saves the case just before its reminder."""

    done = False

    async def save(self, transition: Transition, timers: Timers, **more: Any) -> Case:
        if transition.event.verb is Verb.REMIND and not self.done:
            self.done = True
            raise ChangedMeanwhile
        return await super().save(transition, timers, **more)


class OvertakenWorld(World):
    def case_store(self, database: Database) -> SqlCaseStore:
        return OvertakenOnce(database)


async def test_what_somebody_else_was_faster_at_is_looked_at_again_and_not_given_up(database: Database) -> None:
    world = OvertakenWorld(database)
    await world.ana_has_sent()
    await world.passes(LONG_DAYS.remind_after)
    assert not any("waiting for a decision" in line for line in world.lines())
    await world.passes(timedelta(seconds=1))
    assert any("waiting for a decision" in line for line in world.lines())


class Telling(SqlOutbox):
    """A store that hands the test each batch of tasks as soon as it is claimed."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._looks: asyncio.Queue[Sequence[OutboxTask]] = asyncio.Queue()

    async def claim(self, *given: object) -> Sequence[OutboxTask]:
        tasks = await super().claim(*given)  # type: ignore[arg-type]  # the same four
        self._looks.put_nowait(tasks)
        return tasks

    async def next_due(self, kinds: frozenset[TaskKind]) -> datetime | None:
        due = await super().next_due(kinds)
        self._looks.put_nowait(())
        return due

    async def batch(self) -> list[OutboxTask]:
        """Waits for the next claimed batch. When the worker looks again, it has begun to run this batch."""
        while not (claimed := await self._looks.get()):
            pass
        await self._looks.get()
        return list(claimed)


class LongWork(TaskHandlers):
    """A task that runs until the test lets it go."""

    def __init__(self, outbox: SqlOutbox) -> None:
        self._outbox = outbox
        self.let_go = asyncio.Event()
        self.at_work = 0

    async def run(self, task: OutboxTask) -> None:
        self.at_work += 1
        try:
            await self.let_go.wait()
            await self._outbox.complete(task)
        finally:
            self.at_work -= 1


@dataclass(kw_only=True)
class Shift:
    """A worker that runs a long task, and how it ends."""

    world: World
    outbox: Telling
    work: LongWork
    loop: Worker
    running: asyncio.Task[None]

    async def ends(self) -> None:
        """Tells the worker to end and waits until it has."""
        self.running.cancel()
        await asyncio.gather(self.running, return_exceptions=True)

    async def due_at_once(self) -> set[tuple[TaskKind, int]]:
        """The tasks that the next process can claim at once."""
        left = SqlOutbox(self.world.database)
        return named(await left.claim(self.world.clock.now(), LEASE, 100, self.loop.kinds))


def named(outbox: Sequence[OutboxTask]) -> set[tuple[TaskKind, int]]:

    assert {task.case for task in outbox} <= {1}
    return {(task.kind, task.event) for task in outbox}


def begins(world: World, among: frozenset[TaskKind], finish_within: timedelta) -> Shift:

    outbox = Telling(world.database)
    work = LongWork(outbox)
    loop = Worker(
        among,
        outbox=outbox,
        handlers=work,
        clock=world.clock,
        reference=lambda: "",
        bounds=replace(BOUNDS, finish_within=finish_within),
    )
    return Shift(world=world, outbox=outbox, work=work, loop=loop, running=asyncio.create_task(loop.run()))


async def two_batches(database: Database, finish_within: timedelta) -> tuple[Shift, list[OutboxTask]]:
    """Two tasks of one case, due one after the other: one runs, the next waits for it."""
    world = World(database)
    await world.ana_has_sent()
    await due_in_turn(SqlOutbox(database), world.clock.now(), 5 * SECOND)
    shift = begins(world, SCHEDULED, finish_within)
    claimed = await shift.outbox.batch()
    world.clock.time += 5 * SECOND
    shift.loop.wake()
    claimed += await shift.outbox.batch()
    assert len(named(claimed)) == 2
    return shift, claimed


async def due_in_turn(outbox: SqlOutbox, start: datetime, apart: timedelta) -> None:

    for number, task in enumerate(await outbox.claim(start + timedelta(days=30), LEASE, 100, SCHEDULED)):
        await outbox.postpone(task, start + number * apart)


async def test_at_the_end_every_batch_of_a_case_is_stopped_and_given_back(database: Database) -> None:
    shift, claimed = await two_batches(database, timedelta())
    await shift.ends()
    assert shift.work.at_work == 0
    assert shift.loop.handed_back == len(claimed)
    assert await shift.due_at_once() == named(claimed)


async def test_at_the_end_every_batch_of_a_case_may_be_finished_within_the_bound(database: Database) -> None:
    shift, _ = await two_batches(database, timedelta(minutes=1))
    shift.work.let_go.set()
    await shift.ends()
    assert shift.loop.handed_back == 0
    assert await shift.due_at_once() == set()


async def test_at_the_end_what_a_later_picture_would_have_settled_is_given_back_too(database: Database) -> None:
    world = World(database)
    await world.ana_asks()
    for verb in ("password_done", "mfa_done"):
        await world.only_presses(ANA_CLICKS, verb, 1, ConversationKind.PERSONAL, {})
    shift = begins(world, MESSAGES, timedelta())
    claimed = named(await shift.outbox.batch())
    assert len(claimed) > len({kind for kind, _ in claimed}), "two of a kind"
    await shift.ends()
    assert await shift.due_at_once() == claimed


class Misspelt(SqlOutbox):
    """A store with a bug in one method, raised once."""

    def __init__(self, database: Database, bug_at: str) -> None:
        super().__init__(database)
        self._bug_at = bug_at
        self.was_met = asyncio.Event()

    def _goes_wrong(self, at: str) -> None:
        if at == self._bug_at and not self.was_met.is_set():
            self.was_met.set()
            raise KeyError(at)

    async def claim(self, *given: object) -> Sequence[OutboxTask]:
        self._goes_wrong("claim")
        return await super().claim(*given)  # type: ignore[arg-type]  # the same four

    async def next_due(self, among: frozenset[TaskKind]) -> datetime | None:
        self._goes_wrong("next_due")
        return await super().next_due(among)

    async def postpone(self, task: OutboxTask, due: datetime) -> None:
        self._goes_wrong("postpone")
        await super().postpone(task, due)


class NothingButAway(TaskHandlers):
    """Raises as if the source were unavailable."""

    def __init__(self) -> None:
        self.tried: asyncio.Queue[TaskKind] = asyncio.Queue()

    async def run(self, task: OutboxTask) -> None:
        self.tried.put_nowait(task.kind)
        raise Unavailable(UnknownReason.UNREACHABLE)


@pytest.mark.parametrize("bug_at", ["claim", "next_due", "postpone"])
async def test_a_bug_beneath_the_loop_is_logged_with_a_reference_and_other_tasks_are_run(
    database: Database, bug_at: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(database)
    await world.ana_has_sent()
    await due_in_turn(SqlOutbox(database), world.clock.now(), timedelta())
    outbox, handlers = Misspelt(database, bug_at), NothingButAway()
    loop = Worker(
        SCHEDULED, outbox=outbox, handlers=handlers, clock=world.clock, reference=lambda: "0badc0de", bounds=BOUNDS
    )
    running = asyncio.create_task(loop.run())
    await outbox.was_met.wait()
    loop.wake()
    async with asyncio.timeout(20):  # a worker that ended would never try again
        assert len({await handlers.tried.get() for _ in range(3)}) == 3
    assert ["KeyError" in caplog.text for record in caplog.records if "reference 0badc0de" in record.message] == [True]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


class Counting(SqlOutbox):
    """Counts how often it was asked what is due."""

    looks = 0

    async def claim(self, *given: object) -> Sequence[OutboxTask]:
        self.looks += 1
        return await super().claim(*given)  # type: ignore[arg-type]  # the same four

    async def looked(self, times: int) -> None:
        async with asyncio.timeout(4):  # sooner than the worker's regular look
            while self.looks < times:  # noqa: ASYNC110 - the store sets no event
                await asyncio.sleep(0.001)


async def test_what_is_due_much_later_wakes_nobody_and_what_is_due_soon_does(database: Database) -> None:
    world = World(database)
    outbox, now = Counting(database), world.clock.now()
    loop = Worker(
        SCHEDULED,
        outbox=outbox,
        handlers=world.workers[1]._handlers,
        clock=world.clock,
        reference=lambda: "",
        bounds=BOUNDS,
    )
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


async def test_a_save_says_which_tasks_are_due_from_now_on_and_when(database: Database) -> None:
    world = World(database)
    await world.ana_has_sent()
    told: list[Timers] = []
    writer = CaseWriter(cases=world.cases, clock=world.clock, timing=world.timing, wake=told.append)
    saved = await writer.apply_for_worker(await world.case(), Reached(error="blocked"))
    now = world.clock.now()
    assert told == [
        {**timers(saved, now, world.timing), TaskKind.UPDATE_PERSON_CARD: now, TaskKind.UPDATE_APPROVERS_CARD: now}
    ]
    assert told[0][TaskKind.EXPIRE] > now


class Slow(TaskHandlers):
    """Takes a while over each task."""

    takes = timedelta()

    def __init__(self) -> None:
        self.begun: list[OutboxTask] = []

    async def run(self, task: OutboxTask) -> None:
        self.begun.append(task)
        await asyncio.sleep(self.takes.total_seconds())


async def test_what_is_claimed_is_ours_for_a_lease_and_may_take_three_quarters_of_it(database: Database) -> None:
    world, slow = World(database), Slow()
    await world.ana_asks()
    slow.takes = timedelta(seconds=30)
    lease = timedelta(milliseconds=100)
    loop = Worker(
        SCHEDULED,
        outbox=world.outbox,
        handlers=slow,
        clock=world.clock,
        reference=lambda: "",
        bounds=WorkerBounds(lease=lease),
    )
    world.clock.time += timedelta(days=30)
    await run_due(loop)
    begun, claimed_at = {task.due for task in slow.begun}, world.clock.now()
    assert begun == {claimed_at + lease}
    due = await world.outbox.next_due(SCHEDULED)
    assert due is not None
    assert due > claimed_at + lease  # given up after 75 ms, and postponed like a failed task


async def test_the_workers_hold_what_they_claim_for_the_lease_that_is_set(database: Database) -> None:
    world, lease = World(database), timedelta(seconds=7)
    await world.ana_asks()
    world.clock.time += timedelta(days=30)
    workers = build(replace(world.ports(), timing=replace(LONG_DAYS, lease=lease))).workers
    held = [task for worker in workers for task in await worker._claim(9)]
    assert {task.due for task in held} == {world.clock.now() + lease}


async def test_evidence_is_held_longer_than_its_sources_may_take_by_a_worker_of_its_own(database: Database) -> None:
    timing = replace(LONG_DAYS, slow_read=timedelta(minutes=10))
    workers = build(replace(World(database).ports(), timing=timing)).workers
    (gathering,) = [worker for worker in workers if TaskKind.GATHER in worker.kinds]
    assert gathering.kinds == {TaskKind.GATHER, TaskKind.AUDIT, TaskKind.PROVE}
    assert gathering._bounds.run_within > timing.gather_within > 2 * timing.slow_read
    (deciding,) = [worker for worker in workers if TaskKind.DECIDE in worker.kinds]
    assert deciding.kinds == {TaskKind.DECIDE}
    assert deciding._bounds.run_within > timing.decide_within
    others = [worker for worker in workers if worker not in (gathering, deciding)]
    assert {worker._bounds.lease for worker in others} == {timing.lease}


class Thrifty(SqlOutbox):
    """A store that counts what is asked of it."""

    claims = 0

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.asked = asyncio.Event()

    async def claim(self, *given: object) -> Sequence[OutboxTask]:
        self.claims += 1
        return await super().claim(*given)  # type: ignore[arg-type]  # the same four

    async def next_due(self, kinds: frozenset[TaskKind]) -> datetime | None:
        due = await super().next_due(kinds)
        self.asked.set()
        return due


async def test_who_claimed_all_that_was_due_claims_no_more_only_to_find_out(database: Database) -> None:
    world = World(database)
    await world.ana_has_sent()
    world.clock.time += timedelta(days=30)
    outbox = Thrifty(database)
    loop = Worker(
        SCHEDULED,
        outbox=outbox,
        handlers=LongWork(outbox),
        clock=world.clock,
        reference=lambda: "",
        bounds=BOUNDS,
    )
    running = asyncio.create_task(loop.run())
    await outbox.asked.wait()
    assert loop.has_work_in_hand
    assert outbox.claims == 1
    loop._handlers.let_go.set()  # type: ignore[attr-defined]  # it is long work
    while loop.has_work_in_hand:
        await outbox.next_due(SCHEDULED)
    assert outbox.claims == 1
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
