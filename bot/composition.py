"""The composition root: settings → clients → dialogs → bot → web. It opens and closes; it decides nothing."""

import asyncio
import gc
import logging
import secrets
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
from aiohttp import web

from bot.authentication import Authenticator
from bot.connector import BotConnector, ConnectorService, PooledFactory
from bot.keys import SigningKeys
from bot.listener import listening
from bot.measured_bot import MeasuredBot
from bot.messenger import TeamsMessenger
from bot.metrics_page import MetricsPage, counting_responses
from bot.of_settings import deciding_groups, installer, links, mentions, others
from bot.teams_bot import TeamsBot
from bot.web import Apologies, Endpoint
from cards.doctor_lines import lacking
from cards.words import words_for
from dialogs.build import Ports, build
from dialogs.jobs.worker import Worker
from services.clients.access import Accesses
from services.clients.clock import MovedClock, SystemClock
from services.clients.containment import Microsoft365Containment
from services.clients.doctor.anew import LooksAnew, channel_of
from services.clients.doctor.looking import LookAt, Looking
from services.clients.dropped_files import SharePointFiles
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.open_groups import OpenGroups
from services.clients.http import open_session, proxy_for, trust
from services.clients.metrics.collected import Collected
from services.clients.metrics.loop_lag import watch_loop
from services.clients.metrics.measured import measured, measured_storage, measured_tenant
from services.clients.metrics.metrics import Metrics
from services.clients.microsoft365 import microsoft365
from services.clients.readiness import Askers, Readiness
from services.clients.store.conversations import SqlConversationStore
from services.clients.store.database import Database, open_database
from services.clients.store.storage import sql_storage
from services.clients.tokens import MsalTokens
from services.clients.webhook.sender import SignedWebhook, sessions_for
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.teams import Teams
from services.ports.tracing import NO_TRACING, Tracing
from services.settings import FaultySettingsError, Settings

log = logging.getLogger("sendwell")
_FILE_WITHIN = timedelta(seconds=4)
"""Teams sends a message again that is not answered within ten seconds or a little more."""

_LOGIN_WITHIN = 5.0
"""Seconds that a start waits for the first token to answer with."""


def call_code() -> str:
    """Six digits, to be told on the telephone."""
    return f"{secrets.randbelow(10**6):06}"


