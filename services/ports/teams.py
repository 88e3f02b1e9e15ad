"""Writing to people and to the approvals channel in Teams."""

from dataclasses import dataclass
from typing import Protocol

from services.domain.card import Card
from services.domain.mention import Mention
from services.domain.people import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationRef:
    """Where somebody can be written to: a conversation, and the URL of the service that has it."""

    id: str
    service_url: str
    locale: str = "en-GB"
    team: str = ""
    """The team of a channel, if it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Where a card was posted."""

    conversation: ConversationRef
    activity: str

    def is_same(self, other: "Posted") -> bool:
        """Whether it is the same message, whatever else is known of its conversation: what is kept names no team."""
        return (self.conversation.id, self.activity) == (other.conversation.id, other.activity)

    def is_below(self, other: "Posted") -> bool:
        """Whether it stands below the other in one conversation. Teams numbers messages by the millisecond; where it
        numbers them otherwise nothing is known, and the answer is no."""
        if self.conversation.id != other.conversation.id or not (self.activity + other.activity).isdecimal():
            return False
        return bool(other.activity) and int(self.activity or 0) > int(other.activity)


class Messenger(Protocol):
    """Writes cards to Teams. Both methods raise `Unavailable` (try later), `Unreachable` (somebody must act), and as
    one of these `CardRefused` (another card may be taken)."""

    async def post(
        self, conversation: ConversationRef, card: Card, summary: str, *, thread: str | None = None
    ) -> Posted:
        """Post a new message; `thread` is the activity in a channel that it replies to."""
        ...

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        """Update a posted card. Returns `False` if its message is gone."""
        ...


class Mentions(Protocol):
    """Whom a request notifies, since a plain post in a channel notifies nobody."""

    async def of_approvers(self, but: frozenset[PersonId]) -> tuple[Mention, ...]:
        """Those whose decision is wanted, without `but`, who do not decide it. Raises `Unavailable`."""
        ...


class Installer(Protocol):
    """Installs the app for people who do not have it."""

    async def chat_with(self, person: PersonId) -> str:
        """The id of the 1:1 chat with the person, after installing the app for them if needed.

        Raises `Unavailable`; `Unreachable` if that is not allowed or not possible."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedFile:
    """A file that somebody put into a message. `kind`: the end of its name, in lower case; `url`: where its content can
    be had for some minutes without a login, empty for a picture."""

    kind: str
    url: str = ""
    is_picture: bool = False


class Files(Protocol):
    """The content of dropped files."""

    async def content(self, url: str) -> bytes:
        """What is there, some megabytes at most. Raises `Unavailable` (in passing), `Unreachable` (gone, too large, or
        at a place where no such file can be)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Teams:
    """The ports to Teams."""

    messenger: Messenger
    installer: Installer
    mentions: Mentions | None = None
    """`None`: nobody is ever mentioned."""
    others: Mentions | None = None
    """Whom the organisation's rules name where no approver has looked."""
    files: Files | None = None
    """`None`: dropped files are never read."""
