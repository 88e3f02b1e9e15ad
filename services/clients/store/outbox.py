"""What we owe. Claiming is postponing: one conditional update is lease, retry and crash recovery."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update

from services.clients.store.database import Database
from services.clients.store.tables import todos
from services.domain.case.case import CaseNumber
from services.domain.case.transition import LATEST_IS_ENOUGH, Duty
from services.ports.storage import Todo


class TodoStore:
    """Implements the port `Todos`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, now: datetime, lease: timedelta, most: int, among: frozenset[Duty]) -> Sequence[Todo]:
        until = now + lease
        key = (todos.c.case_number, todos.c.duty, todos.c.event)
        async with self._database.writing() as connection:
            due = select(*key, todos.c.due, todos.c.tries).where(todos.c.due <= now, _among(among))
            due = due.order_by(todos.c.due).limit(most).with_for_update(skip_locked=True)
            rows = (await connection.execute(due)).all()
            claimed = [
                Todo(
                    case=CaseNumber(row.case_number),
                    duty=Duty(row.duty),
                    event=row.event,
                    due=until,
                    tries=row.tries + 1,
                )
                for row in rows
            ]
            if claimed:
                await connection.execute(
                    update(todos)
                    .where(or_(*(_same(todo) for todo in claimed)))
                    .values(due=until, held_until=until, tries=todos.c.tries + 1)
                )
        return claimed

    async def pay(self, todo: Todo) -> None:
        mine = and_(_same(todo), todos.c.due == todo.due)
        async with self._database.writing() as connection:
            gone = await connection.execute(delete(todos).where(mine))
            if gone.rowcount and todo.duty in LATEST_IS_ENOUGH:
                older = and_(todos.c.case_number == todo.case, todos.c.duty == todo.duty, todos.c.event < todo.event)
                # Somebody else who holds an older one may be drawing at this moment, die, and leave that picture there.
                ours = or_(todos.c.held_until.is_(None), todos.c.held_until == todo.due)
                await connection.execute(delete(todos).where(older, ours))

    async def postpone(self, todo: Todo, due: datetime) -> None:
        mine = and_(_same(todo), todos.c.due == todo.due)
        async with self._database.writing() as connection:
            await connection.execute(update(todos).where(mine).values(due=due, held_until=None))

    async def next_due(self, among: frozenset[Duty]) -> datetime | None:
        async with self._database.reading() as connection:
            earliest: datetime | None = (
                await connection.execute(select(func.min(todos.c.due)).where(_among(among)))
            ).scalar()
        return earliest


def _among(duties: frozenset[Duty]) -> Any:
    return todos.c.duty.in_(sorted(duties))


def _same(todo: Todo) -> Any:
    return and_(todos.c.case_number == todo.case, todos.c.duty == todo.duty, todos.c.event == todo.event)
