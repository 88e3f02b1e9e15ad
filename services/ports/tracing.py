"""Traces: what causes what, across activities, tasks and calls of sources. Off unless a setting says where they go, and
then this is all there is of it."""

from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Protocol

TRACE: ContextVar[str] = ContextVar("trace", default="")
"""The present span, as https://www.w3.org/TR/trace-context/ writes it (`traceparent`); empty outside of any. Who opens
a span sets it; it is stored with a task, which may be run by another process."""


class Tracing(Protocol):
    """Makes spans."""

    def span(
        self, name: str, *, after: str = "", linked: str = "", **labels: str | int
    ) -> AbstractContextManager[None]:
        """What is done within is one span: a part of the span around it, or of the one that `after` names; with a
        `linked` one it begins a trace of its own that points there. Labels hold nothing of a person. An error is marked
        by its kind alone, and passed on."""
        ...


class NoTracing:
    """Traces nothing."""

    def span(
        self, name: str, *, after: str = "", linked: str = "", **labels: str | int
    ) -> AbstractContextManager[None]:
        return nullcontext()


NO_TRACING = NoTracing()
