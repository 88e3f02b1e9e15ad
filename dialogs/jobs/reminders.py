"""Reminding the approvers of cases that wait for them."""

from collections.abc import Sequence
from contextlib import suppress

from dialogs.casework.case_writer import CaseWriter
from services.domain.case.case import Case
from services.domain.case.commands.clock import OthersMentioned, Reminded
from services.domain.case.status import UNRESOLVED
from services.domain.case.timers import timers
from services.domain.case.transition import HistoryEntry, Refused, TaskKind
from services.domain.case.unresolved import is_spoken_for
from services.domain.case.workflow import Verb
from services.ports.clock import Clock
from services.ports.errors import ChangedMeanwhile
from services.ports.storage import OutboxTask, Storage

_TOGETHER_WITHIN = 0.5
"""Of `Timing.remind_after`: what would be reminded of within this time goes along with what is due now."""


class Reminders:
    """Runs REMIND tasks. Cases that came to a stop at about the same time share one line, however many replicas run
    their tasks: thirty that failed for the same reason must not be thirty lines."""

    def __init__(self, *, writer: CaseWriter, storage: Storage, clock: Clock) -> None:
        self._writer = writer
        self._cases, self._queries, self._outbox = storage.cases, storage.queries, storage.outbox
        self._clock = clock
        self._together = writer.timing.remind_after * _TOGETHER_WITHIN

    async def run(self, case: Case, task: OutboxTask) -> None:
        """Remind of a case, unless that is due later by now. Raises what `TaskHandlers.run` raises."""
        if case.status not in UNRESOLVED:
            if not await self._is_early(case, task):
                await self._writer.apply_for_worker(case, Reminded(), task)
            return
        # Whoever was here before may have spoken for this case.
        present = await self._cases.get(case.number) or case
        if not await self._is_early(present, task):
            await self._share(present, task)

    async def mention(self, case: Case, task: OutboxTask) -> None:
        """Mention the others whom the rules name, unless that is due later by now, or somebody has looked. Raises what
        `TaskHandlers.run` raises."""
        due = timers(case, self._clock.now(), self._writer.timing).get(TaskKind.MENTION)
        if due is None:
            await self._outbox.complete(task)
        elif due > self._clock.now():
            await self._outbox.postpone(task, due)
        else:
            await self._writer.apply_for_worker(case, OthersMentioned(), task)

    async def _share(self, case: Case, task: OutboxTask) -> None:
        """One line for all that came to the same stop, by the first of them: who writes into that case speaks, and of
        two replicas that try one meets a case that has changed."""
        others = await self._unresolved_with(case)
        if is_spoken_for(case, others, self._clock.now() - self._together):
            await self._writer.apply_for_worker(case, Reminded(quietly=True), task)
            return
        due = sorted([case, *filter(self._goes_along, others)], key=lambda one: one.number)
        await self._speak(due[0], task if due[0] is case else None)
        for one in due[1:]:
            with suppress(ChangedMeanwhile, Refused):  # it is looked at again when its own task runs
                await self._writer.apply_for_worker(one, Reminded(quietly=True), task if one is case else None)

    async def _speak(self, first: Case, task: OutboxTask | None) -> None:
        try:
            await self._writer.apply_for_worker(first, Reminded(), task)
        except Refused:
            if task is not None:
                raise
            raise ChangedMeanwhile from None  # it is another's turn by now

    async def spoken_for(self, case: Case, event: HistoryEntry) -> Sequence[Case]:
        """The other cases that the line about this entry of the history speaks of."""
        is_reminder = event.verb is Verb.REMIND and case.status in UNRESOLVED
        return await self._unresolved_with(case) if is_reminder else ()

    async def _unresolved_with(self, case: Case) -> Sequence[Case]:
        """The other cases that came to the same stop."""
        together = await self._queries.open_cases()
        return [one for one in together if one.status is case.status and one.number != case.number]

    async def _is_early(self, case: Case, task: OutboxTask) -> bool:
        now = self._clock.now()
        due = timers(case, now, self._writer.timing).get(TaskKind.REMIND)
        if due is None or due <= now:
            return False
        await self._outbox.postpone(task, due)
        return True

    def _goes_along(self, case: Case) -> bool:
        now = self._clock.now()
        due = timers(case, now, self._writer.timing).get(TaskKind.REMIND)
        return due is not None and due <= now + self._together
