"""When an intended approval is decided, and on which evidence."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.timing import Timing
from services.domain.evidence.report import may_be_completed
from services.domain.limits.change import Stage


def late_at(case: Case, timing: Timing) -> datetime | None:
    """When the evidence that is on its way is late; `None` if none is."""
    wanted = case.evidence_wanted_at if case.is_evidence_pending else None
    return wanted + timing.evidence_within if wanted else None


def decide_at(case: Case, now: datetime, timing: Timing) -> datetime | None:
    """When to decide the intended approval; `None` if there is none. At once, or when the evidence that is on its way
    has come or is late: either is a change of the case."""
    if case.intended is None:
        return None
    return (late_at(case, timing) or now) if case.is_evidence_pending else now


def waits_for_evidence(case: Case) -> bool:
    """Whether other limits were approved, or something is to be put back, which is done only once the evidence is
    there, whatever became of the case."""
    change, containment = case.limit_change, case.containment
    is_approved = change is not None and change.stage is Stage.APPROVED
    return case.is_evidence_pending and (is_approved or (containment is not None and containment.gives_back))


def gathered_first(case: Case, now: datetime) -> Case:
    """The case with its evidence wanted again, unless it is on its way already."""
    return case if case.is_evidence_pending else replace(case, evidence_wanted_at=now, evidence_overdue=False)


def evidence_is_ready(case: Case, now: datetime, timing: Timing) -> bool:
    """Whether an approval may rest on the evidence as it is: it is recent and complete, or what could be had of it was
    asked for just now."""
    if case.sender.connector_id:
        return True
    if case.is_evidence_wanted:
        wanted = case.evidence_wanted_at or case.opened_at
        return case.evidence_overdue and now - wanted <= timing.evidence_lasts
    if case.evidence is None:
        return False
    ended_at = case.containment.ended_at if case.containment else None
    if ended_at is not None and case.evidence.read_from <= ended_at:
        return False  # what happened since the steps is what counts
    age = now - case.evidence.gathered_at
    return age <= (timing.evidence_within if may_be_completed(case.evidence) else timing.evidence_lasts)


def decide_by(case: Case, timing: Timing) -> datetime:
    """Until when the intended approval may wait for what it is judged on, counted from when its evidence was there."""
    began = [case.intended.at if case.intended else case.opened_at]
    if case.evidence_wanted_at and case.is_evidence_wanted:
        began.append(case.evidence_wanted_at + timing.evidence_within)
    elif case.evidence:
        began.append(case.evidence.gathered_at)
    return max(began) + timing.decide_within
