"""What message trace shows after the unblock."""

from dataclasses import replace
from datetime import datetime

from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.transition import NO_MESSAGE, TELL_PERSON, CaseAndEffects
from services.domain.delivery.commands import DeliveryTraced
from services.domain.delivery.due import proves_after


def delivery_traced(case: Case, command: DeliveryTraced, now: datetime) -> CaseAndEffects:
    """The case with what was read. A proof ends the waiting for the person's word, except in a case that an approver
    stopped, and is none where the person said meanwhile that mail still bounces."""
    after = proves_after(case)
    if command.proven_at is None or after is None or command.proven_at <= after:
        return replace(case, delivery=replace(case.delivery, unread=command.unread)), NO_MESSAGE
    case = replace(case, delivery=replace(case.delivery, proven_at=command.proven_at, seen_at=now, unread=None))
    if case.status is not Status.OFF_LIST or case.stopped is not None:
        return case, NO_MESSAGE
    return replace(case, status=Status.WORKS, ended_at=now), TELL_PERSON
