"""A world in which everything that costs somebody else something is counted: reads, writes and statements of the
database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.database import Database
from services.domain.case.timing import Timing
from tests.dialogs.outside import Outside
from tests.dialogs.world import LONG_DAYS, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What was asked of others: of the database, the directory, the list, and of Teams."""

    reads: int
    writes: int
    directory: int
    lists: int
    teams: int


class Counted(Database):
    """The real database, which counts its reads, its writes, and their statements."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.engine)
        self._counted = database
        self.reads = self.writes = self.statements = 0

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        self.reads += 1
        async with self._counted.reading() as connection:
            yield self._listening(connection)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        self.writes += 1
        async with self._counted.writing() as connection:
            yield self._listening(connection)

    def _listening(self, connection: AsyncConnection) -> AsyncConnection:
        return cast("AsyncConnection", _Listening(connection, self))


class _Listening:
    """A connection that counts what is executed on it."""

    def __init__(self, connection: AsyncConnection, counted: Counted) -> None:
        self._connection, self._counted = connection, counted

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    async def execute(self, *given: Any) -> Any:
        self._counted.statements += 1
        return await self._connection.execute(*given)


class Spending(World):
    """A world where every transaction is counted."""

    def __init__(self, database: Database, timing: Timing = LONG_DAYS, outside: Outside | None = None) -> None:
        self.counted = Counted(database)
        self._billed = 0, 0, 0
        super().__init__(self.counted, timing, outside)

    def spent(self) -> tuple[int, int]:
        """Reads and writes since this was asked last."""
        reads, writes = self.counted.reads, self.counted.writes
        self.counted.reads = self.counted.writes = 0
        return reads, writes

    def stated(self) -> int:
        """Statements since this was asked last."""
        stated, self.counted.statements = self.counted.statements, 0
        return stated

    def billed(self) -> Bill:
        """What was asked since this was asked last. A question who may decide is one to the directory."""
        reads, writes = self.spent()
        asked = self.directory.asked + self.approvers.asked, self.mail.reads, self.messenger.asked
        since = [now - before for now, before in zip(asked, self._billed, strict=True)]
        self._billed = asked
        return Bill(reads=reads, writes=writes, directory=since[0], lists=since[1], teams=since[2])
