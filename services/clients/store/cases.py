"""Cases, their histories and their outbox tasks. A transition is saved in one database transaction."""

import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, delete, false, func, insert, or_, select, union, update
from sqlalchemy import case as case_of
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.case_schema import read, write
from services.clients.store.conversations import put
from services.clients.store.database import Database, insert_all, upsert
from services.clients.store.faults import is_duplicate
from services.clients.store.tables import cases, conversations, events, outbox, seen
from services.clients.store.together import Together
from services.domain.case.case import OPEN, TROUBLES, UNNUMBERED, Case, Status
from services.domain.case.history import HistoryMark, Reached, SeenRestriction, SenderCount, SenderHistory
from services.domain.case.parts import CaseNumber
from services.domain.case.timers import Timers
from services.domain.case.transition import SCHEDULED, HistoryEntry, TaskKind, Transition
from services.domain.case.workflow import Actor, Verb
from services.domain.people import PersonId
from services.domain.reporting.case_figures import CaseFigures, figures_of
from services.ports.errors import ChangedMeanwhile, DuplicateActivity, UnreadableCase
from services.ports.storage import ActivityId, Opening, OutboxTask
from services.ports.tracing import TRACE

_REMEMBERED_FOR = timedelta(hours=1)
_OPEN_CASES_AT_MOST = 500
_STEPPED_OVER_AT_MOST = 20
_NOTHING_HELD: Mapping[TaskKind, datetime] = MappingProxyType({})

log = logging.getLogger("sendwell.store")


class SqlCaseStore:
    """Implements the ports `CaseStore` and `CaseQueries`. A case that cannot be read is logged once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading: Callable[[], AbstractAsyncContextManager[AsyncConnection]] = database.reading
        self._row: Callable[[CaseNumber], Coroutine[Any, Any, Row[Any] | None]] = Together(self._rows).ask
        self._named: set[CaseNumber] = set()

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
        return await self._one(_newest(_open_about(mailbox)))

    async def latest_of(self, person: PersonId) -> Case | None:
        joined = select(events.c.case_number).where(events.c.who == person, events.c.verb == Verb.JOIN.value)
        # Their numbers first: PostgreSQL answers an "or" with another table by reading all cases.
        mine = cases.c.number.in_(union(select(cases.c.number).where(cases.c.person == person), joined))
        return await self._latest(mine, case_of((cases.c.status.in_(sorted(OPEN - TROUBLES)), 0), else_=1))

    async def latest_about(self, *mailbox: str, before: CaseNumber | None = None) -> Case | None:
        return await self._latest(_about_before(mailbox, before))

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
                await _remember(connection, activity, transition.event.at)
            if transition.event.verb is Verb.FORGET:
                await _forget(connection, transition.case.number)
            if opening is not None and opening.mark is not None:
                await _require(connection, opening.mark, transition.case.sender.mailbox_keys)
            saved = await _write(connection, transition, timers, completes, opening.holds if opening else _NOTHING_HELD)
            if opening is not None and opening.chat is not None:
                await put(connection, saved.sender.person, opening.chat)
            if transition.creates is None:
                return saved
            number = await _open_number(connection, transition.creates.case)
            if number is None:
                number = (await _write(connection, transition.creates, created_timers or {}, None)).number
            return await _follow(connection, saved, number)

    async def was_processed(self, activity: ActivityId) -> bool:
        async with self._reading() as connection:
            same = and_(seen.c.conversation == activity.conversation_id, seen.c.activity == activity.activity_id)
            return (await connection.execute(select(seen).where(same))).first() is not None

    async def history(self, number: CaseNumber) -> Sequence[HistoryEntry]:
        async with self._reading() as connection:
            rows = await connection.execute(select(events).where(events.c.case_number == number).order_by(events.c.seq))
            return [history_entry(row) for row in rows]

    async def open_cases(self, after: CaseNumber | None = None, most: int | None = None) -> Sequence[Case]:
        query = select(cases).where(_is_open(after)).order_by(cases.c.number)
        async with self._reading() as connection:
            return self._readable(await connection.execute(query.limit(most or _OPEN_CASES_AT_MOST)))

    async def count_open(self, after: CaseNumber | None = None) -> int:
        query = select(func.count()).select_from(cases).where(_is_open(after))
        async with self._reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    async def history_of(self, person: PersonId, since: datetime, mailbox: Sequence[str] = ()) -> SenderHistory:
        this = _about(mailbox or (person,))
        async with self._reading() as connection:
            row = (
                await connection.execute(
                    select(
                        func.count(cases.c.unblocked_at).filter(this),
                        func.count(cases.c.sent_at).filter(cases.c.person == person),
                    ).where(or_(this, cases.c.person == person), cases.c.opened_at >= since)
                )
            ).one()
            mine = select(cases).where(this, cases.c.restricted).order_by(cases.c.number.desc())
            recent = mine.where(cases.c.opened_at >= since).limit(_OPEN_CASES_AT_MOST)
            found = (await connection.execute(recent)).all()
            before = self._readable(await connection.execute(mine.limit(1)))
        return SenderHistory(
            seen=tuple(map(self._seen, found)),
            unblocks=row[0],
            requests=row[1],
            episode=before[0].episode if before else None,
            works_since=_works_since(before[0]) if before else None,
        )

    async def reached(self, person: PersonId, since: datetime, mailbox: Sequence[str] = ()) -> Reached:
        this = or_(_about(mailbox or (person,)), *map(_asked_by_anybody, mailbox))
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
        query = select(cases).where(_about_before(mailbox, before)).order_by(cases.c.number.desc())
        async with self._reading() as connection:
            return self._readable(await connection.execute(query.limit(most or _OPEN_CASES_AT_MOST)))

    async def count_of_sender(self, *mailbox: str, before: CaseNumber | None = None) -> SenderCount:
        query = select(func.count(), func.count(cases.c.unblocked_at)).where(_about_before(mailbox, before))
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
            rows = await connection.execute(select(cases).where(cases.c.number.in_(sorted({*numbers}))))
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


async def _remember(connection: AsyncConnection, activity: ActivityId, at: datetime) -> None:
    await connection.execute(delete(seen).where(seen.c.at < at - _REMEMBERED_FOR))
    try:
        await connection.execute(
            insert(seen).values(conversation=activity.conversation_id, activity=activity.activity_id, at=at)
        )
    except IntegrityError as refused:
        if not is_duplicate(refused):
            raise
        raise DuplicateActivity from None


async def _require(connection: AsyncConnection, mark: HistoryMark, mailbox: Sequence[str]) -> None:
    """Raise `ChangedMeanwhile` where the mailbox's cases, by any of its keys, are not those that were read."""
    present = select(func.count(), func.coalesce(func.sum(cases.c.version), 0)).where(_about(mailbox))
    row = (await connection.execute(present)).one()
    if HistoryMark(cases=row[0], versions=row[1]) != mark:
        raise ChangedMeanwhile


