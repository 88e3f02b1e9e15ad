"""The stored state of the list monitor."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from services.clients.store.database import Database, upsert
from services.clients.store.faults import is_duplicate
from services.clients.store.tables import watch, watched
from services.domain.list_monitor import KnownEntry, MonitorState

_ONLY = 1


class SqlMonitorStore:
    """Implements the port `MonitorStore`: one row with lease and state, and one row for each known entry."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, now: datetime, lease: timedelta) -> MonitorState | None:
        async with self._database.writing() as connection:
            row = (await connection.execute(select(watch).where(watch.c.id == _ONLY))).first()
            if row is None:
                try:
                    async with connection.begin_nested():
                        first = {"id": _ONLY, "due": now + lease, "begun": False, "failures": 0, "told": False}
                        await connection.execute(insert(watch).values(first))
                except IntegrityError as refused:
                    if not is_duplicate(refused):
                        raise
                    return None  # another replica claimed it first
                return MonitorState()
            free = or_(watch.c.due <= now)
            claimed = await connection.execute(update(watch).where(watch.c.id == _ONLY, free).values(due=now + lease))
            if claimed.rowcount != 1:
                return None
        return MonitorState(begun=row.begun, failures=row.failures, told=row.told)

    async def settle(self, state: MonitorState, due: datetime) -> None:
        values = {"due": due, "begun": state.begun, "failures": state.failures, "told": state.told}
        async with self._database.writing() as connection:
            await connection.execute(update(watch).where(watch.c.id == _ONLY).values(values))

    async def known(self) -> Mapping[str, KnownEntry]:
        async with self._database.reading() as connection:
            rows = await connection.execute(select(watched))
            return {
                row.address: KnownEntry(address=row.address, since=row.since, absent_at=row.absent_at) for row in rows
            }

    async def remember(self, known: Sequence[KnownEntry], gone: Sequence[str]) -> None:
        rows = [{"address": one.address[:320], "since": one.since, "absent_at": one.absent_at} for one in known]
        async with self._database.writing() as connection:
            if gone:
                await connection.execute(delete(watched).where(watched.c.address.in_(list(gone))))
            if rows:
                statement = upsert(connection, watched)
                fresh = {"since": statement.excluded.since, "absent_at": statement.excluded.absent_at}
                await connection.execute(statement.on_conflict_do_update(index_elements=["address"], set_=fresh), rows)
