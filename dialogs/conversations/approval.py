"""An approval at its click: judged on what is read now, or kept as intended where that takes longer than a click."""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.click_reads import first_word, is_only_late, read_at_click
from dialogs.casework.lookups import Lookups
from dialogs.conversations.permissions import require_unrestricted
from services.domain.case.case import Case
from services.domain.case.commands.approver import Approved
from services.domain.case.commands.intention import ApprovalHeldUp, ApprovalIntended
from services.domain.case.deciding import evidence_is_ready
from services.domain.case.facts import Worse
from services.domain.case.transition import Refusal, Refused
from services.domain.case.workflow import allows
from services.domain.unknown import Unknown
from services.ports.clock import Clock
from services.ports.errors import ChangedMeanwhile
from services.ports.microsoft365 import Approvers
from services.ports.storage import ActivityId


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """Takes approvals. `writer` saves a case with what it was judged on."""

    writer: CaseWriter
    lookups: Lookups
    approvers: Approvers
    clock: Clock

    async def take(self, case: Case, command: Approved, activity: ActivityId, left: timedelta) -> Case:
        """The case after an approval: decided, or with the approval intended where what it is judged on was not there
        within `left`.

        Raises `Refused`; then what was read is on the case, so that its card shows it."""
        try:
            return await self._taken(case, command, activity, left)
        except Refused as refused:
            if Worse.NEW_ALARM in refused.worse:
                with suppress(ChangedMeanwhile, Refused):  # then somebody else decided
                    await self.writer.apply_to_latest(case, ApprovalHeldUp(worse=refused.worse))
            raise

    async def _taken(self, case: Case, command: Approved, activity: ActivityId, left: timedelta) -> Case:
        if case.intended is not None or not allows(case.status, command.actor, command.verb):  # that needs no reads
            return await self.writer.apply_for_user(case, command, activity)
        if not evidence_is_ready(case, self.clock.now(), self.writer.timing):
            await require_unrestricted(self.lookups, command.by)
            return await self._intend(case, command, activity, gathers=True)
        first = first_word(case.first_approval, command.by.id, self.approvers)
        reads = await read_at_click(self.lookups, case, command.by.id, left, first)
        if reads.is_late:
            return await self._intend(case, command, activity)
        if reads.refusal is not None or isinstance(reads.fresh, Unknown):
            raise Refused(reads.refusal or Refusal.LIST_NOT_READ)
        fresh, stands = reads.fresh, reads.first_stands
        command = replace(command, fresh=fresh, first_stands=stands, needs_code=self.writer.timing.call_code)
        try:
            return await self.writer.apply_for_user(case, command, activity)
        except Refused as refused:
            if refused.refusal is Refusal.EVIDENCE_PENDING or is_only_late(refused, fresh):
                return await self._intend(case, command, activity)
            if refused.worse:  # the card is to show it; drawn anew for nothing, it would cost the reader the sentence
                with suppress(ChangedMeanwhile, Refused):  # then somebody else decided
                    await self.writer.apply_to_latest(case, fresh)
            raise

    async def _intend(self, case: Case, command: Approved, activity: ActivityId, *, gathers: bool = False) -> Case:
        wanted = ApprovalIntended(
            by=command.by,
            facts=command.facts,
            by_another_route=command.by_another_route,
            reason=command.reason,
            gathers=gathers,
        )
        return await self.writer.apply_for_user(case, wanted, activity)
