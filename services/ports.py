"""What the conversations need of Microsoft 365 and of time, in our words. Clients and fakes keep these promises."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeAlias

from services.domain.knowledge import Why
from services.domain.people import AuthenticationMethod, PasswordChange, Person, PersonId, Registration, Standing
from services.domain.restriction import RestrictedList


class Unavailable(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """A source could not answer now. `retry_after` is the wait it asked for, if it asked; `sent` whether the question
    may have reached it at all."""

    def __init__(self, why: Why, detail: str = "", *, retry_after: timedelta | None = None, sent: bool = True) -> None:
        super().__init__(f"{why}: {detail}" if detail else str(why))
        self.why = why
        self.detail = detail
        self.retry_after = retry_after
        self.sent = sent


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
