"""Where cards were posted."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.database import Database, upsert
from services.clients.store.outbox import complete
from services.clients.store.tables import cards, cases
from services.domain.case.parts import CaseNumber
from services.domain.case.standing_lines import LineKind
from services.ports.storage import Audience, Digest, PostedCards, Settles, StandingLine
from services.ports.teams import ConversationRef, Posted

_LINES = tuple(LineKind)
_DIGESTS = select(cards).where(cards.c.audience == Audience.DIGEST)
_ONE_ROW_A_CARD = ("case_number", "audience", "conversation", "activity")
_NO_LONGER_CURRENT = update(cards).where(cards.c.id.in_(bindparam("these", expanding=True))).values(current=False)
_SHOWN = (
    select(cards)
    .where(cards.c.case_number == bindparam("number"), cards.c.audience.in_(bindparam("readers", expanding=True)))
    .order_by(cards.c.id)
)
_VERSION = select(cases.c.version).where(cases.c.number == bindparam("number")).with_for_update()
"""Whoever records a card waits here for who records another of the case: on PostgreSQL neither would see the other's,
and both would stay."""


class SqlCardStore:
    """Implements the ports `CardStore` and `DigestStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def shown(self, number: CaseNumber, audience: Audience) -> PostedCards:
        async with self._database.reading() as connection:
            return (await _found(connection, number, audience)).cards

    async def record(
        self,
        number: CaseNumber,
        audience: Audience,
        posted: Posted,
        facts: int | None = None,
        *,
        settles: Settles | None = None,
    ) -> PostedCards:
        async with self._database.writing() as connection:
            settles = await _still(connection, number, settles)
            row = {"case_number": number, "audience": audience, "current": True, "facts": facts}
            await connection.execute(_record(connection.dialect.name), {**row, **_card(posted)})
            found = await _found(connection, number, audience)
            if superseded := found.marked_beside_the_current:
                await connection.execute(_NO_LONGER_CURRENT, {"these": superseded})
            return await _settled(connection, found.cards, audience, posted, settles)

    async def updated(
        self,
        number: CaseNumber,
        audience: Audience,
        posted: Posted,
        facts: int | None,
        *,
        settles: Settles | None = None,
    ) -> PostedCards:
        async with self._database.writing() as connection:
            settles = await _still(connection, number, settles)
            found = await _found(connection, number, audience)
            if not found.shows(posted, facts):
                mine = and_(cards.c.case_number == number, _at(posted))
                await connection.execute(update(cards).where(mine).values(facts=facts))
                found = await _found(connection, number, audience)
            return await _settled(connection, found.cards, audience, posted, settles)

    async def record_line(self, number: CaseNumber, line: StandingLine) -> None:
        values = {"case_number": number, "audience": line.kind, "current": True, **_card(line.posted)}
        async with self._database.writing() as connection:
            statement = upsert(connection.dialect.name, cards)
            await connection.execute(statement.on_conflict_do_nothing(index_elements=_ONE_ROW_A_CARD), values)

    async def spoken_of(self, posted: Posted) -> Sequence[CaseNumber]:
        same = and_(cards.c.audience.in_(_LINES), _at(posted))
        async with self._database.reading() as connection:
            numbers = await connection.execute(select(cards.c.case_number).where(same).order_by(cards.c.case_number))
            return [CaseNumber(number) for number in numbers.scalars()]

    async def forget(self, number: CaseNumber, posted: Posted) -> None:
        async with self._database.writing() as connection:
            await connection.execute(delete(cards).where(cards.c.case_number == number, _at(posted)))

    async def latest(self) -> Digest | None:
        return await self._digest(_DIGESTS.order_by(cards.c.id.desc()).limit(1))

    async def of(self, number: CaseNumber) -> Digest | None:
        return await self._digest(_DIGESTS.where(cards.c.case_number == number))

    async def join(self, number: CaseNumber, posted: Posted) -> None:
        await self.record(number, Audience.DIGEST, posted)

    async def move(self, digest: Digest, posted: Posted) -> None:
        same = and_(cards.c.audience == Audience.DIGEST, _at(digest.posted))
        async with self._database.writing() as connection:
            await connection.execute(update(cards).where(same).values(**_card(posted)))

    async def _digest(self, which: Any) -> Digest | None:
        """The newest of those: found here, since a database that sorts by age would go through all digests for one."""
        async with self._database.reading() as connection:
            row = max((await connection.execute(which)).all(), key=lambda found: found.id, default=None)
            if row is None:
                return None
            same = and_(cards.c.audience == Audience.DIGEST, _at(_posted(row)))
            numbers = await connection.execute(select(cards.c.case_number).where(same).order_by(cards.c.id))
            return Digest(posted=_posted(row), cases=tuple(CaseNumber(number) for number in numbers.scalars()))


@cache
def _record(dialect: str) -> Any:
    """Two replicas may add one case to the same digest at the same moment."""
    statement = upsert(dialect, cards)
    fresh = {"current": statement.excluded.current, "facts": statement.excluded.facts}
    return statement.on_conflict_do_update(index_elements=_ONE_ROW_A_CARD, set_=fresh)


async def _still(connection: AsyncConnection, number: CaseNumber, settles: Settles | None) -> Settles | None:
    """What the card may settle: nothing, where the case is another by now than the one it shows."""
    version = (await connection.execute(_VERSION, {"number": number})).scalar()
    return settles if settles and settles.shown == version else None


async def _settled(
    connection: AsyncConnection, present: PostedCards, audience: Audience, posted: Posted, settles: Settles | None
) -> PostedCards:
    """The cards as they stand, and the task completed if nothing is left to do for it."""
    is_current = present.current is not None and present.current.is_same(posted)
    stands_alone = is_current and not present.superseded
    speaks_elsewhere = audience is Audience.APPROVERS and (present.in_digest or bool(present.lines))
    if settles is None or not stands_alone or speaks_elsewhere:
        return present
    await complete(connection, settles.task, settles.shown)
    return replace(present, is_settled=True)


async def _found(connection: AsyncConnection, number: CaseNumber, audience: Audience) -> "_Found":
    beside = _LINES if audience is Audience.APPROVERS else ()
    readers = [audience, Audience.DIGEST, *beside]
    rows = (await connection.execute(_SHOWN, {"number": number, "readers": readers})).all()
    return _Found(rows, audience)


class _Found:
    """The rows of a case's cards for one audience, and of what stands beside these."""

    def __init__(self, rows: Sequence[Row[Any]], audience: Audience) -> None:
        self._all = rows
        self._rows = [row for row in rows if row.audience == audience]
        self._current = _current(self._rows)

    @property
    def cards(self) -> PostedCards:
        current = self._current
        return PostedCards(
            current=_posted(current) if current else None,
            facts=current.facts if current else None,
            superseded=tuple(_posted(row) for row in self._rows if row is not current),
            in_digest=any(row.audience == Audience.DIGEST for row in self._all),
            lines=tuple(
                StandingLine(kind=LineKind(row.audience), posted=_posted(row))
                for row in self._all
                if row.audience in _LINES
            ),
        )

    @property
    def marked_beside_the_current(self) -> Sequence[int]:
        """The ids of those that are marked as current, and are not."""
        return [row.id for row in self._rows if row.current and row is not self._current]

    def shows(self, posted: Posted, facts: int | None) -> bool:
        """Whether it is recorded of the card there that it shows these facts."""
        return all(row.facts == facts for row in self._rows if _posted(row).is_same(posted))


def _current(rows: Sequence[Row[Any]]) -> Row[Any] | None:
    """Of the cards in the order of their records the one that is current. Two that were recorded at the same moment may
    both be marked: it is the one below, or the later one where that is not known."""
    current: Row[Any] | None = None
    for row in rows:
        if row.current and (current is None or not _posted(current).is_below(_posted(row))):
            current = row
    return current


def _posted(row: Row[Any]) -> Posted:
    conversation = ConversationRef(id=row.conversation, service_url=row.service_url, locale=row.locale)
    return Posted(conversation=conversation, activity=row.activity)


def _card(posted: Posted) -> dict[str, str]:
    conversation = posted.conversation
    where = {"conversation": conversation.id, "service_url": conversation.service_url, "locale": conversation.locale}
    return {**where, "activity": posted.activity}


def _at(posted: Posted) -> Any:
    return and_(cards.c.conversation == posted.conversation.id, cards.c.activity == posted.activity)
