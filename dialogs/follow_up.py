"""The clock: pay what is due, each duty safe to repeat."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from itertools import groupby

from dialogs.duties import Duties
from services.domain.moves import RefusedMove
from services.ports import ChangedMeanwhile, Clock, Todo, Todos, Unavailable

LEASE = timedelta(seconds=60)
"""How long a claimed todo is ours; whoever crashes leaves it due again after that."""

_PAY_WITHIN = timedelta(seconds=45)
_AT_MOST = 40
_LOOK_AT_LEAST_EVERY = 5.0
_BACK_OFF_AT_MOST = timedelta(seconds=60)

log = logging.getLogger("sendwell.follow_up")


class FollowUp:
    """Claims due todos and pays them until it is stopped."""

    def __init__(self, *, todos: Todos, duties: Duties, clock: Clock, reference: Callable[[], str]) -> None:
        self._todos = todos
        self._duties = duties
        self._clock = clock
        self._reference = reference
        self._nudged = asyncio.Event()

    def nudge(self) -> None:
        """Something became due: do not wait for the next look."""
        self._nudged.set()

    async def run(self) -> None:
        """Pay for ever; ends when cancelled. A database that is away is waited for."""
        while True:
            self._nudged.clear()
            try:
                paid = await self.pay_due()
            except Unavailable as trouble:
                log.warning("todos cannot be read: %s", trouble)
                paid = 0
            if not paid:
                await self._until_something_is_due()

    async def pay_due(self) -> int:
        """Pay everything due now; returns how many todos were claimed."""
        claimed = await self._todos.claim(self._clock.now(), LEASE, _AT_MOST)
        ordered = sorted(claimed, key=lambda todo: (todo.case, todo.event, todo.duty))
        async with asyncio.TaskGroup() as group:
            for _, todos in groupby(ordered, key=lambda todo: todo.case):
                group.create_task(self._pay_one_after_the_other(list(todos)))
        return len(claimed)

    async def _pay_one_after_the_other(self, todos: Sequence[Todo]) -> None:
        for todo in todos:
            await self._guarded(todo, self._pay)

    async def _pay(self, todo: Todo) -> None:
        async with asyncio.timeout(_PAY_WITHIN.total_seconds()):
            await self._duties.pay(todo)

    async def _guarded(self, todo: Todo, work: Callable[[Todo], Awaitable[None]]) -> None:
        """One of the two places that catch: whatever happens to one todo, the others are paid."""
        try:
            await work(todo)
        except Unavailable as trouble:
            log.info("case %s: %s later: %s", todo.case, todo.duty, trouble)
            await self._postpone(todo, trouble.retry_after)
        except TimeoutError:
            await self._postpone(todo, None)
        except ChangedMeanwhile:
            await self._postpone(todo, timedelta(seconds=1))
        except RefusedMove:
            await self._settle(todo)  # the case has moved on: nothing is owed any more
        except Exception:
            log.exception("case %s: %s failed, reference %s", todo.case, todo.duty, self._reference())
            await self._postpone(todo, None)

    async def _settle(self, todo: Todo) -> None:
        try:
            await self._todos.pay(todo)
        except Unavailable:
            log.info("case %s: %s stays, the database is away", todo.case, todo.duty)

    async def _postpone(self, todo: Todo, wait: timedelta | None) -> None:
        """With back-off; where even that cannot be written the lease runs out by itself."""
        backed_off = min(timedelta(seconds=2 ** min(todo.tries, 6)), _BACK_OFF_AT_MOST)
        try:
            await self._todos.postpone(todo, self._clock.now() + max(wait or backed_off, timedelta(seconds=1)))
        except Unavailable:
            log.info("case %s: %s waits for its lease, the database is away", todo.case, todo.duty)

    async def _until_something_is_due(self) -> None:
        try:
            due = await self._todos.next_due()
        except Unavailable:
            due = None
        wait = _LOOK_AT_LEAST_EVERY
        if due is not None:
            wait = min(wait, max(0.05, (due - self._clock.now()).total_seconds()))
        try:
            async with asyncio.timeout(wait):
                await self._nudged.wait()
        except TimeoutError:
            return
