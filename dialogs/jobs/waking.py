"""What somebody who runs a task puts off wakes the task's worker in time, even where its next look would come later."""

from collections.abc import Callable
from datetime import datetime

from services.domain.case.timers import Timers
from services.ports.storage import Outbox, OutboxTask


class WakingOutbox:
    """The outbox, for those who run tasks."""

    def __init__(self, outbox: Outbox, wake: Callable[[Timers], None]) -> None:
        self._outbox, self._wake = outbox, wake
        self.claim, self.complete = outbox.claim, outbox.complete
        self.next_due, self.restart = outbox.next_due, outbox.restart

    async def postpone(self, task: OutboxTask, due: datetime) -> None:
        """See `Outbox.postpone`. Raises `Unavailable`."""
        await self._outbox.postpone(task, due)
        self._wake({task.kind: due})
