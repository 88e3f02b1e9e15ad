"""What gathering evidence needs of the world, in our words."""

from datetime import datetime
from typing import Protocol

from services.domain.evidence import AccountChange, Forwarding, InboxRule, Listing, Risk, Sent, SignIn
from services.domain.people import PersonId


class MailboxTraces(Protocol):
    """What a mailbox shows: where its mail goes, and how much left it. Each raises `Unavailable`."""

    async def forwarding(self, address: str) -> Forwarding | None:
        """Forwarding of the whole mailbox."""
        ...

    async def inbox_rules(self, address: str) -> tuple[InboxRule, ...]:
        """The rules, hidden ones too, that forward, redirect, delete or hide."""
        ...

    async def sent(self, address: str, since: datetime, until: datetime) -> Sent:
        """What left the mailbox, from message trace; at most ten days, at most ninety days back."""
        ...


class AccountTraces(Protocol):
    """What the directory recorded of an account. Each raises `Unavailable`."""

    async def sign_ins(self, person: PersonId, since: datetime) -> tuple[SignIn, ...]:
        """Interactive sign-ins, failed ones too, newest first (Entra ID P1)."""
        ...

    async def risk(self, person: PersonId) -> Risk:
        """Risk state and detections (Entra ID P2)."""
        ...

    async def changes(self, person: PersonId, since: datetime) -> tuple[AccountChange, ...]:
        """Methods added or removed, apps consented, passwords changed, newest first."""
        ...


class AuditLog(Protocol):
    """The unified audit log."""

    async def listings(self, addresses: tuple[str, ...], since: datetime) -> tuple[Listing, ...]:
        """When these addresses came onto the restricted list and left it, newest first. Raises `Unavailable`."""
        ...
