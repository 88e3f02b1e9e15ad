"""Reading the history of cases and their tasks, for an operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select

from services.clients.store.cases import history_entry
from services.clients.store.database import Database
from services.clients.store.tables import events, outbox, stalls
from services.domain.case.parts import CaseNumber
from services.domain.case.transition import HistoryEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task of a case. `held_until`: until then a process works on it; `tries`: so far, since it was planned."""

    kind: str
    due: datetime
    held_until: datetime | None
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StallRow:
    """A step that fails since then, and the reason in one word."""

    kind: str
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailRow:
    """One entry of a case's history, and its place in it."""

    case: CaseNumber
    place: int
    entry: HistoryEntry


async def tasks_of(database: Database, number: CaseNumber) -> Sequence[TaskRow]:
    """The tasks of a case, the next one first. Raises `Unavailable`."""
    query = select(outbox).where(outbox.c.case_number == number).order_by(outbox.c.due)
    async with database.reading() as connection:
        return [
            TaskRow(kind=row.kind, due=row.due, held_until=row.held_until, tries=row.tries)
            for row in await connection.execute(query)
        ]


async def stalls_of(database: Database, number: CaseNumber, now: datetime) -> Sequence[StallRow]:
    """The steps of a case that go on failing. Raises `Unavailable`."""
    lasting = and_(stalls.c.case_number == number, stalls.c.again_by >= now)
    query = select(stalls).where(lasting).order_by(stalls.c.since)
    async with database.reading() as connection:
        return [StallRow(kind=row.kind, reason=row.reason, since=row.since) for row in await connection.execute(query)]


async def trail_of(database: Database, number: CaseNumber) -> Sequence[TrailRow]:
    """All that happened to a case, oldest first. Raises `Unavailable`, `UnreadableCase`."""
    return await _trail(database, events.c.case_number == number)


async def trail_between(database: Database, begin: datetime, end: datetime) -> Sequence[TrailRow]:
    """All that happened to any case from `begin` until before `end`, oldest first. Raises `Unavailable`,
    `UnreadableCase`."""
    return await _trail(database, and_(events.c.at >= begin, events.c.at < end))


async def _trail(database: Database, which: ColumnElement[bool]) -> Sequence[TrailRow]:
    query = select(events).where(which).order_by(events.c.at, events.c.case_number, events.c.seq)
    async with database.reading() as connection:
        return [
            TrailRow(case=CaseNumber(row.case_number), place=row.seq, entry=history_entry(row))
            for row in await connection.execute(query)
        ]
