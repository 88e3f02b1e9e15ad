"""Cases, their histories and their outbox tasks. A transition is saved in one database transaction."""

import logging
from collections.abc import Callable, Coroutine, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from copy import copy
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, func, or_, select, union
from sqlalchemy import case as case_of
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.case_schema import read
from services.clients.store.case_writes import (
    NOTHING_HELD,
    Processed,
    follow,
    forget,
    open_number,
    require,
    write_transition,
)
from services.clients.store.conversations import put
from services.clients.store.database import Database
from services.clients.store.tables import cases, events, seen
from services.clients.store.together import Together
from services.clients.store.which_cases import (
    about_before,
    about_mailbox,
    asked_by_anybody,
    newest_of,
    open_about_mailbox,
    open_after,
)
from services.domain.case.case import Case
from services.domain.case.history import Reached, SeenRestriction, SenderCount, SenderHistory
from services.domain.case.parts import CaseNumber
from services.domain.case.status import OPEN, TROUBLES, Status
from services.domain.case.timers import Timers
from services.domain.case.transition import HistoryEntry, Transition
from services.domain.case.workflow import Actor, Verb
from services.domain.people import PersonId
from services.ports.errors import UnreadableCase
from services.ports.storage import ActivityId, Opening, OutboxTask

_OPEN_CASES_AT_MOST = 500
_STEPPED_OVER_AT_MOST = 20
_BY_NUMBERS = select(cases).where(cases.c.number.in_(bindparam("numbers", expanding=True)))

log = logging.getLogger("sendwell.store")


