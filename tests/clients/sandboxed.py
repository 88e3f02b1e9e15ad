"""Our API client, talking to the Graph of a sandbox in this process."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp

from sandbox import Sandbox
from services.clients.http import ApiClient
from tests.clients.test_outbound_policies import SandboxTokens


class _OneToken(SandboxTokens):
    """The first token serves for all requests."""

    _first = ""

    async def token(self, scope: str) -> str:
        self._first = self._first or await super().token(scope)
        return self._first


@asynccontextmanager
async def graph_of(box: Sandbox) -> AsyncIterator[ApiClient]:
    settings = box.environment
    trusted = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=settings["SENDWELL_CA_FILE"]))
    async with aiohttp.ClientSession(connector=trusted) as session:
        yield ApiClient(
            session=session,
            base_url=settings["SENDWELL_GRAPH_URL"],
            tokens=_OneToken(session, settings["SENDWELL_LOGIN_URL"]),
            timeout=timedelta(seconds=30),
        )
