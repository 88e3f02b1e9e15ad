"""A limit change, from the request until it is reverted. It never unblocks a sender."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from services.domain.case.case import Case
from services.domain.case.deciding import gathered_first
from services.domain.case.facts import Facts, what_is_worse
from services.domain.case.history import times_restricted
from services.domain.case.noted_facts import facts_shown, present_facts
from services.domain.case.transition import NO_MESSAGE, TELL_APPROVERS, CaseAndEffects, Refusal, Refused
from services.domain.case.transitions.recheck import rechecked
from services.domain.evidence.verdict import Verdict
from services.domain.limits.change import OVER, SOLE_APPROVER_WAITS, LimitChange, Stage
from services.domain.limits.commands import (
    LimitsApplied,
    LimitsApproved,
    LimitsByApprover,
    LimitsByClock,
    LimitsCommand,
    LimitsDismissed,
    LimitsEnded,
    LimitsHeldBack,
    LimitsOvertaken,
    LimitsPlanned,
    LimitsRefused,
    LimitsRequested,
    LimitsRevertRequested,
)
from services.domain.limits.policy_plan import Strategy
from services.domain.people import SignOff
from services.domain.restriction import Cause

_OFTEN = 2
_TOLD = (Stage.PROPOSED, Stage.FAILED)


def limits_transition(case: Case, command: LimitsCommand, now: datetime) -> CaseAndEffects:
    """The case after an approver's command or the worker's event, and the messages it asks for. Raises `Refused`."""
    if isinstance(command, LimitsRequested):
        return replace(case, limit_change=_wanted(case, command, now)), NO_MESSAGE
    change = case.limit_change
    if change is None:
        raise Refused(Refusal.NOT_NOW)
    after = _after(change, command, now)
    if isinstance(command, LimitsApproved):
        case, facts = _on_the_facts(case, command, now)
        after = replace(after, approved_on=facts if after.approved else None)
        if after.approved and command.gathers:
            case = gathered_first(case, now)
    notifies = isinstance(command, LimitsEnded) or (after.stage in _TOLD and after.stage is not change.stage)
    return replace(case, limit_change=after), TELL_APPROVERS if notifies else NO_MESSAGE


def _on_the_facts(case: Case, command: LimitsApproved, now: datetime) -> tuple[Case, Facts]:
    """The case with what was read at the click, and the facts that this approval is made on.

    Raises `Refused` if they are worse than those that the card showed, or the sender does not look honest."""
    shown = facts_shown(case, command.facts, now)
    if command.fresh is not None:
        case = rechecked(case, command.fresh)
    facts = present_facts(case, now)
    if shown is None:
        raise Refused(Refusal.FACTS_WORSE)  # the card is too old to be compared with
    if worse := what_is_worse(shown, facts):
        raise Refused(Refusal.FACTS_WORSE, worse=worse)
    if not may_have_other_limits(case):
        raise Refused(Refusal.NOT_HONEST)
    return case, facts


def may_have_other_limits(case: Case) -> bool:
    """Whether the sender looks honest. An account that may be stolen would only send more spam with higher limits."""
    return case.judgement.verdict is Verdict.HONEST and not case.sender.connector_id


def proposed_by_itself(case: Case, now: datetime) -> LimitChange | None:
    """The change that Sendwell proposes unasked, for an honest sender restricted more than twice in ninety days and now
    by a policy's limit; else `None`."""
    limited = case.restriction is not None and case.restriction.cause is Cause.POLICY_LIMIT
    again = times_restricted(case, now) > _OFTEN
    if case.limit_change is not None or not (limited and again and may_have_other_limits(case)):
        return None
    return LimitChange(stage=Stage.REQUESTED, strategy=Strategy.OWN_LIMITS)


def _wanted(case: Case, command: LimitsRequested, now: datetime) -> LimitChange:
    if not may_have_other_limits(case):
        raise Refused(Refusal.NOT_HONEST)
    former = case.limit_change
    if former is not None and former.stage not in OVER | {Stage.PROPOSED}:
        raise Refused(Refusal.NOT_NOW)
    return LimitChange(
        stage=Stage.REQUESTED,
        strategy=command.strategy,
        asked=command.asked,
        group=command.group,
        requested=_sign_off(command, now),
        plan_number=former.plan_number if former else 0,
        keep_for=command.keep_for,
    )


def _sign_off(command: LimitsByApprover, now: datetime) -> SignOff:
    return SignOff(by=command.by.id, name=command.by.name, at=now)


def _after(change: LimitChange, command: LimitsCommand, now: datetime) -> LimitChange:
    if isinstance(command, LimitsByApprover):
        return _by_approver(change, command, now)
    return _by_clock(change, command, now)


