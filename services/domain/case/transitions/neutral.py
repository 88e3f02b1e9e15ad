"""Commands and events that leave a case's status as it is."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from services.domain.case.call_codes import after_writing, with_code
from services.domain.case.case import Case
from services.domain.case.commands.approver import CallCodeMade, EvidenceRequested
from services.domain.case.commands.clock import (
    AddressesRead,
    EvidenceIsLate,
    Forgotten,
    Gathered,
    PassedOn,
    Reached,
    RequestHeldUp,
)
from services.domain.case.commands.command import (
    EvidenceCommand,
    IntentionByApprover,
    NeutralByApprover,
    NeutralCommand,
)
from services.domain.case.commands.intention import ApprovalHeldUp, ApprovalIntended
from services.domain.case.commands.person import CallCodeWritten
from services.domain.case.deciding import waits_for_evidence
from services.domain.case.facts import what_is_worse
from services.domain.case.forgetting import forgotten
from services.domain.case.involved import why_not_theirs_to_decide
from services.domain.case.noted_facts import present_facts
from services.domain.case.rechecked import Rechecked
from services.domain.case.transition import NO_MESSAGE, TELL_APPROVERS, TELL_PERSON, CaseAndEffects, Refusal, Refused
from services.domain.case.transitions.holding_up import held_up, told_once
from services.domain.case.transitions.intention import intended, taken_back
from services.domain.case.transitions.passing_on import passed_on
from services.domain.case.transitions.recheck import rechecked
from services.domain.case.workflow import Actor, Verb, allows
from services.domain.containment.commands import ContainmentCommand
from services.domain.containment.transitions import containment_transition
from services.domain.evidence.audit import AuditCommand, audit_transition, with_report
from services.domain.limits.commands import LimitsCommand
from services.domain.limits.transitions import limits_transition, proposed_by_itself

_ENOUGH_FOR = timedelta(seconds=5)
"""Evidence younger than this is not gathered again: the second click was most likely an accident."""


def neutral_transition(case: Case, command: NeutralCommand, now: datetime) -> CaseAndEffects:
    """The case with the request or the finding noted on it, and the messages it asks for.

    Raises `Refused`, also for an approver or responder whose own case it is."""
    if isinstance(command, NeutralByApprover) and (why_not := why_not_theirs_to_decide(case, command.by.id)):
        raise Refused(why_not)
    if isinstance(command, ContainmentCommand):
        return containment_transition(case, command, now)
    if isinstance(command, LimitsCommand):
        return limits_transition(case, command, now)
    if isinstance(command, AuditCommand):
        return _with_proposal(audit_transition(case, command, now), now), NO_MESSAGE
    if isinstance(command, IntentionByApprover):
        return (intended(case, command, now) if isinstance(command, ApprovalIntended) else taken_back(case)), NO_MESSAGE
    if isinstance(command, EvidenceCommand):
        return _evidence(case, command, now)
    return _others(case, command, now)


def _others(
    case: Case,
    command: Reached
    | RequestHeldUp
    | AddressesRead
    | Forgotten
    | Rechecked
    | PassedOn
    | ApprovalHeldUp
    | CallCodeMade
    | CallCodeWritten,
    now: datetime,
) -> CaseAndEffects:
    match command:
        case Reached() | RequestHeldUp() | AddressesRead() | Forgotten():
            is_news = isinstance(command, RequestHeldUp) and command.held_up
            return _known_anew(case, command), TELL_PERSON if is_news else NO_MESSAGE
        case Rechecked():
            return _with_worse_told(case, rechecked(case, command), now)
        case PassedOn():
            return passed_on(case, command)
        case ApprovalHeldUp(worse=worse):
            return told_once(case, held_up(case, worse))
        case CallCodeMade() | CallCodeWritten():
            return _with_call_code(case, command, now), NO_MESSAGE
        case _:
            assert_never(command)


def _with_call_code(case: Case, command: CallCodeMade | CallCodeWritten, now: datetime) -> Case:
    if case.sender.connector_id:
        raise Refused(Refusal.NOT_NOW)  # there is nobody to call
    if isinstance(command, CallCodeMade):
        return replace(case, call_codes=with_code(case.call_codes, command.by, command.code, now))
    if command.by.id != case.sender.account.person:
        raise Refused(Refusal.NO_SUCH_CASE)  # somebody else is called about this mailbox
    on = case.facts[-1].number if case.facts else 0
    return replace(case, call_codes=after_writing(case.call_codes, command.code, now, on))


def _known_anew(case: Case, command: Reached | RequestHeldUp | AddressesRead | Forgotten) -> Case:
    match command:
        case Reached(error=error):
            return replace(case, contact=replace(case.contact, unreachable=error))
        case RequestHeldUp(held_up=is_held_up):
            return replace(case, request=replace(case.request, is_held_up=is_held_up))
        case AddressesRead(addresses=addresses):
            return replace(case, sender=replace(case.sender, addresses=addresses))
        case Forgotten():
            return forgotten(case)
        case _:
            assert_never(command)


def _with_proposal(case: Case, now: datetime) -> Case:
    """The case with other limits proposed, if what was just found out is a reason to, and the case goes on."""
    if case.limit_change is not None or not allows(case.status, Actor.APPROVER, Verb.GATHER):
        return case
    return replace(case, limit_change=proposed_by_itself(case, now))


def _with_worse_told(case: Case, after: Case, now: datetime) -> CaseAndEffects:
    """An approval was refused on what was read. Its card is drawn anew before anybody can read why: a line says it."""
    worse = case.facts and what_is_worse(case.facts[-1], present_facts(after, now))
    return after, TELL_APPROVERS if worse else NO_MESSAGE


def _evidence(case: Case, command: EvidenceCommand, now: datetime) -> CaseAndEffects:
    if not allows(case.status, Actor.APPROVER, Verb.GATHER) and not waits_for_evidence(case):
        raise Refused(Refusal.ENDED)
    match command:
        case EvidenceRequested():
            return _wanted(case, now), NO_MESSAGE
        case EvidenceIsLate():
            return _late(case), NO_MESSAGE
        case Gathered():
            after = _with_proposal(with_report(case, command.report, now), now)
            return after, TELL_APPROVERS if case.is_contained and not after.is_contained else NO_MESSAGE
        case _:
            assert_never(command)


def _late(case: Case) -> Case:
    if not case.is_evidence_pending:
        raise Refused(Refusal.NOT_NOW)
    return replace(case, evidence_overdue=True)


def _wanted(case: Case, now: datetime) -> Case:
    if case.sender.connector_id:
        raise Refused(Refusal.NOT_NOW)
    if case.is_evidence_wanted or (case.evidence and now - case.evidence.gathered_at < _ENOUGH_FOR):
        raise Refused(Refusal.JUST_GATHERED)
    return replace(case, evidence_wanted_at=now, evidence_overdue=False)