def reference() -> str:
    """A short reference for a failure, which is shown to the person and is in the log."""
    return secrets.token_hex(4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logins:
    """The tokens of the bot's own app, and of the one that contains accounts."""

    bot: MsalTokens
    responder: MsalTokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The bot's web application, and who works off what it owes."""

    application: web.Application
    workers: tuple[Worker, ...]

    @property
    def handed_back(self) -> int:
        """How many tasks are due at once again, since this process ended while it had them in hand."""
        return sum(worker.handed_back for worker in self.workers)


@asynccontextmanager
async def sendwell(settings: Settings) -> AsyncIterator[Running]:
    """The bot, with its workers running. Everything is closed at the end."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings.database_url))
        trusted = trust(settings.ca_files)  # once: reading the authorities that a machine trusts takes a while
        session = await stack.enter_async_context(open_session(trusted))
        tokens = MsalTokens(settings.bot, trusted)
        stack.callback(tokens.close)
        responder = MsalTokens(settings.responder, trusted)
        stack.callback(responder.close)
        running, loops = await _wire(settings, database, session, Logins(bot=tokens, responder=responder), stack)
        stack.push_async_callback(_stop, [asyncio.create_task(run()) for run in loops])
        yield running


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _wire(
    settings: Settings, database: Database, session: aiohttp.ClientSession, logins: Logins, stack: AsyncExitStack
) -> tuple[Running, tuple[Callable[[], Coroutine[Any, Any, None]], ...]]:
    clock: Clock = MovedClock(settings.clock_file) if settings.clock_file else SystemClock()
    metrics, tracing = Metrics(), _tracing(settings, stack)
    accesses = Accesses(settings, session, stack)
    tokens = logins.bot
    bot = await accesses.of_bot(tokens)
    containment = await _containment(accesses, logins.responder)
    conversations = SqlConversationStore(database, channel_of(settings))
    connector = BotConnector(
        session,
        tokens=None if settings.anonymous else tokens,
        service=ConnectorService(scope=settings.cloud.connector_scope, hosts=settings.service_hosts),
        anonymous=settings.anonymous,
        proxy_for=proxy_for,
    )
    tenant = measured_tenant(microsoft365(settings, clock, bot, containment), metrics, tracing)
    storage = measured_storage(sql_storage(database, conversations), metrics)
    webhook = await _webhook(settings, clock, stack)
    groups = OpenGroups(GraphDirectory(bot.soon.graph), deciding_groups(settings), clock)
    keys = SigningKeys(session, settings.openid_metadata_url, proxy=proxy_for(settings.openid_metadata_url))
    stack.push_async_callback(keys.close)
    # Together: each is several round trips away, and whoever writes first would wait for the token to answer with.
    first_needs = () if settings.anonymous else (keys.refresh(), _asked_for(tokens, settings.cloud.connector_scope))
    complaints, *_ = await asyncio.gather(groups.complaints(), *first_needs)
    if complaints:
        raise FaultySettingsError(complaints)
    looking = Looking(settings, session, clock, bot=tokens, responder=tokens, at=LookAt(channel=channel_of(settings)))

    async def untold_since() -> datetime | None:
        return await storage.announcements.untold_since(clock.now())

    async def quickly() -> list[str]:
        return lacking(await looking.quick(), words_for("en"))

    readiness = Readiness(
        database=database,
        storage=storage,
        login=tokens,
        approvers=tenant.approvers,
        asked=Askers(
            groups=groups.complaints,
            doctor=quickly,
            untold_since=untold_since if settings.webhook else None,
            newer=database.newer.said,
        ),
    )
    built = build(
        Ports(
            microsoft365=tenant,
            storage=storage,
            teams=Teams(
                messenger=measured(
                    TeamsMessenger(connector, app_id=settings.app_id, tenant=settings.tenant), "teams", metrics, tracing
                ),
                installer=installer(settings, bot.soon.graph),
                mentions=mentions(settings, GraphDirectory(bot.soon.graph), clock),
                others=others(settings, GraphDirectory(bot.soon.graph), clock),
                files=SharePointFiles(session, hosts=settings.file_hosts, within=_FILE_WITHIN, proxy_for=proxy_for),
            ),
            clock=clock,
            timing=settings.timing,
            links=links(settings),
            reference=reference,
            zone=settings.zone,
            call_code=call_code,
            tracing=tracing,
            doctor=LooksAnew(settings=settings, session=session),
            webhook=measured(webhook, "webhook", metrics, tracing) if webhook else None,
        )
    )
    words = words_for("en")
    endpoint = Endpoint(
        authenticator=Authenticator(settings, keys),
        bot=MeasuredBot(TeamsBot(built.router, PooledFactory(connector)), metrics.activity, tracing),
        ready=readiness.complaints,
        apologies=Apologies(
            busy=lambda: words("answer.busy"), broken=lambda quoted: words("answer.broken", reference=quoted)
        ),
        reference=reference,
    )
    collected = Collected(
        metrics,
        database=database,
        clock=clock,
        ready=readiness.complaints,
        logins={"bot": tokens} if settings.responder_app is None else {"bot": tokens, "responder": logins.responder},
        watch_every=settings.timing.watch_every,
    )
    application = endpoint.application()
    application.middlewares.append(counting_responses(metrics.responded))
    await _show_metrics(settings, collected, application, stack)
    loops: tuple[Callable[[], Coroutine[Any, Any, None]], ...] = (
        *(worker.run for worker in built.workers),
        built.list_monitor.run,
        lambda: watch_loop(metrics),
        partial(_told, quickly),
    )
    return Running(application=application, workers=built.workers), loops


async def _asked_for(tokens: MsalTokens, scope: str) -> None:
    """So that it is there when it is needed. The start goes on without it: the doctor says why the login refuses it."""
    with suppress(Unavailable, TimeoutError):
        async with asyncio.timeout(_LOGIN_WITHIN):
            await tokens.token(scope)


async def _told(quickly: Callable[[], Coroutine[Any, Any, list[str]]]) -> None:
    """A line in the log for each thing that the main job lacks, once at the start."""
    for said in await quickly():
        log.warning("doctor: %s", said)


def _tracing(settings: Settings, stack: AsyncExitStack) -> Tracing:
    """Nothing of it is loaded unless a setting says where traces go."""
    if (url := settings.observing.traces_url) is None:
        return NO_TRACING
    from services.clients.otel import otel_tracing  # noqa: PLC0415 - it costs a second and many megabytes

    tracing = otel_tracing(url, trust(settings.ca_files))
    stack.push_async_callback(asyncio.to_thread, tracing.close)
    return tracing


async def _show_metrics(
    settings: Settings, collected: Collected, application: web.Application, stack: AsyncExitStack
) -> None:
    """Where the settings say so, and nowhere else."""
    page, at = MetricsPage(collected.text, settings.observing.metrics_token), settings.observing.metrics_at
    page.add_to(application)
    if at is not None:
        await stack.enter_async_context(listening(page.alone(), at.host, at.port))
        log.info("metrics on http://%s:%d/metrics", at.host, at.port)


async def _webhook(settings: Settings, clock: Clock, stack: AsyncExitStack) -> SignedWebhook | None:
    if (receiver := settings.webhook) is None:
        return None
    opened = sessions_for(receiver, trust(settings.ca_files), proxy_for(receiver.url))
    session = await stack.enter_async_context(opened)
    return SignedWebhook(receiver, session, source=settings.app_id or settings.tenant, clock=clock, proxy_for=proxy_for)


async def _containment(accesses: Accesses, tokens: MsalTokens) -> Microsoft365Containment:
    """Containment with the tokens of the responder app, so that the bot's own app needs no permission for it."""
    sources = await accesses.of_responder(tokens)
    return Microsoft365Containment(sources.graph, sources.cmdlets)


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with (
        sendwell(settings) as running,
        listening(running.application, settings.host, settings.port),
    ):
        log.info("listening on http://%s:%d", settings.host, settings.port)
        gc.freeze()  # objects made at start live until the end, so collections need not visit them
        gc.set_threshold(10_000)  # and what many turns hold at once is no garbage: they leave next to none
        await stop.wait()
        log.info("stopping: what is in hand is finished, or handed back")
    log.info("stopped, tasks handed back: %d", running.handed_back)
