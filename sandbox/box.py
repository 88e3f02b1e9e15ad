"""The sandbox as a whole: six services on loopback, one tenant behind them."""

import random
import socket
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import Protocol

from aiohttp import web

from sandbox.administrator import AZURE_CLI, GRAPH_TOOLS
from sandbox.announcements import Announcements
from sandbox.authority import Certificates
from sandbox.azure import Azure
from sandbox.chats import Chats
from sandbox.clock import CLOCK
from sandbox.clouds import CLOUDS, WORLDWIDE
from sandbox.connector import Connector
from sandbox.entra_routes import EntraRoutes
from sandbox.exchange import Exchange
from sandbox.files import Files
from sandbox.graph import GraphService
from sandbox.login import Login
from sandbox.managed_identity import ManagedIdentity
from sandbox.management_roles import grant_everything
from sandbox.page_server import PageServer
from sandbox.people import (
    APP_ID,
    APP_SECRET,
    APPROVERS_GROUP,
    CHANNEL_ID,
    RESPONDER_APP_ID,
    RESPONDER_APP_SECRET,
    RESPONDERS_GROUP,
    TEAM_ID,
    TEAMS_APP,
    TENANT,
)
from sandbox.playground import Playground
from sandbox.replay import Replay
from sandbox.serving import HOST, serving
from sandbox.stories import STORIES
from sandbox.teams import Teams
from sandbox.tenant import Tenant

_SECOND_APP = {
    "SENDWELL_RESPONDER_APP_ID": RESPONDER_APP_ID,
    "SENDWELL_RESPONDER_APP_PASSWORD": RESPONDER_APP_SECRET,
}


class _Service(Protocol):
    """A service that learns its address once it listens."""

    base_url: str

    def application(self) -> web.Application: ...


