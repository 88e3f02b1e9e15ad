"""Alarms that keep coming: each holds up the approval that did not know of it, so that noise could do so for ever."""

from collections.abc import Iterable
from dataclasses import replace

from services.domain.case.case import Case
from services.domain.case.facts import Worse
from services.domain.case.transition import NO_MESSAGE, TELL_APPROVERS, CaseAndEffects

_ARE_MANY = 2
"""One may be chance. Whoever reads the second is told what to do about the third."""


def held_up(case: Case, worse: Iterable[Worse]) -> Case:
    """The case with one more approval counted that was not taken, if it was for new alarms."""
    if Worse.NEW_ALARM not in worse:
        return case
    return replace(case, held_up=case.held_up + 1, alarms_keep_coming=case.held_up + 1 >= _ARE_MANY)


def told_once(before: Case, after: Case) -> CaseAndEffects:
    """The case, and a line for the approvers when it is seen that alarms keep coming."""
    begins = after.alarms_keep_coming and not before.alarms_keep_coming
    return after, TELL_APPROVERS if begins else NO_MESSAGE
