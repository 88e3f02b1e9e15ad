"""Gathering evidence: every source at once, each within its own bound; a source that fails costs one line."""

import asyncio

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.lookups import or_unknown
from services.domain.case.case import Case
from services.domain.case.commands import Gathered
from services.domain.evidence.report import EVIDENCE_OVER, HISTORY_OVER, Report
from services.ports.clock import Clock
from services.ports.microsoft365 import Microsoft365
from services.ports.storage import OutboxTask


class GatherEvidence:
    """Runs GATHER tasks."""

    def __init__(self, *, writer: CaseWriter, microsoft365: Microsoft365, clock: Clock) -> None:
        self._writer = writer
        self._mailbox, self._account = microsoft365.mailbox_evidence, microsoft365.account_evidence
        self._audit = microsoft365.audit_log
        self._clock = clock

    async def run(self, case: Case, task: OutboxTask) -> None:
        """Ask everything and record what came of it. Raises what `TaskHandlers.run` raises."""
        report = await self._report(case)
        await self._writer.apply_to_latest(case, Gathered(report=report), task)

    async def _report(self, case: Case) -> Report:
        now, within = self._clock.now(), self._writer.timing.gather_within
        since, long_since = now - EVIDENCE_OVER, now - HISTORY_OVER
        listed = case.restriction.address if case.restriction else case.sender.upn
        async with asyncio.TaskGroup() as group:
            forwarding = group.create_task(or_unknown(self._mailbox.forwarding(listed), within))
            rules = group.create_task(or_unknown(self._mailbox.inbox_rules(listed), within))
            sent = group.create_task(or_unknown(self._mailbox.sent(listed, since, now), within))
            sign_ins = group.create_task(or_unknown(self._account.sign_ins(case.sender.person, since), within))
            risk = group.create_task(or_unknown(self._account.risk(case.sender.person), within))
            changes = group.create_task(or_unknown(self._account.changes(case.sender.person, since), within))
            listings = group.create_task(or_unknown(self._audit.listings(case.sender.addresses, long_since), within))
        return Report(
            gathered_at=self._clock.now(),
            forwarding=forwarding.result(),
            rules=rules.result(),
            sign_ins=sign_ins.result(),
            risk=risk.result(),
            changes=changes.result(),
            sent=sent.result(),
            listings=listings.result(),
        )
