"""The lines in the approvers' channel that say how a case stands: each is true for as long as the case stands so."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from services.domain.case.case import Case
from services.domain.case.stall import is_next_step
from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from services.domain.case.unresolved import waits_for_approvers
from services.domain.limits.change import UNDER_WAY, Stage


class LineKind(StrEnum):
    """What a line says of its case. The word is stored with the line."""

    REMINDER = "reminder"
    """It waits for the approvers."""
    NOBODY_LOOKS = "nobody_looks"
    """It waits for the approvers, and none of them is looking into it."""
    ONE_OF_TWO = "one_of_two"
    STOPPED_EARLIER = "stopped_earlier"
    SECOND_RESPONDER = "second_responder"
    SECOND_BACK = "second_back"
    UNCONTAINED = "uncontained"
    LIMITS_PROPOSED = "limits_proposed"
    LIMITS_FAILED = "limits_failed"
    LIMITS_ENDED = "limits_ended"
    KEEPS_COMING = "keeps_coming"
    CANNOT_LOOK = "cannot_look"
    STALLED_UNBLOCK = "stalled_unblock"
    STALLED_CHECK = "stalled_check"
    STALLED_CONTAIN = "stalled_contain"
    STALLED_LIMITS = "stalled_limits"


STALLS: Mapping[LineKind, TaskKind] = MappingProxyType(
    {
        LineKind.STALLED_UNBLOCK: TaskKind.UNBLOCK,
        LineKind.STALLED_CHECK: TaskKind.CHECK,
        LineKind.STALLED_CONTAIN: TaskKind.CONTAIN,
        LineKind.STALLED_LIMITS: TaskKind.LIMITS,
    }
)
"""The step that cannot be taken; whether it still cannot is not for the case to say."""


def stands(kind: LineKind, case: Case) -> bool:
    """Whether what such a line says is true of the case, as far as the case itself knows."""
    return _IS_SO[kind](case)


def _waits_for_a_second_responder(case: Case) -> bool:
    planned = case.containment
    return planned is not None and planned.confirmed is None and bool(planned.steps)


def _are_limits(*stages: Stage) -> Callable[[Case], bool]:
    return lambda case: case.limit_change is not None and case.limit_change.stage in stages


_IS_SO: Mapping[LineKind, Callable[[Case], bool]] = MappingProxyType(
    {
        LineKind.REMINDER: waits_for_approvers,
        LineKind.NOBODY_LOOKS: lambda case: case.request.reviewing is None and waits_for_approvers(case),
        LineKind.ONE_OF_TWO: lambda case: case.first_approval is not None and waits_for_approvers(case),
        LineKind.STOPPED_EARLIER: lambda case: not case.status.is_ended and case.decision is None,
        LineKind.SECOND_RESPONDER: _waits_for_a_second_responder,
        LineKind.SECOND_BACK: lambda case: case.containment is not None and bool(case.containment.wanted_back),
        LineKind.UNCONTAINED: lambda case: not case.is_contained,
        LineKind.LIMITS_PROPOSED: _are_limits(Stage.PROPOSED),
        LineKind.LIMITS_FAILED: _are_limits(Stage.FAILED),
        LineKind.LIMITS_ENDED: _are_limits(Stage.APPLIED),
        LineKind.KEEPS_COMING: lambda case: (
            case.alarms_keep_coming and waits_for_approvers(case) and not case.is_contained
        ),
        LineKind.CANNOT_LOOK: lambda case: case.status is Status.LOOKING,
        LineKind.STALLED_UNBLOCK: lambda case: case.status is Status.APPROVED or case.is_removal_open,
        LineKind.STALLED_CHECK: lambda case: is_next_step(case, TaskKind.CHECK),
        LineKind.STALLED_CONTAIN: lambda case: case.containment is not None,
        LineKind.STALLED_LIMITS: _are_limits(*UNDER_WAY),
    }
)
