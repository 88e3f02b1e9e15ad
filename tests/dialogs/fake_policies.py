"""Outbound policies."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from services.domain.limits.outbound_policy import AutoForwarding, OutboundPolicy, PolicySnapshot
from services.domain.limits.policy_plan import Plan
from services.domain.limits.policy_steps import with_steps, without_steps
from services.domain.limits.sending_limits import STANDARD
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import PolicyApplied, PolicyOutcome


@dataclass(kw_only=True)
class FakePolicies:
    """Outbound policies: one snapshot, which steps change. `outcomes` are the results of the next changes."""

    kept: PolicySnapshot = field(
        default_factory=lambda: PolicySnapshot(
            policies=(OutboundPolicy(name="Default", limits=STANDARD, is_default=True),),
            domains=("contoso.example",),
            primary="ana@contoso.example",
        )
    )
    trouble: UnknownReason | None = None
    tenant: TenantLimit = TenantLimit(observed=120, threshold=10_000)
    outcomes: list[PolicyOutcome] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    backs: int = 0

    def forwards(self, mode: AutoForwarding) -> None:
        """What the default policy says of mail that is forwarded outside."""
        default = replace(self.kept.policies[0], forwarding=mode)
        self.kept = replace(self.kept, policies=(default, *self.kept.policies[1:]))

    async def snapshot(self, addresses: Sequence[str], person: PersonId | None, group: str = "") -> PolicySnapshot:
        if self.trouble:
            raise Unavailable(self.trouble)
        return replace(self.kept, person=person, group=group)

    async def tenant_limit(self) -> TenantLimit:
        if self.trouble:
            raise Unavailable(self.trouble)
        return self.tenant

    async def apply(self, plan: Plan, note: str) -> PolicyOutcome:
        if self.trouble:
            raise Unavailable(self.trouble)
        self.notes.append(note)
        if self.outcomes:
            return self.outcomes.pop(0)
        self.kept = with_steps(self.kept, plan.steps)
        return PolicyApplied()

    async def revert(self, plan: Plan) -> PolicyOutcome:
        self.backs += 1
        if self.outcomes:
            return self.outcomes.pop(0)
        self.kept = without_steps(self.kept, plan.steps, plan.addresses)
        return PolicyApplied()
