"""One thing that a set-up makes, or has a human make: it looks before it does, and again to see what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Standing(StrEnum):
    """How far a step is."""

    THERE = "there"
    TO_DO = "to do"
    BY_HAND = "by hand"
    LATER = "later"
    """It can only be looked at once an earlier step is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a step found. `says` completes the step's title in a line of the plan."""

    standing: Standing
    says: str


def there(says: str) -> Look:
    return Look(standing=Standing.THERE, says=says)


def to_do(says: str) -> Look:
    return Look(standing=Standing.TO_DO, says=says)


def by_hand(says: str) -> Look:
    return Look(standing=Standing.BY_HAND, says=says)


def later(what: str, after: str) -> Look:
    return Look(standing=Standing.LATER, says=f"{what}, after {after}")


class StepFailed(Exception):  # noqa: N818 - it names what happened
    """A step could not be done. The message says why, and what to do."""


@dataclass(slots=True, kw_only=True)
class MadeApp:
    """What is known of an app registration: app id, the registration's object id, the service principal's."""

    id: str = ""
    object: str = ""
    principal: str = ""
    logs_in: bool = False


@dataclass(slots=True, kw_only=True)
class Made:
    """What is known so far; each step fills in what it sees. `settings` are the lines that belong into the `.env`."""

    apps: dict[str, MadeApp] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)

    def app(self, role: str) -> MadeApp:
        return self.apps.setdefault(role, MadeApp())


class Step(Protocol):
    """`look` only reads. `do` is called when it is to do, and may be called again after a failure."""

    title: str

    async def look(self, made: Made) -> Look:
        """Raises `Unavailable`, `StepFailed`."""
        ...

    async def do(self, made: Made) -> None:
        """Raises `Unavailable`, `StepFailed`."""
        ...

    def instructions(self, made: Made) -> Sequence[str]:
        """What a human has to do; empty where nothing is left to one."""
        ...

    async def take_back(self, made: Made) -> str:
        """Remove what this plan made, and nothing else; says what became of it. Raises `Unavailable`, `StepFailed`."""
        ...
