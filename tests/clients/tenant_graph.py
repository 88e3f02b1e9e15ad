"""The sandbox's Graph in this process, over plain HTTP and with a token that has every permission."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp

from sandbox.graph import GraphService
from sandbox.serving import serving
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
    async with serving(graph.application(), patience=0.1) as port, aiohttp.ClientSession() as session:
        base = f"http://localhost:{port}"
        yield ApiClient(
            session=session, base_url=base, tokens=FixedTokens(), timeout=timedelta(seconds=30), pause=Pauses()
        )
