"""An intended approval that is not taken."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.facts import Worse
from services.domain.case.intended import DroppedApproval
from services.domain.case.workflow import Actor, Verb, allows
from services.domain.people import SignOff


def dropped(case: Case, why: str, now: datetime, worse: tuple[Worse, ...] = ()) -> Case:
    """The case without its intended approval, which is kept for the approvers to read why."""
    wanted = case.intended
    if wanted is None:
        return case
    said = SignOff(by=wanted.by, name=wanted.name, at=wanted.at, text=wanted.reason)
    return replace(case, intended=None, dropped=DroppedApproval(intended=said, at=now, why=why, worse=worse))


def without_idle_intention(case: Case) -> Case:
    """The case, without an intention or its remains where nothing is left to be approved."""
    if allows(case.status, Actor.CLOCK, Verb.DECIDE) or (case.intended is None and case.dropped is None):
        return case
    return replace(case, intended=None, dropped=None)
