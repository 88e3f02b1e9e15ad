"""A scripted service and an API client for it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import aiohttp
import pytest
import pytest_asyncio

from services.clients.http import ApiClient
from tests.service import FixedTokens, Service, hangs


@pytest_asyncio.fixture
async def service() -> AsyncIterator[Service]:
    async with Service() as service:
        yield service


@pytest_asyncio.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Pauses:
    """Records the pauses it is asked for, without waiting."""

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


@pytest.fixture
def time_limit(request: pytest.FixtureRequest) -> timedelta:
    """The client's time limit, short only where the service hangs: a busy machine must not exceed it, not even there,
    before the service was asked what it does not answer."""
    played = request.node.callspec.params.values() if hasattr(request.node, "callspec") else ()
    return timedelta(seconds=1.5 if hangs in played else 30)


@pytest_asyncio.fixture
async def api(
    service: Service, session: aiohttp.ClientSession, pauses: Pauses, tokens: FixedTokens, time_limit: timedelta
) -> ApiClient:
    return ApiClient(session=session, base_url=service.url, tokens=tokens, timeout=time_limit, pause=pauses)
