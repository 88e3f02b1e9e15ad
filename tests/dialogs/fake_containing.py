"""What is done to a stolen account."""

from dataclasses import dataclass, field, replace
from typing import Any

from services.domain.containment.after_steps import AccountRead
from services.domain.containment.containment import ContainmentStep, StepOutcome, StepResult
from services.domain.evidence.report import Forwarding
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.dialogs.fake_clock import FakeClock
from tests.dialogs.fake_traces import FakeTraces


@dataclass(kw_only=True)
class FakeContaining:
    """Accounts to be contained. `outcomes` and `was` by step; `lost` are steps whose first response gets lost.

    What a step does is what is read afterwards: of the `read` account, and of the mailbox in `traces`."""

    admins: set[PersonId] = field(default_factory=set)
    trouble: UnknownReason | None = None
    outcomes: dict[ContainmentStep, StepResult] = field(default_factory=dict)
    was: dict[ContainmentStep, tuple[str, ...]] = field(default_factory=dict)
    away: bool = False
    lost: set[ContainmentStep] = field(default_factory=set)
    dead: set[ContainmentStep] = field(default_factory=set)
    """Steps that nobody ever answers."""
    done: list[ContainmentStep] = field(default_factory=list)
    accounts: list[PersonId] = field(default_factory=list)
    """Whose account each step was taken on."""
    rules: tuple[str, ...] = ()
    backs: list[StepResult] = field(default_factory=list)
    read: AccountRead = AccountRead(enabled=True)
    account_trouble: UnknownReason | None = None
    clock: FakeClock | None = None
    traces: FakeTraces | None = None

    async def privileged(self, person: PersonId) -> bool:
        if self.trouble:
            raise Unavailable(self.trouble)
        return person in self.admins

    async def before(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> tuple[str, ...]:
        return () if step in self.done else self.was.get(step, ())

    async def contain(
        self, step: ContainmentStep, person: PersonId, address: str, rules: tuple[str, ...]
    ) -> StepResult:
        if self.away or step in self.dead:
            raise Unavailable(UnknownReason.UNREACHABLE)
        if step in self.outcomes:
            return self.outcomes[step]
        if step in self.done:
            return StepResult(step=step, outcome=StepOutcome.ALREADY_SO)
        self.done.append(step)
        self.accounts.append(person)
        self.rules = rules
        self._takes_effect(step, rules)
        if step in self.lost:
            raise Unavailable(UnknownReason.TIMED_OUT)
        return StepResult(step=step, outcome=StepOutcome.DONE, was=self.was.get(step, ()))

    def _takes_effect(self, step: ContainmentStep, rules: tuple[str, ...]) -> None:
        now = self.clock.now() if self.clock else None
        changes: dict[ContainmentStep, dict[str, Any]] = {
            ContainmentStep.DISABLE: {"enabled": False},
            ContainmentStep.NEW_PASSWORD: {"password_changed_at": now},
            ContainmentStep.REVOKE_SESSIONS: {"sessions_valid_from": now},
        }
        self.read = replace(self.read, **changes.get(step, {}))
        if self.traces and step is ContainmentStep.FORWARDING_OFF:
            self.traces.report = replace(self.traces.report, forwarding=None)
        if self.traces and step is ContainmentStep.RULES_OFF:
            known = self.traces.report.rules
            assert isinstance(known, tuple)
            kept = tuple(replace(rule, enabled=rule.enabled and rule.id not in rules) for rule in known)
            self.traces.report = replace(self.traces.report, rules=kept)

    async def account(self, person: PersonId) -> AccountRead:
        if self.account_trouble:
            raise Unavailable(self.account_trouble)
        return self.read

    async def put_back(self, result: StepResult, person: PersonId, address: str) -> StepResult:
        self.backs.append(result)
        if result.step in self.done:
            self.done.remove(result.step)
        if result.step is ContainmentStep.DISABLE:
            self.read = replace(self.read, enabled=True)
        if self.traces and result.step is ContainmentStep.FORWARDING_OFF and result.was:
            back = Forwarding(to=result.was[0], keeps_copy=True, external=True)
            self.traces.report = replace(self.traces.report, forwarding=back)
        return self.outcomes.get(result.step, StepResult(step=result.step, outcome=StepOutcome.DONE))
