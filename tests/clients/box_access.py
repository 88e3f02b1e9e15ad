"""The product's clients in this process, with tokens that the sandbox's login hands out without a request."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp

from sandbox import Sandbox
from sandbox.people import APP_ID, RESPONDER_APP_ID
from services.clients.access import Access, Sources
from services.clients.clock import SystemClock
from services.clients.containment import Microsoft365Containment
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.installer import TeamsInstaller
from services.clients.http import ApiClient
from services.clients.microsoft365 import microsoft365
from services.ports.microsoft365 import Microsoft365
from services.ports.teams import Installer
from services.settings import Settings, read_settings

_WITHIN = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxTokens:
    """Tokens of one app, each as its permissions are at that moment."""

    box: Sandbox
    app: str
    made: dict[object, str] = field(default_factory=dict)

    async def token(self, scope: str) -> str:
        granted = (scope, frozenset(self.box.tenant.roles))
        if granted not in self.made:  # signing one takes longer than most answers
            app = self.box.tenant.apps[self.app]
            self.made[granted] = self.box.login.token_for(app, scope.removesuffix("/.default")) or ""
        return self.made[granted]

    async def renew(self, scope: str, refused: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxAccess:
    """Everything that the two apps may do in the sandbox."""

    settings: Settings
    session: aiohttp.ClientSession
    ports: Microsoft365
    installer: Installer
    bot: Sources
    responder: Sources


@asynccontextmanager
async def access_to(box: Sandbox, **changed: str) -> AsyncIterator[BoxAccess]:
    """`changed`: settings other than the sandbox's own."""
    settings = read_settings({**box.environment, **changed})
    trusted = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=box.environment["SENDWELL_CA_FILE"]))
    async with aiohttp.ClientSession(connector=trusted) as session:

        def sources(app: str) -> Sources:
            tokens = BoxTokens(box=box, app=app)
            graph, exchange = (
                ApiClient(session=session, base_url=url, tokens=tokens, timeout=_WITHIN)
                for url in (settings.graph_url, settings.exchange_url)
            )
            return Sources(graph=graph, cmdlets=InvokeCommand(exchange, settings.tenant))

        bot, responder = sources(APP_ID), sources(RESPONDER_APP_ID)
        containment = Microsoft365Containment(responder.graph, responder.cmdlets)
        yield BoxAccess(
            settings=settings,
            session=session,
            ports=microsoft365(settings, SystemClock(), Access(soon=bot, slow=bot), containment),
            installer=TeamsInstaller(GraphDirectory(bot.graph), bot.graph, settings.graph_url, settings.teams_app),
            bot=bot,
            responder=responder,
        )
