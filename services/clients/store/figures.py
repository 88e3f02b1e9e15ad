"""A few counts over the database, for figures; no row is read whole, and nothing of a person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select

from services.clients.store.database import Database
from services.clients.store.tables import cases, outbox, watch
from services.domain.case.status import OPEN
from services.domain.case.transition import TaskKind

_TRIED_AGAIN_WITHIN = timedelta(hours=2)
"""What was tried in vain is tried again within an hour (see `Worker`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskFigures:
    """The outbox tasks of one kind: how many are due, since when the oldest is (`None`: none is due), and how often
    one was claimed at most since it was planned, of those that are due within two hours."""

    due: int
    oldest: datetime | None
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFigures:
    """When the list monitor reads next, and how many of its reads failed in a row."""

    due: datetime
    failures: int

    def age(self, every: timedelta, now: datetime) -> timedelta:
        """How old its last good read is: reads lie `every` apart, each failed one included."""
        return max(now - self.due + every * (1 + self.failures), timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The counts at one moment. `watch` is `None` before the list monitor's first read."""

    cases: Mapping[str, int]
    tasks: Mapping[str, TaskFigures]
    watch: WatchFigures | None


async def count_ended(database: Database) -> Mapping[str, int]:
    """How many cases ended, by status: all that ever were are counted. Raises `Unavailable`."""
    return await _counted(database, cases.c.status.not_in(sorted(OPEN)))


async def read_figures(database: Database, now: datetime, ended: Mapping[str, int]) -> Figures:
    """Three queries, which every replica answers alike; `ended` was counted before. A task in a worker's hands is not
    due. Raises `Unavailable`."""
    due = outbox.c.due <= now
    by_kind = select(
        outbox.c.kind,
        func.count().filter(due).label("due"),
        func.min(outbox.c.due).filter(due).label("oldest"),
        func.max(outbox.c.tries).label("tries"),
    )
    # By kind and time, as the index is: what lies further ahead is planned and was not tried, and there is most of it.
    soon = and_(outbox.c.kind.in_(sorted(TaskKind)), outbox.c.due <= now + _TRIED_AGAIN_WITHIN)
    by_kind = by_kind.where(soon).group_by(outbox.c.kind)
    many = await _counted(database, cases.c.status.in_(sorted(OPEN)))
    async with database.reading() as connection:
        tasks = {
            row.kind: TaskFigures(due=row.due, oldest=row.oldest, tries=row.tries)
            for row in await connection.execute(by_kind)
        }
        row = (await connection.execute(select(watch.c.due, watch.c.failures))).first()
    read = WatchFigures(due=row.due, failures=row.failures) if row else None
    return Figures(cases={**ended, **many}, tasks=tasks, watch=read)


async def _counted(database: Database, which: ColumnElement[bool]) -> dict[str, int]:
    by_status = select(cases.c.status, func.count().label("many")).where(which).group_by(cases.c.status)
    async with database.reading() as connection:
        return {row.status: row.many for row in await connection.execute(by_status)}
