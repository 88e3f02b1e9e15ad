"""A service to talk to, and the wire to it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest_asyncio

from services.clients.http import Wire
from tests.service import FixedTokens, Service


@pytest_asyncio.fixture
async def service() -> AsyncIterator[Service]:
    async with Service() as service:
        yield service


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Pauses:
    """Waits that do not wait, remembered."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest_asyncio.fixture
async def pauses() -> Pauses:
    return Pauses()


@pytest_asyncio.fixture
async def tokens() -> FixedTokens:
    return FixedTokens()


@pytest_asyncio.fixture
async def wire(service: Service, session: aiohttp.ClientSession, pauses: Pauses, tokens: FixedTokens) -> Wire:
    return Wire(
        session=session,
        base_url=service.url,
        tokens=tokens,
        timeout=timedelta(seconds=2),
        pause=pauses,
    )
