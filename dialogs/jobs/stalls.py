"""Nothing waits in silence: the approvers are told of cases whose next step cannot be taken."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby

from cards.approver.thread_lines import stalled
from dialogs.casework.case_cards import CaseCards
from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber
from services.domain.case.stall import TRIED_AGAIN_WITHIN, Stall, is_next_step
from services.domain.case.standing_lines import STALLS
from services.domain.case.transition import TaskKind
from services.domain.rules.hours import BusinessHours
from services.domain.unknown import UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable, Unreachable
from services.ports.storage import OutboxTask, Storage

log = logging.getLogger("sendwell.follow_up")

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Stalls:
    """Keeps which cases cannot go on, and tells the approvers: one line for each step and reason, naming its cases."""

    def __init__(
        self, *, storage: Storage, case_cards: CaseCards, clock: Clock, hours: BusinessHours | None = None
    ) -> None:
        self._store, self._queries = storage.stalls, storage.queries
        self._case_cards = case_cards
        self._clock, self._hours = clock, hours
        self._unsettled: set[tuple[CaseNumber, TaskKind]] = set()
        """Steps that went on, while the line about them could not be changed."""

    async def failed(self, case: Case, task: OutboxTask, trouble: Unavailable) -> None:
        """A step could not be taken. While the database is away too, nothing is kept of it."""
        if not is_next_step(case, task.kind) or trouble.reason is UnknownReason.NOT_YET:
            return  # nobody waits for it, or it waits by itself
        now = self._clock.now()
        again_by = now + (trouble.retry_after or timedelta()) + TRIED_AGAIN_WITHIN
        with suppress(Unavailable):
            await self._store.failed(
                Stall(case=case.number, kind=task.kind, reason=trouble.reason, since=now, again_by=again_by)
            )
            await self._tell_of_all()

    async def went_on(self, case: Case, task: OutboxTask) -> None:
        """The step was taken, or is needed no more: whoever was told of the stall reads that it is over.

        It is looked up each time: what goes on here may have failed in another replica, or before this one began."""
        step = task.case, task.kind
        if task.kind not in STALLS.values():
            return
        with suppress(Unavailable):
            if step in {(stall.case, stall.kind) for stall in await self._store.present(_EVER)}:
                await self._store.over(*step)
                self._unsettled.add(step)
            if step in self._unsettled:
                await self._case_cards.settle_lines(case)
                self._unsettled.discard(step)

    async def _tell_of_all(self) -> None:
        present = sorted(await self._store.present(self._clock.now()), key=_source)
        for _, stalls in groupby(present, key=_source):
            together = list(stalls)
            if any(stall.is_to_be_told(self._clock.now(), self._hours) for stall in together):
                await self._tell(together)

    async def _tell(self, together: Sequence[Stall]) -> None:
        """One replica tells; a line that could not be posted is owed still."""
        now = self._clock.now()
        if await self._store.tell(together, now) and not await self._said(together):
            await self._store.tell_later(together)

    async def _said(self, together: Sequence[Stall]) -> bool:
        conversation = await self._case_cards.channel()
        if conversation is None:
            return False
        view = self._case_cards.view(conversation.locale)
        cases = await self._queries.many([stall.case for stall in together])
        try:
            await self._case_cards.say(stalled(together, cases, view), cases, conversation)
        except (Unavailable, Unreachable):
            return False
        return True


def _source(stall: Stall) -> tuple[str, str]:
    return stall.kind, stall.reason
