"""Lines that say that a case waits for the approvers: each is changed once it waits no more."""

from collections.abc import Sequence
from contextlib import suppress

from cards.approver.thread_lines import reminder_of_many, waits_no_more
from cards.notices import thread_card
from cards.view import View
from dialogs.casework.views import Views
from services.domain.case.case import UNRESOLVED, Case
from services.domain.case.unresolved import waits_for_approvers
from services.ports.errors import Unreachable
from services.ports.storage import Audience, Storage
from services.ports.teams import Messenger, Posted


class ReminderLines:
    """Where the lines were posted, and what has become of them."""

    def __init__(self, *, storage: Storage, messenger: Messenger, views: Views) -> None:
        self._cards, self._queries = storage.cards, storage.queries
        self._messenger, self._views = messenger, views

    async def record(self, cases: Sequence[Case], posted: Posted) -> None:
        """A line about these cases stands there."""
        for case in cases:
            await self._cards.record(case.number, Audience.REMINDER, posted)

    async def settle(self, case: Case) -> None:
        """Where the case waits no more, its lines say so. Raises `Unavailable`."""
        if waits_for_approvers(case):
            return
        shown = await self._cards.shown(case.number, Audience.REMINDER)
        for posted in (shown.current, *shown.superseded):
            if posted is not None:
                await self._rewrite(posted)

    async def _rewrite(self, posted: Posted) -> None:
        view = self._views.of(posted.conversation.locale)
        cases = await self._queries.many(await self._cards.reminded_of(posted))
        if (text := _now(cases, view)) is not None:
            with suppress(Unreachable):  # in a channel that is gone nobody reads it
                await self._messenger.replace(posted, thread_card(text, view), text)
        if not any(map(waits_for_approvers, cases)):
            for case in cases:
                await self._cards.forget(case.number, posted)


def _now(cases: Sequence[Case], view: View) -> str | None:
    """What is true of these cases by now; `None` where the line still is."""
    waiting = [case for case in cases if waits_for_approvers(case)]
    if not waiting:
        return waits_no_more(cases, view)
    stops = {case.status for case in waiting}
    return reminder_of_many(waiting, view) if len(stops) == 1 and stops <= set(UNRESOLVED) else None