class SqlCaseStore:
    """Implements the ports `CaseStore` and `CaseQueries`. A case that cannot be read is logged once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading: Callable[[], AbstractAsyncContextManager[AsyncConnection]] = database.reading
        self._row: Callable[[CaseNumber], Coroutine[Any, Any, Row[Any] | None]] = Together(self._rows).ask
        self._named: set[CaseNumber] = set()
        self._processed = Processed()

    def on(self, connection: AsyncConnection) -> "SqlCaseStore":
        """The same reads on a connection that was taken already."""
        borrowing = copy(self)
        borrowing._reading = lambda: nullcontext(connection)
        borrowing._row = borrowing._row_alone
        return borrowing

    async def get(self, number: CaseNumber) -> Case | None:
        row = await self._row(number)
        return None if row is None else self._case(row)

    async def open_of(self, *mailbox: str) -> Case | None:
        return await self._one(newest_of(open_about_mailbox(mailbox)))

    async def latest_of(self, person: PersonId) -> Case | None:
        joined = select(events.c.case_number).where(events.c.who == person, events.c.verb == Verb.JOIN.value)
        # Their numbers first: PostgreSQL answers an "or" with another table by reading all cases.
        mine = cases.c.number.in_(union(select(cases.c.number).where(cases.c.person == person), joined))
        return await self._latest(mine, case_of((cases.c.status.in_(sorted(OPEN - TROUBLES)), 0), else_=1))

    async def latest_about(self, *mailbox: str, before: CaseNumber | None = None) -> Case | None:
        return await self._latest(about_before(mailbox, before))

    async def _latest(self, mine: Any, *first: Any) -> Case | None:
        newest = select(cases).where(mine).order_by(*first, cases.c.number.desc()).limit(_STEPPED_OVER_AT_MOST)
        async with self._reading() as connection:
            rows = (await connection.execute(newest)).all()
        for row in rows:
            try:
                return self._case(row)
            except UnreadableCase:
                if row.status in OPEN:
                    raise
        return None

    async def save(
        self,
        transition: Transition,
        timers: Timers,
        *,
        created_timers: Timers | None = None,
        completes: OutboxTask | None = None,
        activity: ActivityId | None = None,
        opening: Opening | None = None,
    ) -> Case:
        """See the port `CaseStore`."""
        async with self._database.writing() as connection:
            if activity is not None:
                await self._processed.note(connection, activity, transition.event.at)
            if transition.event.verb is Verb.FORGET:
                await forget(connection, transition.case.number)
            if opening is not None and opening.mark is not None:
                await require(connection, opening.mark, transition.case.sender.mailbox_keys)
            saved = await write_transition(
                connection, transition, timers, completes, opening.holds if opening else NOTHING_HELD
            )
            if opening is not None and opening.chat is not None:
                await put(connection, saved.sender.person, opening.chat)
            if transition.creates is None:
                return saved
            number = await open_number(connection, transition.creates.case)
            if number is None:
                number = (await write_transition(connection, transition.creates, created_timers or {}, None)).number
            return await follow(connection, saved, number)

    async def was_processed(self, activity: ActivityId) -> bool:
        async with self._reading() as connection:
            same = and_(seen.c.conversation == activity.conversation_id, seen.c.activity == activity.activity_id)
            return (await connection.execute(select(seen).where(same))).first() is not None

    async def history(self, number: CaseNumber) -> Sequence[HistoryEntry]:
        async with self._reading() as connection:
            rows = await connection.execute(select(events).where(events.c.case_number == number).order_by(events.c.seq))
            return [history_entry(row) for row in rows]

    async def open_cases(self, after: CaseNumber | None = None, most: int | None = None) -> Sequence[Case]:
        query = select(cases).where(open_after(after)).order_by(cases.c.number)
        async with self._reading() as connection:
            return self._readable(await connection.execute(query.limit(most or _OPEN_CASES_AT_MOST)))

    async def count_open(self, after: CaseNumber | None = None) -> int:
        query = select(func.count()).select_from(cases).where(open_after(after))
        async with self._reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def history_of(self, person: PersonId, since: datetime, mailbox: Sequence[str] = ()) -> SenderHistory:
        this = about_mailbox(mailbox or (person,))
        async with self._reading() as connection:
            row = (
                await connection.execute(
                    select(
                        func.count(cases.c.unblocked_at).filter(this),
                        func.count(cases.c.sent_at).filter(cases.c.person == person),
                    ).where(or_(this, cases.c.person == person), cases.c.opened_at >= since)
                )
            ).one()
            mine = _about_restrictions(this)
            recent = mine.where(cases.c.opened_at >= since).limit(_OPEN_CASES_AT_MOST)
            found = (await connection.execute(recent)).all()
            newest = self._undamaged(found or await connection.execute(mine.limit(_STEPPED_OVER_AT_MOST)))
        return SenderHistory(
            seen=tuple(map(self._seen, found)),
            unblocks=row[0],
            requests=row[1],
            episode=newest.episode if newest else None,
            works_since=_works_since(newest) if newest else None,
        )

    async def newest_restricted(self, *mailbox: str) -> Case | None:
        newest = _about_restrictions(about_mailbox(mailbox)).limit(_STEPPED_OVER_AT_MOST)
        async with self._reading() as connection:
            return self._undamaged(await connection.execute(newest))

    async def reached(self, person: PersonId, since: datetime, mailbox: Sequence[str] = ()) -> Reached:
        this = or_(about_mailbox(mailbox or (person,)), *map(asked_by_anybody, mailbox))
        sends = and_(events.c.actor == Actor.PERSON.value, events.c.verb == Verb.SEND.value)
        joins = and_(
            events.c.verb == Verb.JOIN.value, events.c.at == cases.c.sent_at
        )  # what they joined was sent by it
        mine = or_(and_(sends, cases.c.person == person), and_(joins, events.c.who == person))
        told = func.count(events.c.case_number.distinct())
        theirs = and_(cases.c.person == person, cases.c.status.in_(sorted(OPEN)))
        still_open = select(func.count()).select_from(cases).where(theirs).scalar_subquery()
        query = select(told.filter(mine), told.filter(this), told.filter(this, mine), still_open)
        of_them = cases.join(events, events.c.case_number == cases.c.number)
        lately = and_(or_(sends, joins), events.c.at >= since)
        async with self._reading() as connection:
            row = (await connection.execute(query.select_from(of_them).where(lately, or_(this, mine)))).one()
        return Reached(by_person=row[0], about_mailbox=row[1], by_person_about_it=row[2], open_cases=row[3])

    async def of_sender(
        self, *mailbox: str, before: CaseNumber | None = None, most: int | None = None
    ) -> Sequence[Case]:
        query = select(cases).where(about_before(mailbox, before)).order_by(cases.c.number.desc())
        async with self._reading() as connection:
            return self._readable(await connection.execute(query.limit(most or _OPEN_CASES_AT_MOST)))

    async def count_of_sender(self, *mailbox: str, before: CaseNumber | None = None) -> SenderCount:
        query = select(func.count(), func.count(cases.c.unblocked_at)).where(about_before(mailbox, before))
        async with self._reading() as connection:
            row = (await connection.execute(query)).one()
        return SenderCount(cases=row[0], unblocks=row[1])

    async def came_since(self, since: datetime) -> int:
        async with self._reading() as connection:
            found = select(events.c.case_number).where(
                events.c.seq == 1, events.c.actor == Actor.CLOCK.value, events.c.at >= since
            )
            came = union(select(cases.c.number).where(cases.c.sent_at >= since), found)
            query = select(func.count()).select_from(came.subquery())
            return int((await connection.execute(query)).scalar_one())

    async def many(self, numbers: Sequence[CaseNumber]) -> Sequence[Case]:
        async with self._reading() as connection:
            rows = await connection.execute(select(cases).where(cases.c.number.in_(numbers)))
            found = {case.number: case for case in self._readable(rows)}
        return [found[number] for number in numbers if number in found]

    async def _rows(self, numbers: Sequence[CaseNumber]) -> Sequence[Row[Any] | None]:
        async with self._reading() as connection:
            rows = await connection.execute(_BY_NUMBERS, {"numbers": sorted({*numbers})})
            found = {row.number: row for row in rows}
        return [found.get(number) for number in numbers]

    async def _row_alone(self, number: CaseNumber) -> Row[Any] | None:
        (row,) = await self._rows([number])
        return row

    async def _one(self, query: Any) -> Case | None:
        async with self._reading() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else self._case(row)

    def _readable(self, rows: Iterable[Row[Any]]) -> list[Case]:
        """The cases of those rows that can be read."""
        readable = []
        for row in rows:
            with suppress(UnreadableCase):
                readable.append(self._case(row))
        return readable

    def _undamaged(self, rows: Iterable[Row[Any]]) -> Case | None:
        """The first case that is not damaged. Raises `UnreadableCase` for one that a newer program wrote: there is one,
        and nobody here can say what it knows."""
        for row in rows:
            try:
                return self._case(row)
            except UnreadableCase as unreadable:
                if unreadable.is_newer:
                    raise
        return None

    def _seen(self, row: Row[Any]) -> SeenRestriction:
        """Of a case that cannot be read the start is not known."""
        start = None
        with suppress(UnreadableCase):
            start = self._case(row).since
        return SeenRestriction(opened_at=row.opened_at, since=start, unblocked_at=row.unblocked_at)

    def _case(self, row: Row[Any]) -> Case:
        number = CaseNumber(row.number)
        try:
            case = read(row.body, number, row.version)
        except UnreadableCase as unreadable:
            if unreadable.is_newer:
                self._database.newer.meets(number)
            if number not in self._named:
                self._named.add(number)
                log.warning("%s", unreadable.logged)
            raise
        self._database.newer.reads(number)
        return case


def _about_restrictions(this: Any) -> Select[Any]:
    return select(cases).where(this, cases.c.restricted).order_by(cases.c.number.desc())


def _works_since(case: Case) -> datetime | None:
    return (case.list_reads.off_list_at or case.opened_at) if case.status is Status.WORKS else None


def history_entry(row: Row[Any]) -> HistoryEntry:
    try:
        return HistoryEntry(
            at=row.at,
            actor=Actor(row.actor),
            verb=Verb(row.verb),
            who=PersonId(row.who) if row.who else None,
            name=row.name,
            facts=dict(row.facts),
        )
    except (TypeError, ValueError):
        raise UnreadableCase(CaseNumber(row.case_number), f"event {row.seq} of its history") from None
