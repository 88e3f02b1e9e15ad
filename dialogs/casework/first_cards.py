"""The first card of a case, posted by the turn that opened it: nobody has to claim its task or read the case again."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from dialogs.casework.case_cards import CaseCards
from services.domain.case.case import Case
from services.domain.case.timers import Timers
from services.domain.case.transition import TaskKind
from services.ports.clock import Clock
from services.ports.errors import Unavailable, Unreachable, UnreadableCase
from services.ports.storage import Outbox, OutboxTask
from services.ports.teams import ConversationRef

_KIND = TaskKind.UPDATE_PERSON_CARD


class FirstCards:
    """Posts first cards. Where one cannot be posted at once its task is a worker's, like any other."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        case_cards: CaseCards,
        clock: Clock,
        lease: timedelta,
        wake: Callable[[Timers], None],
    ) -> None:
        self._outbox, self._case_cards = outbox, case_cards
        self._clock, self._lease, self._wake = clock, lease, wake

    def hold(self) -> dict[TaskKind, datetime]:
        """What of a new case's tasks is claimed in the write that saves it, and until when. A process that ends before
        the card is posted leaves it to whoever looks then."""
        return {_KIND: self._clock.now() + self._lease}

    async def post(self, case: Case, conversation: ConversationRef, held: dict[TaskKind, datetime]) -> None:
        """Post the card of a case that was just saved with that hold, and complete its task."""
        task = OutboxTask(case=case.number, kind=_KIND, event=case.version, due=held[_KIND], tries=1)
        try:
            # Three quarters of the lease, as for a worker: after that somebody else may begin it.
            async with asyncio.timeout(self._lease.total_seconds() * 0.75):
                if not await self._case_cards.post_first(case, conversation, task):
                    await self._settle(case, task)
        except (Unavailable, Unreachable, UnreadableCase, TimeoutError):
            await self._give_back(task)

    async def _settle(self, case: Case, task: OutboxTask) -> None:
        """Something happened to the case while its first card was on the way: another card may stand beside it."""
        show = self._case_cards.update_person_card
        await show(case)
        await self._outbox.complete(task, (await self._case_cards.catch_up(case, show)).version)

    async def _give_back(self, task: OutboxTask) -> None:
        now = self._clock.now()
        with suppress(Unavailable):  # else its lease runs out
            await self._outbox.postpone(task, now)
            self._wake({_KIND: now})
