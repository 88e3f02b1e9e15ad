"""A fresh small world for each story."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.dialogs.world import World, small_world


@pytest_asyncio.fixture
async def w(tmp_path: Path) -> AsyncIterator[World]:
    async with small_world(tmp_path) as world:
        yield world
