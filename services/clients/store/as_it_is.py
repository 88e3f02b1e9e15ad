"""The database as it is: looked at without migrating it, and without making it where it is not."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import false, inspect, select, update
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from services.clients.store.database import Database
from services.clients.store.round_trips import AUTOCOMMIT
from services.clients.store.tables import cases
from services.clients.store.versions import known_versions, newest_version, version_of
from services.domain.doctor.facts import DatabaseState


@asynccontextmanager
async def database_as_it_is(url: str) -> AsyncIterator[tuple[DatabaseState, Database | None]]:
    """How the database fits this program, and the database where it can be read by it."""
    file = (make_url(url).database or "").removeprefix("file:") if url.startswith("sqlite") else None
    if file is not None and not await asyncio.to_thread(Path(file).is_file):
        yield await asyncio.to_thread(_without_file, Path(file).parent), None
        return
    engine = create_async_engine(
        url, pool_size=1, hide_parameters=True, **({} if file else {"isolation_level": AUTOCOMMIT})
    )
    try:
        database = Database(engine)
        state = await _state(database)
        if state is DatabaseState.CURRENT:
            state = await _used(database)
        yield state, database if state in (DatabaseState.CURRENT, DatabaseState.READ_ONLY) else None
    finally:
        await engine.dispose()


def _without_file(folder: Path) -> DatabaseState:
    return DatabaseState.NONE_YET if os.access(folder, os.W_OK | os.X_OK) else DatabaseState.NO_FOLDER


async def _used(database: Database) -> DatabaseState:
    """Whether it can be written: asked by a change of no row at all, which is taken back besides."""
    try:
        async with database.engine.connect() as connection:
            await connection.execute(select(cases.c.number).limit(1))
            await connection.execute(update(cases).where(false()).values(number=cases.c.number))
            await connection.rollback()
    except (SQLAlchemyError, OSError) as refused:
        said = str(getattr(refused, "orig", "")).casefold()
        if "readonly" in said or "read-only" in said:
            return DatabaseState.READ_ONLY
        if "locked" in said:
            return DatabaseState.CURRENT  # somebody writes at this moment, so it can be written
        return DatabaseState.UNUSABLE
    return DatabaseState.CURRENT


async def _state(database: Database) -> DatabaseState:
    def compared(connection: Connection) -> DatabaseState:
        have = version_of(connection)
        if have is None:
            return DatabaseState.FOREIGN if inspect(connection).get_table_names() else DatabaseState.EMPTY
        if have == newest_version():
            return DatabaseState.CURRENT
        return DatabaseState.OLDER if have in known_versions() else DatabaseState.NEWER

    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(compared)
    except (SQLAlchemyError, OSError) as trouble:
        return _why(str(getattr(trouble, "orig", trouble)).casefold())


_SAID = (
    ("password authentication failed", DatabaseState.REFUSED),
    ("no pg_hba.conf entry", DatabaseState.REFUSED),
    ("role ", DatabaseState.REFUSED),
    ("does not exist", DatabaseState.NOT_MADE),
    ("connection refused", DatabaseState.AWAY),
    ("no such file or directory", DatabaseState.AWAY),
    ("could not translate host name", DatabaseState.AWAY),
    ("failed to resolve host", DatabaseState.AWAY),
    ("timeout expired", DatabaseState.AWAY),
)
"""What PostgreSQL's client says when it cannot connect; it gives no code then. The first that fits, of an English
server; else the doctor only knows that it cannot be used."""


def _why(said: str) -> DatabaseState:
    if "connection failed" not in said and "resolve host" not in said:
        return DatabaseState.UNUSABLE
    return next((state for words, state in _SAID if words in said), DatabaseState.UNUSABLE)
