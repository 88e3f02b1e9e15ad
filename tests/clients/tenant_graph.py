"""The sandbox's Graph in this process, over plain HTTP and with a token that has every permission."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
from aiohttp import web

from sandbox.graph import GraphService
from sandbox.tenant import CONTAINING, ROLES, Tenant
from services.clients.http import ApiClient
from tests.clients.conftest import Pauses
from tests.service import FixedTokens


class _AnyToken:
    """A login that takes every token for one with all roles."""

    def roles_of(self, _authorization: str | None, _audience: str) -> frozenset[str]:
        return ROLES | CONTAINING

    def scopes_of(self, _authorization: str | None, _audience: str) -> None:
        """It is no administrator's."""


@asynccontextmanager
async def graph_of(tenant: Tenant) -> AsyncIterator[ApiClient]:
    """A client of the tenant's Graph, which does not wait between its tries."""
    graph = GraphService(tenant, _AnyToken())  # type: ignore[arg-type]  # the methods that are asked for
    runner = web.AppRunner(graph.application(), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        base = f"http://localhost:{runner.addresses[0][1]}"
        async with aiohttp.ClientSession() as session:
            yield ApiClient(
                session=session, base_url=base, tokens=FixedTokens(), timeout=timedelta(seconds=30), pause=Pauses()
            )
    finally:
        await runner.cleanup()
