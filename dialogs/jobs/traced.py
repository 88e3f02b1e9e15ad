"""Tasks as spans of the trace of what caused them."""

from dialogs.jobs.worker import Runs
from services.domain.case.transition import TaskKind
from services.ports.storage import OutboxTask
from services.ports.tracing import Tracing

_LATER = frozenset(
    {
        *(TaskKind.CHECK, TaskKind.PROVE, TaskKind.AUDIT, TaskKind.REMIND, TaskKind.EXPIRE),
        *(TaskKind.WATCH_END, TaskKind.ASK_BACK, TaskKind.FORGET, TaskKind.MENTION),
    }
)
"""What comes much later, or again and again: each begins a trace, or one case would be one trace of days."""


class TracedHandlers:
    """Runs a task through the handlers, as a part of the activity or task that made it, or pointing there."""

    def __init__(self, handlers: Runs, tracing: Tracing) -> None:
        self._handlers, self._tracing = handlers, tracing

    async def run(self, task: OutboxTask) -> None:
        later = task.kind in _LATER
        after, linked = ("", task.trace) if later else (task.trace, "")
        name = f"task {task.kind.value}"
        with self._tracing.span(name, after=after, linked=linked, case=int(task.case), tries=task.tries):
            await self._handlers.run(task)
