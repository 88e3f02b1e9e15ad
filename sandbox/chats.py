"""Conversations and the messages in them, as the Bot Connector keeps them."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.clock import now
from sandbox.people import CHANNEL_ID, GROUP_ID, PEOPLE, TEAM_ID

BOT = "bot"
Card = dict[str, Any]


@dataclass(kw_only=True)
class Message:
    """One message. `private` holds what single viewers were answered in its place."""

    id: str
    conversation: str
    author: str
    text: str = ""
    card: Card | None = None
    at: datetime = field(default_factory=now)
    updated_at: datetime | None = None
    updates: int = 0
    deleted: bool = False
    private: dict[str, Card] = field(default_factory=dict)
    notices: dict[str, str] = field(default_factory=dict)
    notified: list[str] = field(default_factory=list)
    """Whom Teams told of the message: those it mentions. A plain post in a channel tells nobody."""

    @property
    def thread(self) -> str | None:
        """In a channel: the message that began the thread."""
        return self.conversation.partition(";messageid=")[2] or None


class Chats:
    """Every conversation of the sandbox."""

    def __init__(self, changed: Callable[[], None]) -> None:
        self._changed = changed
        # As Teams' own, milliseconds: a bot that remembers an earlier run never meets its ids again.
        self._ids = itertools.count(int(now().timestamp() * 1000))
        self.messages: list[Message] = []
        self._by_id: dict[str, Message] = {}
        self._by_place: defaultdict[str, list[Message]] = defaultdict(list)
        """A channel with its threads is one place."""
        self.channel_is_gone = False
        self.bot_is_out = False
        self.channel_is_private = False
        self.team = set(PEOPLE) - {"gil", "fay"}

    def known(self, conversation: str) -> bool:
        """Whether the conversation exists: a persona's chat, the channel, or a thread of it."""
        if conversation in {persona.chat_id for persona in PEOPLE.values()}:
            return True
        if conversation in (TEAM_ID, GROUP_ID):
            return True
        channel, _, thread = conversation.partition(";messageid=")
        if channel != CHANNEL_ID or self.channel_is_gone:
            return False
        return not thread or thread in self._by_id

    def owner(self, conversation: str) -> str | None:
        """Whose 1:1 chat it is."""
        return next((key for key, persona in PEOPLE.items() if persona.chat_id == conversation), None)

    def post(
        self, conversation: str, author: str, text: str = "", card: Card | None = None, notified: Sequence[str] = ()
    ) -> Message:
        message = Message(id=str(next(self._ids)), conversation=conversation, author=author, text=text, card=card)
        message.notified = [*notified]
        self.messages.append(message)
        self._by_id[message.id] = message
        self._by_place[conversation.partition(";messageid=")[0]].append(message)
        self._changed()
        return message

    def begin_thread(
        self, author: str, text: str = "", card: Card | None = None, notified: Sequence[str] = ()
    ) -> Message:
        """A new post in the channel, which is a conversation of its own."""
        message = self.post(CHANNEL_ID, author, text, card, notified)
        message.conversation = f"{CHANNEL_ID};messageid={message.id}"
        return message

    def update(self, conversation: str, activity: str, text: str, card: Card | None) -> bool:
        """Replace what the bot itself posted there; false where it posted no such thing."""
        message = self._by_id.get(activity)
        if message is None or message.conversation != conversation or message.author != BOT or message.deleted:
            return False
        message.text, message.card = text, card
        message.updated_at, message.updates = now(), message.updates + 1
        message.private.clear()
        message.notices.clear()
        self._changed()
        return True

    def begin_anew(self) -> None:
        """Nothing was ever said. Ids go on: none is met twice."""
        self.messages.clear()
        self._by_id.clear()
        self._by_place.clear()
        self._changed()

    def reload(self, viewer: str) -> None:
        """What one viewer was answered is forgotten: they see what is posted."""
        for message in self.messages:
            message.private.pop(viewer, None)
            message.notices.pop(viewer, None)
        self._changed()

    def of_chat(self, key: str) -> list[Message]:
        return [m for m in self._by_place[PEOPLE[key].chat_id] if not m.deleted]

    def of_channel(self) -> list[Message]:
        return [m for m in self._by_place[CHANNEL_ID] if not m.deleted]
