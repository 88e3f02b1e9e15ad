"""The clock: pay what is due, each duty safe to repeat."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import groupby

from dialogs.jobs.handlers import Duties
from services.domain.case.case import CaseNumber
from services.domain.case.transition import LATEST_IS_ENOUGH, Duty, RefusedMove
from services.ports.clock import Clock
from services.ports.errors import ChangedMeanwhile, Unavailable
from services.ports.storage import Todo, Todos

LEASE = timedelta(seconds=60)
"""How long a claimed todo is ours where nothing else is set; whoever crashes leaves it due again after that."""

_PAID_WITHIN = 0.75
"""The part of a lease that a todo may take."""
_FINISH_WITHIN = 10.0
_AT_ONCE = 40
_LOOK_AT_LEAST_EVERY = 5.0
_BACK_OFF_AT_MOST = timedelta(seconds=60)
_SOON = timedelta(milliseconds=100)
"""Until somebody else is done with the case; nothing that failed is tried again sooner."""

log = logging.getLogger("sendwell.follow_up")


class FollowUp:
    """Claims due todos of some duties and pays them until it is stopped: different cases side by side, the todos
    of one case one after the other. What is said has a loop of its own, so that it never waits for what is asked
    of a slow source."""

    def __init__(
        self,
        among: frozenset[Duty],
        *,
        todos: Todos,
        duties: Duties,
        clock: Clock,
        reference: Callable[[], str],
        lease: timedelta = LEASE,
    ) -> None:
        self.among = among
        self._todos = todos
        self._duties = duties
        self._clock = clock
        self._reference = reference
        self._lease, self._pay_within = lease, lease * _PAID_WITHIN
        self._nudged = asyncio.Event()
        self._claiming = False
        self._lanes: dict[CaseNumber, asyncio.Task[None]] = {}

    @property
    def has_work_in_hand(self) -> bool:
        """Whether todos are being claimed or paid at this moment."""
        return self._claiming or bool(self._lanes)

    def nudge(self, due: datetime | None = None) -> None:
        """Something is due then, or now: do not wait for the next look. What the next look will find in time anyway
        wakes nobody, for each look is a transaction: a thousand checks put off are not a thousand looks."""
        wait = (due - self._clock.now()).total_seconds() if due else 0.0
        if wait <= 0:
            self._nudged.set()
        elif wait < _LOOK_AT_LEAST_EVERY:
            asyncio.get_running_loop().call_later(wait, self._nudged.set)

    async def run(self) -> None:
        """Pay until cancelled; then finish what is in hand, within a bound. A database that is away is waited for."""
        try:
            while True:
                self._nudged.clear()
                if not await self._begin_due():
                    await self._until_something_is_due()
        finally:
            await self._finish()

    async def _begin_due(self) -> bool:
        free = _AT_ONCE - len(self._lanes)
        if free <= 0:
            return False
        self._claiming = True
        try:
            claimed = await self._claim(free)
        except Unavailable as trouble:
            log.warning("todos cannot be read: %s", trouble)
            return False
        finally:
            self._claiming = False
        ordered = sorted(claimed, key=lambda todo: (todo.case, todo.event))
        for case, todos in groupby(ordered, key=lambda todo: todo.case):
            self._begin(case, _worth_paying(list(todos)))
        return bool(claimed)

    async def _claim(self, most: int) -> Sequence[Todo]:
        """What is due is ours from now on; cancelled meanwhile, it is given back and not left to its lease."""
        claiming = asyncio.ensure_future(self._todos.claim(self._clock.now(), self._lease, most, self.among))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            with suppress(Unavailable):
                await self._give_back(await claiming)
            raise

    def _begin(self, case: CaseNumber, todos: Sequence[Todo]) -> None:
        task = asyncio.create_task(self._pay_after(self._lanes.get(case), todos))
        self._lanes[case] = task
        task.add_done_callback(lambda done: self._leave(case, done))

    def _leave(self, case: CaseNumber, task: asyncio.Task[None]) -> None:
        if self._lanes.get(case) is task:
            del self._lanes[case]
        if len(self._lanes) in (0, _AT_ONCE // 2):
            self._nudged.set()

    async def _pay_after(self, before: asyncio.Task[None] | None, todos: Sequence[Todo]) -> None:
        if before is not None:
            await asyncio.wait([before])
        try:
            for todo in todos:
                # One whose lease may end while it is paid is left: somebody else may take it up.
                if self._clock.now() <= todo.due - self._pay_within:
                    await self._guarded(todo)
        except asyncio.CancelledError:
            await self._give_back(todos)
            raise

    async def _guarded(self, todo: Todo) -> None:
        """One of the two places that catch: whatever happens to one todo, the others are paid."""
        try:
            async with asyncio.timeout(self._pay_within.total_seconds()):
                await self._duties.pay(todo)
        except Unavailable as trouble:
            log.info("case %s: %s later: %s", todo.case, todo.duty, trouble)
            await self._postpone(todo, trouble.retry_after)
        except TimeoutError:
            await self._postpone(todo, None)
        except ChangedMeanwhile:
            await self._postpone(todo, _SOON)
        except RefusedMove:
            await self._settle(todo)  # the case has moved on: nothing is owed any more
        except Exception:
            log.exception("case %s: %s failed, reference %s", todo.case, todo.duty, self._reference())
            await self._postpone(todo, None)

    async def _give_back(self, todos: Sequence[Todo]) -> None:
        """This process ends: what is not paid is due at once, so that the next one need not wait for our lease."""
        with suppress(Unavailable):
            for todo in todos:
                await self._todos.postpone(todo, self._clock.now())

    async def _settle(self, todo: Todo) -> None:
        try:
            await self._todos.pay(todo)
        except Unavailable:
            log.info("case %s: %s stays, the database is away", todo.case, todo.duty)

    async def _postpone(self, todo: Todo, wait: timedelta | None) -> None:
        """With back-off; where even that cannot be written the lease runs out by itself."""
        backed_off = min(timedelta(seconds=2 ** min(todo.tries, 6)), _BACK_OFF_AT_MOST)
        due = self._clock.now() + max(wait or backed_off, _SOON)
        try:
            await self._todos.postpone(todo, due)
            self.nudge(due)
        except Unavailable:
            log.info("case %s: %s waits for its lease, the database is away", todo.case, todo.duty)

    async def _until_something_is_due(self) -> None:
        try:
            async with asyncio.timeout(await self._wait()):
                await self._nudged.wait()
        except TimeoutError:
            return

    async def _wait(self) -> float:
        """Seconds until something may be due."""
        if len(self._lanes) >= _AT_ONCE:
            return _LOOK_AT_LEAST_EVERY  # whoever leaves a lane nudges
        try:
            due = await self._todos.next_due(self.among)
        except Unavailable:
            due = None
        if due is None:
            return _LOOK_AT_LEAST_EVERY
        return min(_LOOK_AT_LEAST_EVERY, max(0.05, (due - self._clock.now()).total_seconds()))

    async def _finish(self) -> None:
        if not self._lanes:
            return
        _, pending = await asyncio.wait(self._lanes.values(), timeout=_FINISH_WITHIN)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


def _worth_paying(todos: list[Todo]) -> list[Todo]:
    """Without those that a later one of the same kind settles when it is paid."""
    newest = {todo.duty: todo.event for todo in todos}
    return [todo for todo in todos if todo.duty not in LATEST_IS_ENOUGH or todo.event == newest[todo.duty]]
