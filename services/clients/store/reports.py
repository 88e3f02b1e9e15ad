"""Reports: every figure is counted by the database, over the cases of a span of time; no case is read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Subquery, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.database import Database
from services.clients.store.tables import cases
from services.domain.case.parts import CaseNumber
from services.domain.case.status import OPEN, Status
from services.domain.reporting.period import PeriodReport, Repeated, Spread, Waiting, ends_of
from services.domain.restriction import Cause

_REPEATED_AT_MOST = 20


class SqlReportStore:
    """Implements the port `ReportStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, spans: Sequence[datetime], until: datetime) -> PeriodReport:
        since = spans[0]
        begun = cases.c.opened_at >= since
        async with self._database.reading() as connection:
            restrictions = _restrictions(since)
            by_cause = await _by_cause(connection, restrictions, spans, until)
            outcomes = await _outcomes(connection, since)
            return PeriodReport(
                spans=tuple(spans),
                until=until,
                by_span=tuple(map(sum, zip(*(row[1:] for row in by_cause), strict=True))) or (0,) * len(spans),
                by_cause=tuple((Cause(row[0]), sum(row[1:])) for row in by_cause if sum(row[1:])),
                decided=await _spread(connection, cases.c.decided_after, begun),
                works=await _spread(connection, cases.c.works_after, begun),
                requests=sum(many for _, many in outcomes),
                outcomes=outcomes,
                repeated=await _repeated(connection, restrictions),
                waiting=await _waiting(connection),
            )


def _restrictions(since: datetime) -> Subquery:
    """One row a restriction that was first seen since then: its newest case, which knows the cause best."""
    newest = func.row_number().over(
        partition_by=(cases.c.mailbox, cases.c.restricted_at), order_by=cases.c.number.desc()
    )
    seen = and_(cases.c.opened_at >= since, cases.c.restricted_at >= since, cases.c.cause.is_not(None))
    columns = (cases.c.number, cases.c.mailbox, cases.c.cause, cases.c.restricted_at, newest.label("place"))
    ranked = select(*columns).where(seen).subquery()
    return select(ranked).where(ranked.c.place == 1).subquery()


async def _by_cause(
    connection: AsyncConnection, restrictions: Subquery, spans: Sequence[datetime], until: datetime
) -> Sequence[Row[Any]]:
    """A row a cause, the most frequent first: its name, and how many began in each span. The last span has no end: a
    restriction may be seen while its report is made."""
    at = restrictions.c.restricted_at
    ends = ends_of(spans, until)
    within = [and_(at >= begin, at < end) for begin, end in zip(spans, ends, strict=True)]
    within[-1] = at >= spans[-1]
    counts = [func.count().filter(span) for span in within]
    cause = restrictions.c.cause
    return (await connection.execute(select(cause, *counts).group_by(cause).order_by(func.count().desc(), cause))).all()


async def _outcomes(connection: AsyncConnection, since: datetime) -> tuple[tuple[Status, int], ...]:
    """Counted one by one: grouped, SQLite would go through all cases by their status, however few are of late."""
    counts = [func.count().filter(cases.c.status == status.value).label(status.value) for status in Status]
    row = (await connection.execute(select(*counts).where(cases.c.sent_at >= since))).one()
    found = [(status, many) for status, many in zip(Status, row, strict=True) if many]
    return tuple(sorted(found, key=lambda one: (-one[1], one[0])))


async def _spread(connection: AsyncConnection, seconds: Any, which: Any) -> Spread | None:
    """The rows at the middle and at nine tenths of their order; both databases know no other way in common."""
    place = func.row_number().over(order_by=seconds).label("place")
    ranked = select(seconds.label("seconds"), place, func.count().over().label("many"))
    ordered = ranked.where(which, seconds.is_not(None)).subquery()
    half, most = (ordered.c.many + 1) // 2, (ordered.c.many * 9 + 9) // 10
    wanted = select(ordered).where(or_(ordered.c.place == half, ordered.c.place == most)).order_by(ordered.c.place)
    rows = (await connection.execute(wanted)).all()
    if not rows:
        return None
    first, last = (timedelta(seconds=row.seconds) for row in (rows[0], rows[-1]))
    return Spread(many=rows[0].many, half=first, most=last)


async def _repeated(connection: AsyncConnection, restrictions: Subquery) -> tuple[Repeated, ...]:
    """The most often restricted first. A forgotten mailbox has no key, and so none is the same as another."""
    many, newest = func.count().label("many"), func.max(restrictions.c.number).label("newest")
    again = select(newest, many).where(restrictions.c.mailbox != "").group_by(restrictions.c.mailbox)
    query = again.having(func.count() > 1).order_by(many.desc(), newest.desc()).limit(_REPEATED_AT_MOST)
    return tuple(Repeated(newest=CaseNumber(row.newest), times=row.many) for row in await connection.execute(query))


async def _waiting(connection: AsyncConnection) -> tuple[Waiting, ...]:
    oldest, many = func.min(func.coalesce(cases.c.sent_at, cases.c.opened_at)), func.count()
    query = select(cases.c.status, many, oldest).where(cases.c.status.in_(sorted(OPEN))).group_by(cases.c.status)
    rows = await connection.execute(query.order_by(many.desc(), cases.c.status))
    return tuple(Waiting(status=Status(row[0]), many=row[1], oldest=row[2]) for row in rows)
