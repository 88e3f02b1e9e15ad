"""Deciding an intended approval: what its click could not wait for is read with patience, and judged as if it were
clicked now."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.click_reads import ClickReads, first_word, is_only_late, read_at_click
from dialogs.casework.lookups import Lookups, or_unknown
from services.domain.case.case import Case
from services.domain.case.commands.approver import Approved, Retried
from services.domain.case.commands.intention import IntentionChecked, IntentionDropped
from services.domain.case.deciding import decide_by
from services.domain.case.intended import IntendedApproval
from services.domain.case.rechecked import Rechecked
from services.domain.case.status import Status
from services.domain.case.transition import Refusal, Refused
from services.domain.people import Standing, TeamsUser
from services.domain.unknown import PASSING, Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.microsoft365 import Approvers
from services.ports.storage import OutboxTask

_AGAIN_AFTER = timedelta(seconds=1)


class Decide:
    """Runs DECIDE tasks. `lookups` and `approvers` ask sources that may take long."""

    def __init__(self, *, writer: CaseWriter, lookups: Lookups, approvers: Approvers, clock: Clock) -> None:
        self._writer = writer
        self._lookups = lookups
        self._approvers = approvers
        self._clock = clock

    async def run(self, case: Case, task: OutboxTask) -> None:
        """One try. While something may still come in time the task comes again. Raises what `TaskHandlers.run`
        raises."""
        intended = case.intended
        if intended is None:
            raise Refused(Refusal.NOTHING_INTENDED)
        timing = self._writer.timing
        if case.is_evidence_pending:
            raise Unavailable(UnknownReason.NOT_YET, retry_after=_AGAIN_AFTER)
        if self._clock.now() >= decide_by(case, timing) + timing.decide_lease:
            # The process stood still meanwhile: who clicked does not expect this to be done any more.
            await self._drop(case, task, intended, Refused(Refusal.CHECKED_TOO_LATE))
            return
        try:
            fresh, stands = await self._read(case, intended)
        except Refused as refused:
            await self._drop(case, task, intended, refused)
            return
        approval = _approval(case, intended, fresh, first_stands=stands)
        approval = replace(approval, needs_code=timing.call_code)
        try:
            await self._writer.apply_to_latest(case, IntentionChecked(approval=approval, intended_at=intended.at), task)
        except Refused as refused:
            if refused.refusal is Refusal.EVIDENCE_PENDING:
                raise Unavailable(UnknownReason.NOT_YET, retry_after=_AGAIN_AFTER) from refused
            if is_only_late(refused, fresh):
                self._wait_for(case, UnknownReason.TIMED_OUT)
            await self._drop(case, task, intended, refused, fresh)

    async def _read(self, case: Case, intended: IntendedApproval) -> tuple[Rechecked, bool]:
        """What the approval is judged on, and whether who approved first may still decide.

        Raises `Refused` where nothing can be decided, `Unavailable` where that may still pass."""
        within = self._writer.timing.decide_within
        first = first_word(case.first_approval, intended.by, self._approvers)
        async with asyncio.TaskGroup() as group:
            reading = group.create_task(read_at_click(self._lookups, case, intended.by, within, first))
            standing = group.create_task(or_unknown(self._approvers.standing(intended.by), within))
        reads = reading.result()
        self._may_go_on(case, reads, standing.result())
        if isinstance(reads.fresh, Unknown):
            raise Refused(Refusal.LIST_NOT_READ)
        return reads.fresh, reads.first_stands

    def _may_go_on(self, case: Case, reads: ClickReads, standing: Standing | Unknown) -> None:
        """Raises `Refused` where nothing can be decided, `Unavailable` where it may be possible yet."""
        if isinstance(standing, Unknown):
            if standing.reason in PASSING:
                self._wait_for(case, standing.reason)
            raise Refused(Refusal.RIGHTS_NOT_CHECKED)
        if standing is not Standing.APPROVER:
            raise Refused(Refusal.NOT_APPROVER)
        if reads.is_late:
            self._wait_for(case, UnknownReason.TIMED_OUT)
        if reads.refusal is not None:
            raise Refused(reads.refusal)

    def _wait_for(self, case: Case, reason: UnknownReason) -> None:
        """Raises `Unavailable` if there is time for another try."""
        if self._clock.now() + _AGAIN_AFTER < decide_by(case, self._writer.timing):
            raise Unavailable(reason)

    async def _drop(
        self,
        case: Case,
        task: OutboxTask,
        intended: IntendedApproval,
        refused: Refused,
        fresh: Rechecked | None = None,
    ) -> None:
        dropped = IntentionDropped(intended_at=intended.at, why=refused.refusal, worse=refused.worse, fresh=fresh)
        await self._writer.apply_to_latest(case, dropped, task)


def _approval(case: Case, intended: IntendedApproval, fresh: Rechecked, *, first_stands: bool) -> Approved:
    command = Retried if case.status is Status.FAILED else Approved
    return command(
        by=TeamsUser(id=intended.by, name=intended.name),
        by_another_route=intended.by_another_route,
        reason=intended.reason,
        facts=intended.facts,
        fresh=fresh,
        first_stands=first_stands,
    )
