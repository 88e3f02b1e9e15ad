"""What is done to a case without moving it."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from services.domain.case.case import Case
from services.domain.case.commands import (
    BesideAct,
    BesideByApprover,
    EvidenceWanted,
    Forgotten,
    Gathered,
    Reached,
    Rechecked,
)
from services.domain.case.forgetting import forgotten
from services.domain.case.transition import Refusal, RefusedMove, TaskKind
from services.domain.case.transitions.by_person import Outcome
from services.domain.containment.commands import ContainingAct
from services.domain.containment.transitions import containing_move
from services.domain.limits.commands import LimitsAct
from services.domain.limits.transitions import limits_move, proposed_by_itself

_ENOUGH_FOR = timedelta(seconds=5)
"""Sources are asked on purpose, not by a finger that taps."""
_QUIET: frozenset[TaskKind] = frozenset()


def beside_move(case: Case, act: BesideAct, now: datetime) -> Outcome:
    """The case with what was wanted or seen noted on it. Nobody acts on their own case."""
    if isinstance(act, BesideByApprover) and act.by.id == case.person:
        raise RefusedMove(Refusal.OWN_CASE)
    if isinstance(act, ContainingAct):
        return containing_move(case, act, now)
    if isinstance(act, LimitsAct):
        return limits_move(case, act, now)
    match act:
        case Reached():
            return replace(case, unreachable=act.error), _QUIET
        case Forgotten():
            return forgotten(case), _QUIET
        case Rechecked():
            return replace(case, password=act.password, mfa=act.mfa, others=act.others), _QUIET
        case EvidenceWanted():
            return _wanted(case, now), _QUIET
        case Gathered():
            gathered = replace(case, evidence=act.report)
            return replace(gathered, limits_work=case.limits_work or proposed_by_itself(gathered, now)), _QUIET
        case _:
            assert_never(act)


def _wanted(case: Case, now: datetime) -> Case:
    if case.connector:
        raise RefusedMove(Refusal.NOT_NOW)
    if case.is_evidence_wanted or (case.evidence and now - case.evidence.gathered_at < _ENOUGH_FOR):
        raise RefusedMove(Refusal.JUST_GATHERED)
    return replace(case, evidence_wanted_at=now)
