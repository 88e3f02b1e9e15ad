"""Containing an account that may be in a thief's hands: the steps, and the result of each."""

from dataclasses import dataclass
from enum import StrEnum

from services.domain.evidence.report import Report
from services.domain.people import Account, SignOff
from services.domain.unknown import Unknown


class ContainmentStep(StrEnum):
    """One thing that can be done to an account."""

    REVOKE_SESSIONS = "revoke_sessions"
    NEW_PASSWORD = "new_password"
    RULES_OFF = "rules_off"
    FORWARDING_OFF = "forwarding_off"
    DISABLE = "disable_account"


class StepOutcome(StrEnum):
    """How a step ended. `ON_PREMISES`: it was not tried, since it can only be done in the local directory."""

    DONE = "done"
    ALREADY_SO = "already_so"
    FAILED = "failed"
    ON_PREMISES = "on_premises"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepResult:
    """How one step ended; `error` is the text of the service that refused it.

    `was` holds what is needed to put the step back, and is empty if there is nothing to put back: the ids of the rules
    that were switched off; the forwarding's SMTP address, its address-book entry and whether a copy stayed (`true`,
    `false`); or that the account was `enabled`. A step that failed half-way has it as well."""

    step: ContainmentStep
    outcome: StepOutcome
    error: str = ""
    was: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRule:
    """An inbox rule that is to be switched off: its id in Exchange, and its name for people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Containment:
    """The steps that responders chose for an account, in order, and their results.

    `begun` holds the state before each step, saved before the step is taken, so that it is known even if the response
    is lost. A `privileged` account needs a second responder to confirm; `unsure`: its roles could not be read."""

    requested: SignOff
    account: Account | None = None
    """Whose account it is; `None`: that of who asked."""
    number: int = 1
    """Counts the lists of a case, so that a confirmation names the one that was shown."""
    steps: tuple[ContainmentStep, ...]
    rules: tuple[NamedRule, ...] = ()
    forwards_to: str = ""
    privileged: bool = False
    unsure: bool = False
    confirmed: SignOff | None = None
    begun: tuple[StepResult, ...] = ()
    results: tuple[StepResult, ...] = ()
    putting_back: tuple[ContainmentStep, ...] = ()
    put_back: tuple[StepResult, ...] = ()

    @property
    def next_step(self) -> ContainmentStep | None:
        """The next step to be taken; `None` before the confirmation and after the last step."""
        if self.confirmed is None:
            return None
        done = {result.step for result in self.results}
        return next((step for step in self.steps if step not in done), None)

    @property
    def is_under_way(self) -> bool:
        """Whether a step is still to be taken or put back."""
        return self.next_step is not None or bool(self.putting_back)

    def result_of(self, step: ContainmentStep) -> StepResult | None:
        return next((result for result in self.results if result.step is step), None)

    def undone(self, step: ContainmentStep) -> StepResult | None:
        """The result of putting a step back; `None` if that was not tried."""
        return next((result for result in self.put_back if result.step is step), None)

    @property
    def can_be_put_back(self) -> tuple[ContainmentStep, ...]:
        """The steps that changed something and are neither put back nor about to be."""
        return tuple(
            result.step
            for result in self.results
            if result.was and result.step not in self.putting_back and not _is_back(self.undone(result.step))
        )

    def holds(self, step: ContainmentStep) -> bool:
        """Whether the step is in effect: taken, or not needed, and not put back."""
        result = self.result_of(step)
        good = result is not None and result.outcome in (StepOutcome.DONE, StepOutcome.ALREADY_SO)
        return good and not _is_back(self.undone(step))


def _is_back(result: StepResult | None) -> bool:
    return result is not None and result.outcome in (StepOutcome.DONE, StepOutcome.ALREADY_SO)


def keeps_out(containment: Containment, report: Report | None) -> bool:
    """Whether an intruder is shut out: the account is disabled, or signed out everywhere with a new password required;
    and the rules and forwarding that the report shows sending mail outside are off."""
    if containment.is_under_way:
        return False
    signed_out = containment.holds(ContainmentStep.REVOKE_SESSIONS) and containment.holds(ContainmentStep.NEW_PASSWORD)
    if not signed_out and not containment.holds(ContainmentStep.DISABLE):
        return False
    leaks = _leaks(report)
    return all(containment.holds(step) for step in leaks)


def _leaks(report: Report | None) -> tuple[ContainmentStep, ...]:
    if report is None:
        return ()
    forwarding = report.forwarding
    forwarded = not isinstance(forwarding, Unknown) and forwarding is not None and forwarding.external is not False
    rules = () if isinstance(report.rules, Unknown) else report.rules
    ruled = any(rule.external is not False and rule.enabled for rule in rules)
    return (
        *((ContainmentStep.FORWARDING_OFF,) if forwarded else ()),
        *((ContainmentStep.RULES_OFF,) if ruled else ()),
    )
