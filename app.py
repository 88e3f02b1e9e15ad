"""The composition root: settings → clients → dialogs → bot → web. It opens and closes; it decides nothing."""

import asyncio
import gc
import logging
import os
import secrets
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from bot.authentication import Authenticator
from bot.connector import BotConnector, PooledFactory
from bot.keys import SigningKeys
from bot.listener import listening
from bot.messenger import TeamsMessenger
from bot.teams_bot import TeamsBot
from bot.web import Apologies, Endpoint
from cards.view import Links
from cards.words import words_for
from dialogs.build import Ports, build
from services.clients.clock import SystemClock
from services.clients.containment import Microsoft365Containment
from services.clients.exchange.mailbox_evidence import ExchangeEvidence
from services.clients.exchange.mailboxes import ExchangeMailboxes
from services.clients.exchange.outbound_policies import ExchangePolicies
from services.clients.exchange.restricted_connectors import RestrictedConnectors
from services.clients.exchange.restricted_senders import ExchangeOnline, InvokeCommand
from services.clients.graph.account_evidence import GraphEvidence
from services.clients.graph.audit_log import GraphAuditLog
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.group_members import GroupApprovers
from services.clients.graph.installer import TeamsInstaller
from services.clients.http import ApiClient, proxy_for, trust
from services.clients.store.conversations import SqlConversationStore
from services.clients.store.database import Database, DatabaseUnusableError, open_database
from services.clients.store.storage import sql_storage
from services.clients.tokens import MsalTokens
from services.ports.errors import Unavailable
from services.ports.microsoft365 import Microsoft365
from services.ports.storage import ChannelLoss
from services.ports.teams import ConversationRef, Teams
from services.settings import FaultySettingsError, Settings, read_env_file, read_settings

log = logging.getLogger("sendwell")

_GRAPH_WITHIN = timedelta(seconds=10)
_EXCHANGE_WITHIN = timedelta(seconds=20)


def reference() -> str:
    """A short reference for a failure, which is shown to the person and is in the log."""
    return secrets.token_hex(4)


@asynccontextmanager
async def sendwell(settings: Settings) -> AsyncIterator[web.Application]:
    """The web application of the bot, with its workers running. Everything is closed at the end."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings.database_url))
        session = await stack.enter_async_context(_session(settings))
        tokens = MsalTokens(settings.bot, trust(settings.ca_files))
        stack.callback(tokens.close)
        application, loops = await _wire(settings, database, session, tokens, stack)
        stack.push_async_callback(_stop, [asyncio.create_task(run()) for run in loops])
        yield application


@asynccontextmanager
async def _session(settings: Settings) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(ssl=trust(settings.ca_files), limit=100, limit_per_host=30)
    # Each request has its own time-out. No cookies are kept: one service's must not reach another.
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _wire(
    settings: Settings, database: Database, session: aiohttp.ClientSession, tokens: MsalTokens, stack: AsyncExitStack
) -> tuple[web.Application, tuple[Callable[[], Coroutine[Any, Any, None]], ...]]:
    clock = SystemClock()
    graph_api = ApiClient(session=session, base_url=settings.graph_url, tokens=tokens, timeout=_GRAPH_WITHIN)
    exchange_api = ApiClient(session=session, base_url=settings.exchange_url, tokens=tokens, timeout=_EXCHANGE_WITHIN)
    graph = GraphDirectory(graph_api)
    cmdlets = InvokeCommand(exchange_api, settings.tenant)
    conversations = SqlConversationStore(database, _channel(settings))
    connector = BotConnector(
        session,
        tokens=None if settings.anonymous else tokens,
        hosts=settings.service_hosts,
        anonymous=settings.anonymous,
        proxy_for=proxy_for,
    )
    built = build(
        Ports(
            microsoft365=Microsoft365(
                senders=ExchangeOnline(cmdlets, clock),
                connectors=RestrictedConnectors(cmdlets, clock),
                directory=graph,
                mailboxes=ExchangeMailboxes(cmdlets, graph),
                approvers=GroupApprovers(graph, graph_api, settings.approvers_group),
                responders=_members(graph, graph_api, settings.responders_group),
                mailbox_evidence=ExchangeEvidence(cmdlets, graph),
                account_evidence=GraphEvidence(graph),
                audit_log=GraphAuditLog(graph, graph_api),
                policies=ExchangePolicies(cmdlets, graph_api),
                containment=_containment(settings, session, stack),
            ),
            storage=sql_storage(database, conversations),
            teams=Teams(
                messenger=TeamsMessenger(connector, app_id=settings.app_id, tenant=settings.tenant),
                installer=TeamsInstaller(graph, graph_api, settings.graph_url, settings.teams_app),
            ),
            clock=clock,
            timing=settings.timing,
            links=_links(settings),
            reference=reference,
        )
    )
    keys = SigningKeys(session, settings.openid_metadata_url, proxy=proxy_for(settings.openid_metadata_url))
    stack.push_async_callback(keys.close)
    if not settings.anonymous:
        await keys.refresh()
    words = words_for("en")
    endpoint = Endpoint(
        authenticator=Authenticator(settings, keys),
        bot=TeamsBot(built.router, PooledFactory(connector)),
        ready=lambda: _complaints(database, conversations),
        apologies=Apologies(
            busy=lambda: words("answer.busy"), broken=lambda quoted: words("answer.broken", reference=quoted)
        ),
        reference=reference,
    )
    return endpoint.application(), (*(worker.run for worker in built.workers), built.list_monitor.run)


def _containment(settings: Settings, session: aiohttp.ClientSession, stack: AsyncExitStack) -> Microsoft365Containment:
    """Containment with the tokens of the responder app, so that the bot's own app needs no permission for it."""
    tokens = MsalTokens(settings.responder, trust(settings.ca_files))
    stack.callback(tokens.close)
    graph = ApiClient(session=session, base_url=settings.graph_url, tokens=tokens, timeout=_GRAPH_WITHIN)
    exchange = ApiClient(session=session, base_url=settings.exchange_url, tokens=tokens, timeout=_EXCHANGE_WITHIN)
    return Microsoft365Containment(graph, InvokeCommand(exchange, settings.tenant))


