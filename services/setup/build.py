"""From a plan to its steps, with the clients they need."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from services.clients.http import ApiClient, Tokens, trust
from services.clients.login_session import login_session
from services.setup.admin_login import AZURE_CLI, GRAPH_TOOLS, AdminTokens
from services.setup.azure import AzureBot
from services.setup.by_hand import BotByHand
from services.setup.credential import Credential
from services.setup.directory import Directory
from services.setup.env_file import EnvFile
from services.setup.exchange import ExchangeRoles
from services.setup.granted import AppAccess
from services.setup.groups import DecidersGroup
from services.setup.needs import BOT, RESPONDER, permissions
from services.setup.registration import AppRegistration, AppRoles, Consent, EnterpriseApp, TracePrincipal, WantedApp
from services.setup.settings_step import SettingsFile
from services.setup.step import Step
from services.setup.teams import TeamsApp, WritePackage
from services.setup.wanted import Wanted

_WITHIN = timedelta(seconds=60)
_MICROSOFT = ".microsoftonline.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addresses:
    """Where the services are, each without a slash at its end."""

    login: str
    graph: str
    exchange: str
    azure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the steps need of this machine. `env`: the settings' file; what else is written stands beside it."""

    addresses: Addresses
    ca_files: tuple[Path, ...]
    env: EnvFile
    write_package: WritePackage
    say: Callable[[str], None]
    now: Callable[[], datetime]
    pause: Callable[[float], Awaitable[object]] = asyncio.sleep


async def steps_of(wanted: Wanted, around: Surroundings, stack: AsyncExitStack) -> list[Step]:
    """In the order they are done. `stack` closes what they use."""
    context = trust(around.ca_files)
    session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)))
    login = login_session(context, (5.0, 30.0))
    stack.callback(login.close)
    at = around.addresses
    admin = AdminTokens(
        {at.graph: GRAPH_TOOLS, at.azure: AZURE_CLI},
        authority=f"{at.login}/{wanted.tenant}",
        session=login,
        say=around.say,
        known_authority=(urlsplit(at.login).hostname or "").endswith(_MICROSOFT),
    )
    access = AppAccess(wanted.tenant, around.env, session, context, login_url=at.login, exchange_url=at.exchange)
    stack.callback(access.close)

    def directory(url: str, tokens: Tokens, needs: str) -> Directory:
        api = ApiClient(session=session, base_url=url, tokens=tokens, timeout=_WITHIN)
        return Directory(api, needs=needs, pause=around.pause)

    return [
        *_apps(wanted, around, directory(at.graph, admin, "Application.ReadWrite.All"), access),
        *_groups(wanted, directory(at.graph, admin, "Group.ReadWrite.All")),
        AzureBot(directory(at.azure, admin, "Azure"), wanted, wanted.bot) if wanted.bot else BotByHand(wanted),
        TeamsApp(
            directory(at.graph, admin, "AppCatalog.ReadWrite.All"),
            around.write_package,
            {**wanted.package, "SENDWELL_PUBLIC_URL": wanted.public_url},
            around.env.path.parent / "sendwell.zip",
        ),
        SettingsFile(
            around.env,
            {"MicrosoftAppTenantId": wanted.tenant, "SENDWELL_PUBLIC_URL": wanted.public_url, **wanted.package},
        ),
        ExchangeRoles(
            access.cmdlets, around.env.path.parent, roles=_roles(wanted), with_limits="limits" in wanted.features
        ),
    ]


def _roles(wanted: Wanted) -> tuple[str, ...]:
    return (BOT, RESPONDER) if "containment" in wanted.features else (BOT,)


def _apps(wanted: Wanted, around: Surroundings, graph: Directory, access: AppAccess) -> list[Step]:
    ids = AppRoles(graph)
    steps: list[Step] = []
    for role in _roles(wanted):
        name = wanted.name if role == BOT else f"{wanted.name} Responder"
        app = WantedApp(role=role, name=name, key=wanted.key, asks=permissions(role, wanted.features))
        steps += [
            AppRegistration(graph, ids, app),
            EnterpriseApp(graph, app),
            Credential(graph, around.env, access.refusal, app, certificate=wanted.certificate, now=around.now),
            Consent(graph, ids, app, f"{around.addresses.login}/{wanted.tenant}"),
        ]
    return [*steps, TracePrincipal(graph)] if "trace" in wanted.features else steps


def _groups(wanted: Wanted, graph: Directory) -> list[Step]:
    named = {
        "SENDWELL_APPROVERS_GROUP_ID": wanted.approvers,
        **({"SENDWELL_RESPONDERS_GROUP_ID": wanted.responders} if wanted.responders else {}),
    }
    return [DecidersGroup(graph, group, setting=name, plan_key=wanted.key) for name, group in named.items()]
