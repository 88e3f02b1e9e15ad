"""The real stores on a real SQLite file, with every statement a turn of the seeded loop.

The driver of `tests.on_loop` runs statements on the loop. Here several processes share one file: who finds it locked
asks again a little later, as SQLite itself would, and the connections of a process that is killed are closed, which
undoes what it had not committed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Self

from sqlalchemy.dialects import registry
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.util import await_only

from services.clients.store.database import Database
from tests.on_loop import Cursor, OnLoop
from tests.simulation.loop import LIFE, Life

SEEDED = "seeded"
"""The driver's name in a URL: `sqlite+seeded:///…`."""

_AGAIN_AFTER = 0.05
_TRIES = 100
"""Five seconds in all, as `busy_timeout` says."""

_OPEN: dict[Life, list[sqlite3.Connection]] = {}


class Seeded(OnLoop):
    """`OnLoop` for several processes that share a file."""

    driver = SEEDED
    supports_statement_cache = True

    def connect(self, *where: Any, **options: Any) -> Any:
        connection = sqlite3.connect(*where, factory=_Shared, **options)
        if (life := LIFE.get()) is not None:
            _OPEN.setdefault(life, []).append(connection)
        return connection

    def do_execute(self, cursor: Any, statement: Any, parameters: Any, context: Any = None) -> None:
        for tries in range(_TRIES + 1):
            try:
                super().do_execute(cursor, statement, parameters, context)
            except sqlite3.OperationalError as trouble:
                if "locked" not in str(trouble) or tries == _TRIES:
                    raise
                await_only(asyncio.sleep(_AGAIN_AFTER))
            else:
                return


class _Shared(sqlite3.Connection):
    """Asks once for a lock: waiting for it would stop everybody's clock."""

    def cursor(self, *_: Any) -> sqlite3.Cursor:  # type: ignore[override]  # always our cursor
        return super().cursor(_Hasty)


class _Hasty(Cursor):
    def execute(self, statement: str, *parameters: Any) -> Self:
        return super().execute("pragma busy_timeout=0" if "busy_timeout" in statement else statement, *parameters)


registry.register(f"sqlite.{SEEDED}", __name__, Seeded.__name__)


def hang_up(life: Life) -> None:
    """Closes the connections of a process: what it had not committed never was."""
    for connection in _OPEN.pop(life, ()):
        connection.close()


class WatchedDatabase(Database):
    """A database that somebody looks at after every commit, before anybody else has a turn."""

    def __init__(self, database: Database, committed: Callable[[], None]) -> None:
        super().__init__(database.engine)
        self._committed = committed

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        async with super().writing() as connection:
            yield connection
        self._committed()
