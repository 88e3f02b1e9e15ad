"""Commands and events that leave a case's status as it is."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from services.domain.case.case import Case
from services.domain.case.commands import (
    EvidenceRequested,
    Forgotten,
    Gathered,
    NeutralByApprover,
    NeutralCommand,
    Reached,
    Rechecked,
)
from services.domain.case.forgetting import forgotten
from services.domain.case.transition import NO_MESSAGE, CaseAndEffects, Refusal, Refused
from services.domain.case.transitions.recheck import rechecked
from services.domain.containment.commands import ContainmentCommand
from services.domain.containment.transitions import containment_transition
from services.domain.limits.commands import LimitsCommand
from services.domain.limits.transitions import limits_transition, proposed_by_itself

_ENOUGH_FOR = timedelta(seconds=5)
"""Evidence younger than this is not gathered again: the second click was most likely an accident."""


def neutral_transition(case: Case, command: NeutralCommand, now: datetime) -> CaseAndEffects:
    """The case with the request or the finding noted on it, and the messages it asks for.

    Raises `Refused`, also for an approver or responder whose own case it is."""
    if isinstance(command, NeutralByApprover) and command.by.id == case.sender.person:
        raise Refused(Refusal.OWN_CASE)
    if isinstance(command, ContainmentCommand):
        return containment_transition(case, command, now)
    if isinstance(command, LimitsCommand):
        return limits_transition(case, command, now)
    match command:
        case Reached():
            return replace(case, contact=replace(case.contact, unreachable=command.error)), NO_MESSAGE
        case Forgotten():
            return forgotten(case), NO_MESSAGE
        case Rechecked():
            return rechecked(case, command), NO_MESSAGE
        case EvidenceRequested():
            return _wanted(case, now), NO_MESSAGE
        case Gathered():
            gathered = replace(case, evidence=command.report)
            return replace(gathered, limit_change=case.limit_change or proposed_by_itself(gathered, now)), NO_MESSAGE
        case _:
            assert_never(command)


def _wanted(case: Case, now: datetime) -> Case:
    if case.sender.connector_id:
        raise Refused(Refusal.NOT_NOW)
    if case.is_evidence_wanted or (case.evidence and now - case.evidence.gathered_at < _ENOUGH_FOR):
        raise Refused(Refusal.JUST_GATHERED)
    return replace(case, evidence_wanted_at=now)
