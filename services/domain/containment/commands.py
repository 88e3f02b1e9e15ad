"""What responders do to an account, and what the clock does for them, as values."""

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from services.domain.case.workflow import Actor, Verb
from services.domain.containment.containment import ContainmentStep, StepResult
from services.domain.people import TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentRequested:
    """A responder chose steps; nothing is done before they, or for a privileged account another, confirm.

    `rules` are the inbox rules chosen by id. `privileged` as the directory says, `unsure` where it could not be read:
    then the account counts as privileged."""

    actor: ClassVar = Actor.RESPONDER
    verb: ClassVar = Verb.CONTAIN
    by: TeamsUser
    steps: frozenset[ContainmentStep]
    rules: frozenset[str] = frozenset()
    privileged: bool = False
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentConfirmed:
    """A responder says yes to exactly what the card lists."""

    actor: ClassVar = Actor.RESPONDER
    verb: ClassVar = Verb.CONTAIN
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainmentCancelled:
    """A responder says no to what the card lists; nothing was done."""

    actor: ClassVar = Actor.RESPONDER
    verb: ClassVar = Verb.CONTAIN
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBackRequested:
    """A responder wants back what one step switched off."""

    actor: ClassVar = Actor.RESPONDER
    verb: ClassVar = Verb.PUT_BACK
    by: TeamsUser
    step: ContainmentStep


@dataclass(frozen=True, slots=True, kw_only=True)
class StepBegun:
    """A step is about to be taken: what stands there now (`found.was`) is saved before."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.CONTAIN
    found: StepResult


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """How a step ended."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.CONTAIN
    result: StepResult


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPutBack:
    """How putting a step back ended."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.PUT_BACK
    result: StepResult


ByResponder: TypeAlias = ContainmentRequested | ContainmentConfirmed | ContainmentCancelled | PutBackRequested
ContainingByClock: TypeAlias = StepBegun | StepTaken | StepPutBack
ContainmentCommand: TypeAlias = ByResponder | ContainingByClock
