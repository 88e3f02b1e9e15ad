"""One app's access to the tenant: its Microsoft Graph and its Exchange cmdlets, for what somebody waits for and for
what nobody waits for."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

import aiohttp

from services.clients.exchange.cmdlets import Cmdlets
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.missing_roles import NamesMissingRoles
from services.clients.exchange.powershell import PowerShellModule
from services.clients.exchange.powershell_launch import launch_of
from services.clients.http import ApiClient, Tokens
from services.clients.said_once import SaidOnce
from services.domain.exchange_roles import BOT, RESPONDER, cmdlets_of
from services.settings import Settings

_GRAPH_WITHIN = timedelta(seconds=10)
_EXCHANGE_WITHIN = timedelta(seconds=30)
"""Exchange's first call after a pause may take this long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Microsoft Graph and Exchange, with the rights of one app."""

    graph: ApiClient
    cmdlets: Cmdlets


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """`soon` is for what somebody waits for; `slow` may take longer, and a read that is late is asked once more."""

    soon: Sources
    slow: Sources


class Accesses:
    """Opens the access of the bot's own app and of the app that contains accounts, over the route to Exchange that the
    settings name. Both belong to the same tenant, so what a role is missing for is said once."""

    def __init__(self, settings: Settings, session: aiohttp.ClientSession, stack: AsyncExitStack) -> None:
        """`stack` closes what is opened."""
        self._settings = settings
        self._session = session
        self._stack = stack
        self._said = SaidOnce()
        self._module: Cmdlets | None = None
        """The PowerShell session of the bot's own app."""

    async def of_bot(self, tokens: Tokens) -> Access:
        """Everything but containing. Raises `FaultySettingsError` if the app's certificate cannot be used."""
        if self._settings.powershell is not None:
            self._module = await self._opened(of_bot=True)
        return Access(soon=self._sources(tokens, BOT), slow=self._sources(tokens, BOT, background=True))

    async def of_responder(self, tokens: Tokens) -> Sources:
        """Containing an account. One PowerShell session serves both if there is no other app. Raises what `of_bot`
        raises."""
        settings = self._settings
        if settings.powershell is not None and settings.responder != settings.bot:
            self._module = await self._opened(of_bot=False)
        return self._sources(tokens, RESPONDER)

    async def _opened(self, *, of_bot: bool) -> Cmdlets:
        settings = self._settings
        if settings.powershell is None:
            raise AssertionError("only asked for with this route")
        app = settings.bot if of_bot else settings.responder
        contains = settings.responders_group is not None and app == settings.responder
        allowed = (cmdlets_of(BOT) if of_bot else frozenset()) | (cmdlets_of(RESPONDER) if contains else frozenset())
        launch = launch_of(settings.powershell, app, sorted(allowed))
        return await self._stack.enter_async_context(PowerShellModule(launch))

    def _sources(self, tokens: Tokens, group: str, *, background: bool = False) -> Sources:
        settings = self._settings
        slow = settings.timing.slow_read
        graph, exchange = (
            ApiClient(session=self._session, base_url=url, tokens=tokens, timeout=within, background=background)
            for url, within in (
                (settings.graph_url, slow if background else _GRAPH_WITHIN),
                (settings.exchange_url, slow if background else _EXCHANGE_WITHIN),
            )
        )
        route = self._module or InvokeCommand(exchange, settings.tenant)
        return Sources(graph=graph, cmdlets=NamesMissingRoles(route, self._said, group))
