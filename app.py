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

from bot.authentication import Gate
from bot.connector import Connector, PooledFactory
from bot.keys import SigningKeys
from bot.listener import listening
from bot.messenger import TeamsMessenger
from bot.teams_bot import TeamsBot
from bot.web import Door
from cards.view import Links
from cards.words import words_for
from dialogs.build import Ports, converse
from services.clients.clock import SystemClock
from services.clients.containment import Microsoft365Containment
from services.clients.exchange.mailbox_evidence import ExchangeTraces
from services.clients.exchange.mailboxes import ExchangeMailboxes
from services.clients.exchange.outbound_policies import ExchangePolicies
from services.clients.exchange.restricted_connectors import RestrictedConnectors
from services.clients.exchange.restricted_senders import ExchangeOnline, InvokeCommand
from services.clients.graph.account_evidence import GraphTraces
from services.clients.graph.audit_log import GraphAuditLog
from services.clients.graph.directory import Graph
from services.clients.graph.group_members import GroupApprovers
from services.clients.graph.installer import TeamsInstaller
from services.clients.http import Wire, proxy_for, trust
from services.clients.store.cards import CardStore
from services.clients.store.cases import CaseStore
from services.clients.store.conversations import PlaceStore
from services.clients.store.database import Database, DatabaseUnusableError, open_database
from services.clients.store.list_monitor import WatchBookStore
from services.clients.store.outbox import TodoStore
from services.clients.tokens import MsalTokens
from services.ports.errors import Unavailable
from services.ports.storage import Loss
from services.ports.teams import Place
from services.settings import FaultySettingsError, Settings, read_env_file, read_settings

log = logging.getLogger("sendwell")

_GRAPH_WITHIN = timedelta(seconds=10)
_EXCHANGE_WITHIN = timedelta(seconds=20)


def reference() -> str:
    """A short reference for people to quote, which stands in the log as well."""
    return secrets.token_hex(4)


@asynccontextmanager
async def sendwell(settings: Settings) -> AsyncIterator[web.Application]:
    """The whole bot, running its follow-up loop; everything is closed at the end."""
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
    # Responses are read within their own time-outs; cookies of one service are nobody else's business.
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
    graph_wire = Wire(session=session, base_url=settings.graph_url, tokens=tokens, timeout=_GRAPH_WITHIN)
    exchange_wire = Wire(session=session, base_url=settings.exchange_url, tokens=tokens, timeout=_EXCHANGE_WITHIN)
    graph = Graph(graph_wire)
    cmdlets = InvokeCommand(exchange_wire, settings.tenant)
    cases, cards = CaseStore(database), CardStore(database)
    places = PlaceStore(database, _channel(settings))
    connector = Connector(
        session,
        tokens=None if settings.anonymous else tokens,
        hosts=settings.service_hosts,
        anonymous=settings.anonymous,
        proxy_for=proxy_for,
    )
    conversations = converse(
        Ports(
            mail=ExchangeOnline(cmdlets, clock),
            connectors=RestrictedConnectors(cmdlets, clock),
            mailboxes=ExchangeMailboxes(cmdlets, graph),
            mailbox_traces=ExchangeTraces(cmdlets, graph),
            account_traces=GraphTraces(graph),
            audit_log=GraphAuditLog(graph, graph_wire, clock),
            watch_book=WatchBookStore(database),
            installer=TeamsInstaller(graph, graph_wire, settings.graph_url, settings.teams_app),
            watch_every=settings.watch_every or None,
            directory=graph,
            policies=ExchangePolicies(cmdlets, graph_wire),
            containing=_containment(settings, session, stack),
            responders=_members(graph, graph_wire, settings.responders_group),
            approvers=GroupApprovers(graph, graph_wire, settings.approvers_group),
            messenger=TeamsMessenger(connector, app_id=settings.app_id, tenant=settings.tenant),
            cases=cases,
            register=cases,
            todos=TodoStore(database),
            addresses=places,
            channel=places,
            cards=cards,
            digests=cards,
            clock=clock,
            limits=settings.limits,
            lease=settings.lease,
            links=_links(settings),
            reference=reference,
        )
    )
    keys = SigningKeys(session, settings.openid_metadata_url, proxy=proxy_for(settings.openid_metadata_url))
    stack.push_async_callback(keys.close)
    if not settings.anonymous:
        await keys.refresh()
    words = words_for("en")
    door = Door(
        gate=Gate(settings, keys),
        bot=TeamsBot(conversations.front_desk, PooledFactory(connector)),
        ready=lambda: _complaints(database, places),
        busy=lambda: words("answer.busy"),
        broken=lambda quoted: words("answer.broken", reference=quoted),
        reference=reference,
    )
    return door.application(), (*(loop.run for loop in conversations.loops), conversations.watch.run)


def _containment(settings: Settings, session: aiohttp.ClientSession, stack: AsyncExitStack) -> Microsoft365Containment:
    """In the name of the app that may contain: the bot, which talks to everybody, need not be able to."""
    tokens = MsalTokens(settings.responder, trust(settings.ca_files))
    stack.callback(tokens.close)
    graph = Wire(session=session, base_url=settings.graph_url, tokens=tokens, timeout=_GRAPH_WITHIN)
    exchange = Wire(session=session, base_url=settings.exchange_url, tokens=tokens, timeout=_EXCHANGE_WITHIN)
    return Microsoft365Containment(graph, InvokeCommand(exchange, settings.tenant))


def _members(graph: Graph, wire: Wire, group: str | None) -> GroupApprovers | None:
    return GroupApprovers(graph, wire, group) if group else None


async def _complaints(database: Database, places: PlaceStore) -> list[str]:
    """What keeps the bot from its work; empty when it is ready."""
    try:
        await database.ping()
        channel, loss = await places.channel(), await places.loss()
    except Unavailable as trouble:
        return [f"The database cannot be used: {trouble.detail}"]
    if channel is None:
        return ["No approvals channel: set SENDWELL_APPROVALS_CHANNEL, or write “use this channel” in Teams."]
    if loss is not None:
        return [_lost(loss)]
    return []


def _lost(loss: Loss) -> str:
    since = f"{loss.since:%Y-%m-%d %H:%M} UTC"
    return (
        f"The approvals channel cannot be posted to since {since} ({loss.why}). Requests are kept and posted when "
        "it is back: add Sendwell to its team again, or write “use this channel” in another one."
    )


def _channel(settings: Settings) -> Place | None:
    channel = settings.approvals_channel
    if channel is None:
        return None
    return Place(conversation=channel.channel, service_url=channel.service_url, team=channel.team)


def _links(settings: Settings) -> Links:
    return Links(
        password_reset=settings.password_reset_url,
        security_info=settings.security_info_url,
        helpdesk=settings.helpdesk,
    )


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with sendwell(settings) as application, listening(application, settings.host, settings.port):
        log.info("listening on http://%s:%d", settings.host, settings.port)
        gc.freeze()  # what lives for ever need not be looked at by every collection
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
