"""A sender's limits, from the wish to the taking back. Nothing here releases anybody."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from services.domain.case.case import Case
from services.domain.case.history import times_restricted
from services.domain.case.transition import Refusal, Refused, TaskKind
from services.domain.case.transitions.by_person import CaseAndEffects
from services.domain.evidence.verdict import Verdict
from services.domain.limits.change import OVER, SOLE_APPROVER_WAITS, LimitsWork, Stage
from services.domain.limits.commands import (
    LimitsApplied,
    LimitsApproved,
    LimitsBack,
    LimitsByApprover,
    LimitsCommand,
    LimitsDismissed,
    LimitsEnded,
    LimitsOvertaken,
    LimitsPlanned,
    LimitsRefused,
    LimitsWanted,
)
from services.domain.limits.policy_plan import Way
from services.domain.people import Mark
from services.domain.restriction import Cause

_QUIET: frozenset[TaskKind] = frozenset()
_APPROVERS_HEAR = frozenset({TaskKind.NOTIFY_APPROVERS})
_OFTEN = 2
_TOLD = (Stage.PROPOSED, Stage.FAILED)


def limits_transition(case: Case, command: LimitsCommand, now: datetime) -> CaseAndEffects:
    """The case after an approver's act, or what the follow-up found."""
    if isinstance(command, LimitsWanted):
        return replace(case, limits_work=_wanted(case, command, now)), _QUIET
    work = case.limits_work
    if work is None:
        raise Refused(Refusal.NOT_NOW)
    if isinstance(command, LimitsApproved) and not may_have_other_limits(case):
        raise Refused(Refusal.NOT_HONEST)
    after = _after(work, command, now)
    told = isinstance(command, LimitsEnded) or (after.stage in _TOLD and after.stage is not work.stage)
    return replace(case, limits_work=after), _APPROVERS_HEAR if told else _QUIET


def may_have_other_limits(case: Case) -> bool:
    """Only an honest mailing is worth higher limits: what looks stolen, or is not known, would send more of it."""
    return case.judgement.verdict is Verdict.HONEST and not case.connector


def proposed_by_itself(case: Case, now: datetime) -> LimitsWork | None:
    """For an honest sender who reaches a policy's limit again and again Sendwell proposes without being asked."""
    limited = case.restriction is not None and case.restriction.cause is Cause.POLICY_LIMIT
    again = times_restricted(case, now) > _OFTEN
    if case.limits_work is not None or not (limited and again and may_have_other_limits(case)):
        return None
    return LimitsWork(stage=Stage.WANTED, way=Way.OWN_LIMITS)


def _wanted(case: Case, command: LimitsWanted, now: datetime) -> LimitsWork:
    if not may_have_other_limits(case):
        raise Refused(Refusal.NOT_HONEST)
    former = case.limits_work
    if former is not None and former.stage not in OVER | {Stage.PROPOSED}:
        raise Refused(Refusal.NOT_NOW)
    return LimitsWork(
        stage=Stage.WANTED,
        way=command.way,
        asked=command.asked,
        group=command.group,
        wanted=_mark(command, now),
        keep_for=command.keep_for,
    )


def _mark(command: LimitsByApprover, now: datetime) -> Mark:
    return Mark(by=command.by.id, name=command.by.name, at=now)


def _after(work: LimitsWork, command: LimitsCommand, now: datetime) -> LimitsWork:
    match command:
        case LimitsWanted():
            raise AssertionError("begun before")
        case LimitsApproved():
            return _approved(_at(work, Stage.PROPOSED), command, now)
        case LimitsDismissed():
            return replace(_at(work, Stage.PROPOSED), stage=Stage.DISMISSED)
        case LimitsBack():
            return replace(_at(work, Stage.APPLIED), stage=Stage.TAKING_BACK, back=_mark(command, now), error="")
        case LimitsPlanned():
            stage = Stage.PROPOSED if command.plan else Stage.NO_HELP
            return replace(
                _at(work, Stage.WANTED),
                stage=stage,
                plan=command.plan,
                no_help=command.no_help,
                obstacle=command.obstacle,
            )
        case LimitsApplied():
            return _applied(work, command, now)
        case LimitsRefused():
            return _refused(work, command)
        case LimitsOvertaken():
            return _overtaken(work, command)
        case LimitsEnded():
            return replace(_at(work, Stage.APPLIED), has_ended=True)
        case _:
            assert_never(command)


def _at(work: LimitsWork, stage: Stage) -> LimitsWork:
    if work.stage is not stage:
        raise Refused(Refusal.NOT_NOW)
    return work


def _approved(work: LimitsWork, command: LimitsApproved, now: datetime) -> LimitsWork:
    """The first yes to what Sendwell proposed by itself stands for the wish; the second one applies it."""
    if work.wanted is None:
        return replace(work, wanted=_mark(command, now))
    if work.wanted.by == command.by.id:
        if not command.alone:
            raise Refused(Refusal.SECOND_FOR_LIMITS)
        if now < (until := work.wanted.at + SOLE_APPROVER_WAITS):
            raise Refused(Refusal.ALONE_TOO_SOON, until=until)
    return replace(work, stage=Stage.APPROVED, approved=_mark(command, now), alone=work.wanted.by == command.by.id)


def _applied(work: LimitsWork, command: LimitsApplied, now: datetime) -> LimitsWork:
    if work.stage is Stage.TAKING_BACK:
        return replace(work, stage=Stage.TAKEN_BACK, differs=command.differs)
    ends_at = now + work.keep_for if work.keep_for else None
    done = replace(_at(work, Stage.APPROVED), stage=Stage.APPLIED, differs=command.differs, applied_at=now)
    return replace(done, ends_at=ends_at, error="", left_behind=(), anew=False)


def _refused(work: LimitsWork, command: LimitsRefused) -> LimitsWork:
    """What could not be taken back is still applied: somebody may try again."""
    stage = Stage.APPLIED if work.stage is Stage.TAKING_BACK else Stage.FAILED
    return replace(work, stage=stage, error=command.error, left_behind=command.left_behind)


def _overtaken(work: LimitsWork, command: LimitsOvertaken) -> LimitsWork:
    if work.stage is Stage.TAKING_BACK:
        return replace(work, stage=Stage.APPLIED, anew=True, left_behind=command.left_behind)
    return replace(work, stage=Stage.WANTED, plan=None, approved=None, anew=True, left_behind=command.left_behind)


_KEPT_AS: dict[type[LimitsCommand], str] = {
    LimitsWanted: "wanted",
    LimitsApproved: "approved",
    LimitsDismissed: "dismissed",
    LimitsBack: "back",
    LimitsPlanned: "planned",
    LimitsApplied: "applied",
    LimitsRefused: "refused",
    LimitsOvertaken: "overtaken",
    LimitsEnded: "ended",
}
"""What the history calls each command: stored, so it outlives every new name of a class."""


def limited(command: LimitsCommand) -> dict[str, str]:
    """What the history keeps of it."""
    kept = {"limits": _KEPT_AS[type(command)]}
    return {**kept, "error": command.error} if isinstance(command, LimitsRefused) else kept
