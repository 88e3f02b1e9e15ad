"""A case whose next step cannot be taken for now, because a source does not answer or refuses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from services.domain.rules.hours import BusinessHours, after, within
from services.domain.unknown import UnknownReason

TOLD_AFTER = timedelta(minutes=15)
"""How long a step may fail before the approvers are told; again each time after twice as long."""

TRIED_AGAIN_WITHIN = timedelta(minutes=3)
"""A task that failed comes again within a minute, unless its source asks for a longer pause."""

CLOCKS_APART = timedelta(minutes=10)
"""How far the clocks of two processes may be apart that try the same step in turn."""

_UNTIL_KNOWN_GONE = (Status.UNBLOCKED, Status.OFF_LIST, Status.NEEDS_TICKET, Status.WITH_MICROSOFT)
"""Unblocked, and somebody was promised to hear when it shows on the list. Microsoft's support may have it mended any
moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """A step that failed, and goes on failing. It is over if it was not tried again until `again_by`, or `CLOCKS_APART`
    later by another clock."""

    case: CaseNumber
    kind: TaskKind
    reason: UnknownReason
    since: datetime
    again_by: datetime
    told_at: datetime | None = None

    def is_to_be_told(self, now: datetime, hours: BusinessHours | None = None) -> bool:
        """Whether the approvers are to be told now; also where the source asked for a pause that ends too late.

        Business time counts, where there are `hours`: but not of what protects an account."""
        hours = None if self.kind is TaskKind.CONTAIN else hours
        if self.told_at is None:
            by = after(hours, self.since, TOLD_AFTER)
            return now >= by or self.again_by - TRIED_AGAIN_WITHIN > by
        return now >= after(hours, self.since, 2 * max(within(hours, self.since, self.told_at), TOLD_AFTER))


def is_next_step(case: Case, kind: TaskKind) -> bool:
    """Whether somebody waits for this task: what an approver decided, or for whether it took effect."""
    match kind:
        case TaskKind.UNBLOCK | TaskKind.CONTAIN | TaskKind.LIMITS:
            return True
        case TaskKind.CHECK:
            return case.status in _UNTIL_KNOWN_GONE
        case _:
            return False