def _by_approver(change: LimitChange, command: LimitsByApprover, now: datetime) -> LimitChange:
    match command:
        case LimitsRequested():
            raise AssertionError("begun before")
        case LimitsApproved():
            return _approved(_at(change, Stage.PROPOSED), command, now)
        case LimitsDismissed():
            return replace(_at(change, Stage.PROPOSED), stage=Stage.DISMISSED)
        case LimitsRevertRequested():
            by = _sign_off(command, now)
            _require_plan(_at(change, Stage.APPLIED), command.plan)
            return replace(change, stage=Stage.REVERTING, reverted_by=by, error="")
        case _:
            assert_never(command)


def _by_clock(change: LimitChange, command: LimitsByClock, now: datetime) -> LimitChange:
    match command:
        case LimitsPlanned():
            stage = Stage.PROPOSED if command.plan else Stage.NO_HELP
            return replace(
                _at(change, Stage.REQUESTED),
                stage=stage,
                plan=command.plan,
                plan_number=change.plan_number + (1 if command.plan else 0),
                no_help=command.no_help,
                obstacle=command.obstacle,
            )
        case LimitsApplied():
            return _applied(change, command, now)
        case LimitsRefused():
            return _refused(change, command)
        case LimitsOvertaken():
            return _overtaken(change, command)
        case LimitsHeldBack(worse=worse):
            return replace(
                _at(change, Stage.APPROVED), stage=Stage.PROPOSED, approved=None, approved_on=None, held_back=worse
            )
        case LimitsEnded():
            return replace(_at(change, Stage.APPLIED), has_ended=True)
        case _:
            assert_never(command)


def _at(change: LimitChange, stage: Stage) -> LimitChange:
    if change.stage is not stage:
        raise Refused(Refusal.NOT_NOW)
    return change


def _approved(change: LimitChange, command: LimitsApproved, now: datetime) -> LimitChange:
    """The change, approved as the card showed it. If Sendwell proposed it by itself, or who requested it may not decide
    any more, this approval counts as the request, and a second one is needed."""
    _require_plan(change, command.plan)
    if change.requested is None or not command.requester_stands:
        return replace(change, requested=_sign_off(command, now))
    if change.requested.by == command.by.id:
        if not command.by_sole_approver:
            raise Refused(Refusal.SECOND_FOR_LIMITS)
        if now < (until := change.requested.at + SOLE_APPROVER_WAITS):
            raise Refused(Refusal.ALONE_TOO_SOON, until=until)
    return replace(
        change,
        stage=Stage.APPROVED,
        approved=_sign_off(command, now),
        by_sole_approver=change.requested.by == command.by.id,
    )


def _require_plan(change: LimitChange, plan: int | None) -> None:
    if plan != change.plan_number:
        raise Refused(Refusal.PLAN_CHANGED)


def _applied(change: LimitChange, command: LimitsApplied, now: datetime) -> LimitChange:
    if change.stage is Stage.REVERTING:
        return replace(change, stage=Stage.REVERTED, differs=command.differs)
    ends_at = now + change.keep_for if change.keep_for else None
    done = replace(_at(change, Stage.APPROVED), stage=Stage.APPLIED, differs=command.differs, applied_at=now)
    return replace(done, ends_at=ends_at, error="", left_behind=(), planned_again=False)


def _refused(change: LimitChange, command: LimitsRefused) -> LimitChange:
    """A change that could not be reverted is still applied, so that it can be tried again."""
    stage = Stage.APPLIED if change.stage is Stage.REVERTING else Stage.FAILED
    return replace(change, stage=stage, error=command.error, left_behind=command.left_behind)


def _overtaken(change: LimitChange, command: LimitsOvertaken) -> LimitChange:
    """Both words were given for the plan that is overtaken, so neither counts for the next one: it takes two again."""
    if change.stage is Stage.REVERTING:
        return replace(change, stage=Stage.APPLIED, planned_again=True, left_behind=command.left_behind)
    return replace(
        change,
        stage=Stage.REQUESTED,
        plan=None,
        requested=None,
        approved=None,
        planned_again=True,
        left_behind=command.left_behind,
    )


_RECORDED: dict[type[LimitsCommand], str] = {
    LimitsRequested: "requested",
    LimitsApproved: "approved",
    LimitsDismissed: "dismissed",
    LimitsRevertRequested: "revert_requested",
    LimitsPlanned: "planned",
    LimitsApplied: "applied",
    LimitsRefused: "refused",
    LimitsOvertaken: "overtaken",
    LimitsHeldBack: "held_back",
    LimitsEnded: "ended",
}
"""The name of each command in the history. These names are stored: they stay when a class is renamed."""


def limited(command: LimitsCommand) -> dict[str, str]:
    """The facts for the history: which command, and the error if Exchange refused."""
    kept = {"limits": _RECORDED[type(command)]}
    return {**kept, "error": command.error} if isinstance(command, LimitsRefused) else kept
