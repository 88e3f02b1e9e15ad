"""Other sending limits: planned, applied, reverted. Each is safe to repeat; the port reads before it writes."""

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.lookups import Lookups
from dialogs.jobs.decided_earlier import AGAIN_AFTER, deciders_left
from services.domain.case.case import Case
from services.domain.case.facts import Worse
from services.domain.case.listed import with_entries_seen
from services.domain.case.noted_facts import worse_than
from services.domain.case.transition import Refusal, Refused
from services.domain.limits.change import LimitChange, Stage
from services.domain.limits.commands import (
    LimitsApplied,
    LimitsByClock,
    LimitsEnded,
    LimitsHeldBack,
    LimitsOvertaken,
    LimitsPlanned,
    LimitsRefused,
)
from services.domain.limits.outbound_policy import PolicySnapshot, effective_policy
from services.domain.limits.policy_plan import NoPlan, Obstacle, Plan, plan
from services.domain.limits.sending_limits import reached_limit, suggested, volume_of, why_no_policy_helps
from services.domain.limits.transitions import may_have_other_limits
from services.domain.unknown import Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.microsoft365 import (
    ChangedMeanwhileByOthers,
    Microsoft365,
    PolicyApplied,
    PolicyOutcome,
    PolicyRefused,
)
from services.ports.storage import OutboxTask


class ChangeLimits:
    """Runs LIMITS tasks."""

    def __init__(self, *, writer: CaseWriter, microsoft365: Microsoft365, lookups: Lookups, clock: Clock) -> None:
        self._writer = writer
        self._lookups = lookups
        self._policies, self._approvers = microsoft365.policies, microsoft365.approvers
        self._clock = clock

    async def run(self, case: Case, task: OutboxTask) -> None:
        """What the stage asks for. Raises what `TaskHandlers.run` raises."""
        change = case.limit_change
        due = change.due(self._clock.now()) if change else None
        if change is None or due is None or due > self._clock.now():
            raise Refused(Refusal.NOT_NOW)
        await self._writer.apply_to_latest(case, await self._command(case, change), task)

    async def _command(self, case: Case, change: LimitChange) -> LimitsByClock:
        if change.stage is Stage.REQUESTED:
            return await self._proposed(case, change)
        if change.stage is Stage.APPROVED:
            if case.is_evidence_pending:
                raise Unavailable(UnknownReason.NOT_YET, retry_after=AGAIN_AFTER)
            if worse := await self._worse(case, change) or await deciders_left(self._approvers, change.deciders):
                return LimitsHeldBack(worse=worse)
            if not may_have_other_limits(case):
                return LimitsOvertaken()  # an approval that was stored without its facts
            return _came_of(await self._policies.apply(_plan_of(change), f"Sendwell case {case.number}"))
        if change.stage is Stage.REVERTING:
            return _came_of(await self._policies.revert(_plan_of(change)))
        return LimitsEnded()

    async def _worse(self, case: Case, change: LimitChange) -> tuple[Worse, ...]:
        """In what the facts are worse than those of the approval, the list read now."""
        if change.approved_on is None:
            return ()  # approved by a version that did not keep them
        mail = self._lookups.lists.of(case)
        entries = await self._lookups.listed(await mail.fresh(), case.sender.addresses, mail)
        present = with_entries_seen(case, entries)
        if worse := worse_than(change.approved_on, present, self._clock.now()):
            return worse
        # What was gathered since may lack something that is no condition for a release.
        return () if may_have_other_limits(present) else (Worse.NEW_CONDITION,)

    async def _proposed(self, case: Case, change: LimitChange) -> LimitsPlanned:
        """Without the right to read the policies there is nothing to wait for: that is said, and may be asked again."""
        person = None if case.sender.mailbox else case.sender.person
        try:
            snapshot = await self._policies.snapshot(case.sender.addresses, person, change.group)
        except Unavailable as trouble:
            if trouble.reason not in (UnknownReason.NO_PERMISSION, UnknownReason.NO_LICENCE):
                raise
            return LimitsPlanned(obstacle=Obstacle.NO_ROLE)
        return _planned(case, change, snapshot)


def _plan_of(change: LimitChange) -> Plan:
    if change.plan is None:
        raise AssertionError(f"nothing was planned, and yet it is {change.stage}")
    return change.plan


def _came_of(outcome: PolicyOutcome) -> LimitsByClock:
    match outcome:
        case PolicyApplied(differs=differs):
            return LimitsApplied(differs=differs)
        case PolicyRefused(error=error, left_behind=left):
            return LimitsRefused(error=error, left_behind=left)
        case ChangedMeanwhileByOthers(left_behind=left):
            return LimitsOvertaken(left_behind=left)


def _planned(case: Case, change: LimitChange, snapshot: PolicySnapshot) -> LimitsPlanned:
    """A table of before and after, or why no policy can help."""
    governing = effective_policy(snapshot, case.sender.addresses)
    if case.restriction is None or isinstance(governing, Unknown):
        return LimitsPlanned(obstacle=Obstacle.GOVERNING_UNKNOWN)
    # Somebody who types limits may know of a limit that was reached in other words than the Reason's.
    if change.asked.is_suggestion and (no_help := why_no_policy_helps(case.restriction, governing)):
        return LimitsPlanned(no_help=no_help)
    reached = reached_limit(case.restriction, governing.policy.limits)
    sent = case.evidence.sent if case.evidence else None
    limits = change.asked.applied_to(governing.policy.limits)
    if change.asked.is_suggestion:
        limits = suggested(governing, reached, volume_of(case.restriction, case.proofs.mailing, sent))
    try:
        made = plan(
            change.strategy, snapshot, case.sender.addresses, limits, f"Sendwell {change.group or case.sender.upn}"
        )
    except NoPlan as no:
        return LimitsPlanned(obstacle=no.obstacle)
    return LimitsPlanned(plan=made)
