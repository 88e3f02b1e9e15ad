"""A fresh small world for each story."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from services.clients.database import Database, open_database
from tests.databases import sqlite_url
from tests.dialogs.world import World, small_world


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with open_database(sqlite_url(tmp_path)) as database:
        yield database


@pytest_asyncio.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path) as world:
        yield world
