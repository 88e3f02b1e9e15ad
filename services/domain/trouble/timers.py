"""When something is due for the case of a trouble."""

from datetime import datetime, timedelta

from services.domain.case.business_time import begins_at, hours_of, remind_at
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.timing import Timing
from services.domain.case.transition import TaskKind
from services.domain.trouble.proving import trouble_prove_at
from services.domain.trouble.transitions import lag_ends

_MICROSOFT_TAKES = 10
"""How much longer silence lasts while Microsoft has it."""


def due_at(case: Case, timing: Timing) -> datetime:
    """By when the trouble should be solved."""
    return (case.request.sent_at or case.opened_at) + timing.trouble_due


def trouble_timers(case: Case, now: datetime, timing: Timing) -> dict[TaskKind, datetime]:
    """The timed tasks of an open case of a trouble: the list is compared, for what is one mailbox's own, since a
    restriction that begins meanwhile goes first."""
    expire = TaskKind.EXPIRE, _silent_until(case, timing)
    check = {} if not _may_be_listed(case) else {TaskKind.CHECK: now + timing.check_every}
    prove = {TaskKind.PROVE: at} if (at := trouble_prove_at(case, now, timing)) else {}
    always = dict([expire]) | check | prove
    if case.status is Status.LAGGING:
        ask = {TaskKind.ASK_BACK: until} if (until := lag_ends(case, timing)) > now else {}
        return always | ask
    if case.status is Status.MENDED:  # it is the person's turn
        return always
    return always | {TaskKind.REMIND: _remind_at(case, timing)}


def _may_be_listed(case: Case) -> bool:
    return case.trouble is not None and not case.trouble.kind.is_shared and bool(case.sender.addresses)


def _remind_at(case: Case, timing: Timing) -> datetime:
    """As for every request, each time after twice as long; once somebody took it, not before it is due, and while
    Microsoft has it seldom."""
    sent_at = case.request.sent_at or case.opened_at
    reminded_at = case.request.reminded_at
    planned = remind_at(case, sent_at, reminded_at, timing)
    if case.request.reviewing or case.status is Status.ESCALATED:
        after = reminded_at + timing.trouble_due if reminded_at else due_at(case, timing)
        return max(planned, begins_at(hours_of(case, timing), after))
    return planned


def _silent_until(case: Case, timing: Timing) -> datetime:
    moved_at = case.trouble.moved_at if case.trouble else None
    longer: timedelta = timing.expire_after * (_MICROSOFT_TAKES if case.status is Status.ESCALATED else 1)
    return max(case.contact.person_spoke_at, moved_at or case.opened_at) + longer
