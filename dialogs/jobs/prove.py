"""Whether mail flows again after an unblock, or with a trouble that is over, from message trace."""

import logging
from datetime import datetime

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.traced_mail import TracedMail
from services.domain.case.case import Case
from services.domain.case.timers import timers
from services.domain.case.transition import Refusal, Refused, TaskKind
from services.domain.delivery.commands import DeliveryTraced
from services.domain.delivery.due import proves_after
from services.domain.delivery.traced import Traced, first_delivered
from services.domain.trouble.proving import trouble_proof_in, trouble_proves_after
from services.domain.unknown import Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.storage import Outbox, OutboxTask

log = logging.getLogger("sendwell.delivery")


class ProveDelivery:
    """Runs PROVE tasks."""

    def __init__(self, *, writer: CaseWriter, traced: TracedMail, outbox: Outbox, clock: Clock) -> None:
        self._writer = writer
        self._traced = traced
        self._outbox = outbox
        self._clock = clock

    async def run(self, case: Case, task: OutboxTask) -> None:
        """Ask once. What was not seen is looked for at the next planned moment, and nothing is written down for it: so
        a case asks no more often than planned, whether its source answers or fails."""
        after = trouble_proves_after(case) if case.trouble else proves_after(case)
        if after is None:
            raise Refused(Refusal.NOT_NOW)
        traced = await self._traced.around(case, after)
        proven_at = None if isinstance(traced, Unknown) else _proof_in(case, traced, after)
        unread = _why_unread(traced)
        if proven_at is None and unread is case.delivery.unread:
            again = timers(case, self._clock.now(), self._writer.timing).get(TaskKind.PROVE)
            await (self._outbox.postpone(task, again) if again else self._outbox.complete(task))
            return
        log.info("case %s: delivery %s", case.number, "proven" if proven_at else f"not checked: {unread}")
        await self._writer.apply_to_latest(case, DeliveryTraced(proven_at=proven_at, unread=unread), task)


def _proof_in(case: Case, traced: Traced, after: datetime) -> datetime | None:
    if case.trouble:
        return trouble_proof_in(case, traced, after)
    return first_delivered(traced, case.sender.addresses, after)


def _why_unread(traced: Traced | Unknown) -> UnknownReason | None:
    if isinstance(traced, Unknown):
        return traced.reason
    return None if traced.complete else UnknownReason.INCOMPLETE
