"""`report` and `doctor`: what happened in the last days and what is missing, for approvers."""

from collections.abc import Sequence
from datetime import timedelta, tzinfo

from cards.approver.doctor_card import doctor_card
from cards.approver.report_card import NamedRepeat, report_card
from cards.view import View
from dialogs.casework.lookups import or_unknown
from services.domain.card import Card
from services.domain.reporting.case_figures import main_address
from services.domain.reporting.period import Repeated, spans_of
from services.ports.clock import Clock
from services.ports.doctor import Doctor
from services.ports.microsoft365 import OutboundPolicies
from services.ports.storage import Storage

_LIMIT_WITHIN = timedelta(seconds=4)


class Reports:
    """The figures come from the database; the organisation's own limit is read at the moment. `doctor` is `None` where
    nobody can ask for it."""

    def __init__(
        self, *, storage: Storage, policies: OutboundPolicies, clock: Clock, zone: tzinfo, doctor: Doctor | None
    ) -> None:
        self._reports, self._queries = storage.reports, storage.queries
        self._policies, self._clock, self._zone = policies, clock, zone
        self._doctor = doctor

    async def of(self, days: int, view: View) -> Card:
        """The report of so many days. Whoever reads it was found to be an approver before: it has addresses."""
        now = self._clock.now()
        report = await self._reports.of(spans_of(days, now, self._zone), now)
        headroom = await or_unknown(self._policies.tenant_limit(), _LIMIT_WITHIN)
        return report_card(report, await self._named(report.repeated), headroom, view)

    async def of_health(self, view: View) -> Card | None:
        """What the doctor finds."""
        return doctor_card(await self._doctor.look(), view) if self._doctor else None

    async def _named(self, repeated: Sequence[Repeated]) -> list[NamedRepeat]:
        """Those whose newest case still has an address."""
        cases = {case.number: case for case in await self._queries.many([one.newest for one in repeated])}
        return [
            NamedRepeat(address=address, newest=one.newest, times=one.times)
            for one in repeated
            if one.newest in cases and (address := main_address(cases[one.newest]))
        ]