async def _write(
    connection: AsyncConnection,
    transition: Transition,
    timers: Timers,
    completes: OutboxTask | None,
    holds: Mapping[TaskKind, datetime] = _NOTHING_HELD,
) -> Case:
    # The case first, then its tasks: two writers that lock them in different orders could wait for each other for ever.
    number, version = await _write_case(connection, transition.case, transition.event.verb)
    if completes is not None:
        await _settle(connection, completes)
    event = transition.event
    await connection.execute(
        insert(events).values(
            case_number=number,
            seq=version,
            at=event.at,
            actor=event.actor,
            verb=event.verb,
            who=event.who,
            name=event.name[:256],
            facts=dict(event.facts),
        )
    )
    trace = TRACE.get() or None
    tasks = [
        {
            "case_number": number,
            "kind": kind,
            "event": version,
            "due": holds.get(kind, event.at),
            "held_until": holds.get(kind),
            "tries": 1 if kind in holds else 0,
            "trace": trace,
        }
        for kind in sorted(transition.effects)
    ]
    if tasks:
        await insert_all(connection, insert(outbox), tasks)
    await _write_timers(connection, number, timers, event.at)
    return read(write(transition.case), number, version)


async def _forget(connection: AsyncConnection, number: CaseNumber) -> None:
    """Delete people and error texts from a case's history, and the chat of a person of whom no other case tells. What
    happened, when and why stays."""
    person = (await connection.execute(select(cases.c.person).where(cases.c.number == number))).scalar()
    others = select(cases.c.number).where(cases.c.person == person, cases.c.number != number).exists()
    await connection.execute(delete(conversations).where(conversations.c.whose == person, ~others))
    mine = events.c.case_number == number
    await connection.execute(update(events).where(mine).values(who=None, name=""))
    for row in (await connection.execute(select(events.c.seq, events.c.facts).where(mine))).all():
        if row.facts and "error" in row.facts:
            kept = {name: value for name, value in row.facts.items() if name != "error"}
            await connection.execute(update(events).where(mine, events.c.seq == row.seq).values(facts=kept))


async def _open_number(connection: AsyncConnection, case: Case) -> CaseNumber | None:
    """The number of a case that was opened for its mailbox meanwhile, which is used instead of a new one; `None` if
    there is none."""
    number = (await connection.execute(_newest(_open_about(case.sender.mailbox_keys)))).scalar()
    return None if number is None else CaseNumber(number)


async def _follow(connection: AsyncConnection, case: Case, number: CaseNumber) -> Case:
    """Store in the older case the number of the one that follows it, which is known only after that was saved."""
    case = replace(case, past=replace(case.past, followed_by=number))
    await connection.execute(update(cases).where(cases.c.number == case.number).values(body=write(case)))
    return case


