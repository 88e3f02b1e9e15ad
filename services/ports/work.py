"""What is being worked on at this moment: an activity or a task, with the reference by which people can quote it.

Known to whatever runs in it, tasks of the event loop that it begins included."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from services.domain.case.parts import CaseNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A reference, and the case if it is known from the beginning."""

    reference: str
    case: CaseNumber | None = None


_WORK: ContextVar[Work | None] = ContextVar("work", default=None)


def present_work() -> Work | None:
    """The work that the caller is part of; `None` at the start and in loops that wait."""
    return _WORK.get()


@contextmanager
def working(reference: str, case: CaseNumber | None = None) -> Iterator[None]:
    """What is done within is this work."""
    token = _WORK.set(Work(reference=reference, case=case))
    try:
        yield
    finally:
        _WORK.reset(token)
