"""The database as it is: looked at without migrating it, and without making it where it is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from services.clients.store.database import Database, alembic_config
from services.clients.store.round_trips import AUTOCOMMIT
from services.domain.doctor.facts import DatabaseState


@asynccontextmanager
async def database_as_it_is(url: str) -> AsyncIterator[tuple[DatabaseState, Database | None]]:
    """How the database fits this program, and the database where it can be read by it."""
    file = make_url(url).database if url.startswith("sqlite") else None
    if file is not None and not await asyncio.to_thread(Path(file).is_file):
        yield DatabaseState.NONE_YET, None
        return
    engine = create_async_engine(
        url, pool_size=1, hide_parameters=True, **({} if file else {"isolation_level": AUTOCOMMIT})
    )
    try:
        database = Database(engine)
        state = await _state(database)
        yield state, database if state is DatabaseState.CURRENT else None
    finally:
        await engine.dispose()


async def _state(database: Database) -> DatabaseState:
    def compared(connection: object) -> DatabaseState:
        have = MigrationContext.configure(connection).get_current_revision()  # type: ignore[arg-type]  # run_sync's
        script = ScriptDirectory.from_config(alembic_config(connection))  # type: ignore[arg-type]  # the same
        if have == script.get_current_head():
            return DatabaseState.CURRENT
        try:
            if have is not None:
                script.get_revision(have)
        except CommandError:
            return DatabaseState.NEWER  # this program has no such migration
        return DatabaseState.OLDER

    try:
        async with database.engine.connect() as connection:
            return await connection.run_sync(compared)
    except (SQLAlchemyError, OSError):
        return DatabaseState.UNUSABLE
