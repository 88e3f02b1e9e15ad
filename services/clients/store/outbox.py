"""The outbox. Claiming a task postpones it: one conditional update is lease, retry and crash recovery."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, delete, func, literal, or_, select, union_all, update
from sqlalchemy import case as case_of
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.database import Database
from services.clients.store.tables import outbox
from services.clients.store.together import Together
from services.domain.case.parts import CaseNumber
from services.domain.case.transition import LATEST_IS_ENOUGH, SHOWS, TaskKind
from services.ports.storage import OutboxTask

_NEVER_SO_FAR_AHEAD = 2
"""Leases: what is claimed for longer was claimed by a clock that was ahead. A bit ahead another's may always be."""


_NUMBER = outbox.c.case_number == bindparam("number")
_DELETE_CLAIMED = delete(outbox).where(
    _NUMBER,
    outbox.c.kind == bindparam("kind"),
    outbox.c.event == bindparam("event"),
    outbox.c.due == bindparam("due"),
)
_DELETE_POINTLESS = delete(outbox).where(
    _NUMBER,
    or_(
        and_(outbox.c.kind == bindparam("kind"), outbox.c.event < bindparam("event")),
        and_(outbox.c.kind == bindparam("shows"), outbox.c.event <= bindparam("shown")),
    ),
    # A task that another process holds stays: that process may send its older card after ours.
    or_(outbox.c.held_until.is_(None), outbox.c.held_until == bindparam("due")),
)