def _members(graph: GraphDirectory, api: ApiClient, group: str | None) -> GroupApprovers | None:
    return GroupApprovers(graph, api, group) if group else None


async def _complaints(database: Database, conversations: SqlConversationStore) -> list[str]:
    """What keeps the bot from working, a sentence each; empty if it is ready."""
    try:
        await database.ping()
        channel, loss = await conversations.channel(), await conversations.loss()
    except Unavailable as trouble:
        return [f"The database cannot be used: {trouble.detail}"]
    if channel is None:
        return ["No approvals channel: set SENDWELL_APPROVALS_CHANNEL, or write “use this channel” in Teams."]
    if loss is not None:
        return [_lost(loss)]
    return []


def _lost(loss: ChannelLoss) -> str:
    since = f"{loss.since:%Y-%m-%d %H:%M} UTC"
    return (
        f"The approvals channel cannot be posted to since {since} ({loss.reason}). Requests are kept and posted when "
        "it is back: add Sendwell to its team again, or write “use this channel” in another one."
    )


def _channel(settings: Settings) -> ConversationRef | None:
    channel = settings.approvals_channel
    if channel is None:
        return None
    return ConversationRef(id=channel.channel, service_url=channel.service_url, team=channel.team)


def _links(settings: Settings) -> Links:
    return Links(
        password_reset=settings.password_reset_url, security_info=settings.security_info_url, helpdesk=settings.helpdesk
    )


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with sendwell(settings) as application, listening(application, settings.host, settings.port):
        log.info("listening on http://%s:%d", settings.host, settings.port)
        gc.freeze()  # objects made at start live until the end, so collections need not visit them
        await stop.wait()


def main(environment: Mapping[str, str]) -> int:
    """`python app.py`: 0 when stopped, 2 for faulty settings, 1 for a database or port that cannot be used."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    try:
        settings = read_settings({**read_env_file(Path(".env")), **environment})
        asyncio.run(serve(settings))
    except FaultySettingsError as faulty:
        sys.stderr.write(f"Sendwell cannot start:\n{faulty}\n")
        return 2
    except DatabaseUnusableError as unusable:
        sys.stderr.write(f"Sendwell cannot start: {unusable}\n")
        return 1
    except OSError as trouble:
        sys.stderr.write(f"Sendwell cannot start: {trouble.strerror or trouble}. Is the port in use? Set PORT.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
