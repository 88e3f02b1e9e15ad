"""Commands of approvers about a sender's limits, and events of the worker that carries them out, as values."""

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, TypeAlias

from services.domain.case.facts import Worse
from services.domain.case.rechecked import Rechecked
from services.domain.case.workflow import Actor, Verb
from services.domain.limits.change import AskedLimits
from services.domain.limits.policy_plan import Obstacle, Plan, Strategy
from services.domain.limits.sending_limits import NoHelp
from services.domain.people import TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsRequested:
    """An approver requests other limits for the sender; nothing is changed before a second approver approves them.

    `group`: the address of a group whose members all get them; `keep_for`: after this long they are to be reverted."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.LIMITS
    by: TeamsUser
    strategy: Strategy
    asked: AskedLimits = AskedLimits()
    group: str = ""
    keep_for: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsApproved:
    """An approver approves the change shown in the card's table. `by_sole_approver`: the directory knows no other;
    `plan`, `facts`: the numbers of the plan and of the facts that the card showed; an approval without the number of
    its plan is refused. `fresh`: what was read at the click; `requester_stands`: whether who requested the change may
    still decide; `gathers`: the evidence is too old, and is gathered again before anything is applied."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.LIMITS
    by: TeamsUser
    by_sole_approver: bool = False
    plan: int | None = None
    facts: int | None = None
    fresh: Rechecked | None = None
    requester_stands: bool = True
    gathers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsDismissed:
    """An approver dismisses the proposal."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.LIMITS
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsRevertRequested:
    """An approver wants the limits reverted. `plan`: as for an approval."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.LIMITS
    by: TeamsUser
    plan: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsPlanned:
    """The policies were read: a plan, or the reason why there is none."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LIMITS
    plan: Plan | None = None
    no_help: NoHelp | None = None
    obstacle: Obstacle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsApplied:
    """The change was applied or reverted, and read back; `differs` names what else changed meanwhile."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LIMITS
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsRefused:
    """Exchange refused the change, or the objects are not as we left them. `left_behind`: objects that remain."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LIMITS
    error: str
    left_behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsOvertaken:
    """Somebody else changed the policies between proposal and approval: the change is planned again, and overwrites
    nothing."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LIMITS
    left_behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsHeldBack:
    """The change was not applied: the facts are worse than those it was approved on."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LIMITS
    worse: tuple[Worse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsEnded:
    """The end date has come: the approvers are asked to revert the limits."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.LIMITS


LimitsByApprover: TypeAlias = LimitsRequested | LimitsApproved | LimitsDismissed | LimitsRevertRequested
LimitsByClock: TypeAlias = (
    LimitsPlanned | LimitsApplied | LimitsRefused | LimitsOvertaken | LimitsHeldBack | LimitsEnded
)
LimitsCommand: TypeAlias = LimitsByApprover | LimitsByClock