class SqlOutbox:
    """Implements the port `Outbox`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._postponing = Together(self._postpone_all)

    async def claim(
        self, now: datetime, lease: timedelta, most: int, kinds: frozenset[TaskKind]
    ) -> Sequence[OutboxTask]:
        until = now + lease
        async with self._database.writing() as connection:
            due = _due(kinds, self._database.newer.left_alone(now))
            rows = (await connection.execute(due, {"now": now, "most": most})).all()
            rows = rows or await _dead(connection, now, lease, kinds)
            claimed = [
                OutboxTask(
                    case=CaseNumber(row.case_number),
                    kind=TaskKind(row.kind),
                    event=row.event,
                    due=until,
                    tries=row.tries + 1,
                    trace=row.trace or "",
                )
                for row in rows[:most]
            ]
            if claimed:
                await connection.execute(_claim_these(len(claimed)), {"until": until, **_named(claimed)})
        return claimed

    async def complete(self, task: OutboxTask, shown: int = 0) -> None:
        async with self._database.writing() as connection:
            await complete(connection, task, shown)

    async def postpone(self, task: OutboxTask, due: datetime) -> None:
        await self._postponing.ask((task, due))

    async def _postpone_all(self, postponed: Sequence[tuple[OutboxTask, datetime]]) -> Sequence[None]:
        ours = or_(*(and_(_same(task), outbox.c.due == task.due) for task, _ in postponed))
        each = case_of(*((_same(task), literal(due, outbox.c.due.type)) for task, due in postponed))
        async with self._database.writing() as connection:
            await connection.execute(update(outbox).where(ours).values(due=each, held_until=None))
        return [None] * len(postponed)

    async def restart(
        self, *, at_once: frozenset[TaskKind], without: frozenset[TaskKind], now: datetime, lease: timedelta
    ) -> Sequence[CaseNumber]:
        is_free = or_(outbox.c.held_until.is_(None), outbox.c.held_until <= now, _is_dead(now, lease))
        async with self._database.writing() as connection:
            await connection.execute(delete(outbox).where(_of_kinds(without), is_free))
            wanted = and_(_of_kinds(at_once), is_free)
            numbers = select(outbox.c.case_number).where(wanted).distinct().order_by(outbox.c.case_number)
            found = [CaseNumber(number) for number in (await connection.execute(numbers)).scalars()]
            await connection.execute(update(outbox).where(wanted, outbox.c.due > now).values(due=now))
        return found

    async def next_due(self, kinds: frozenset[TaskKind]) -> datetime | None:
        newer = self._database.newer
        async with self._database.reading() as connection:
            earliest: datetime | None = (await connection.execute(_earliest(kinds, newer.cases))).scalar()
        return min((due for due in (earliest, newer.next_try) if due), default=None)


async def complete(connection: AsyncConnection, task: OutboxTask, shown: int = 0) -> None:
    """See `Outbox.complete`, within a write."""
    if await drop(connection, task) and task.kind in LATEST_IS_ENOUGH:
        which = {"number": task.case, "kind": task.kind, "event": task.event, "due": task.due}
        await connection.execute(_DELETE_POINTLESS, {**which, "shows": SHOWS[task.kind], "shown": shown})


async def drop(connection: AsyncConnection, task: OutboxTask) -> bool:
    """Delete a task; `False` if its lease is over and another process may be running it."""
    which = {"number": task.case, "kind": task.kind, "event": task.event, "due": task.due}
    return (await connection.execute(_DELETE_CLAIMED, which)).rowcount == 1


@lru_cache(maxsize=64)
def _earliest(kinds: frozenset[TaskKind], left: frozenset[CaseNumber]) -> Any:
    """The earliest of each kind is the first in the index; over several kinds all that are planned would be read."""
    if len(kinds) == len(TaskKind) and not left:
        return select(func.min(outbox.c.due))
    each = [
        select(func.min(outbox.c.due).label("due")).where(outbox.c.kind == kind.value, *_but(left))
        for kind in sorted(kinds)
    ]
    return select(func.min(union_all(*each).subquery().c.due))


def _but(left: frozenset[CaseNumber]) -> Sequence[Any]:
    """Tasks of other cases than these."""
    return [outbox.c.case_number.not_in(sorted(left))] if left else []


def _tasks(which: Any) -> Select[Any]:
    """Those of the tasks that no other claim is taking at this moment."""
    columns = (outbox.c.case_number, outbox.c.kind, outbox.c.event, outbox.c.due, outbox.c.tries, outbox.c.trace)
    return select(*columns).where(which).with_for_update(skip_locked=True)


@lru_cache(maxsize=64)
def _due(kinds: frozenset[TaskKind], left: frozenset[CaseNumber]) -> Any:
    due = and_(_of_kinds(kinds), outbox.c.due <= bindparam("now"), *_but(left))
    return _tasks(due).order_by(outbox.c.due).limit(bindparam("most"))


@cache
def _claim_these(number: int) -> Any:
    """So many tasks, each named by itself: of rows that are looked for in a list SQLite would look at all."""
    until = bindparam("until", type_=outbox.c.due.type)
    these = (
        and_(*(column == bindparam(f"{column.name}_of_{at}") for column in outbox.primary_key)) for at in range(number)
    )
    return update(outbox).where(or_(*these)).values(due=until, held_until=until, tries=outbox.c.tries + 1)


def _named(tasks: Sequence[OutboxTask]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    for at, task in enumerate(tasks):
        names |= {f"case_number_of_{at}": task.case, f"kind_of_{at}": task.kind, f"event_of_{at}": task.event}
    return names


async def _dead(
    connection: AsyncConnection, now: datetime, lease: timedelta, kinds: frozenset[TaskKind]
) -> Sequence[Row[Any]]:
    """The tasks of these kinds with a dead claim: few in a year. By their kinds all that is planned would be read."""
    far = now + _NEVER_SO_FAR_AHEAD * lease
    return [row for row in await connection.execute(_DEAD, {"far": far}) if row.kind in kinds]


def _is_dead(now: datetime, lease: timedelta) -> Any:
    """A claim that no clock like ours can have made: the clock was set back since, or that of its replica was ahead.
    Whoever made it is gone or sees later that the task is another's. What is planned for later is held by nobody."""
    return _is_held_beyond(now + _NEVER_SO_FAR_AHEAD * lease)


def _is_held_beyond(far: Any) -> Any:
    return and_(outbox.c.held_until >= outbox.c.due, outbox.c.held_until > far)


def _of_kinds(kinds: frozenset[TaskKind]) -> Any:
    return outbox.c.kind.in_(sorted(kinds))


def _same(task: OutboxTask) -> Any:
    return and_(outbox.c.case_number == task.case, outbox.c.kind == task.kind, outbox.c.event == task.event)


_DEAD = _tasks(_is_held_beyond(bindparam("far")))
