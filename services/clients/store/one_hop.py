"""SQLite with one visit to its driver's thread for a statement: a cursor, its rows, its end and the BEGIN before it
took one each, and a visit costs more than most statements do."""

from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import event
from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection, AsyncAdapt_aiosqlite_cursor
from sqlalchemy.ext.asyncio import AsyncEngine


def save_hops(engine: AsyncEngine) -> None:
    """Open aiosqlite's connections as ones that visit their thread once a statement, and not at all to end a
    transaction that never began. Another driver of SQLite is left as it is."""
    if engine.dialect.driver != "aiosqlite":
        return

    @event.listens_for(engine.sync_engine, "do_connect")
    def _connects(dialect: Any, _record: object, where: Sequence[Any], options: dict[str, Any]) -> object:
        opened = dialect.connect(*where, **options)
        return OneHop(opened.dbapi, opened.driver_connection)


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
        connection: OneHop = self._adapt_connection  # type: ignore[assignment]  # no other makes this cursor
        before, connection.before = connection.before, ""
        return await self._connection._execute(partial(_in_turn, before, work, self._cursor, *arguments))


class OneHop(AsyncAdapt_aiosqlite_connection):
    """`before`: a statement to be carried out in the same visit as the next one, which begins a transaction."""

    __slots__ = ("before",)
    _cursor_cls = _Cursor

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.before = ""

    def commit(self) -> None:
        self.before = ""
        if self._is_in_transaction:
            super().commit()

    def rollback(self) -> None:
        self.before = ""
        if self._is_in_transaction:
            super().rollback()

    def terminate(self) -> None:
        """Whoever is cancelled leaves a transaction behind. SQLite ends it with its connection, once nobody refers to a
        statement of that any more; but their error does, to one that was refused, and who handles it may have to write.
        """
        if open_one := self._connection._connection:
            self._connection._tx.put_nowait((None, open_one.rollback))
        super().terminate()

    @property
    def _is_in_transaction(self) -> bool:
        """Whoever was cancelled while the thread began one leaves a connection that is closed and used no more."""
        open_one = self._connection._connection
        return bool(open_one and open_one.in_transaction)


def _in_turn(before: str, work: Any, cursor: Any, *arguments: Any) -> Any:
    if before:
        cursor.execute(before)
    return work(cursor, *arguments)


def _many(cursor: Any, operation: Any, seq_of_parameters: Any) -> None:
    cursor.executemany(operation, seq_of_parameters)


def _rows_of(cursor: Any, operation: Any, parameters: Any) -> deque[Any]:
    cursor.execute(operation, parameters)
    return deque(cursor.fetchall() if cursor.description else ())
