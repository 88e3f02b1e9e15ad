"""What reaches a conversation, and what it answers: values without a trace of Teams' JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from typing import Self, TypeAlias

from cards.notices import one_line
from services.domain.card import Card
from services.domain.people import TeamsUser
from services.ports.askers import Asker
from services.ports.storage import ActivityId
from services.ports.teams import ConversationRef, DroppedFile


class ConversationKind(StrEnum):
    """What kind of conversation something was said in."""

    PERSONAL = "personal"
    CHANNEL = "channel"
    GROUP = "group"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Somebody wrote to us. In a channel the mention of the bot is already taken off the text."""

    by: TeamsUser
    text: str
    kind: ConversationKind
    conversation: ConversationRef
    activity: ActivityId
    files: tuple[DroppedFile, ...] = ()
    asker: Asker | None = None
    """What is known of whoever wrote, if that was read in this turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicked:
    """Somebody pressed a button. Nothing here but `by` is proven; `number` is whatever the card's data held."""

    by: TeamsUser
    verb: str
    number: object
    inputs: Mapping[str, str]
    kind: ConversationKind
    conversation: ConversationRef
    activity: ActivityId


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The bot was installed for a person."""

    by: TeamsUser
    conversation: ConversationRef


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedToTeam:
    """The bot came to a team, or a channel or team it knows came back."""

    conversation: ConversationRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninstalled:
    """The bot was taken out of a chat or a team, or a channel or team is gone. `by`: who did it, if Teams says."""

    conversation: ConversationRef
    by: TeamsUser | None
    kind: ConversationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A direct answer: a card and the line a notification shows for it."""

    card: Card
    summary: str

    @classmethod
    def saying(cls, sentence: str) -> Self:
        """One sentence, shown and notified alike."""
        return cls(card=one_line(sentence), summary=sentence)


class NoReply(Enum):
    """Why nothing is said directly."""

    CARD_FOLLOWS = auto()
    """The case's own card is the answer. Its task is written, so it comes by itself."""
    SAID_ALREADY = auto()
    """This was answered before, or elsewhere: once more would be noise."""


Answer: TypeAlias = Reply | NoReply
