"""A world in which everything that costs somebody else something is counted: reads and writes of the database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.database import Database
from services.domain.case.case import Timing
from tests.dialogs.fakes import Outside
from tests.dialogs.world import LONG_DAYS, World


class Counted(Database):
    """The real database, which counts its reads and its writes."""

    def __init__(self, database: Database) -> None:
        super().__init__(database.engine)
        self._counted = database
        self.reads = self.writes = 0

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        self.reads += 1
        async with self._counted.reading() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        self.writes += 1
        async with self._counted.writing() as connection:
            yield connection


class Spending(World):
    """A world where every transaction is counted."""

    def __init__(self, database: Database, timing: Timing = LONG_DAYS, outside: Outside | None = None) -> None:
        self.counted = Counted(database)
        super().__init__(self.counted, timing, outside)

    def spent(self) -> tuple[int, int]:
        """Reads and writes since this was asked last."""
        reads, writes = self.counted.reads, self.counted.writes
        self.counted.reads = self.counted.writes = 0
        return reads, writes
