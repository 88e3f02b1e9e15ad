"""A change of a sender's limits: requested, planned, approved by a second approver, applied, reverted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.domain.case.facts import Facts, Worse
from services.domain.limits.outbound_policy import SendingLimits
from services.domain.limits.policy_plan import Obstacle, Plan, Strategy
from services.domain.limits.sending_limits import NoHelp
from services.domain.people import PersonId, SignOff

SOLE_APPROVER_WAITS = timedelta(hours=1)
"""If there is no second approver, the one who requested the change may approve it after this long."""


class Stage(StrEnum):
    """The state of a limit change."""

    REQUESTED = "requested"
    PROPOSED = "proposed"
    NO_HELP = "no_help"
    APPROVED = "approved"
    APPLIED = "applied"
    FAILED = "failed"
    REVERTING = "reverting"
    REVERTED = "reverted"
    DISMISSED = "dismissed"


UNDER_WAY = frozenset({Stage.REQUESTED, Stage.APPROVED, Stage.REVERTING})
"""The stages in which the worker has a step to do."""
OVER = frozenset({Stage.NO_HELP, Stage.FAILED, Stage.REVERTED, Stage.DISMISSED})
"""The stages after which another change may be requested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLimits:
    """The limits that an approver typed, in recipients; `None` keeps the present limit. If all three are `None`,
    Sendwell suggests the limits."""

    external_per_hour: int | None = None
    internal_per_hour: int | None = None
    per_day: int | None = None

    @property
    def is_suggestion(self) -> bool:
        return self == AskedLimits()

    def applied_to(self, present: SendingLimits) -> SendingLimits:
        """The present limits with those that were typed replaced."""

        def chosen(asked: int | None, now: int) -> int:
            return now if asked is None else asked

        return SendingLimits(
            external_per_hour=chosen(self.external_per_hour, present.external_per_hour),
            internal_per_hour=chosen(self.internal_per_hour, present.internal_per_hour),
            per_day=chosen(self.per_day, present.per_day),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChange:
    """One change of limits and its state.

    `requested` is `None` if Sendwell proposed the change by itself. `planned_again`: somebody changed the policies
    meanwhile, and it was planned again. `by_sole_approver`: approved by the only approver there is. `group`: the
    address of a group whose members all get the limits. `left_behind`: objects that could not be removed.

    `approved_on`: the facts of the approval; `held_back`: in what they got worse since an approval that therefore was
    not applied."""

    stage: Stage
    strategy: Strategy
    asked: AskedLimits = AskedLimits()
    group: str = ""
    requested: SignOff | None = None
    keep_for: timedelta | None = None
    plan: Plan | None = None
    plan_number: int = 0
    """Counts the plans of a case, so that an approval names the one that was shown."""
    no_help: NoHelp | None = None
    obstacle: Obstacle | None = None
    planned_again: bool = False
    approved: SignOff | None = None
    approved_on: Facts | None = None
    held_back: tuple[Worse, ...] = ()
    by_sole_approver: bool = False
    applied_at: datetime | None = None
    ends_at: datetime | None = None
    has_ended: bool = False
    differs: tuple[str, ...] = ()
    error: str = ""
    left_behind: tuple[str, ...] = ()
    reverted_by: SignOff | None = None

    @property
    def deciders(self) -> frozenset[PersonId]:
        """Who requested it, and who approved it."""
        return frozenset(mark.by for mark in (self.requested, self.approved) if mark)

    def due(self, now: datetime) -> datetime | None:
        """When the worker has something to do for this change; `None` if it has not."""
        if self.stage in UNDER_WAY:
            return now
        return self.ends_at if self.stage is Stage.APPLIED and not self.has_ended else None
