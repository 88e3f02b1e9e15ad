"""An approval that is kept as intended until what it is judged on is there."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.commands.intention import ApprovalIntended, IntentionChecked, IntentionDropped
from services.domain.case.facts import what_is_worse
from services.domain.case.intended import IntendedApproval
from services.domain.case.noted_facts import facts_shown, present_facts
from services.domain.case.transition import TELL_APPROVERS, CaseAndEffects, Refusal, Refused
from services.domain.case.transitions.by_approver import approver_transition
from services.domain.case.transitions.dropping import dropped
from services.domain.case.transitions.holding_up import held_up
from services.domain.case.transitions.recheck import rechecked
from services.domain.case.user_text import checked_text


def intended(case: Case, command: ApprovalIntended, now: datetime) -> Case:
    """The case with an approval that is to be checked.

    Raises `Refused` if another one is, or if what is known already is worse than what the approver was shown."""
    if case.intended is not None:
        raise Refused(Refusal.ALREADY_CHECKING, until=case.intended.at)
    shown = facts_shown(case, command.facts, now)
    if shown is None:
        raise Refused(Refusal.FACTS_WORSE)
    if worse := what_is_worse(shown, present_facts(case, now)):
        raise Refused(Refusal.FACTS_WORSE, worse=worse)
    wanted = IntendedApproval(
        by=command.by.id,
        name=command.by.name,
        at=now,
        facts=shown.number,
        reason=checked_text(command.reason),
        by_another_route=command.by_another_route,
    )
    case = replace(case, intended=wanted, dropped=None)
    gathers = command.gathers and not case.is_evidence_pending
    return replace(case, evidence_wanted_at=now, evidence_overdue=False) if gathers else case


def taken_back(case: Case) -> Case:
    """The case without the approval that was being checked. Raises `Refused` if there is none."""
    if case.intended is None:
        raise Refused(Refusal.NOTHING_INTENDED)
    return replace(case, intended=None)


def decided(case: Case, command: IntentionChecked | IntentionDropped, now: datetime) -> CaseAndEffects:
    """The case after the intended approval was decided, as if it were clicked now, or was dropped.

    Raises `Refused` if the case has no such intention any more, or if the approval is refused."""
    if case.intended is None or case.intended.at != command.intended_at:
        raise Refused(Refusal.NOTHING_INTENDED)
    if isinstance(command, IntentionChecked):
        return approver_transition(replace(case, intended=None), command.approval, now)
    case = rechecked(case, command.fresh) if command.fresh else case
    return held_up(dropped(case, command.why, now, command.worse), command.worse), TELL_APPROVERS
