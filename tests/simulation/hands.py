"""What is done to accounts and to policies, each call seen by whoever watches: only what somebody confirmed is done."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from services.domain.containment.containment import ContainmentStep, StepResult
from services.domain.limits.policy_plan import Plan
from services.domain.people import PersonId
from services.ports.microsoft365 import PolicyOutcome
from tests.dialogs.fake_containing import FakeContaining
from tests.dialogs.fake_policies import FakePolicies

_WAS = {
    ContainmentStep.DISABLE: ("enabled",),
    ContainmentStep.RULES_OFF: ("r1",),
    ContainmentStep.FORWARDING_OFF: ("thief@evil.example",),
}


@dataclass(kw_only=True)
class Containing(FakeContaining):
    """Accounts. `taken` and `given_back` are told of each call, before it does anything."""

    taken: Callable[[ContainmentStep, PersonId], None] = lambda *_: None
    given_back: Callable[[ContainmentStep, PersonId], None] = lambda *_: None
    was: dict[ContainmentStep, tuple[str, ...]] = field(default_factory=lambda: dict(_WAS))
    admin_since: dict[PersonId, datetime] = field(default_factory=dict)

    def becomes_admin(self, person: PersonId, at: datetime) -> None:
        self.admins.add(person)
        self.admin_since.setdefault(person, at)

    async def contain(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> StepResult:
        self.taken(step, person)
        return await super().contain(step, person, address, rules)

    async def put_back(self, result: StepResult, person: PersonId, address: str) -> StepResult:
        self.given_back(result.step, person)
        return await super().put_back(result, person, address)


@dataclass(kw_only=True)
class Policies(FakePolicies):
    """Outbound policies. `applied` is told of each plan, before it is carried out."""

    applied: Callable[[Plan, str], None] = lambda *_: None

    async def apply(self, plan: Plan, note: str) -> PolicyOutcome:
        self.applied(plan, note)
        return await super().apply(plan, note)
