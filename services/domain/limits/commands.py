"""What approvers and the clock do about a sender's limits, as values."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, TypeAlias

from services.domain.case.workflow import Actor, Verb
from services.domain.limits.change import AskedLimits
from services.domain.limits.policy_plan import Obstacle, Plan, Strategy
from services.domain.limits.sending_limits import NoHelp
from services.domain.people import TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsRequested:
    """An approver wants other limits for the sender; nothing is changed before a second one applies them.
    `group` names one whose members all get them."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.LIMITS
    by: TeamsUser
    strategy: Strategy
    asked: AskedLimits = AskedLimits()
    group: str = ""
    keep_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsApproved:
    """An approver says yes to the table on the card. `alone`: the directory knows no other who could."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.LIMITS
    by: TeamsUser
    by_sole_approver: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsDismissed:
    """An approver says no to the proposal."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.LIMITS
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsRevertRequested:
    """An approver wants the limits taken back."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.LIMITS
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsPlanned:
    """The policies were read: a plan, or why there is none."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LIMITS
    plan: Plan | None = None
    no_help: NoHelp | None = None
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsApplied:
    """The steps were taken, or taken back, and read back; `differs` names what else changed meanwhile."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LIMITS
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsRefused:
    """Exchange said no in its own words, or what is there is not as we left it."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LIMITS
    error: str
    left_behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsOvertaken:
    """Somebody else changed the policies between proposal and apply: it is planned anew, not overwritten."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LIMITS
    left_behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsEnded:
    """The end date has come: the approvers are asked to take the limits back."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LIMITS


LimitsByApprover: TypeAlias = LimitsRequested | LimitsApproved | LimitsDismissed | LimitsRevertRequested
LimitsByClock: TypeAlias = LimitsPlanned | LimitsApplied | LimitsRefused | LimitsOvertaken | LimitsEnded
LimitsCommand: TypeAlias = LimitsByApprover | LimitsByClock
