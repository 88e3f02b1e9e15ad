"""The database: SQLite by default, PostgreSQL by its URL; migrated at start, closed at the end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table, delete, event, insert, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from services.clients.store.faults import is_away, is_deadlock, misused
from services.clients.store.newer import Newer
from services.clients.store.one_hop import OneHop, save_hops
from services.clients.store.round_trips import AUTOCOMMIT, save_round_trips
from services.clients.store.start_check import damage
from services.clients.store.tables import seen
from services.clients.store.unusable import DatabaseUnusableError
from services.clients.store.versions import NewerDatabaseError, known_versions, newest_version, upgrade, version_of
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_LOCK = 0x53454E44
"""The key of the PostgreSQL advisory lock around migrations, since replicas may start at the same time."""
_CONNECTIONS = 15
"""Connections that are kept open. Each costs a thread in SQLite and a process in PostgreSQL, but opening one for each
transaction would cost more."""
_WAIT_AT_MOST = 5.0
"""Seconds to wait for a pooled connection, and for SQLite's lock: a click must be answered within ten."""
_BEGIN_TO_WRITE = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "BEGIN"}
"""By dialect. A transaction of SQLite that starts as a reader may be refused the write lock later; so a writer takes it
at once. Neither driver begins one by itself."""
_TRIAL = "trial"
_MIGRATED_AT_MOST = 5


class Database:
    """The database engine, with transactions for reading and for writing."""

    def __init__(self, engine: AsyncEngine, wait: float = _WAIT_AT_MOST) -> None:
        self.engine = engine
        self._wait = wait
        self._turns = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self._was_in_trouble = False
        self.newer = Newer()

    @property
    def is_alone(self) -> bool:
        """Whether no other process writes to it: SQLite serves one."""
        return self._turns is not None

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """Each statement reads by itself, what is committed by then. Raises `Unavailable` if the database is
        away, `DatabaseMisusedError` for a bug."""
        async with self._mapped(), self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction: all or nothing. Raises what `reading` raises."""
        async with self._mapped(), self._turn_to_write(), self.engine.begin() as connection:
            await _begin_to_write(connection)
            yield connection

    async def ping(self) -> None:
        """Prove that the database can be read and, after a failure, that it can be written to again. Whether a newer
        program has migrated it since is looked at, too.

        Raises:
            Unavailable: it cannot.
        """
        async with self.reading() as connection:
            version = (await connection.execute(text("select version_num from alembic_version"))).scalar()
            self.newer.migrated = version not in known_versions()
        if self._was_in_trouble:
            async with self.writing() as connection:
                await _try_to_write(connection)
            self._was_in_trouble = False

    @asynccontextmanager
    async def _turn_to_write(self) -> AsyncIterator[None]:
        """SQLite allows one writer at a time. Its lock is polled, in no order, while a connection is held, and a writer
        may wait for seconds; so the writers of this process queue here first. PostgreSQL queues by itself, by row."""
        if self._turns is None:
            yield
            return
        try:
            async with asyncio.timeout(self._wait):
                await self._turns.acquire()
        except TimeoutError:
            raise Unavailable(UnknownReason.UNREACHABLE, "database: too many are writing") from None
        try:
            yield
        finally:
            self._turns.release()

    @asynccontextmanager
    async def _mapped(self) -> AsyncIterator[None]:
        try:
            yield
        except DBAPIError as trouble:
            if not is_away(trouble):
                raise misused(trouble) from None
            self._was_in_trouble = True
            # The statement's parameters may hold what people wrote: only the driver's message is passed on.
            raise Unavailable(UnknownReason.UNREACHABLE, f"database: {trouble.orig}") from None
        except NoConnectionLeft:
            raise Unavailable(UnknownReason.UNREACHABLE, "database: all connections are in use") from None


async def _begin_to_write(connection: AsyncConnection) -> None:
    """Begin a writer's transaction, with its first statement where that saves a visit to the driver's thread. Not by an
    event of SQLAlchemy's: for one listener it looks for those of each statement, too."""
    begin = _BEGIN_TO_WRITE[connection.dialect.name]
    opened = (await connection.get_raw_connection()).dbapi_connection
    if isinstance(opened, OneHop):
        opened.before = begin
    else:
        await connection.exec_driver_sql(begin)


