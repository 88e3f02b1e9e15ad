"""A fresh small world for each story."""

from collections.abc import AsyncIterator

import pytest_asyncio

from services.clients.store.database import Database, open_database
from tests.databases import UNHURRIED, Databases
from tests.dialogs.world import World, small_world


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.fresh(), wait=UNHURRIED) as database:
        yield database


@pytest_asyncio.fixture
async def w(databases: Databases) -> AsyncIterator[World]:
    async with small_world(databases.fresh()) as world:
        yield world
