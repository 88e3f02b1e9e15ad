"""Teams: messages, files, installing."""

import asyncio
import json
from dataclasses import dataclass, field, replace

from services.domain.card import Card
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import CardRefused, Unavailable, Unreachable
from services.ports.teams import ConversationRef, Posted


@dataclass(kw_only=True)
class Sheet:
    """One message of the bot."""

    posted: Posted
    card: Card
    thread: str | None
    updates: int = 0
    notified: list[str] = field(default_factory=list)
    """Whom it mentioned when it was posted; an update notifies nobody."""


@dataclass(kw_only=True)
class FakeMessenger:
    """Teams. `closed` maps conversations to the error they answer with; `down` fails every call for now;
    `takes_mentions`: whether it knows those who are mentioned; `takes_at_most`: bytes of a card."""

    sheets: list[Sheet] = field(default_factory=list)
    closed: dict[str, str] = field(default_factory=dict)
    down: bool = False
    takes_mentions: bool = True
    slow_updates: asyncio.Event | None = None
    """Until it is set no update is answered."""
    update_asked: asyncio.Event = field(default_factory=asyncio.Event)
    updates_asked: int = 0
    asked: int = 0
    """Messages and updates that it was to take, whether it took them or not."""
    takes_at_most: int = 28 * 1024

    def _enter(self, conversation: ConversationRef) -> None:
        self.asked += 1
        if self.down:
            raise Unavailable(UnknownReason.UNREACHABLE, "Bot Connector: 503")
        if error := self.closed.get(conversation.id):
            raise Unreachable(error)

    def _weigh(self, card: Card) -> None:
        if len(json.dumps(card, ensure_ascii=False).encode()) > self.takes_at_most:
            raise CardRefused("413 MessageSizeTooBig")

    async def post(
        self, conversation: ConversationRef, card: Card, summary: str, *, thread: str | None = None
    ) -> Posted:
        assert summary
        self._enter(conversation)
        self._weigh(card)
        entities = card.get("msteams", {}).get("entities", [])
        if entities and not self.takes_mentions:
            raise CardRefused("400 BadArgument")
        posted = Posted(conversation=conversation, activity=str(len(self.sheets) + 1))
        notified = [entity["mentioned"]["name"] for entity in entities]
        self.sheets.append(Sheet(posted=posted, card=card, thread=thread, notified=notified))
        return posted

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        assert summary
        self.updates_asked += 1
        self.update_asked.set()
        if self.slow_updates is not None:
            await self.slow_updates.wait()
        self._enter(posted.conversation)
        self._weigh(card)
        sheet = next((s for s in self.sheets if s.posted.activity == posted.activity), None)
        if sheet is None:
            return False
        sheet.card, sheet.updates = card, sheet.updates + 1
        return True

    def delete(self, sheet: Sheet) -> None:
        """Deletes the message, as somebody does in Teams."""
        self.sheets[self.sheets.index(sheet)] = replace(
            sheet, posted=replace(sheet.posted, activity="gone"), card={"type": "AdaptiveCard"}
        )


@dataclass(kw_only=True)
class FakeFiles:
    """Dropped files, by their addresses; `fetched` are those that were asked for."""

    kept: dict[str, bytes] = field(default_factory=dict)
    trouble: Unavailable | Unreachable | None = None
    fetched: list[str] = field(default_factory=list)

    async def content(self, url: str) -> bytes:
        self.fetched.append(url)
        if self.trouble is not None:
            raise self.trouble
        return self.kept[url]


@dataclass(kw_only=True)
class FakeInstaller:
    """Installing the app for people: `chats` are those it may reach."""

    chats: dict[PersonId, str] = field(default_factory=dict)
    installed: list[PersonId] = field(default_factory=list)

    async def chat_with(self, person: PersonId) -> str:
        if person not in self.chats:
            raise Unreachable("no chat with this person is known")
        self.installed.append(person)
        return self.chats[person]
