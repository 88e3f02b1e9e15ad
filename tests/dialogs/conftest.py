"""A fresh small world for each story."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from services.clients.store.database import Database
from tests.databases import ON_POSTGRES, Databases, Files
from tests.dialogs.world import World, small_world
from tests.no_driver import opened
from tests.on_loop import ON_LOOP


@pytest.fixture
def databases(databases: Databases, tmp_path: Path) -> Databases:
    """SQLite on the event loop, unless the environment asks for PostgreSQL."""
    return databases if ON_POSTGRES else Files(tmp_path, ON_LOOP)


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with opened(databases.fresh()) as database:
        yield database


@pytest_asyncio.fixture
async def w(databases: Databases) -> AsyncIterator[World]:
    async with small_world(databases.fresh()) as world:
        yield world