def upsert(dialect: str, table: Table) -> Any:
    """An INSERT of a dialect, by its name, which can handle conflicts."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415 - with SQLite it would be loaded for nothing

        return insert(table)
    return sqlite.insert(table)


def for_all(statement: Any) -> Any:
    """An INSERT that takes several rows as one statement, which is what RETURNING makes of it. Else the driver of
    PostgreSQL would send them as a pipeline, and whoever is cancelled while that begins leaves a connection behind on
    which no statement is carried out any more, and every COMMIT seems to succeed (psycopg 3.3)."""
    return statement.returning(*statement.table.primary_key.columns)


async def _try_to_write(connection: AsyncConnection) -> None:
    """Write and delete a few pages of data, which fails if the disk is full."""
    at = datetime.fromtimestamp(0, UTC)
    rows = [{"conversation": _TRIAL, "activity": f"{number:0256}", "at": at} for number in range(64)]
    await connection.execute(for_all(insert(seen)), rows)
    await connection.execute(delete(seen).where(seen.c.conversation == _TRIAL))


@asynccontextmanager
async def open_database(url: str, wait: float = _WAIT_AT_MOST) -> AsyncIterator[Database]:
    """The migrated database; `wait` is how many seconds a transaction waits for its turn.

    Raises:
        DatabaseUnusableError: it is damaged, not a database, newer than this program, or cannot be reached.
    """
    on_sqlite = url.startswith("sqlite")
    engine = create_async_engine(
        url,
        pool_size=_CONNECTIONS,
        max_overflow=0,
        pool_timeout=wait,
        hide_parameters=True,
        **({} if on_sqlite else {"isolation_level": AUTOCOMMIT}),
    )
    if on_sqlite:
        save_hops(engine)
        _tame_sqlite(engine, wait)
    else:
        save_round_trips(engine)
    try:
        await _prepare(engine)
        yield Database(engine, wait)
    finally:
        await engine.dispose()


@asynccontextmanager
async def open_to_read(url: str, wait: float = _WAIT_AT_MOST) -> AsyncIterator[Database]:
    """The database as it is, beside a program that runs on it: nothing is migrated, and the database refuses writes.

    Raises:
        DatabaseUnusableError: there is none, it cannot be reached, or it is another version's.
    """
    on_sqlite = url.startswith("sqlite")
    if on_sqlite and not await asyncio.to_thread(Path(url.partition(":///")[2]).is_file):
        raise DatabaseUnusableError("There is no such database file. SENDWELL_DATABASE_URL says where it is.")
    read_only = {} if on_sqlite else {"options": "-c default_transaction_read_only=on"}
    engine = create_async_engine(url, pool_size=1, hide_parameters=True, connect_args=read_only)
    if on_sqlite:
        _tame_sqlite(engine, wait, "query_only=ON")
    try:
        await _require_this_version(engine)
        yield Database(engine, wait)
    finally:
        await engine.dispose()


async def _require_this_version(engine: AsyncEngine) -> None:
    try:
        async with engine.begin() as connection:
            found = await connection.run_sync(version_of)
    except (SQLAlchemyError, OSError) as trouble:
        raise DatabaseUnusableError(f"The database cannot be read: {getattr(trouble, 'orig', trouble)}") from trouble
    if found != newest_version():
        raise DatabaseUnusableError("The database is another version's: use the program that runs on it.")


async def _prepare(engine: AsyncEngine) -> None:
    try:
        await _migrate(engine)
    except NewerDatabaseError as trouble:
        raise DatabaseUnusableError(
            f"The database was made by a newer Sendwell ({trouble}). Start that version, or restore a backup."
        ) from trouble
    except DatabaseError as trouble:
        raise DatabaseUnusableError(
            f"The database {engine.url.render_as_string(hide_password=True)} cannot be used: {trouble.orig}. "
            f"{_advice(str(trouble.orig))}"
        ) from trouble
    except (SQLAlchemyError, OSError) as trouble:
        raise DatabaseUnusableError(f"The database cannot be opened: {trouble}") from trouble


async def _migrate(engine: AsyncEngine) -> None:
    """All or nothing. An older program that writes meanwhile may hold a table that this waits for, and wait for one
    that this holds: the database then ends one of the two, and whoever it is tries again."""
    for left in reversed(range(_MIGRATED_AT_MOST)):
        try:
            async with engine.begin() as connection:
                await _begin_to_write(connection)
                await connection.run_sync(_check)
                await connection.run_sync(upgrade)
                await _try_to_write(connection)
        except DBAPIError as trouble:
            if not (left and is_deadlock(trouble)):
                raise
        else:
            return


def _advice(trouble: str) -> str:
    if "locked" in trouble:
        return "Another program holds it: stop that one, or wait until it is done."
    if "full" in trouble:
        return "Make room on its disk."
    if "connection failed" in trouble:
        return "`python app.py doctor` says what to do."
    return "Check that it is the right file or server and that this user may write to it; else restore a backup."


def _check(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        return
    if found := damage(connection):
        raise DatabaseUnusableError(f"The database file is damaged ({found}). Restore a backup.")


def _tame_sqlite(engine: AsyncEngine, wait: float, *more: str) -> None:
    """Set SQLite up: durable writes, a time-out for its lock, and transactions that begin explicitly.
    https://www.sqlite.org/pragma.html, https://docs.sqlalchemy.org/dialects/sqlite.html"""

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(dbapi: Any, _record: object) -> None:
        dbapi.isolation_level = None  # else the driver begins transactions by itself, and none around DDL
        cursor = dbapi.cursor()
        busy_timeout = f"busy_timeout={wait * 1000:.0f}"
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", busy_timeout, *more):
            cursor.execute(f"pragma {pragma}")
        cursor.close()
