"""Ports that are measured: each call is timed, and counted by its outcome. What the port does stays as it is."""

from collections.abc import Awaitable, Callable
from dataclasses import fields, replace
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, TypeVar, cast

from services.clients.metrics.metrics import Metrics
from services.domain.case.case import Case
from services.domain.case.milestones import milestones
from services.domain.case.timers import Timers
from services.domain.case.transition import Transition
from services.domain.containment.containment import StepOutcome, StepResult
from services.ports.errors import NotFound, Unavailable, Unreachable
from services.ports.microsoft365 import (
    ChangedMeanwhileByOthers,
    Microsoft365,
    PolicyRefused,
    RemovalNotBegun,
    RemovalRefused,
    RemovalUnclear,
)
from services.ports.storage import CardStore, CaseStore, Outbox, OutboxTask, PostedCards, Settles, Storage
from services.ports.tracing import NO_TRACING, Tracing

_Port = TypeVar("_Port")


def measured(port: _Port, source: str, metrics: Metrics, tracing: Tracing = NO_TRACING) -> _Port:
    """The port, each of its calls measured, and a span, under that name."""
    return cast("_Port", _Measured(port, source, metrics, tracing))


class _Measured:
    """Stands before a port. A method is wrapped when it is first used."""

    def __init__(self, port: object, source: str, metrics: Metrics, tracing: Tracing) -> None:
        self._port, self._source, self._metrics, self._tracing = port, source, metrics, tracing

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._port, name)
        if iscoroutinefunction(value):
            value = self._timed(name, value)
        self.__dict__[name] = value
        return value

    def _timed(self, action: str, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        metrics, name = self._metrics, f"{self._source} {action}"

        @wraps(call)
        async def timed(*given: Any, **named: Any) -> Any:
            begun, outcome = metrics.monotonic(), "cut_short"
            try:
                with self._tracing.span(name):
                    answer = await call(*given, **named)
                outcome = outcome_of(answer)
            except Exception as trouble:
                outcome = _outcome_of_error(trouble)
                raise
            else:
                return answer
            finally:
                metrics.called(self._source, action, outcome, metrics.monotonic() - begun)

        return timed


def _outcome_of_error(trouble: Exception) -> str:
    match trouble:
        case Unavailable():
            return trouble.reason.value
        case NotFound():
            return "not_found"
        case Unreachable():
            return "refused"
        case _:
            return "failed"


def outcome_of(answer: object) -> str:
    """`ok`, or in one word why the answer is none."""
    match answer:
        case RemovalUnclear() | RemovalNotBegun():
            return answer.reason.value
        case RemovalRefused() | PolicyRefused() | ChangedMeanwhileByOthers():
            return "refused"
        case StepResult(outcome=StepOutcome.FAILED):
            return "refused"
        case _:
            return "ok"


def measured_tenant(tenant: Microsoft365, metrics: Metrics, tracing: Tracing = NO_TRACING) -> Microsoft365:
    """The ports to the tenant, each measured by its name."""
    ports = {field.name: getattr(tenant, field.name) for field in fields(tenant) if field.name != "unhurried"}
    wrapped: dict[str, Any] = {
        name: measured(port, name, metrics, tracing) for name, port in ports.items() if port is not None
    }
    later = measured_tenant(tenant.unhurried, metrics, tracing) if tenant.unhurried else None
    return replace(tenant, **wrapped, unhurried=later)


def measured_storage(storage: Storage, metrics: Metrics) -> Storage:
    """What is saved is looked at for milestones, and what becomes of tasks is counted."""
    return replace(
        storage,
        cases=cast("CaseStore", _MeasuredCases(storage.cases, metrics)),
        outbox=cast("Outbox", _MeasuredOutbox(storage.outbox, metrics)),
        cards=cast("CardStore", _MeasuredCards(storage.cards, metrics)),
    )


class _MeasuredCases:
    """A `CaseStore` whose transitions are looked at once they are saved."""

    def __init__(self, cases: CaseStore, metrics: Metrics) -> None:
        self._cases, self._metrics = cases, metrics

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cases, name)

    async def save(
        self, transition: Transition, timers: Timers, *, completes: OutboxTask | None = None, **more: Any
    ) -> Case:
        saved = await self._cases.save(transition, timers, completes=completes, **more)
        for reached in milestones(transition.case, transition.event):
            self._metrics.milestone(reached)
        if completes is not None:
            self._metrics.task_runs.labels(completes.kind.value, "done").inc()
        return saved


class _MeasuredCards:
    """A `CardStore` that counts the tasks that were completed with the record of their card."""

    def __init__(self, cards: CardStore, metrics: Metrics) -> None:
        self._cards, self._runs = cards, metrics.task_runs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cards, name)

    async def record(self, *given: Any, settles: Settles | None = None, **more: Any) -> PostedCards:
        return self._counted(await self._cards.record(*given, settles=settles, **more), settles)

    async def updated(self, *given: Any, settles: Settles | None = None, **more: Any) -> PostedCards:
        return self._counted(await self._cards.updated(*given, settles=settles, **more), settles)

    def _counted(self, present: PostedCards, settles: Settles | None) -> PostedCards:
        if settles is not None and present.is_settled:
            self._runs.labels(settles.task.kind.value, "done").inc()
        return present


class _MeasuredOutbox:
    """An `Outbox` that counts the tasks that were completed and put off."""

    def __init__(self, outbox: Outbox, metrics: Metrics) -> None:
        self._outbox, self._runs = outbox, metrics.task_runs

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)

    async def complete(self, task: OutboxTask, shown: int = 0) -> None:
        await self._outbox.complete(task, shown)
        self._runs.labels(task.kind.value, "done").inc()

    async def postpone(self, task: OutboxTask, *more: Any) -> None:
        await self._outbox.postpone(task, *more)
        self._runs.labels(task.kind.value, "put_off").inc()
