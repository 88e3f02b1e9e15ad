"""Where cases are kept and what is owed on them: one transaction a move."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.domain.case import Case, CaseNumber
from services.domain.moves import Duty, Event, Move
from services.domain.people import PersonId
from services.domain.timers import Timers


class ChangedMeanwhile(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """The case was saved by somebody else since it was read: read again and judge again."""


class HeardBefore(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """This very activity was already acted on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One activity of Teams. Its id is unique only within its conversation."""

    conversation: str
    activity: str


class Cases(Protocol):
    """The cases and their histories."""

    async def get(self, number: CaseNumber) -> Case | None: ...

    async def open_of(self, person: PersonId, mailbox: str = "") -> Case | None:
        """The person's open case about their own mailbox, or about this other one, if there is one."""
        ...

    async def latest_of(self, person: PersonId, mailbox: str | None = None) -> Case | None:
        """The person's newest case, open or ended: of any mailbox, their own (`""`), or this other one."""
        ...

    async def save(
        self,
        move: Move,
        timers: Timers,
        *,
        opened_timers: Timers | None = None,
        paid: "Todo | None" = None,
        heard: "Heard | None" = None,
    ) -> Case:
        """Write the case, its event, its todos and its timers in one transaction, settle `paid`, remember `heard`.

        Returns the case as saved (numbered, one version on). `timers` replaces every timed todo of the case that
        no one else holds; a case that `move.opens` is saved with it and with `opened_timers`.

        Raises `ChangedMeanwhile` where the case is no longer the one the move was made from, or (for a new
        case) where the person already has an open one; `HeardBefore` where `heard` was already acted on."""
        ...

    async def was_heard(self, heard: "Heard") -> bool:
        """Whether an activity was already acted on (Teams re-sends what it thinks unanswered)."""
        ...

    async def history(self, number: CaseNumber) -> Sequence[Event]:
        """Everything that happened to a case, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What our own records say of a person's past."""

    restrictions: int
    releases: int
    asked: int


class Register(Protocol):
    """Questions over many cases."""

    async def open_cases(self) -> Sequence[Case]:
        """Every open case, oldest first, at most a few hundred."""
        ...

    async def tally(self, person: PersonId, since: datetime, mailbox: str = "") -> Tally:
        """Restrictions and releases of the person's own mailbox, or of this other one whoever asked, in our own
        records since then; and how often the person asked, whatever for."""
        ...

    async def of_sender(self, person: PersonId | None, mailbox: str) -> Sequence[Case]:
        """The cases of this person's own mailbox and of the mailbox of that address, newest first."""
        ...

    async def sent_since(self, since: datetime) -> int:
        """How many requests were sent since then."""
        ...

    async def many(self, numbers: Sequence[CaseNumber]) -> Sequence[Case]:
        """These cases, in this order; one that does not exist is left out."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """One duty, claimed until `due`."""

    case: CaseNumber
    duty: Duty
    event: int
    due: datetime
    tries: int


class Todos(Protocol):
    """What we owe, and its payment."""

    async def claim(self, now: datetime, lease: timedelta, most: int, among: frozenset[Duty]) -> Sequence[Todo]:
        """Due todos among these duties, each postponed by `lease` for us alone: whoever crashes leaves it due again."""
        ...

    async def pay(self, todo: Todo) -> None:
        """It is done."""
        ...

    async def postpone(self, todo: Todo, due: datetime) -> None:
        """Try again then."""
        ...

    async def next_due(self, among: frozenset[Duty]) -> datetime | None:
        """When the earliest todo among these duties is due."""
        ...
