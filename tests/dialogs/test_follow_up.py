"""The loop that pays what is due, where it is ended in the middle."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from dialogs.follow_up import FollowUp
from services.clients.database import Database
from services.clients.todo_store import TodoStore
from services.domain.moves import TIMED, Duty
from services.ports import Todo
from tests.reliability.rounds import RoundsWorld


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
