"""The approvals channel is back, or is another one: what is owed to it becomes what is true now."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

from cards.notices import thread_card
from cards.text import user_text
from dialogs.casework.case_cards import CaseCards
from services.domain.case.case import Case
from services.domain.case.timers import Timers
from services.domain.case.transition import TaskKind
from services.ports.clock import Clock
from services.ports.errors import Unavailable, Unreachable
from services.ports.storage import Storage

_STALE = frozenset({TaskKind.NOTIFY_APPROVERS, TaskKind.REPOST_APPROVERS_CARD})
"""Lines about what happened while nobody could read them, and cards that should have come again meanwhile."""
_PRESENT = frozenset({TaskKind.UPDATE_APPROVERS_CARD})
_NAMED = 10
_AGAIN_AT_LEAST_AFTER, _AGAIN_AT_MOST_AFTER = timedelta(seconds=2), timedelta(hours=1)


def asked_again_after(lost_for: timedelta) -> timedelta:
    """How long to wait before a channel that refuses is asked again: as long as it has refused already, an hour at
    most. It comes back by somebody's hand, which is heard of at once."""
    return min(max(lost_for, _AGAIN_AT_LEAST_AFTER), _AGAIN_AT_MOST_AFTER)


class ChannelReturn:
    """Posts at most one card for an open case, one digest where there are many, and one line for all that ended."""

    def __init__(
        self,
        *,
        storage: Storage,
        case_cards: CaseCards,
        clock: Clock,
        lease: timedelta,
        wake: Callable[[Timers], None],
    ) -> None:
        self._outbox, self._queries = storage.outbox, storage.queries
        self.case_cards = case_cards
        self._clock, self._lease = clock, lease
        self._wake = wake

    async def back(self) -> None:
        """Give up what is stale, and let the rest be posted at once. Where Teams does not take the digest or the line,
        each case speaks for itself."""
        opened = [case for case in await self._queries.open_cases() if _is_for_approvers(case)]
        with suppress(Unavailable, Unreachable):
            await self.case_cards.stand_together(opened)
        now = self._clock.now()
        restarted = await self._outbox.restart(at_once=_PRESENT, without=_STALE, now=now, lease=self._lease)
        owed = await self._queries.many(restarted)
        with suppress(Unavailable, Unreachable):
            await self._tell_of_ended([case for case in owed if case.status.is_ended])
        self._wake(dict.fromkeys(_PRESENT, now))

    async def _tell_of_ended(self, ended: Sequence[Case]) -> None:
        conversation = await self.case_cards.channel()
        unseen = [case for case in ended if not await self.case_cards.is_shown(case)]
        if conversation is None or not unseen:
            return
        view = self.case_cards.view(conversation.locale)
        names = ", ".join(f"{case.number} ({user_text(case.sender.name, 80)})" for case in unseen[:_NAMED])
        names = f"{names}, …" if len(unseen) > _NAMED else names
        text = view.words.count("tell.ended_unseen", len(unseen), cases=names)
        await self.case_cards.post(conversation, thread_card(text, view), text)


def _is_for_approvers(case: Case) -> bool:
    return case.request.sent_at is not None or case.contact.found_by_monitor_at is not None
