"""SQLite with one visit to its driver's thread for a statement: a cursor, its rows, its end and the BEGIN before it
took one each, and a visit costs more than most statements do."""

from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.ext.asyncio import AsyncEngine

_BEGIN = "BEGIN IMMEDIATE"
"""A transaction that starts as a reader may be refused the write lock later; so a writer takes it at once."""


def begin_to_write(connection: Connection) -> None:
    """Begin a transaction of a writer: at once, or with its first statement where that saves a visit."""
    opened = connection.connection.dbapi_connection
    if isinstance(opened, _Connection):
        opened.begins = True
    else:
        connection.exec_driver_sql(_BEGIN)


def save_hops(engine: AsyncEngine) -> None:
    """Open aiosqlite's connections as ones that visit their thread once a statement, and not at all to end a
    transaction that never began. Another driver of SQLite is left as it is."""
    if engine.dialect.driver != "aiosqlite":
        return

    @event.listens_for(engine.sync_engine, "do_connect")
    def _connects(dialect: Any, _record: object, where: Sequence[Any], options: dict[str, Any]) -> object:
        opened = dialect.connect(*where, **options)
        return _Connection(opened.dbapi, opened.driver_connection)


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor of the driver's own connection. SQLAlchemy opens files so that any thread may make and close one, which
    touches no file; what does is left to the connection's thread."""

    __slots__ = ()
    _awaitable_cursor_close = False

    def _make_new_cursor(self, connection: Any) -> Any:
        return connection._conn.cursor()

    def _aenter_cursor(self, cursor: Any) -> Any:
        return cursor

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        async with self._adapt_connection._execute_mutex:
            self._rows = await self._in_thread(_rows_of, operation, parameters or ())

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        async with self._adapt_connection._execute_mutex:
            await self._in_thread(_many, operation, seq_of_parameters)

    async def _in_thread(self, work: Any, *arguments: Any) -> Any:
        begins, self._adapt_connection.begins = self._adapt_connection.begins, False
        return await self._connection._execute(partial(_in_turn, begins, work, self._cursor, *arguments))


class _Connection(AsyncAdapt_aiosqlite_connection):
    """`begins`: whether the next statement is the first of a writer's transaction."""

    __slots__ = ("begins",)
    _cursor_cls = _Cursor

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.begins = False

    def commit(self) -> None:
        self.begins = False
        if self._is_in_transaction:
            super().commit()

    def rollback(self) -> None:
        self.begins = False
        if self._is_in_transaction:
            super().rollback()

    @property
    def _is_in_transaction(self) -> bool:
        """Whoever was cancelled while the thread began one leaves a connection that is closed and used no more."""
        open_one = self._connection._connection
        return bool(open_one and open_one.in_transaction)


def _in_turn(begins: bool, work: Any, cursor: Any, *arguments: Any) -> Any:
    if begins:
        cursor.execute(_BEGIN)
    return work(cursor, *arguments)


def _many(cursor: Any, operation: Any, seq_of_parameters: Any) -> None:
    cursor.executemany(operation, seq_of_parameters)


def _rows_of(cursor: Any, operation: Any, parameters: Any) -> deque[Any]:
    cursor.execute(operation, parameters)
    return deque(cursor.fetchall() if cursor.description else ())
