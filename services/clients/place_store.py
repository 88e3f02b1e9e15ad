"""Where people, the approvals channel and posted cards live."""

from typing import Any

from sqlalchemy import Row, and_, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from services.clients.database import Database
from services.clients.tables import cards, conversations
from services.domain.case import CaseNumber
from services.domain.people import PersonId
from services.ports import Audience, Place, Posted, Shown

_CHANNEL = "approvals channel"


class PlaceStore:
    """Implements the ports `Addresses` and `Cards`. `channel` is the settings' one, used until Teams names another."""

    def __init__(self, database: Database, channel: Place | None = None) -> None:
        self._database = database
        self._channel = channel

    async def person(self, person: PersonId) -> Place | None:
        return await self._find(person)

    async def remember(self, person: PersonId, place: Place) -> None:
        if await self._find(person) != place:
            await self._put(person, place)

    async def channel(self) -> Place | None:
        return await self._find(_CHANNEL) or self._channel

    async def use_channel(self, place: Place) -> None:
        await self._put(_CHANNEL, place)

    async def shown(self, number: CaseNumber, audience: Audience) -> Shown:
        mine = and_(cards.c.case_number == number, cards.c.audience == audience)
        async with self._database.reading() as connection:
            rows = (await connection.execute(select(cards).where(mine).order_by(cards.c.id))).all()
        living = [_posted(row) for row in rows if row.living]
        return Shown(
            living=living[-1] if living else None, outdated=tuple(_posted(row) for row in rows if not row.living)
        )

    async def record(self, number: CaseNumber, audience: Audience, posted: Posted) -> None:
        mine = and_(cards.c.case_number == number, cards.c.audience == audience)
        async with self._database.writing() as connection:
            await connection.execute(update(cards).where(mine).values(living=False))
            await connection.execute(
                insert(cards).values(
                    case_number=number, audience=audience, living=True, activity=posted.activity, **_row(posted.place)
                )
            )

    async def forget(self, number: CaseNumber, posted: Posted) -> None:
        same = and_(
            cards.c.case_number == number,
            cards.c.conversation == posted.place.conversation,
            cards.c.activity == posted.activity,
        )
        async with self._database.writing() as connection:
            await connection.execute(delete(cards).where(same))

    async def _find(self, whose: str) -> Place | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(conversations).where(conversations.c.whose == whose))).first()
        return None if row is None else _place(row)

    async def _put(self, whose: str, place: Place) -> None:
        async with self._database.writing() as connection:
            make = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[connection.dialect.name]
            statement: Any = make(conversations).values(whose=whose, **_row(place))
            await connection.execute(statement.on_conflict_do_update(index_elements=["whose"], set_=_row(place)))


def _row(place: Place) -> dict[str, str]:
    return {"conversation": place.conversation, "service_url": place.service_url, "locale": place.locale}


def _place(row: Row[Any]) -> Place:
    return Place(conversation=row.conversation, service_url=row.service_url, locale=row.locale)


def _posted(row: Row[Any]) -> Posted:
    return Posted(place=_place(row), activity=row.activity)
