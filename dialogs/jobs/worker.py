"""Works off the outbox: tasks that are due are claimed and run, each safe to repeat."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Protocol

from dialogs.jobs.shared_look import LOOK_AT_LEAST_EVERY, until_next_look
from services.domain.case.parts import CaseNumber
from services.domain.case.transition import LATEST_IS_ENOUGH, Refused, TaskKind
from services.ports.clock import Clock
from services.ports.errors import ChangedMeanwhile, Unavailable, UnreadableCase
from services.ports.storage import Outbox, OutboxTask
from services.ports.work import working

_AT_ONCE = 40
_LOOK_AT_MOST_EVERY = 0.05
"""Seconds; while another process is claiming what is due."""
_BACK_OFF_AT_MOST = timedelta(seconds=60)
_SOON = timedelta(milliseconds=100)
"""Until somebody else is done with the case; nothing that failed is tried again sooner."""
_UNREADABLE_FIRST = timedelta(minutes=1)
_UNREADABLE_AT_MOST = timedelta(hours=1)
"""A case that is damaged stays so until somebody restores it."""

log = logging.getLogger("sendwell.follow_up")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerBounds:
    """How long a claimed task is one process's own, and how long the end waits for what is in hand."""

    lease: timedelta
    finish_within: timedelta = timedelta(seconds=10)

    @property
    def run_within(self) -> timedelta:
        """How long a task may take: three quarters of its lease, for after that somebody else may begin it."""
        return self.lease * 0.75


class Runs(Protocol):
    """What runs one task."""

    async def run(self, task: OutboxTask) -> None:
        """See `TaskHandlers.run`."""
        ...


