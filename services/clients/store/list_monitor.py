"""The stored state of the list monitor."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
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
_OF_AN_ENTRY = ("since", "absent_at", "tries", "due")
_AT_A_TIME = 500
"""Entries; between such parts of a long list others are heard."""


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
        found, last = dict[str, KnownEntry](), ""
        page = select(watched).order_by(watched.c.address).limit(_AT_A_TIME)
        async with self._database.reading() as connection:
            while rows := (await connection.execute(page.where(watched.c.address > last))).all():
                found.update((row.address, _entry(row)) for row in rows)
                last = rows[-1].address
        return found

    async def remember(self, known: Sequence[KnownEntry], gone: Sequence[str]) -> None:
        async with self._database.writing() as connection:
            if gone:
                await connection.execute(delete(watched).where(watched.c.address.in_(list(gone))))
            statement = upsert(connection.dialect.name, watched)
            fresh = {name: statement.excluded[name] for name in _OF_AN_ENTRY}
            statement = for_all(statement.on_conflict_do_update(index_elements=["address"], set_=fresh))
            for first in range(0, len(known), _AT_A_TIME):
                await asyncio.sleep(0)  # others are heard before rows are made ready, which takes some milliseconds
                await connection.execute(statement, list(map(_row, known[first : first + _AT_A_TIME])))


def _entry(row: Row[Any]) -> KnownEntry:
    return KnownEntry(address=row.address, since=row.since, absent_at=row.absent_at, tries=row.tries, due=row.due)


def _row(entry: KnownEntry) -> dict[str, Any]:
    return {"address": entry.address[:320], **{name: getattr(entry, name) for name in _OF_AN_ENTRY}}


def _state(row: Row[Any]) -> MonitorState:
    why = row.why if row.why in set(UnknownReason) else None
    return MonitorState(
        begun=row.begun,
        failures=row.failures,
        told=row.told,
        why=UnknownReason(why) if why else None,
        whose_unread=row.whose_unread,
    )
