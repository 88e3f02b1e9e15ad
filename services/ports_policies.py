"""What changing outbound policies needs of the world, in our words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from services.domain.outbound_policy import PolicyBook
from services.domain.people import PersonId
from services.domain.policy_plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Done, and read back. `differs` names what changed besides: policies and rules that others changed meanwhile, and
    the policy that governs the sender where that is not the planned one."""

    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRefused:
    """Exchange said no, in its own words; or, when taking back, what is not as we left it any more. What was begun was
    taken back but for the objects named in `left_behind`."""

    error: str
    left_behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedMeanwhileByOthers:
    """What the plan rests on is not what it was: plan again. Nothing was done, or what was begun was taken back but for
    the objects named in `left_behind`."""

    left_behind: tuple[str, ...] = ()


PolicyOutcome: TypeAlias = Applied | PolicyRefused | ChangedMeanwhileByOthers


class OutboundPolicies(Protocol):
    """The outbound spam policies of the organisation."""

    async def book(self, addresses: Sequence[str], person: PersonId | None, group: str = "") -> PolicyBook:
        """Everything that decides what governs a sender, and whether they belong to `group`, where one is asked about;
        `person` is `None` for a mailbox without one. Raises `Unavailable` also where a part is missing."""
        ...

    async def carry_out(self, plan: Plan, note: str) -> PolicyOutcome:
        """Take the steps that are not taken yet; `note` says on new objects whose they are.

        Raises `Unavailable` where the outcome is not known: repeat it, as after a crash at any point."""
        ...

    async def take_back(self, plan: Plan) -> PolicyOutcome:
        """Undo the steps, last first, where everything still is as the plan left it; else refuse and do nothing.

        Raises `Unavailable` where the outcome is not known: repeat it, as after a crash at any point."""
        ...
