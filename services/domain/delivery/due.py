"""When message trace is asked whether mail flows again, and from when on a message proves it."""

from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.timing import Timing

_LOOKED_FOR_IN = (Status.OFF_LIST, Status.WORKS)


def prove_at(case: Case, now: datetime, timing: Timing) -> datetime | None:
    """When to ask next: at a few moments counted from when the sender left the list, ever further apart, which bounds
    how often a case asks; `None` where a message has proven it, or the watch is over."""
    off_list_at = case.list_reads.off_list_at
    if case.status not in _LOOKED_FOR_IN or off_list_at is None or not case.sender.person:
        return None
    if case.sender.connector_id or case.delivery.proven_at is not None:
        return None
    planned = (off_list_at + after for after in timing.prove_after if after < timing.watch_for)
    return next((at for at in planned if at > now), None)


def proves_after(case: Case) -> datetime | None:
    """A message sent later than this proves that mail flows: later than the last unblock (or than the list was seen
    without the sender, where it is not known when it took effect), and than the person last said that mail bounces."""
    released = case.unblock.done_at or case.list_reads.off_list_at
    if released is None:
        return None
    return max(released, case.bouncing_at) if case.bouncing_at else released


def lists_returned(case: Case) -> bool:
    """Whether there may be messages that came back, and they may be shown to who asks: those of their own
    mailbox only. In one that others send from, too, they would read what those wrote about."""
    in_time = case.status in _LOOKED_FOR_IN and bool(case.sender.person)
    return in_time and not (case.sender.mailbox_address or case.sender.mailbox or case.sender.connector_id)
