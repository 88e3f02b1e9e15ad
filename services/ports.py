"""What the conversations need of the world, in our words. Clients and fakes keep these promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from services.domain.case import Case, CaseNumber
from services.domain.knowledge import Why
from services.domain.moves import Duty, Event, Move
from services.domain.people import (
    AuthenticationMethod,
    PasswordChange,
    Person,
    PersonId,
    Registration,
    Standing,
)
from services.domain.restriction import RestrictedList
from services.domain.timers import Timers

Card: TypeAlias = dict[str, Any]
"""A finished Adaptive Card, ready for the wire."""


class Unavailable(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """A source could not answer now. `retry_after` is the wait it asked for, if it asked; `sent` whether the question
    may have reached it at all."""

    def __init__(self, why: Why, detail: str = "", *, retry_after: timedelta | None = None, sent: bool = True) -> None:
        super().__init__(f"{why}: {detail}" if detail else str(why))
        self.why = why
        self.detail = detail
        self.retry_after = retry_after
        self.sent = sent


class Unreachable(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """A person or channel cannot be written to until somebody changes something (blocked, not installed, gone)."""


class ChangedMeanwhile(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """The case was saved by somebody else since it was read: read again and judge again."""


class HeardBefore(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """This very activity was already acted on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One activity of Teams. Its id is unique only within its conversation."""

    conversation: str
    activity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """Exchange accepted the removal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalRefused:
    """Exchange said no, in its own words. Never repeated without an approver."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalUnclear:
    """No answer, or one that does not say whether the removal took effect."""

    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovalNotBegun:
    """The call did not reach Exchange, or was turned away at its door: nothing was spent."""

    error: str


Removal: TypeAlias = Removed | RemovalRefused | RemovalUnclear | RemovalNotBegun


class MailSystem(Protocol):
    """One of Microsoft 365's restricted lists: of senders, or of connectors (an entry's address is then its id)."""

    async def restricted(self) -> RestrictedList:
        """One read of the whole list. Raises `Unavailable`."""
        ...

    async def restricted_among(self, addresses: Sequence[str]) -> RestrictedList:
        """One read for these addresses alone, complete for them. Raises `Unavailable`."""
        ...

    async def release(self, address: str, note: str) -> Removal:
        """Ask for the removal of one entry, once; never repeated beneath this call. `note` is kept by Microsoft 365
        where it keeps any."""
        ...

    async def ping(self) -> None:
        """Prove that we may read *and* that the release would be permitted. Raises `Unavailable`."""
        ...


class Directory(Protocol):
    """What the directory knows of a person's account."""

    async def person(self, person: PersonId) -> Person:
        """Raises `Unavailable`; `LookupError` where the directory knows no such person."""
        ...

    async def methods(self, person: PersonId) -> tuple[AuthenticationMethod, ...]:
        """Registered sign-in methods. Raises `Unavailable`."""
        ...

    async def registration(self, person: PersonId) -> Registration:
        """The registration report (needs a premium licence). Raises `Unavailable`."""
        ...

    async def password_changes(self, person: PersonId, since: datetime) -> tuple[PasswordChange, ...]:
        """Changes and resets in the audit log. Raises `Unavailable`."""
        ...

    async def ping(self) -> None:
        """Prove that we may read people. Raises `Unavailable`."""
        ...


class Approvers(Protocol):
    """Who may decide, asked at every click."""

    async def standing(self, person: PersonId) -> Standing:
        """As the directory says at this moment. Raises `Unavailable`."""
        ...

    async def anybody_but(self, person: PersonId) -> bool:
        """Whether at least one other active member of the group could decide. Raises `Unavailable`."""
        ...


class Clock(Protocol):
    """Time, handed in."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        ...


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody can be written to: a conversation and the service that serves it."""

    conversation: str
    service_url: str
    locale: str = "en-GB"
    team: str = ""
    """The team a channel belongs to, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A card we posted: where it lives."""

    place: Place
    activity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The posted cards of a case for one audience: the living one, and older ones still to be folded."""

    living: Posted | None
    outdated: tuple[Posted, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One card that stands for many cases, in the order in which they joined it."""

    posted: Posted
    cases: tuple[CaseNumber, ...]


class Audience(StrEnum):
    """For whom a card was posted."""

    PERSON = "person"
    APPROVERS = "approvers"
    DIGEST = "digest"


class Messenger(Protocol):
    """Teams, to write to. Both raise `Unavailable` (try later) and `Unreachable` (somebody must act)."""

    async def post(self, place: Place, card: Card, summary: str, *, thread: str | None = None) -> Posted:
        """A new message; `thread` is the activity it answers, in a channel."""
        ...

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        """Put the card where it was posted; `False` where that message is gone."""
        ...


class Addresses(Protocol):
    """Where people and the approvals channel can be written to."""

    async def person(self, person: PersonId) -> Place | None: ...

    async def remember(self, person: PersonId, place: Place) -> Place:
        """The person's 1:1 chat, as the latest activity from it said; returned in the language they chose."""
        ...

    async def speak(self, person: PersonId, language: str) -> None:
        """From now on this is the person's language, whatever their Teams says."""
        ...

    async def channel(self) -> Place | None:
        """The approvals channel, as set in Teams or by the settings."""
        ...

    async def use_channel(self, place: Place) -> None:
        """From now on this is the approvals channel."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """The approvals channel cannot be posted to; `why` is Teams' own word."""

    why: str
    since: datetime


class ChannelWatch(Protocol):
    """Whether the approvals channel can be posted to, as far as anything was heard of it."""

    async def loss(self) -> Loss | None:
        """What is known to keep requests from the channel."""
        ...

    async def lost(self, why: str, now: datetime) -> bool:
        """It cannot be posted to; the first reason stands. Whether this is news."""
        ...

    async def found(self) -> None:
        """It can be posted to (again)."""
        ...


class Digests(Protocol):
    """The cards that stand for many cases at once."""

    async def latest(self) -> Digest | None: ...

    async def of(self, number: CaseNumber) -> Digest | None:
        """The digest this case joined."""
        ...

    async def join(self, number: CaseNumber, posted: Posted) -> None:
        """The case is part of the digest posted there."""
        ...

    async def move(self, digest: Digest, posted: Posted) -> None:
        """The digest was posted anew: its cases go with it."""
        ...


class Cards(Protocol):
    """Where the posted cards of a case live."""

    async def shown(self, number: CaseNumber, audience: Audience) -> Shown: ...

    async def record(self, number: CaseNumber, audience: Audience, posted: Posted) -> None:
        """The living card of this audience; the former living one, if any, becomes outdated."""
        ...

    async def forget(self, number: CaseNumber, posted: Posted) -> None:
        """The card is folded, or gone."""
        ...
