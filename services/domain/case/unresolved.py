"""A case that came to a stop: an approver has to find out what comes next, and is reminded of it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.parts import Unresolved
from services.domain.case.status import UNRESOLVED, Status

_WORKED_ON = (Status.REPORTED, Status.ASKED_BACK, Status.ESCALATED)


def called_to_mind(case: Case, now: datetime) -> Case:
    """The case with the time since when it has come to a stop, and without it once it goes on."""
    if case.status not in UNRESOLVED:
        return replace(case, unresolved=None) if case.unresolved else case
    return case if case.unresolved else replace(case, unresolved=Unresolved(since=now))


def waits_for_approvers(case: Case) -> bool:
    """Whether the approvers are reminded of it: somebody has to decide, or to find out what comes next."""
    return case.is_undecided or case.status in UNRESOLVED or case.status in _WORKED_ON


def reminded(case: Case, now: datetime) -> Case:
    """The case after the approvers were reminded of it."""
    if case.unresolved is None:
        return replace(case, request=replace(case.request, reminded_at=now))
    return replace(case, unresolved=replace(case.unresolved, reminded_at=now))


def is_spoken_for(case: Case, others: Iterable[Case], since: datetime) -> bool:
    """Whether the reminder of another case that came to the same stop named this one, at that time or later."""
    stop = case.unresolved
    spoken = (one.unresolved.reminded_at for one in others if one.unresolved)
    return stop is not None and any(at is not None and at >= max(since, stop.since) for at in spoken)
