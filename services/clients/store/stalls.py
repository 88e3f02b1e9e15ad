"""The stored stalls: which cases cannot go on, since when, and whether the approvers know."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, delete, or_, select, update

from services.clients.store.database import Database, upsert
from services.clients.store.tables import stalls
from services.clients.store.together import Together
from services.domain.case.parts import CaseNumber
from services.domain.case.stall import CLOCKS_APART, Stall
from services.domain.case.transition import TaskKind
from services.domain.unknown import UnknownReason


class SqlStallStore:
    """Implements the port `StallStore`: one row for each step that fails."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading = Together(self._present)

    async def failed(self, stall: Stall) -> None:
        async with self._database.writing() as connection:
            statement = upsert(connection.dialect.name, stalls)
            fresh = statement.excluded
            # What began in the future began before the clock was set back: it would be told that much later. A clock
            # that is ahead ends nothing: with one in three like that the approvers would never be told.
            is_over = or_(stalls.c.again_by < stall.since - CLOCKS_APART, stalls.c.since > stall.since)
            await connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["case_number", "kind"],
                    set_={
                        "reason": fresh.reason,
                        "again_by": fresh.again_by,
                        "since": case((is_over, fresh.since), else_=stalls.c.since),
                        "told_at": case((is_over, None), else_=stalls.c.told_at),
                    },
                ),
                {
                    "case_number": stall.case,
                    "kind": stall.kind,
                    "reason": stall.reason,
                    "since": stall.since,
                    "again_by": stall.again_by,
                },
            )

    async def over(self, number: CaseNumber, kind: TaskKind) -> None:
        async with self._database.writing() as connection:
            await connection.execute(delete(stalls).where(stalls.c.case_number == number, stalls.c.kind == kind))

    async def present(self, now: datetime) -> Sequence[Stall]:
        return await self._reading.ask(now)

    async def _present(self, moments: Sequence[datetime]) -> Sequence[Sequence[Stall]]:
        """What is not over at each of these moments."""
        async with self._database.reading() as connection:
            rows = await connection.execute(
                select(stalls).where(stalls.c.again_by >= min(moments)).order_by(stalls.c.case_number, stalls.c.kind)
            )
            found = [
                Stall(
                    case=CaseNumber(row.case_number),
                    kind=TaskKind(row.kind),
                    reason=UnknownReason(row.reason),
                    since=row.since,
                    again_by=row.again_by,
                    told_at=row.told_at,
                )
                for row in rows
            ]
        return [[stall for stall in found if stall.again_by >= now] for now in moments]

    async def tell(self, present: Sequence[Stall], now: datetime) -> bool:
        async with self._database.writing() as connection:
            as_read = or_(*(and_(_same(stall), _told_as_read(stall)) for stall in present))
            changed = await connection.execute(update(stalls).where(as_read).values(told_at=now))
            return changed.rowcount > 0

    async def tell_later(self, present: Sequence[Stall]) -> None:
        async with self._database.writing() as connection:
            for stall in present:
                await connection.execute(update(stalls).where(_same(stall)).values(told_at=stall.told_at))


def _same(stall: Stall) -> Any:
    return and_(stalls.c.case_number == stall.case, stalls.c.kind == stall.kind)


def _told_as_read(stall: Stall) -> Any:
    return stalls.c.told_at.is_(None) if stall.told_at is None else stalls.c.told_at == stall.told_at
