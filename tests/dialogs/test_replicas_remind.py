"""However many replicas run the reminders, cases that came to the same stop share one line."""

import asyncio
from collections.abc import Sequence

from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database
from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from services.ports.storage import OutboxTask
from tests.cases import BO, MINUTE
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.test_called_to_mind import CALLED, reminders
from tests.dialogs.test_digest import sends
from tests.dialogs.world import LONG_DAYS, World, everything_well

REMINDING = frozenset({TaskKind.REMIND})


class Meets(SqlCaseStore):
    """Once it is told to, its next reads of a kind wait until the other replica has read the same."""

    barriers: dict[str, list[asyncio.Barrier]]

    async def get(self, number: CaseNumber) -> Case | None:
        found = await super().get(number)
        await self._meet("get")
        return found

    async def open_cases(self, after: CaseNumber | None = None, most: int | None = None) -> Sequence[Case]:
        found = await super().open_cases(after, most)
        await self._meet("open")
        return found

    async def _meet(self, what: str) -> None:
        if waiting := self.barriers.get(what):
            await waiting.pop(0).wait()


class Replica(World):
    def case_store(self, database: Database) -> Meets:
        store = Meets(database)
        store.barriers = {}
        self.meets = store
        return store

    async def runs(self, task: OutboxTask) -> None:
        worker = next(one for one in self.workers if task.kind in one.kinds)
        await worker._guarded(task)


async def test_two_replicas_that_remind_at_once_post_one_line(database: Database) -> None:
    outside = everything_well()
    one, other = Replica(database, LONG_DAYS, outside), Replica(database, LONG_DAYS, outside)
    one.mail.outcomes = [REFUSED] * 2
    for number in (1, 2):
        await sends(one, number)
        await one.presses(BO, "approve", number, None, **CALLED)
        assert await one.status(number) is Status.FAILED
    one.clock.time += LONG_DAYS.remind_after
    first, second = sorted(
        await one.outbox.claim(one.clock.time, LONG_DAYS.lease, 9, REMINDING), key=lambda task: task.case
    )
    # Both read their own case, twice, and the others, before either writes.
    read, again, others = (asyncio.Barrier(2) for _ in range(3))
    for replica in (one, other):
        replica.meets.barriers = {"get": [read, again], "open": [others]}
    await asyncio.gather(one.runs(first), other.runs(second))
    await one.passes(MINUTE)
    (line,) = [text for text in reminders(one) if "failed" in text]
    assert "1 (Sample Person 1), 2 (Sample Person 2)" in line
    await one.passes(LONG_DAYS.remind_after)
    assert len([text for text in reminders(one) if "failed" in text]) == 2
