"""A case whose next step cannot be taken for now, because a source does not answer or refuses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.domain.case.case import Case, Status
from services.domain.case.parts import CaseNumber
from services.domain.case.transition import TaskKind
from services.domain.unknown import UnknownReason

TOLD_AFTER = timedelta(minutes=15)
"""How long a step may fail before the approvers are told; again each time after twice as long."""

_UNTIL_KNOWN_GONE = (Status.UNBLOCKED, Status.OFF_LIST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """A step that failed, and goes on failing. It is over if it was not tried again until `again_by`."""

    case: CaseNumber
    kind: TaskKind
    reason: UnknownReason
    since: datetime
    again_by: datetime
    told_at: datetime | None = None

    def is_to_be_told(self, now: datetime) -> bool:
        """Whether the approvers are to be told now."""
        if self.told_at is None:
            return now >= self.since + TOLD_AFTER
        return now >= self.since + 2 * (self.told_at - self.since)


def is_next_step(case: Case, kind: TaskKind) -> bool:
    """Whether somebody waits for this task: what an approver decided, or for whether it took effect."""
    match kind:
        case TaskKind.UNBLOCK | TaskKind.CONTAIN | TaskKind.LIMITS:
            return True
        case TaskKind.CHECK:
            return case.status in _UNTIL_KNOWN_GONE
        case _:
            return False
