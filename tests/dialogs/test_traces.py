"""What somebody does, the tasks that it makes and the sources that those ask are one trace; and off costs nothing."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from dialogs.build import Ports
from dialogs.conversations.inbound import ConversationKind
from services.clients.metrics.measured import measured_tenant
from services.clients.metrics.metrics import Metrics
from services.clients.otel import OtelTracing
from services.clients.store.database import Database
from services.domain.case.transition import TaskKind
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.tracing import TRACE
from tests.cases import BO
from tests.dialogs.world import LONG_DAYS, World

ROOT = Path(__file__).parents[2]
ROOMS = ("bot", "cards", "dialogs", "services")
_LOADS = r"(?m)^(?:from|import) (?:opentelemetry|services\.clients\.otel)"  # at the top, and so with the file


class TracedWorld(World):
    """The same world with its traces kept."""

    def __init__(self, database: Database) -> None:
        self.kept = InMemorySpanExporter()
        self.tracing = OtelTracing(self.kept)
        super().__init__(database)

    def ports(self) -> Ports:
        ports = super().ports()
        tenant = measured_tenant(ports.microsoft365, Metrics(), self.tracing)
        return replace(ports, microsoft365=tenant, tracing=self.tracing)

    def spans(self) -> dict[str, list[ReadableSpan]]:
        self.tracing.close()
        found: dict[str, list[ReadableSpan]] = {}
        for span in self.kept.get_finished_spans():
            found.setdefault(span.name, []).append(span)
        return found


def trace_of(span: ReadableSpan) -> int:
    assert span.context is not None
    return int(span.context.trace_id)


async def test_a_click_its_tasks_and_what_they_ask_are_one_trace(database: Database) -> None:
    w = TracedWorld(database)
    await w.ana_has_sent()
    with w.tracing.span("turn clicked"):
        inputs = {"by_another_route": "true", "ground": "called her"}
        await w.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, inputs)
    await w.passes(2 * LONG_DAYS.reads_apart)
    spans = w.spans()
    (turn,) = spans["turn clicked"]
    (unblock,) = spans["task unblock"]
    (removal,) = spans["senders unblock"]
    assert trace_of(unblock) == trace_of(removal) == trace_of(turn)
    assert unblock.parent is not None
    assert turn.context is not None
    assert unblock.parent.span_id == turn.context.span_id
    assert unblock.attributes is not None
    assert (unblock.attributes["case"], unblock.attributes["tries"]) == (1, 1)
    # What looks again and again begins a trace of its own, which points to what planned it.
    later = [check for check in spans["task check"] if check.links]
    assert later
    assert trace_of(turn) not in {trace_of(check) for check in later}
    assert trace_of(turn) in {link.context.trace_id for check in later for link in check.links}
    private = ("ana", "soto", "@", "called")
    assert [word for word in private if word in str([span.to_json() for span in w.kept.get_finished_spans()])] == []


def test_an_error_is_marked_by_its_kind_and_not_by_what_it_says() -> None:
    kept = InMemorySpanExporter()
    tracing = OtelTracing(kept)
    with pytest.raises(Unavailable), tracing.span("source"):
        raise Unavailable(UnknownReason.TIMED_OUT, "ana@contoso.example")
    tracing.close()
    (span,) = kept.get_finished_spans()
    assert (span.status.is_ok, span.status.description) == (False, "Unavailable")
    assert "contoso" not in span.to_json()
    assert TRACE.get() == ""


async def test_without_traces_a_task_says_nothing_of_any(w: World) -> None:
    await w.ana_has_sent()
    w.clock.time += timedelta(days=1)
    tasks = await w.outbox.claim(w.clock.now(), timedelta(minutes=1), 50, frozenset(TaskKind))
    assert tasks
    assert {task.trace for task in tasks} == {""}


def test_nothing_but_the_tracing_itself_loads_the_library() -> None:
    files = [ROOT / "app.py", *(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]
    loading = {path.name for path in files if re.search(_LOADS, path.read_text(encoding="utf-8"))}
    assert loading == {"otel.py"}
