"""Traces through OpenTelemetry, sent with OTLP over HTTP. Imported only where a setting says where they go.

https://opentelemetry.io/docs/specs/otlp/#otlphttp"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import Link, Span, Status, StatusCode, get_current_span, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.clients.login_session import login_session
from services.ports.tracing import TRACE
from services.version import VERSION

_WITHIN = 5.0
"""Seconds for a batch of spans; one that is not taken by then is lost, and nothing waits for it."""
_W3C = TraceContextTextMapPropagator()
_HEADER = "traceparent"


class OtelTracing:
    """Implements `Tracing`. Spans are sent by a thread of their own; `close` sends the last ones and may block."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._provider = TracerProvider(
            resource=Resource.create({"service.name": "sendwell", "service.version": VERSION}), shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter, export_timeout_millis=_WITHIN * 1_000))
        self._tracer = self._provider.get_tracer("sendwell", VERSION)

    @contextmanager
    def span(self, name: str, *, after: str = "", linked: str = "", **labels: str | int) -> Iterator[None]:
        parent = "" if linked else after or TRACE.get()
        span = self._tracer.start_span(name, context=_context(parent), attributes=labels, links=_links(linked))
        token = TRACE.set(_written(span))
        try:
            yield
        except BaseException as error:
            span.set_status(Status(StatusCode.ERROR, type(error).__name__))
            raise
        finally:
            TRACE.reset(token)
            span.end()

    def close(self) -> None:
        """Send what is left, and make no more."""
        self._provider.shutdown()


def otel_tracing(url: str, context: ssl.SSLContext) -> OtelTracing:
    """Traces that go to that address; `context` says which certificates are trusted."""
    session = login_session(context, (_WITHIN, _WITHIN))
    return OtelTracing(OTLPSpanExporter(endpoint=url, timeout=_WITHIN, session=session))


def _context(parent: str) -> Context:
    return _W3C.extract({_HEADER: parent}, context=Context()) if parent else Context()


def _links(linked: str) -> list[Link]:
    return [Link(get_current_span(_context(linked)).get_span_context())] if linked else []


def _written(span: Span) -> str:
    carrier: dict[str, str] = {}
    _W3C.inject(carrier, context=set_span_in_context(span, Context()))
    return carrier.get(_HEADER, "")
