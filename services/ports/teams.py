"""Writing to people and to the approvals channel in Teams."""

from dataclasses import dataclass
from typing import Protocol

from services.domain.card import Card
from services.domain.people import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRef:
    """Where somebody can be written to: a conversation and the service that serves it."""

    id: str
    service_url: str
    locale: str = "en-GB"
    team: str = ""
    """The team a channel belongs to, where that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A card we posted: where it lives."""

    conversation: ConversationRef
    activity: str


class Messenger(Protocol):
    """Teams, to write to. Both raise `Unavailable` (try later) and `Unreachable` (somebody must act)."""

    async def post(
        self, conversation: ConversationRef, card: Card, summary: str, *, thread: str | None = None
    ) -> Posted:
        """A new message; `thread` is the activity it answers, in a channel."""
        ...

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        """Put the card where it was posted; `False` where that message is gone."""
        ...


class Installer(Protocol):
    """Brings the bot to somebody who never had it."""

    async def chat_with(self, person: PersonId) -> str:
        """The id of a 1:1 chat, after installing the app for the person where it was not.

        Raises `Unavailable`; `Unreachable` where it is not allowed or not possible."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """Teams, to write to."""

    messenger: Messenger
    installer: Installer