async def _settle(connection: AsyncConnection, completes: OutboxTask) -> None:
    """Delete the completed task. Raises `ChangedMeanwhile` if its lease is over: another process may be running it."""
    gone = await connection.execute(delete(outbox).where(_same(completes), outbox.c.due == completes.due))
    if gone.rowcount != 1:
        raise ChangedMeanwhile


def _same(task: OutboxTask) -> Any:
    return and_(outbox.c.case_number == task.case, outbox.c.kind == task.kind, outbox.c.event == task.event)


def _about(mailbox: Sequence[str]) -> Any:
    return cases.c.mailbox.in_([_key(key) for key in mailbox])


def _about_before(mailbox: Sequence[str], before: CaseNumber | None) -> Any:
    return _about(mailbox) if before is None else and_(_about(mailbox), cases.c.number < before)


def _asked_by_anybody(key: str) -> Any:
    """Before a mailbox was looked up the keys of its cases name their askers (see `Sender.mailbox_keys`)."""
    _, asked, address = key.partition(" ")
    return cases.c.mailbox.endswith(f" {address}", autoescape=True) if asked else false()


def _open_about(mailbox: Sequence[str]) -> Any:
    return and_(_about(mailbox), cases.c.status.in_(sorted(OPEN)))


def _is_open(after: CaseNumber | None) -> Any:
    # Written out: what is sent beside the statement says nothing to the planner of an index of the open ones alone.
    is_open = cases.c.status.in_(bindparam("open", sorted(OPEN), expanding=True, literal_execute=True))
    return is_open if after is None else and_(is_open, cases.c.number > after)


def _newest(which: Any) -> Select[Any]:
    return select(cases).where(which).order_by(cases.c.number.desc()).limit(1)


def _key(mailbox: str) -> str:
    return mailbox.casefold()[:320]


_TELLS_WHICH_MAILBOX = (Verb.LOOK, Verb.FORGET)
"""The only changes of a saved case that may give it another key: it is known now which mailbox it is, or no longer."""


async def _write_case(connection: AsyncConnection, case: Case, verb: Verb) -> tuple[CaseNumber, int]:
    row = {
        "version": case.version + 1,
        "person": case.sender.person,
        "mailbox": _key(case.sender.mailbox_keys[0]) if case.sender.mailbox_keys else "",
        "status": case.status,
        "opened_at": case.opened_at,
        "sent_at": case.request.sent_at,
        "unblocked_at": case.unblock.done_at,
        "restricted": case.restriction is not None,
        **_counted(figures_of(case)),
        "body": write(case),
    }
    try:
        if case.number == UNNUMBERED:
            made = await connection.execute(insert(cases).values(row).returning(cases.c.number))
            return CaseNumber(made.scalar_one()), 1
        mine = and_(cases.c.number == case.number, cases.c.version == case.version)
        if verb not in _TELLS_WHICH_MAILBOX:
            del row["mailbox"]
        changed = await connection.execute(update(cases).where(mine).values(row))
    except IntegrityError as refused:
        if not is_duplicate(refused):
            raise  # a bug and not a second open case: repeating the command would fail again, for ever
        raise ChangedMeanwhile from None
    if changed.rowcount != 1:
        raise ChangedMeanwhile
    return case.number, case.version + 1


def _counted(figures: CaseFigures) -> dict[str, Any]:
    decided, works = figures.decided_after, figures.works_after
    return {
        "cause": figures.cause,
        "restricted_at": figures.restricted_at,
        "decided_after": None if decided is None else int(decided.total_seconds()),
        "works_after": None if works is None else int(works.total_seconds()),
    }


async def _write_timers(connection: AsyncConnection, number: int, timers: Timers, now: datetime) -> None:
    """Replace the timed tasks of a case. A task that is claimed keeps its due time: a worker is running it. A look at
    the list or at message trace that is due sooner stays so: it counts from the last look, and not from whatever else
    is saved, such as a reminder of the same minute."""
    obsolete = SCHEDULED - set(timers)
    await connection.execute(delete(outbox).where(outbox.c.case_number == number, outbox.c.kind.in_(sorted(obsolete))))
    if not timers:
        return
    trace = TRACE.get() or None
    rows = [
        {"case_number": number, "kind": kind, "event": 0, "due": due, "held_until": None, "tries": 0, "trace": trace}
        for kind, due in sorted(timers.items())
    ]
    statement = upsert(connection, outbox)
    statement = statement.on_conflict_do_update(
        index_elements=[outbox.c.case_number, outbox.c.kind, outbox.c.event],
        set_={
            "due": _sooner_for_looks(statement.excluded.due),
            "held_until": None,
            "tries": 0,
            "trace": statement.excluded.trace,
        },
        where=or_(outbox.c.held_until.is_(None), outbox.c.held_until <= now),
    )
    await insert_all(connection, statement, rows)


def _sooner_for_looks(due: Any) -> Any:
    is_look = or_(outbox.c.kind == TaskKind.CHECK.value, outbox.c.kind == TaskKind.PROVE.value)
    return case_of((and_(is_look, outbox.c.due < due), outbox.c.due), else_=due)
