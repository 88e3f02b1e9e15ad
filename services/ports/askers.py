"""What is known of somebody who writes, read all at once when their turn begins."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, Self, TypeAlias, TypeVar

from services.domain.case.case import Case
from services.domain.case.history import HistoryMark, SenderHistory
from services.domain.case.parts import CaseNumber
from services.domain.people import PersonId
from services.ports.activity import ActivityId
from services.ports.errors import UnreadableCase
from services.ports.teams import ConversationRef

Found: TypeAlias = Case | UnreadableCase | None
"""A case; or why this program cannot read the one that is there, which is for whoever needs that case."""
_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """One reading of all that a first look needs to know of whoever asks, about their own mailbox.

    `newest`, `open`, `last`: as `CaseStore.latest_of`, `open_of` and `latest_about` of the person's id. `history`: as
    `CaseQueries.history_of`, of that id alone; `mark` is its state."""

    conversation: ConversationRef
    """Where they wrote, with the language they chose."""
    unstored: ConversationRef | None
    """The same as Teams gave it, where it is not what is stored."""
    was_processed: bool
    newest: Found
    open: Found
    last: Found
    history: SenderHistory | UnreadableCase
    mark: HistoryMark
    is_new: bool
    """Whether no case ever spoke to them."""

    def stored(self) -> Self:
        """Once their chat is stored as it is."""
        return replace(self, unstored=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicker:
    """Whoever clicked in their own chat, and the case that the button names. The conversation as in `Asker`."""

    conversation: ConversationRef
    unstored: ConversationRef | None
    case: Found


class Askers(Protocol):
    """Reads what is known of people who write."""

    async def of(self, person: PersonId, conversation: ConversationRef, activity: ActivityId, since: datetime) -> Asker:
        """All that is known of whoever wrote this there; their history since then. Raises `Unavailable`."""
        ...

    async def clicker(self, person: PersonId, conversation: ConversationRef, number: CaseNumber | None) -> Clicker:
        """Whoever clicked there, with that case. Raises `Unavailable`."""
        ...


def readable(found: _Read | UnreadableCase) -> _Read:
    """What was found. Raises `UnreadableCase` where this program cannot read it."""
    if isinstance(found, UnreadableCase):
        raise found
    return found
