"""Other limits: reading and planning, applying, taking back. Each safe to repeat; the port reads before it writes."""

from dialogs.casework.case_writer import CaseWriter
from services.domain.case.case import Case
from services.domain.case.transition import Refusal, Refused
from services.domain.limits.change import LimitsWork, Stage
from services.domain.limits.commands import (
    LimitsApplied,
    LimitsByClock,
    LimitsEnded,
    LimitsOvertaken,
    LimitsPlanned,
    LimitsRefused,
)
from services.domain.limits.outbound_policy import PolicyBook, applying
from services.domain.limits.policy_plan import NoPlan, Obstacle, Plan, plan
from services.domain.limits.sending_limits import suggested, volume_of, which_limit, why_no_policy_helps
from services.domain.unknown import Unknown
from services.ports.clock import Clock
from services.ports.microsoft365 import (
    Applied,
    ChangedMeanwhileByOthers,
    OutboundPolicies,
    PolicyOutcome,
    PolicyRefused,
)
from services.ports.storage import OutboxTask


class ChangeLimits:
    """Pays the LIMITS duty."""

    def __init__(self, *, writer: CaseWriter, policies: OutboundPolicies, clock: Clock) -> None:
        self._writer = writer
        self._policies = policies
        self._clock = clock

    async def run(self, case: Case, task: OutboxTask) -> None:
        """What the stage asks for. Raises what `Duties.pay` raises."""
        work = case.limits_work
        due = work.due(self._clock.now()) if work else None
        if work is None or due is None or due > self._clock.now():
            raise Refused(Refusal.NOT_NOW)
        await self._writer.apply_to_latest(case, await self._command(case, work), task)

    async def _command(self, case: Case, work: LimitsWork) -> LimitsByClock:
        if work.stage is Stage.WANTED:
            person = None if case.mailbox else case.person
            return _planned(case, work, await self._policies.book(case.addresses, person, work.group))
        if work.stage is Stage.APPROVED:
            return _came_of(await self._policies.carry_out(_plan_of(work), f"Sendwell case {case.number}"))
        if work.stage is Stage.TAKING_BACK:
            return _came_of(await self._policies.take_back(_plan_of(work)))
        return LimitsEnded()


def _plan_of(work: LimitsWork) -> Plan:
    if work.plan is None:
        raise AssertionError(f"nothing was planned, and yet it is {work.stage}")
    return work.plan


def _came_of(outcome: PolicyOutcome) -> LimitsByClock:
    match outcome:
        case Applied(differs=differs):
            return LimitsApplied(differs=differs)
        case PolicyRefused(error=error, left_behind=left):
            return LimitsRefused(error=error, left_behind=left)
        case ChangedMeanwhileByOthers(left_behind=left):
            return LimitsOvertaken(left_behind=left)


def _planned(case: Case, work: LimitsWork, book: PolicyBook) -> LimitsPlanned:
    """A table of before and after, or why no policy can help."""
    governing = applying(book, case.addresses)
    if case.restriction is None or isinstance(governing, Unknown):
        return LimitsPlanned(obstacle=Obstacle.GOVERNING_UNKNOWN)
    # Somebody who types limits may know of a limit that was reached in other words than the Reason's.
    if work.asked.is_suggestion and (no_help := why_no_policy_helps(case.restriction, governing)):
        return LimitsPlanned(no_help=no_help)
    hit = which_limit(case.restriction, governing.policy.limits)
    sent = case.evidence.sent if case.evidence else None
    limits = work.asked.over(governing.policy.limits)
    if work.asked.is_suggestion:
        limits = suggested(governing, hit, volume_of(case.restriction, case.mailing, sent))
    try:
        made = plan(work.way, book, case.addresses, limits, f"Sendwell {work.group or case.upn}")
    except NoPlan as no:
        return LimitsPlanned(obstacle=no.obstacle)
    return LimitsPlanned(plan=made)
