"""Commands of responders, and events of the worker that carries them out, as values."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from services.domain.case.facts import Worse
from services.domain.case.workflow import Actor, Verb
from services.domain.containment.after_steps import AfterSteps
from services.domain.containment.containment import ContainmentStep, StepResult
from services.domain.people import PersonId, TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentRequested:
    """A responder chose steps. They are taken once that responder confirms, or another one for a privileged account.

    `rules`: the ids of the chosen inbox rules. `privileged`: as the directory says; `unsure`: it could not be read, and
    the account counts as privileged."""

    actor: ClassVar = Actor.RESPONDER
    verb: ClassVar = Verb.CONTAIN
    by: TeamsUser
    steps: frozenset[ContainmentStep]
    rules: frozenset[str] = frozenset()
    account: PersonId | None = None
    """Whose account, of those that can send from the mailbox; `None`: the one that the case is about."""
    privileged: bool = False
    unsure: bool = False
    at_once: bool = False
    """The button listed these very steps, and its click is the yes to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentConfirmed:
    """A responder confirms exactly the steps that the card lists. `plan`: the number of that list; a yes without one is
    refused."""

    actor: ClassVar = Actor.RESPONDER
    verb: ClassVar = Verb.CONTAIN
    by: TeamsUser
    plan: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentCancelled:
    """A responder cancels the steps that the card lists; none was taken. `plan`: as for a yes."""

    actor: ClassVar = Actor.RESPONDER
    verb: ClassVar = Verb.CONTAIN
    by: TeamsUser
    plan: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentSigned:
    """A responder answers for what still stands in the way, with a reason. `items`: the ids of what they ticked."""

    actor: ClassVar = Actor.RESPONDER
    verb: ClassVar = Verb.CONTAIN
    by: TeamsUser
    items: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBackRequested:
    """A responder wants one step undone. `plan`: the number of the list of steps that the card showed, `facts`: of the
    facts; without them it is refused. `privileged`: the account holds an admin role by now, or that could not be read;
    `first_stands`: whether who wanted it first may still respond."""

    actor: ClassVar = Actor.RESPONDER
    verb: ClassVar = Verb.PUT_BACK
    by: TeamsUser
    step: ContainmentStep
    plan: int | None = None
    facts: int | None = None
    privileged: bool = False
    first_stands: bool = True
    gathers: bool = False
    """Whether the evidence is too old to rest on, so that nothing is put back before it is there anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBegun:
    """A step is about to be taken. The present state (`found.was`) is saved first, so that it can be put back."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.CONTAIN
    found: StepResult


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """A step was tried, with its result."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.CONTAIN
    result: StepResult


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPutBack:
    """Putting a step back was tried, with its result."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.PUT_BACK
    result: StepResult


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBackHeld:
    """Nothing was put back: the facts are worse than those it was wanted on."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.PUT_BACK
    worse: tuple[Worse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepsChecked:
    """The account and the mailbox were read after the steps."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.CONTAIN
    after: AfterSteps


ByResponder: TypeAlias = (
    ContainmentRequested | ContainmentConfirmed | ContainmentCancelled | ContainmentSigned | PutBackRequested
)
ContainingByClock: TypeAlias = StepBegun | StepTaken | StepPutBack | PutBackHeld | StepsChecked
ContainmentCommand: TypeAlias = ByResponder | ContainingByClock
