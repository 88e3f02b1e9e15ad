"""A fresh world for each story."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from sandbox import Sandbox
from tests.databases import Databases, Postgres
from tests.stories.world import World


@pytest_asyncio.fixture
async def unstarted(tmp_path: Path, databases: Databases) -> AsyncIterator[World]:
    """The sandbox with no bot yet."""
    async with Sandbox(data=tmp_path) as box:
        world = World(box, tmp_path)
        if isinstance(databases, Postgres):
            world.timing["SENDWELL_DATABASE_URL"] = databases.fresh()
        try:
            yield world
        finally:
            await world.stop()


@pytest_asyncio.fixture
async def world(unstarted: World) -> World:
    """The sandbox and the bot."""
    await unstarted.start()
    return unstarted
