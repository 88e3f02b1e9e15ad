"""Other sending limits for a sender: wanted, planned, applied by a second approver, taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.domain.limits.outbound_policy import SendingLimits
from services.domain.limits.policy_plan import Obstacle, Plan, Strategy
from services.domain.limits.sending_limits import NoHelp
from services.domain.people import SignOff

SOLE_APPROVER_WAITS = timedelta(hours=1)
"""Where nobody else could be the second approver, the same one may apply after this long."""


class Stage(StrEnum):
    """Where the work stands."""

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
"""The follow-up owes something."""
OVER = frozenset({Stage.NO_HELP, Stage.FAILED, Stage.REVERTED, Stage.DISMISSED})
"""Another wish may be begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLimits:
    """What an approver typed; `None` keeps what the sender has now. All three `None`: as Sendwell suggests."""

    external_per_hour: int | None = None
    internal_per_hour: int | None = None
    per_day: int | None = None

    @property
    def is_suggestion(self) -> bool:
        return self == AskedLimits()

    def applied_to(self, present: SendingLimits) -> SendingLimits:
        """The present limits with what was typed in their place."""

        def chosen(asked: int | None, now: int) -> int:
            return now if asked is None else asked

        return SendingLimits(
            external_per_hour=chosen(self.external_per_hour, present.external_per_hour),
            internal_per_hour=chosen(self.internal_per_hour, present.internal_per_hour),
            per_day=chosen(self.per_day, present.per_day),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitChange:
    """One wish and what became of it. `wanted` is `None` where Sendwell proposed it by itself; `anew`: somebody changed
    the policies meanwhile, and it was planned again; `alone`: applied by the only approver there is; `group`: the
    address of one whose members all get the limits."""

    stage: Stage
    strategy: Strategy
    asked: AskedLimits = AskedLimits()
    group: str = ""
    requested: SignOff | None = None
    keep_for: timedelta | None = None
    plan: Plan | None = None
    no_help: NoHelp | None = None
    obstacle: Obstacle | None = None
    planned_again: bool = False
    approved: SignOff | None = None
    by_sole_approver: bool = False
    applied_at: datetime | None = None
    ends_at: datetime | None = None
    has_ended: bool = False
    differs: tuple[str, ...] = ()
    error: str = ""
    left_behind: tuple[str, ...] = ()
    reverted_by: SignOff | None = None

    def due(self, now: datetime) -> datetime | None:
        """When the follow-up owes something, if it does."""
        if self.stage in UNDER_WAY:
            return now
        return self.ends_at if self.stage is Stage.APPLIED and not self.has_ended else None
