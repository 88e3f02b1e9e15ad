"""Reading the messages of a case's mailbox from message trace: rows are kept nowhere."""

from datetime import datetime, timedelta

from dialogs.casework.lookups import or_unknown
from services.domain.case.case import Case
from services.domain.delivery.due import lists_returned
from services.domain.delivery.traced import ReturnedMail, Traced, came_back
from services.domain.trouble.proving import addresses_traced
from services.domain.unknown import Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.microsoft365 import MailboxEvidence

_SENT_ON_WITHIN = timedelta(days=1)
"""How long the service may hold a message and send it on once more: so far back the trace is read before an unblock."""
_TRACE_REACHES = timedelta(days=10)
"""The longest span that the trace takes."""


class TracedMail:
    """The trace of one case's mailbox. `within`: how long a read in the background may take."""

    def __init__(self, evidence: MailboxEvidence, clock: Clock, within: timedelta) -> None:
        self._evidence = evidence
        self._clock = clock
        self._within = within

    async def around(self, case: Case, released_at: datetime) -> Traced | Unknown:
        """What was sent since a day before the unblock, or since the restriction where that began later; of a trouble
        by those who wait, since a day before anybody's last word."""
        begun = case.since or released_at - _SENT_ON_WITHIN
        since = max(min(begun, released_at), released_at - _SENT_ON_WITHIN)
        return await self._read(case, since, self._within, urgent=False)

    async def returned(self, case: Case, within: timedelta) -> ReturnedMail | Unknown:
        """The person's own messages that came back since the restriction began; somebody waits for them."""
        if not lists_returned(case):
            return Unknown(reason=UnknownReason.NO_PERMISSION)
        since = max(case.since or case.opened_at, self._clock.now() - _TRACE_REACHES)
        traced = await self._read(case, since, within, urgent=True)
        return traced if isinstance(traced, Unknown) else came_back(traced, case.sender.addresses, since)

    async def _read(self, case: Case, since: datetime, within: timedelta, *, urgent: bool) -> Traced | Unknown:
        addresses = addresses_traced(case) if case.trouble else case.sender.addresses
        read = self._evidence.messages(addresses, since, self._clock.now(), urgent=urgent)
        return await or_unknown(read, within)
