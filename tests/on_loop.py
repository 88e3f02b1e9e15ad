"""SQLite without its driver's threads: each statement is run on the event loop itself, in one of its rounds.

For tests that ask the database thousands of things. The stores, their SQL and their transactions are the real ones; the
loop runs once before each statement and each commit, so that concurrent tasks take turns as with the real driver, but
in the same order in every run. The real driver and waiting for the disk are tested where `Files` are used."""

import asyncio
import sqlite3
from typing import Any, Self

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Engine
from sqlalchemy.pool import AsyncAdaptedQueuePool, Pool
from sqlalchemy.util import LRUCache, await_only

ON_LOOP = "onloop"
"""The driver's name in a URL: `sqlite+onloop:///…`."""


_COMPILED: LRUCache[Any, Any] = LRUCache(1_000)


class SharesStatements(SQLiteDialect_pysqlite):
    """A statement is compiled once a process and not once a database."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_COMPILED)


class OnLoop(SharesStatements):
    """One `Database` a file: waiting for another connection's lock would block the event loop."""

    driver = ON_LOOP
    is_async = True
    supports_statement_cache = True

    @classmethod
    def get_pool_class(cls, _url: Any) -> type[Pool]:
        return AsyncAdaptedQueuePool

    def connect(self, *where: Any, **options: Any) -> Any:
        return sqlite3.connect(*where, factory=_ThrownAway, **options)

    def do_execute(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        await_only(asyncio.sleep(0))
        super().do_execute(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]  # untyped

    def do_executemany(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        await_only(asyncio.sleep(0))
        super().do_executemany(cursor, statement, parameters, context)  # type: ignore[no-untyped-call]  # untyped

    def do_commit(self, dbapi_connection: Any) -> None:
        await_only(asyncio.sleep(0))
        super().do_commit(dbapi_connection)  # type: ignore[no-untyped-call]  # untyped


class _ThrownAway(sqlite3.Connection):
    """Does not wait for the disk, since no test cuts the power."""

    def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override]  # always our cursor
        return super().cursor(Cursor)


class Cursor(sqlite3.Cursor):
    """A cursor as SQLAlchemy wants one of an asynchronous driver."""

    def execute(self, statement: str, *parameters: Any) -> Self:
        return super().execute(statement.replace("synchronous=FULL", "synchronous=OFF"), *parameters)

    async def _async_soft_close(self) -> None:
        """SQLAlchemy awaits this before it closes a cursor; ours has nothing to do then."""


registry.register(f"sqlite.{ON_LOOP}", __name__, OnLoop.__name__)