class Sandbox:
    """`async with Sandbox(data=folder) as box:` – started, and stopped at the end.

    `base_port` 0 takes free ports; else page, login, graph, exchange, teams and its files follow each other
    from there.
    With a `playground` the chats are there, and the page is the tenant's alone. Accounts are contained by a
    `second_app`, or by the bot's own, which is all there is where the bot has no name. With a `managed_identity` the
    bot has no credential of its own, and the platform it runs on gives it its tokens. Connector and tokens are those of
    a `cloud`. With a `replay`, calls that are in that folder's recording are answered from it. A `bare` tenant knows
    nothing of Sendwell: no app, no rights in Exchange."""

    def __init__(
        self,
        *,
        data: Path,
        base_port: int = 0,
        bot_port: int | None = None,
        playground: Playground | None = None,
        second_app: bool = True,
        managed_identity: bool = False,
        cloud: str = WORLDWIDE.name,
        replay: Path | None = None,
        bare: bool = False,
    ) -> None:
        self._data = data
        self._clock_file = data / "clock"
        self._playground = playground
        self._base_port = base_port
        self.bot_port = bot_port or free_port()
        self.tenant = Tenant()
        self.chats = Chats(self._changed)
        self._second_app = second_app and playground is None
        self._bare = bare
        self._grant()
        self._cloud = CLOUDS[cloud]
        self._login = Login(
            self.tenant, cloud=self._cloud, nameless=playground is not None, second_app=self._second_app
        )
        if bare:
            self.tenant.apps.clear()
        self.identity = ManagedIdentity(self.tenant, self._login) if managed_identity else None
        recorded = Replay(replay) if replay else None
        self._graph = GraphService(self.tenant, self._login, self._cloud, recorded)
        self._exchange = Exchange(self.tenant, self._login, recorded)
        self.connector = Connector(self.tenant, self._login, self.chats)
        self.files = Files()
        self.azure = Azure(self.tenant, self._login)
        self.teams = Teams(self.tenant, self.chats, self.connector, self.files, f"http://{HOST}:{self.bot_port}")
        self.announcements = Announcements(self.teams, self.chats)
        self._page = PageServer(self.tenant, self.chats, self.teams, self.begin_anew)
        self._restart: Callable[[Callable[[], None]], Awaitable[None]] | None = None
        self.tenant.changed = self._changed
        self._stack = AsyncExitStack()
        self.written: deque[str] = deque(maxlen=1_000)
        """The last requests that could change something, as method and path."""
        self.page_url = ""

    async def __aenter__(self) -> "Sandbox":
        self._data.mkdir(parents=True, exist_ok=True)
        certificates = Certificates(self._data)
        self._ca_file = certificates.ca_file
        CLOCK.begin(self._clock_file)
        secure: tuple[_Service, ...] = (
            *(self._login, self._graph, self._exchange),
            *(self.connector, self.files, self.azure),
        )
        try:
            page = await self._start(self._page.application(), 0, None)
            self.page_url = f"http://localhost:{page}"
            for offset, service in enumerate(secure, start=1):
                port = await self._start(service.application(), offset, certificates)
                service.base_url = f"https://localhost:{port}"
            if self.identity:
                port = await self._start(self.identity.application(), len(secure) + 1, None)
                self.identity.base_url = f"http://{HOST}:{port}"
        except OSError:
            await self._stack.aclose()
            raise
        self._login.audiences |= {self._graph.base_url, self._exchange.base_url}
        self._login.consents = self.entra.consent
        self._login.delegated = {self._graph.base_url: GRAPH_TOOLS, self.azure.base_url: AZURE_CLI}
        return self

    async def __aexit__(self, *_: object) -> None:
        self._page.close()
        await self.teams.close()
        await self._stack.aclose()
        CLOCK.end()

    def restarts_the_bot(self, restart: Callable[[Callable[[], None]], Awaitable[None]]) -> None:
        """How the bot is ended, and started with nothing remembered; between the two it does what it is handed."""
        self._restart = restart

    async def begin_anew(self, story: str) -> None:
        """Everything as on the first day, and a story's beginning.

        Raises:
            ValueError: there is no such story, or the bot is not ours to restart.
        """
        if story not in STORIES:
            raise ValueError(f"Known stories: {', '.join(STORIES)}")
        if self._restart is None:
            raise ValueError("You started the bot yourself: end it, delete its database, and start both again.")
        await self._restart(lambda: self._forget_all(story))

    def _forget_all(self, story: str) -> None:
        CLOCK.begin_anew()
        for part in (self.tenant, self.entra, self.azure, self.chats, self.teams, self._page):
            part.begin_anew()
        self._grant()
        STORIES[story].begin(self.tenant)

    def _grant(self) -> None:
        if not self._bare:
            grant_everything(self.tenant.management_roles, second_app=self._second_app)

    @property
    def login(self) -> Login:
        """The login service, for tests that revoke tokens or set its clock."""
        return self._login

    @property
    def entra(self) -> EntraRoutes:
        """Where an administrator makes apps and groups."""
        return self._graph.entra

    @property
    def environment(self) -> dict[str, str]:
        """The settings with which a bot talks to this sandbox."""
        connector = self.connector.base_url
        return {
            "NO_PROXY": "localhost,127.0.0.1",
            "MicrosoftAppId": APP_ID,
            "MicrosoftAppPassword": APP_SECRET,
            "MicrosoftAppTenantId": TENANT,
            "MicrosoftAppType": "SingleTenant",
            "HOST": HOST,
            "PORT": str(self.bot_port),
            "SENDWELL_DATABASE_URL": f"sqlite+aiosqlite:///{self._data / 'sendwell.db'}",
            "SENDWELL_APPROVERS_GROUP_ID": APPROVERS_GROUP,
            "SENDWELL_RESPONDERS_GROUP_ID": RESPONDERS_GROUP,
            "SENDWELL_TEAMS_APP_ID": TEAMS_APP,
            "SENDWELL_APPROVALS_CHANNEL": f"{TEAM_ID};{CHANNEL_ID};{self.connector.service_url}",
            "SENDWELL_LOGIN_URL": self._login.base_url,
            "SENDWELL_GRAPH_URL": self._graph.base_url,
            "SENDWELL_EXCHANGE_URL": self._exchange.base_url,
            "SENDWELL_OPENID_METADATA_URL": f"{connector}/v1/.well-known/openidconfiguration",
            "SENDWELL_SERVICE_HOSTS": connector.removeprefix("https://"),
            "SENDWELL_FILE_HOSTS": self.files.base_url.removeprefix("https://"),
            "SENDWELL_CA_FILE": str(self._ca_file),
            "SENDWELL_CLOCK_FILE": str(self._clock_file),
            "SENDWELL_HELPDESK_CONTACT": "the help desk (ext. 100)",
            **({} if self._cloud is WORLDWIDE else {"SENDWELL_CLOUD": self._cloud.name}),
            **(_SECOND_APP if self._second_app else {}),
            **(self._playground.environment if self._playground else {}),
            **(self.identity.environment if self.identity else {}),
        }

    @property
    def bare_environment(self) -> dict[str, str]:
        """Where the services are, and nothing that a set-up makes."""
        made = ("MicrosoftApp", "SENDWELL_DATABASE", "SENDWELL_APPROV", "SENDWELL_RESPONDER", "SENDWELL_TEAMS_APP")
        kept = {name: value for name, value in self.environment.items() if not name.startswith(made)}
        return kept | {"SENDWELL_AZURE_URL": self.azure.base_url}

    async def _note(self, request: web.Request, _response: web.StreamResponse) -> None:
        if request.method not in ("GET", "HEAD"):
            self.written.append(f"{request.method} {request.path}")

    async def _start(self, application: web.Application, offset: int, certificates: Certificates | None) -> int:
        application.on_response_prepare.append(self._note)
        port = self._base_port + offset if self._base_port else 0
        tls = certificates.context if certificates else None
        return await self._stack.enter_async_context(serving(application, port, tls))

    def _changed(self) -> None:
        self.teams.changed()
        self._page.changed()


def free_port() -> int:
    """One that is free now, from below those that the system hands out by itself: nobody gets it in between."""
    for port in random.sample(range(15_000, 32_000), 50):
        with socket.socket() as probe, suppress(OSError):
            probe.bind((HOST, port))
            return port
    raise OSError("no free port was found")
