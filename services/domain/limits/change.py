"""Other sending limits for a sender: wanted, planned, applied by a second approver, taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.domain.limits.outbound_policy import SendingLimits
from services.domain.limits.policy_plan import Obstacle, Plan, Way
from services.domain.limits.sending_limits import NoHelp
from services.domain.people import Mark

SOLE_APPROVER_WAITS = timedelta(hours=1)
"""Where nobody else could be the second approver, the same one may apply after this long."""


class Stage(StrEnum):
    """Where the work stands."""

    WANTED = "wanted"
    PROPOSED = "proposed"
    NO_HELP = "no_help"
    APPROVED = "approved"
    APPLIED = "applied"
    FAILED = "failed"
    TAKING_BACK = "reverting"
    TAKEN_BACK = "reverted"
    DISMISSED = "dismissed"


UNDER_WAY = frozenset({Stage.WANTED, Stage.APPROVED, Stage.TAKING_BACK})
"""The follow-up owes something."""
OVER = frozenset({Stage.NO_HELP, Stage.FAILED, Stage.TAKEN_BACK, Stage.DISMISSED})
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

    def over(self, present: SendingLimits) -> SendingLimits:
        """The present limits with what was typed in their place."""

        def chosen(asked: int | None, now: int) -> int:
            return now if asked is None else asked

        return SendingLimits(
            external_per_hour=chosen(self.external_per_hour, present.external_per_hour),
            internal_per_hour=chosen(self.internal_per_hour, present.internal_per_hour),
            per_day=chosen(self.per_day, present.per_day),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsWork:
    """One wish and what became of it. `wanted` is `None` where Sendwell proposed it by itself; `anew`: somebody changed
    the policies meanwhile, and it was planned again; `alone`: applied by the only approver there is; `group`: the
    address of one whose members all get the limits."""

    stage: Stage
    way: Way
    asked: AskedLimits = AskedLimits()
    group: str = ""
    wanted: Mark | None = None
    keep_for: timedelta | None = None
    plan: Plan | None = None
    no_help: NoHelp | None = None
    obstacle: Obstacle | None = None
    anew: bool = False
    approved: Mark | None = None
    alone: bool = False
    applied_at: datetime | None = None
    ends_at: datetime | None = None
    has_ended: bool = False
    differs: tuple[str, ...] = ()
    error: str = ""
    left_behind: tuple[str, ...] = ()
    back: Mark | None = None

    def due(self, now: datetime) -> datetime | None:
        """When the follow-up owes something, if it does."""
        if self.stage in UNDER_WAY:
            return now
        return self.ends_at if self.stage is Stage.APPLIED and not self.has_ended else None
