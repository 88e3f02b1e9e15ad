"""What becomes of an approval that is judged on more than a click may wait for."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from services.domain.case.commands.approver import Approved
from services.domain.case.facts import Worse
from services.domain.case.rechecked import Rechecked
from services.domain.case.transition import Refusal
from services.domain.case.workflow import Actor, Verb
from services.domain.people import TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalIntended:
    """An approver approved, and what that is judged on needs longer than a click may wait.

    `facts`: the number of the facts that their card showed. `gathers`: the evidence is too old, or not complete."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.INTEND
    by: TeamsUser
    facts: int | None
    by_another_route: bool = False
    reason: str = ""
    gathers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentionTakenBack:
    """An approver takes back the approval that is being checked. Any of them may: nothing is given by it."""

    actor: ClassVar = Actor.APPROVER
    verb: ClassVar = Verb.TAKE_BACK
    by: TeamsUser


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentionChecked:
    """What the intended approval is judged on is there: it is decided as if it were clicked now. `intended_at` says
    which one it is."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.DECIDE
    approval: Approved
    intended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentionDropped:
    """The intended approval is not taken. `fresh`: what was read, if it was."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.DECIDE
    intended_at: datetime
    why: Refusal
    worse: tuple[Worse, ...] = ()
    fresh: Rechecked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalHeldUp:
    """An approval was refused at its click, and nothing of it is kept but why."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.HOLD_UP
    worse: tuple[Worse, ...]
