"""Telling the world outside what happened: each case in its order, however long the receiver is away, and nothing in
Sendwell waits for it."""

from datetime import timedelta

from services.domain.announcing.announcement import Announcement, announcement_of
from services.domain.case.transition import Refusal, Refused
from services.ports.clock import Clock
from services.ports.errors import Unavailable, Unreachable
from services.ports.storage import OutboxTask, Storage
from services.ports.webhook import Webhook

GIVEN_UP_AFTER = timedelta(hours=24)
"""Longer than this a receiver is not waited for."""
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
_WHILE_ANOTHER_SENDS = timedelta(seconds=1)


class Announce:
    """Runs the tasks of the webhook. `webhook` is `None` where there is none any more: what is left is dropped."""

    def __init__(self, *, storage: Storage, webhook: Webhook | None, clock: Clock) -> None:
        self._cases, self._outbox, self._announcements = storage.cases, storage.outbox, storage.announcements
        self._webhook, self._clock = webhook, clock

    async def run(self, task: OutboxTask) -> None:
        """See `Runs.run`. Raises `Unavailable` where it is to be tried again, `UnreadableCase`."""
        webhook = self._webhook
        if webhook is None:
            await self._outbox.complete(task)
            return
        if ahead := await self._announcements.ahead_of(task):
            now = self._clock.now()
            wanted = now if ahead.is_held else ahead.due
            await self._outbox.postpone(task, max(now + _WHILE_ANOTHER_SENDS, wanted))
            return
        case = await self._cases.get(task.case)
        if case is None:
            raise Refused(Refusal.NO_SUCH_CASE)
        history = await self._cases.history(task.case)
        announcement = announcement_of(case, history[: task.event])
        if announcement is not None:
            await self._sent(webhook, announcement)
        await self._outbox.complete(task)

    async def _sent(self, webhook: Webhook, announcement: Announcement) -> None:
        """Returns once there is nothing more to be done about it."""
        age = self._clock.now() - announcement.at
        try:
            await webhook.send(announcement)
        except Unreachable as gone:
            await webhook.give_up(announcement, gone.logged)
        except Unavailable as trouble:
            if age >= GIVEN_UP_AFTER:
                await webhook.give_up(announcement, trouble.logged)
                return
            # As long again as it is late already: soon at first, rarely later, and no try has to be counted.
            wait = max(min(max(age, _FIRST_WAIT), _LONGEST_WAIT), trouble.retry_after or timedelta())
            trouble.retry_after = min(wait, _LONGEST_WAIT)
            raise
