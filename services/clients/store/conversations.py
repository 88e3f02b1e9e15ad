"""The conversation references of people and of the approvals channel."""

from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, String, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.database import Database, upsert
from services.clients.store.known_chats import KnownChats
from services.clients.store.tables import conversations, lost_channels
from services.domain.people import PersonId
from services.ports.storage import ChannelLoss
from services.ports.teams import ConversationRef

_CHANNEL = "approvals channel"
CHAT_OF = select(conversations).where(conversations.c.whose == bindparam("whose"))

_IN_TEAMS = select(conversations.c.conversation).where(conversations.c.whose == _CHANNEL).scalar_subquery()
_LOSS = select(lost_channels).where(
    lost_channels.c.conversation == func.coalesce(_IN_TEAMS, bindparam("from_settings", type_=String))
)


class SqlConversationStore:
    """Implements the ports `ConversationStore` and `ChannelHealth`. `channel` is the one from the settings, used until
    another is set in Teams."""

    def __init__(self, database: Database, channel: ConversationRef | None = None) -> None:
        self._database = database
        self._channel = channel
        self._chats = KnownChats(is_alone=database.is_alone)

    async def person(self, person: PersonId) -> ConversationRef | None:
        row = await self._find(person)
        return spoken(place(row), row.language) if row else None

    async def remember(self, person: PersonId, conversation: ConversationRef) -> ConversationRef:
        if known := self._chats.spoken(person, conversation):
            return known
        since, row = self._chats.changes, await self._find(person)
        if row is None or place(row) != conversation:
            await self._put(person, conversation)
        return self._chats.note(person, conversation, spoken(conversation, row.language if row else None), since)

    async def forget(self, person: PersonId) -> None:
        async with self._database.writing() as connection:
            await connection.execute(delete(conversations).where(conversations.c.whose == person))
        self._chats.forget(person)

    async def speak(self, person: PersonId, language: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(
                update(conversations).where(conversations.c.whose == person).values(language=language)
            )
        self._chats.forget(person)

    async def channel(self) -> ConversationRef | None:
        row = await self._find(_CHANNEL)
        return place(row) if row else self._channel

    async def use_channel(self, conversation: ConversationRef) -> None:
        await self._put(_CHANNEL, conversation)
        await self.found()

    async def loss(self) -> ChannelLoss | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_LOSS, {"from_settings": self._channel and self._channel.id})).first()
        return None if row is None else ChannelLoss(reason=row.why, since=row.since)

    async def lost(self, reason: str, now: datetime) -> bool:
        channel = await self.channel()
        if channel is None:
            return False
        async with self._database.writing() as connection:
            statement = upsert(connection.dialect.name, lost_channels).values(
                conversation=channel.id, why=reason[:256], since=now
            )
            noted = statement.on_conflict_do_nothing().returning(lost_channels.c.conversation)
            return (await connection.execute(noted)).first() is not None

    async def found(self) -> bool:
        channel = await self.channel()
        if channel is None or await self.loss() is None:
            return False
        async with self._database.writing() as connection:
            mine = lost_channels.c.conversation == channel.id
            return (await connection.execute(delete(lost_channels).where(mine))).rowcount == 1

    async def _find(self, whose: str) -> Row[Any] | None:
        async with self._database.reading() as connection:
            return (await connection.execute(CHAT_OF, {"whose": whose})).first()

    async def _put(self, whose: str, conversation: ConversationRef) -> None:
        async with self._database.writing() as connection:
            await put(connection, whose, conversation)


async def put(connection: AsyncConnection, whose: str, conversation: ConversationRef) -> None:
    """Store a conversation; a language that was chosen stays."""
    await connection.execute(_put_statement(connection.dialect.name), {"whose": whose, **_row(conversation)})


@cache
def _put_statement(dialect: str) -> Any:
    statement = upsert(dialect, conversations)
    fresh = {name: statement.excluded[name] for name in ("conversation", "service_url", "locale", "team")}
    return statement.on_conflict_do_update(index_elements=["whose"], set_=fresh)


def spoken(conversation: ConversationRef, language: str | None) -> ConversationRef:
    """The chat with the language that its person chose, if they chose one."""
    return replace(conversation, locale=language) if language else conversation


def _row(conversation: ConversationRef) -> dict[str, str]:
    return {
        "conversation": conversation.id,
        "service_url": conversation.service_url,
        "locale": conversation.locale,
        "team": conversation.team,
    }


def place(row: Row[Any]) -> ConversationRef:
    """The conversation in a row of the table."""
    return ConversationRef(id=row.conversation, service_url=row.service_url, locale=row.locale, team=row.team)
