"""Gathering evidence: every source at once, each within its own bound; a source that fails costs one line.

The audit log is not among them: it takes minutes, and has a task of its own (`audit.py`)."""

import asyncio
from datetime import timedelta

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.lookups import or_unknown
from services.domain.case.case import Case
from services.domain.case.commands import Gathered
from services.domain.evidence.report import EVIDENCE_OVER, Report
from services.ports.clock import Clock
from services.ports.microsoft365 import Microsoft365
from services.ports.storage import OutboxTask

_WITHIN = timedelta(seconds=20)


class GatherEvidence:
    """Runs GATHER tasks."""

    def __init__(self, *, writer: CaseWriter, microsoft365: Microsoft365, clock: Clock) -> None:
        self._writer = writer
        self._mailbox, self._account = microsoft365.mailbox_evidence, microsoft365.account_evidence
        self._clock = clock

    async def run(self, case: Case, task: OutboxTask) -> None:
        """Ask everything and record what came of it. Raises what `TaskHandlers.run` raises."""
        report = await self._report(case)
        await self._writer.apply_to_latest(case, Gathered(report=report), task)

    async def _report(self, case: Case) -> Report:
        now = self._clock.now()
        since = now - EVIDENCE_OVER
        listed = case.restriction.address if case.restriction else case.sender.upn
        async with asyncio.TaskGroup() as group:
            forwarding = group.create_task(or_unknown(self._mailbox.forwarding(listed), _WITHIN))
            rules = group.create_task(or_unknown(self._mailbox.inbox_rules(listed), _WITHIN))
            sent = group.create_task(or_unknown(self._mailbox.sent(listed, since, now), _WITHIN))
            sign_ins = group.create_task(or_unknown(self._account.sign_ins(case.sender.person, since), _WITHIN))
            risk = group.create_task(or_unknown(self._account.risk(case.sender.person), _WITHIN))
            changes = group.create_task(or_unknown(self._account.changes(case.sender.person, since), _WITHIN))
        return Report(
            gathered_at=self._clock.now(),
            forwarding=forwarding.result(),
            rules=rules.result(),
            sign_ins=sign_ins.result(),
            risk=risk.result(),
            changes=changes.result(),
            sent=sent.result(),
        )
