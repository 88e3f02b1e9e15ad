"""Writing to people and to the approvers' channel, and remembering what was written where."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias

from services.domain.case import CaseNumber
from services.domain.people import PersonId

Card: TypeAlias = dict[str, Any]
"""A finished Adaptive Card, ready for the wire."""


class Unreachable(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """A person or channel cannot be written to until somebody changes something (blocked, not installed, gone)."""


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
