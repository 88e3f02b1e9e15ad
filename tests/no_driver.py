"""SQLite with no driver between the stores and the file: each statement is run on the event loop, in one of its rounds.

For tests that ask the database thousands of things. The stores, their SQL and their transactions are the real ones; the
loop runs once before each statement and each commit, so that concurrent tasks take turns as with the real driver, but
in the same order in every run. `tests/clients/test_stores.py` holds it to the same contract as the real drivers."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Executable, create_engine
from sqlalchemy.dialects import registry
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.pool import NullPool

from services.clients.store.database import Database, open_database
from tests.databases import UNHURRIED, file_of
from tests.on_loop import ON_LOOP, SharesStatements

_SAME_THREAD = "samethread"

T = TypeVar("T")


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database of that URL: without a driver where `Files(…, ON_LOOP)` made it, and then it is migrated already."""
    if not url.startswith(f"sqlite+{ON_LOOP}:"):
        async with open_database(url, wait=UNHURRIED) as database:
            yield database
        return
    calm = NoDriver(url)
    try:
        yield calm
    finally:
        calm.close()


class NoDriver(Database):
    """One a file: waiting for another one's lock would block the event loop."""

    def __init__(self, url: str) -> None:
        file = file_of(url)
        engine = create_engine(f"sqlite+{_SAME_THREAD}:///{file}", creator=lambda: _connect(file), poolclass=NullPool)
        super().__init__(cast("AsyncEngine", engine), UNHURRIED)
        self._connect = engine.connect
        self._open: list[Connection] = []
        self._free: list[Connection] = []

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        async with self._mapped(), self._transaction("BEGIN") as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        async with self._mapped(), self._turn_to_write(), self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def close(self) -> None:
        """Nobody's transaction is open any more; the last one to close writes all into the file itself."""
        for connection in self._open:
            connection.close()

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[AsyncConnection]:
        connection = self._free.pop() if self._free else self._another()
        try:
            await asyncio.sleep(0)
            with connection.begin():
                connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]  # it is open
                yield cast("AsyncConnection", _Turns(connection))
                await asyncio.sleep(0)
        finally:
            self._free.append(connection)

    def _another(self) -> Connection:
        self._open.append(self._connect())
        return self._open[-1]


class _Turns:
    """What the stores use of an `AsyncConnection`: each statement is a turn of the loop."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect

    async def execute(self, statement: Executable, *parameters: Any) -> Any:
        await asyncio.sleep(0)
        return self._connection.execute(statement, *parameters)

    async def run_sync(self, work: Callable[[Connection], T]) -> T:
        return work(self._connection)

    @asynccontextmanager
    async def begin_nested(self) -> AsyncIterator[None]:
        with self._connection.begin_nested():
            yield


class _SameThread(SharesStatements):
    driver = _SAME_THREAD
    supports_statement_cache = True


def _connect(file: object) -> sqlite3.Connection:
    """Begins no transaction by itself, and does not wait for the disk, since no test cuts the power."""
    connection = sqlite3.connect(str(file), isolation_level=None)
    for pragma in ("synchronous=OFF", "foreign_keys=ON"):
        connection.execute(f"pragma {pragma}")
    return connection


registry.register(f"sqlite.{_SAME_THREAD}", __name__, _SameThread.__name__)
