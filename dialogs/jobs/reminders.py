"""Reminding the approvers of cases that wait for them."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from dialogs.casework.case_writer import CaseWriter
from services.domain.case.case import UNRESOLVED, Case
from services.domain.case.commands import Reminded
from services.domain.case.timers import timers
from services.domain.case.transition import HistoryEntry, Refused, TaskKind
from services.domain.case.workflow import Verb
from services.ports.clock import Clock
from services.ports.errors import ChangedMeanwhile
from services.ports.storage import OutboxTask, Storage

_TOGETHER_WITHIN = 0.5
"""Of `Timing.remind_after`: what would be reminded of within this time goes along with what is due now."""


class Reminders:
    """Runs REMIND tasks. Cases that came to a stop at about the same time share one line: thirty that failed for the
    same reason must not be thirty lines. Each replica may post one."""

    def __init__(self, *, writer: CaseWriter, storage: Storage, clock: Clock) -> None:
        self._writer = writer
        self._cases, self._queries, self._outbox = storage.cases, storage.queries, storage.outbox
        self._clock = clock
        self._one_at_a_time = asyncio.Lock()

    async def run(self, case: Case, task: OutboxTask) -> None:
        """Remind of a case, unless that is due later by now. Raises what `TaskHandlers.run` raises."""
        if case.status not in UNRESOLVED:
            await self._remind(case, task)
            return
        async with self._one_at_a_time:
            # Whoever was here before may have spoken for this case.
            present = await self._cases.get(case.number)
            if present is not None and await self._remind(present, task):
                for other in await self._unresolved_with(present):
                    await self._goes_along(other)

    async def spoken_for(self, case: Case, event: HistoryEntry) -> Sequence[Case]:
        """The other cases that the line about this entry of the history speaks of."""
        is_reminder = event.verb is Verb.REMIND and case.status in UNRESOLVED
        return await self._unresolved_with(case) if is_reminder else ()

    async def _unresolved_with(self, case: Case) -> Sequence[Case]:
        """The other cases that came to the same stop."""
        together = await self._queries.open_cases()
        return [one for one in together if one.status is case.status and one.number != case.number]

    async def _remind(self, case: Case, task: OutboxTask) -> bool:
        due = timers(case, self._clock.now(), self._writer.timing).get(TaskKind.REMIND)
        if due is not None and due > self._clock.now():
            await self._outbox.postpone(task, due)
            return False
        await self._writer.apply_for_worker(case, Reminded(), task)
        return True

    async def _goes_along(self, case: Case) -> None:
        now = self._clock.now()
        due = timers(case, now, self._writer.timing).get(TaskKind.REMIND)
        if due is not None and due <= now + self._writer.timing.remind_after * _TOGETHER_WITHIN:
            with suppress(ChangedMeanwhile, Refused):  # it speaks for itself then
                await self._writer.apply_for_worker(case, Reminded(quietly=True))
