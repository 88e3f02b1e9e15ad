"""Which chats are stored as they are, as far as this process knows."""

import asyncio

from services.domain.people import PersonId
from services.ports.teams import ConversationRef

_KNOWN_FOR = 60.0
"""Seconds. Retention deletes a chat without a word to this; whoever opens a case or presses a button is looked up."""
_REMEMBERED_AT_MOST = 10_000


class KnownChats:
    """What was just read or written, so that somebody who asks for help again costs no read. Used where this process
    alone writes to the database: another one could store another language."""

    def __init__(self, *, is_alone: bool) -> None:
        self._is_alone = is_alone
        self._known: dict[PersonId, tuple[ConversationRef, ConversationRef, float]] = {}
        self.changes = 0
        """How often something of a chat was changed: what was read before a change is not what is stored."""

    def spoken(self, person: PersonId, conversation: ConversationRef) -> ConversationRef | None:
        """The chat in the language they chose; `None` if it may not be stored as it is."""
        known = self._known.get(person)
        if known is None or known[0] != conversation or known[2] <= asyncio.get_running_loop().time():
            return None
        return known[1]

    def note(
        self, person: PersonId, conversation: ConversationRef, spoken: ConversationRef, since: int
    ) -> ConversationRef:
        """It is stored now, if nothing changed `since` it was read. Returns it in the language they chose."""
        if self._is_alone and since == self.changes:
            if len(self._known) >= _REMEMBERED_AT_MOST:
                self._known.clear()
            self._known[person] = conversation, spoken, asyncio.get_running_loop().time() + _KNOWN_FOR
        return spoken

    def forget(self, person: PersonId) -> None:
        """Something of it has changed."""
        self.changes += 1
        self._known.pop(person, None)
