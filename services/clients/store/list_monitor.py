"""The stored state of the list monitor."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from services.clients.store.database import Database, for_all, upsert
from services.clients.store.faults import is_duplicate
from services.clients.store.tables import watch, watched
from services.domain.list_monitor import KnownEntry, MonitorState
from services.domain.unknown import UnknownReason

_ONLY = 1
_NEVER_SO_FAR_AHEAD = 2
"""Leases, or times between two reads. Twice, for another replica's clock may be a bit ahead of ours."""


class SqlMonitorStore:
    """Implements the port `MonitorStore`: one row with lease and state, and one row for each known entry."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, now: datetime, lease: timedelta, every: timedelta) -> MonitorState | None:
        until, never_later = now + lease, now + _NEVER_SO_FAR_AHEAD * max(lease, every)
        async with self._database.reading() as connection:
            row = (await connection.execute(select(watch).where(watch.c.id == _ONLY))).first()
        if row is not None and now < row.due <= never_later:
            return None  # as nearly always: writing only to find that out would be a write every few seconds
        async with self._database.writing() as connection:
            row = (await connection.execute(select(watch).where(watch.c.id == _ONLY))).first()
            if row is None:
                try:
                    async with connection.begin_nested():
                        first = {"id": _ONLY, "due": until, "begun": False, "failures": 0, "told": False}
                        await connection.execute(insert(watch).values(first))
                except IntegrityError as refused:
                    if not is_duplicate(refused):
                        raise
                    return None  # another replica claimed it first
                return MonitorState(lease=until)
            free = or_(watch.c.due <= now, watch.c.due > never_later)
            claimed = await connection.execute(update(watch).where(watch.c.id == _ONLY, free).values(due=until))
            if claimed.rowcount != 1:
                return None
        return replace(_state(row), lease=until)

    async def settle(self, state: MonitorState, due: datetime) -> MonitorState | None:
        values = {
            "due": due,
            "begun": state.begun,
            "failures": state.failures,
            "told": state.told,
            "why": state.why and state.why.value,
            "whose_unread": state.whose_unread,
        }
        async with self._database.writing() as connection:
            ours = (watch.c.id == _ONLY, watch.c.due == state.lease)
            settled = await connection.execute(update(watch).where(*ours).values(values))
        return replace(state, lease=due) if settled.rowcount == 1 else None

    async def state(self) -> MonitorState | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(select(watch).where(watch.c.id == _ONLY))).first()
        return None if row is None else _state(row)

    async def known(self) -> Mapping[str, KnownEntry]:
        async with self._database.reading() as connection:
            rows = await connection.execute(select(watched))
            return {
                row.address: KnownEntry(
                    address=row.address,
                    since=row.since,
                    absent_at=row.absent_at,
                    tries=row.tries,
                    due=row.due,
                )
                for row in rows
            }

    async def remember(self, known: Sequence[KnownEntry], gone: Sequence[str]) -> None:
        rows = [{**asdict(one), "address": one.address[:320]} for one in known]
        async with self._database.writing() as connection:
            if gone:
                await connection.execute(delete(watched).where(watched.c.address.in_(list(gone))))
            if rows:
                statement = upsert(connection.dialect.name, watched)
                fresh = {name: statement.excluded[name] for name in ("since", "absent_at", "tries", "due")}
                statement = statement.on_conflict_do_update(index_elements=["address"], set_=fresh)
                await connection.execute(for_all(statement), rows)


def _state(row: Row[Any]) -> MonitorState:
    why = row.why if row.why in set(UnknownReason) else None
    return MonitorState(
        begun=row.begun,
        failures=row.failures,
        told=row.told,
        why=UnknownReason(why) if why else None,
        whose_unread=row.whose_unread,
    )
