"""Where people and the approvals channel can be written to."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from services.clients.store.database import Database, upsert
from services.clients.store.tables import conversations, lost_channels
from services.domain.people import PersonId
from services.ports.storage import Loss
from services.ports.teams import Place

_CHANNEL = "approvals channel"


class PlaceStore:
    """Implements the ports `Addresses` and `ChannelWatch`. `channel` is the settings' one, used until Teams names
    another."""

    def __init__(self, database: Database, channel: Place | None = None) -> None:
        self._database = database
        self._channel = channel

    async def person(self, person: PersonId) -> Place | None:
        row = await self._find(person)
        return _spoken(_place(row), row.language) if row else None

    async def remember(self, person: PersonId, place: Place) -> Place:
        row = await self._find(person)
        if row is None or _place(row) != place:
            await self._put(person, place)
        return _spoken(place, row.language) if row else place

    async def speak(self, person: PersonId, language: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(
                update(conversations).where(conversations.c.whose == person).values(language=language)
            )

    async def channel(self) -> Place | None:
        row = await self._find(_CHANNEL)
        return _place(row) if row else self._channel

    async def use_channel(self, place: Place) -> None:
        await self._put(_CHANNEL, place)
        await self.found()

    async def loss(self) -> Loss | None:
        channel = await self.channel()
        if channel is None:
            return None
        async with self._database.reading() as connection:
            mine = lost_channels.c.conversation == channel.conversation
            row = (await connection.execute(select(lost_channels).where(mine))).first()
        return None if row is None else Loss(why=row.why, since=row.since)

    async def lost(self, why: str, now: datetime) -> bool:
        channel = await self.channel()
        if channel is None:
            return False
        async with self._database.writing() as connection:
            statement = upsert(connection, lost_channels).values(
                conversation=channel.conversation, why=why[:256], since=now
            )
            noted = statement.on_conflict_do_nothing().returning(lost_channels.c.conversation)
            return (await connection.execute(noted)).first() is not None

    async def found(self) -> None:
        channel = await self.channel()
        if channel is None or await self.loss() is None:
            return
        async with self._database.writing() as connection:
            mine = lost_channels.c.conversation == channel.conversation
            await connection.execute(delete(lost_channels).where(mine))

    async def _find(self, whose: str) -> Row[Any] | None:
        async with self._database.reading() as connection:
            return (await connection.execute(select(conversations).where(conversations.c.whose == whose))).first()

    async def _put(self, whose: str, place: Place) -> None:
        row = _row(place)
        async with self._database.writing() as connection:
            statement = upsert(connection, conversations).values(whose=whose, **row)
            await connection.execute(statement.on_conflict_do_update(index_elements=["whose"], set_=row))


def _spoken(place: Place, language: str | None) -> Place:
    return replace(place, locale=language) if language else place


def _row(place: Place) -> dict[str, str]:
    return {
        "conversation": place.conversation,
        "service_url": place.service_url,
        "locale": place.locale,
        "team": place.team,
    }


def _place(row: Row[Any]) -> Place:
    return Place(conversation=row.conversation, service_url=row.service_url, locale=row.locale, team=row.team)