class Worker:
    """Claims due tasks of some kinds and runs them until it is stopped: different cases side by side, the tasks of one
    case one after the other. Messages have a worker of their own, so that they never wait for a slow source."""

    def __init__(
        self,
        kinds: frozenset[TaskKind],
        *,
        outbox: Outbox,
        handlers: Runs,
        clock: Clock,
        reference: Callable[[], str],
        bounds: WorkerBounds,
    ) -> None:
        self.kinds = kinds
        self._outbox = outbox
        self._handlers = handlers
        self._clock = clock
        self._reference = reference
        self._bounds = bounds
        self.handed_back = 0
        """How many tasks were in hand when the end came, and are due at once again."""
        self._woken = asyncio.Event()
        self._claiming = False
        self._is_full = False
        """Whether more may be due than could be begun."""
        self._running: dict[CaseNumber, asyncio.Task[None]] = {}
        """Of each case the batch begun last: the next one waits for it."""
        self._in_hand: set[asyncio.Task[None]] = set()
        """Every batch of every case."""

    @property
    def has_work_in_hand(self) -> bool:
        """Whether tasks are being claimed or run at this moment."""
        return self._claiming or bool(self._in_hand)

    def wake(self, due: datetime | None = None) -> None:
        """Something is due then, or now: do not wait for the next look. What the next look will find in time anyway
        wakes nobody: each look is a transaction, and a thousand checks put off need not be a thousand looks."""
        wait = (due - self._clock.now()).total_seconds() if due else 0.0
        if wait <= 0:
            self._woken.set()
        elif wait < LOOK_AT_LEAST_EVERY:
            asyncio.get_running_loop().call_later(wait, self._woken.set)

    async def run(self) -> None:
        """Run tasks until cancelled; then finish what is in hand, within a bound. Waits for a database that is away."""
        is_due = True
        try:
            while True:
                self._woken.clear()
                is_due = await self._round(is_due=is_due)
        finally:
            await self._finish()

    async def _round(self, *, is_due: bool) -> bool:
        """Begin what is due, and wait until something may be; returns whether something is due by then, as far as is
        known: claiming writes, and is not done only to find out. A bug met here must not end the loop: nobody else
        would ever run the tasks, and nothing would say so."""
        try:
            if is_due and await self._begin_due():
                return True
            due_in = await self._due_in()
        except Exception:
            log.exception("tasks cannot be claimed, reference %s", self._reference())
            due_in = math.inf
        if due_in <= 0 and not is_due:
            return True
        wait = min(due_in, until_next_look())
        woken = await self._until_woken(max(wait, _LOOK_AT_MOST_EVERY))
        return woken or due_in <= wait

    async def _begin_due(self) -> bool:
        """Begin as much as there is room for; returns whether more may be due, and room left."""
        free = _AT_ONCE - len(self._running)
        self._is_full = free <= 0
        if self._is_full:
            return False
        self._claiming = True
        try:
            claimed = await self._claim(free)
        except Unavailable as trouble:
            log.warning("tasks cannot be read: %s", trouble.logged)
            return False
        finally:
            self._claiming = False
        ordered = sorted(claimed, key=lambda task: (task.case, task.event))
        for case, tasks in groupby(ordered, key=lambda task: task.case):
            self._begin(case, list(tasks))
        return len(claimed) >= free

    async def _claim(self, most: int) -> Sequence[OutboxTask]:
        """What is due is ours from now on; cancelled meanwhile, it is given back and not left to its lease."""
        claiming = asyncio.ensure_future(self._outbox.claim(self._clock.now(), self._bounds.lease, most, self.kinds))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            with suppress(Unavailable):
                await self._hand_back(await claiming)
            raise

    def _begin(self, case: CaseNumber, claimed: Sequence[OutboxTask]) -> None:
        task = asyncio.create_task(self._run_after(self._running.get(case), claimed))
        self._running[case] = task
        self._in_hand.add(task)
        task.add_done_callback(lambda done: self._leave(case, done))

    def _leave(self, case: CaseNumber, task: asyncio.Task[None]) -> None:
        self._in_hand.discard(task)
        if self._running.get(case) is task:
            del self._running[case]
        if self._is_full and len(self._running) <= _AT_ONCE // 2:
            self._woken.set()

    async def _run_after(self, before: asyncio.Task[None] | None, claimed: Sequence[OutboxTask]) -> None:
        """Run one batch of a case, once the batch before it is done. Cancelled at any point, the waiting included, it
        gives back every claimed task that was not run to its end."""
        left = list(claimed)
        try:
            if before is not None:
                await asyncio.wait([before])
            for task, outdated in _worth_running(claimed):
                # One whose lease may end while it runs is left: another process may take it up.
                if self._clock.now() <= task.due - self._bounds.run_within:
                    until = await self._guarded(task)
                    await self._put_off(outdated, until)
                    left.remove(task)
        except asyncio.CancelledError:
            await self._hand_back(left)
            raise

    async def _guarded(self, task: OutboxTask) -> datetime | None:
        """Run one task. All that is logged meanwhile has one reference. Returns until when it is postponed, if so."""
        reference = self._reference()
        with working(reference, task.case):
            return await self._run_or_postpone(task, reference)

    async def _run_or_postpone(self, task: OutboxTask, reference: str) -> datetime | None:
        """One of the two places that catch: whatever happens to one task, the others are run."""
        try:
            async with asyncio.timeout(self._bounds.run_within.total_seconds()):
                await self._handlers.run(task)
        except Unavailable as trouble:
            log.info("case %s: %s later: %s", task.case, task.kind, trouble.logged)
            return await self._postpone(task, trouble.retry_after)
        except TimeoutError:
            return await self._postpone(task, None)
        except ChangedMeanwhile:
            return await self._postpone(task, _SOON)
        except UnreadableCase as unreadable:
            if unreadable.is_newer and unreadable.number == task.case:
                await self._give_back([task])  # at once, to the newer program: the store offers it to us no more
                return None
            # Another case than its own: given back at once, it would come to us again at once, and so for ever.
            return await self._postpone(task, min(_UNREADABLE_FIRST * 2 ** min(task.tries, 6), _UNREADABLE_AT_MOST))
        except Refused:
            await self._settle(task)  # the case has changed: this is needed no more
        except Exception:
            log.exception("case %s: %s failed, reference %s", task.case, task.kind, reference)
            return await self._postpone(task, None)
        return None

    async def _hand_back(self, tasks: Sequence[OutboxTask]) -> None:
        """At the end, and counted."""
        given = await self._give_back(tasks)
        self.handed_back += given

    async def _give_back(self, tasks: Sequence[OutboxTask]) -> int:
        """What is not completed is due at once, so that another process need not wait for our lease. Returns how many
        are, which is fewer where the database is away."""
        for given, task in enumerate(tasks):
            if not await self._written(task, self._outbox.postpone(task, self._clock.now())):
                return given
        return len(tasks)

    async def _settle(self, task: OutboxTask) -> None:
        await self._written(task, self._outbox.complete(task))

    async def _put_off(self, outdated: Sequence[OutboxTask], until: datetime | None) -> None:
        """What a later task speaks for waits with it: else it would be run by itself once our lease is over, and
        whoever asked us to wait would be asked again by each."""
        if until:
            await asyncio.gather(*(self._written(one, self._outbox.postpone(one, until)) for one in outdated))

    async def _postpone(self, task: OutboxTask, wait: timedelta | None) -> datetime:
        """With back-off. Returns until when."""
        backed_off = min(timedelta(seconds=2 ** min(task.tries, 6)), _BACK_OFF_AT_MOST)
        due = self._clock.now() + max(wait or backed_off, _SOON)
        if await self._written(task, self._outbox.postpone(task, due)):
            self.wake(due)
        return due

    async def _written(self, task: OutboxTask, writing: Awaitable[None]) -> bool:
        """Whether it could be written. Where not, the task's lease runs out by itself, and the others are run."""
        try:
            await writing
        except Unavailable:
            log.info("case %s: %s waits for its lease, the database is away", task.case, task.kind)
            return False
        except Exception:
            log.exception("case %s: %s waits for its lease, reference %s", task.case, task.kind, self._reference())
            return False
        return True

    async def _until_woken(self, seconds: float) -> bool:
        """Until it is woken, at most so long; returns whether it was."""
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            return False
        return True

    async def _due_in(self) -> float:
        """Seconds until something is due, as far as is known."""
        if self._is_full:
            return math.inf  # a batch that ends wakes it
        try:
            due = await self._outbox.next_due(self.kinds)
        except Unavailable:
            due = None
        return math.inf if due is None else (due - self._clock.now()).total_seconds()

    async def _finish(self) -> None:
        if not self._in_hand:
            return
        _, pending = await asyncio.wait(self._in_hand, timeout=self._bounds.finish_within.total_seconds())
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


def _worth_running(tasks: Sequence[OutboxTask]) -> list[tuple[OutboxTask, Sequence[OutboxTask]]]:
    """Each with the earlier ones of its kind that it makes pointless, which are not run."""
    newest = {task.kind: task.event for task in tasks}
    return [
        (task, [one for one in tasks if task.kind in LATEST_IS_ENOUGH and one.kind == task.kind and one is not task])
        for task in tasks
        if task.kind not in LATEST_IS_ENOUGH or task.event == newest[task.kind]
    ]
