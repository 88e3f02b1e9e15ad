"""The command line and the composition root: settings → clients → dialogs → bot → web. It opens and closes; it decides
nothing."""

import gc

if __name__ == "__main__":
    gc.disable()  # what is made while starting stays: looking for garbage in it takes a seventh of the start

import argparse
import asyncio
import logging
import os
import secrets
import signal
import ssl
import sys
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
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
from bot.teams_bot import TeamsBot
from bot.web import Apologies, Endpoint
from cards.doctor_lines import lacking, printed
from cards.view import Links
from cards.words import words_for
from dialogs.build import Ports, build
from manifest.package import write_package
from services import bounce_files
from services.clients.access import Accesses
from services.clients.clock import MovedClock, SystemClock
from services.clients.containment import Microsoft365Containment
from services.clients.doctor.looking import LookAt, Looking
from services.clients.dropped_files import SharePointFiles
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.installer import TeamsInstaller
from services.clients.graph.mentions import MembersMentioned, TagMentioned
from services.clients.graph.open_groups import OpenGroups
from services.clients.graph.others_mentioned import OthersMentioned
from services.clients.http import ApiClient, proxy_for, trust
from services.clients.log_format import formatter
from services.clients.metrics.collected import Collected
from services.clients.metrics.loop_lag import watch_loop
from services.clients.metrics.measured import measured, measured_storage, measured_tenant
from services.clients.metrics.metrics import Metrics
from services.clients.microsoft365 import microsoft365
from services.clients.readiness import Askers, Readiness
from services.clients.store.conversations import SqlConversationStore
from services.clients.store.database import Database, DatabaseUnusableError, open_database
from services.clients.store.storage import sql_storage
from services.clients.tokens import MsalTokens
from services.clients.webhook.sender import SignedWebhook, sessions_for
from services.clouds import Feature
from services.command_line import parsed
from services.domain.doctor.findings import Finding, is_well
from services.domain.mention import Mention
from services.inspecting import commands as inspecting
from services.inspecting.audit_trail import Format
from services.ports.clock import Clock
from services.ports.teams import ConversationRef, Mentions, Teams
from services.ports.tracing import NO_TRACING, Tracing
from services.recording import record as recording
from services.rules import said as rules_said
from services.setting_names import as_env_file, misspelt
from services.settings import FaultySettingsError, Settings, read_database_url, read_env_file, read_settings
from services.setup import command as setup
from services.setup.build import Surroundings
from services.setup.env_file import EnvFile
from services.setup.scripts import write_scripts
from services.setup.terminal import Terminal

log = logging.getLogger("sendwell")
_FILE_WITHIN = timedelta(seconds=4)
"""Teams sends a message again that is not answered within ten seconds or a little more."""


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


@asynccontextmanager
async def sendwell(settings: Settings) -> AsyncIterator[web.Application]:
    """The web application of the bot, with its workers running. Everything is closed at the end."""
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(settings.database_url))
        trusted = trust(settings.ca_files)  # once: reading the authorities that a machine trusts takes a while
        session = await stack.enter_async_context(_session(trusted))
        tokens = MsalTokens(settings.bot, trusted)
        stack.callback(tokens.close)
        responder = MsalTokens(settings.responder, trusted)
        stack.callback(responder.close)
        application, loops = await _wire(settings, database, session, Logins(bot=tokens, responder=responder), stack)
        stack.push_async_callback(_stop, [asyncio.create_task(run()) for run in loops])
        yield application


@asynccontextmanager
async def _session(trusted: ssl.SSLContext) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(ssl=trusted, limit=100, limit_per_host=30)
    # Each request has its own time-out. No cookies are kept: one service's must not reach another.
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def _stop(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def _wire(
    settings: Settings, database: Database, session: aiohttp.ClientSession, logins: Logins, stack: AsyncExitStack
) -> tuple[web.Application, tuple[Callable[[], Coroutine[Any, Any, None]], ...]]:
    clock: Clock = MovedClock(settings.clock_file) if settings.clock_file else SystemClock()
    metrics, tracing = Metrics(), _tracing(settings, stack)
    accesses = Accesses(settings, session, stack)
    tokens = logins.bot
    bot = await accesses.of_bot(tokens)
    containment = await _containment(accesses, logins.responder)
    conversations = SqlConversationStore(database, _channel(settings))
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
    groups = OpenGroups(GraphDirectory(bot.soon.graph), _groups(settings), clock)
    if complaints := await groups.complaints():
        raise FaultySettingsError(complaints)
    looking = Looking(settings, session, clock, bot=tokens, responder=tokens, at=LookAt(channel=_channel(settings)))

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
                installer=_installer(settings, bot.soon.graph),
                mentions=_mentions(settings, GraphDirectory(bot.soon.graph), clock),
                others=_others(settings, GraphDirectory(bot.soon.graph), clock),
                files=SharePointFiles(session, hosts=settings.file_hosts, within=_FILE_WITHIN, proxy_for=proxy_for),
            ),
            clock=clock,
            timing=settings.timing,
            links=_links(settings),
            reference=reference,
            zone=settings.zone,
            call_code=call_code,
            tracing=tracing,
            doctor=_LooksAnew(settings=settings, session=session),
            webhook=measured(webhook, "webhook", metrics, tracing) if webhook else None,
        )
    )
    keys = SigningKeys(session, settings.openid_metadata_url, proxy=proxy_for(settings.openid_metadata_url))
    stack.push_async_callback(keys.close)
    if not settings.anonymous:
        await keys.refresh()
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
    return application, loops


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


def _installer(settings: Settings, api: ApiClient) -> TeamsInstaller:
    installs = Feature.APP_INSTALLATION not in settings.cloud.lacks
    return TeamsInstaller(GraphDirectory(api), api, settings.graph_url, settings.teams_app if installs else None)


def _mentions(settings: Settings, graph: GraphDirectory, clock: Clock) -> Mentions | None:
    if isinstance(settings.mention, Mention):
        return TagMentioned(settings.mention)
    most = settings.mention
    return MembersMentioned(graph, settings.approvers_group, most, clock) if most else None


def _others(settings: Settings, graph: GraphDirectory, clock: Clock) -> Mentions | None:
    escalation = settings.timing.rules.escalation
    return OthersMentioned(graph, escalation, clock) if escalation else None


def _groups(settings: Settings) -> dict[str, str]:
    """The groups whose members decide, by the names of their settings."""
    responders = settings.responders_group
    return {
        "SENDWELL_APPROVERS_GROUP_ID": settings.approvers_group,
        **({"SENDWELL_RESPONDERS_GROUP_ID": responders} if responders else {}),
    }


def _channel(settings: Settings) -> ConversationRef | None:
    channel = settings.approvals_channel
    if channel is None:
        return None
    return ConversationRef(id=channel.channel, service_url=channel.service_url, team=channel.team)


def _links(settings: Settings) -> Links:
    cloud = settings.cloud
    return Links(
        password_reset=settings.password_reset_url,
        security_info=settings.security_info_url,
        helpdesk=settings.helpdesk,
        restricted_entities=f"{cloud.defender_url}/restrictedentities",
        anti_spam=f"{cloud.defender_url}/antispam",
        support=cloud.admin_url,
        teams=cloud.teams_url,
    )


@asynccontextmanager
async def _looking(settings: Settings, session: aiohttp.ClientSession, endpoint: str = "") -> AsyncIterator[Looking]:
    """The doctor, with tokens of its own: what another cached may be older than the fault."""
    context = trust(settings.ca_files)
    bot, responder = MsalTokens(settings.bot, context), MsalTokens(settings.responder, context)
    try:
        yield Looking(
            settings,
            session,
            SystemClock(),
            bot=bot,
            responder=responder,
            at=LookAt(channel=_channel(settings), endpoint=endpoint),
        )
    finally:
        bot.close()
        responder.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class _LooksAnew:
    """Implements the port `Doctor`: each look gets new tokens."""

    settings: Settings
    session: aiohttp.ClientSession
    endpoint: str = ""

    async def look(self) -> Sequence[Finding]:
        async with _looking(self.settings, self.session, self.endpoint) as looking:
            return await looking.look()


async def doctor(settings: Settings, endpoint: str = "") -> int:
    """`python app.py doctor`: print what is missing. 0 where nothing is but what may be left out, else 1. `endpoint`:
    the address that the Azure Bot sends messages to, to be looked at too."""
    async with _session(trust(settings.ca_files)) as session:
        findings = await _LooksAnew(settings=settings, session=session, endpoint=endpoint).look()
    sys.stdout.writelines(f"{line}\n" for line in printed(findings, words_for("en")))
    return 0 if is_well(findings) else 1


async def serve(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT."""
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with sendwell(settings) as application, listening(application, settings.host, settings.port):
        log.info("listening on http://%s:%d", settings.host, settings.port)
        gc.freeze()  # objects made at start live until the end, so collections need not visit them
        gc.set_threshold(10_000)  # and what many turns hold at once is no garbage: they leave next to none
        await stop.wait()


def main(environment: Mapping[str, str], arguments: Sequence[str] = ()) -> int:
    """`python app.py`: 0 when stopped, 2 for faulty settings, 1 for a database or port that cannot be used.

    `python app.py setup`, `python app.py remove`: see `services/setup/command.py`.
    `python app.py doctor`: 0 or 1, by what is missing, and 2 for faulty settings.
    `python app.py record FOLDER [ADDRESS]`: see `services/recording/record.py`. `python app.py bounces FOLDER`: see
    `services/bounce_files.py`; it needs no settings. `python app.py settings` prints every setting, for an `.env`.
    `python app.py rules [FILE]`: see `services/rules/said.py`; it needs no settings.
    `python app.py case 17`, `export 17` and `report 30`: see `services/inspecting/commands.py`."""
    options = parsed(arguments)
    if options.command in _WITHOUT_SETTINGS:
        return _WITHOUT_SETTINGS[options.command](options, environment)
    try:
        given = {**read_env_file(Path(".env")), **environment}
        _log(as_json=given.get("SENDWELL_LOG_FORMAT", "").strip() == "json")
        for name, nearest in misspelt(given).items():
            log.warning("%s is no setting of Sendwell%s", name, f": is {nearest} meant?" if nearest else "")
        if options.command in _READS:
            return _READS[options.command](read_database_url(given), options)
        settings = read_settings(given)
        if options.command == "record":
            return recording.run(settings, options.folder, options.address)
        if options.command == "doctor":
            return asyncio.run(doctor(settings, options.endpoint))
        asyncio.run(serve(settings))
    except FaultySettingsError as faulty:
        sys.stderr.write(f"Sendwell cannot start:\n{faulty}\n")
        return 2
    except DatabaseUnusableError as unusable:
        sys.stderr.write(f"Sendwell cannot start: {unusable}\n")
        return 1
    except BrokenPipeError:
        raise  # of standard output, see below
    except OSError as trouble:
        sys.stderr.write(f"Sendwell cannot start: {trouble.strerror or trouble}. Is the port in use? Set PORT.\n")
        return 1
    return 0


def _set_up(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    terminal = Terminal()
    given = {**read_env_file(options.env), **environment}
    around = Surroundings(
        addresses=setup.addresses(given),
        ca_files=(Path(given["SENDWELL_CA_FILE"]),) if given.get("SENDWELL_CA_FILE") else (),
        env=EnvFile(options.env),
        write_package=write_package,
        say=terminal.say,
        now=SystemClock().now,
    )
    wishes = setup.Options(
        plan=options.plan, dry_run=options.dry_run, agreed=options.yes, removes=options.command == "remove"
    )
    return setup.run(wishes, around, terminal, lambda: secrets.token_hex(8))


def _log(*, as_json: bool) -> None:
    """To standard error. Known before the settings are read, whose faults may have to be logged."""
    lines = logging.StreamHandler()
    lines.setFormatter(formatter(as_json=as_json))
    logging.basicConfig(level=logging.INFO, handlers=[lines])
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _tell_rules(options: argparse.Namespace, environment: Mapping[str, str]) -> int:
    code, lines = rules_said.tell(options.file, {**read_env_file(Path(".env")), **environment}, SystemClock().now())
    _print(lines)
    return code


def _print(lines: Iterable[object]) -> int:
    sys.stdout.writelines(f"{line}\n" for line in lines)
    return 0


_WITHOUT_SETTINGS: Mapping[str, Callable[[argparse.Namespace, Mapping[str, str]], int]] = {
    "settings": lambda _options, _environment: _print(as_env_file().splitlines()),
    "scripts": lambda options, _environment: _print(write_scripts(options.folder)),
    "bounces": lambda options, _environment: bounce_files.run(options.folder),
    "setup": _set_up,
    "remove": _set_up,
    "rules": _tell_rules,
}
"""The commands that need no setting of the bot."""
_READS: Mapping[str, Callable[[str, argparse.Namespace], int]] = {
    "case": lambda url, options: inspecting.tell_case(url, options.number, personal=options.personal),
    "export": lambda url, options: inspecting.export(url, options.what, Format(options.format)),
    "report": lambda url, options: inspecting.tell_report(url, options.days, Format(options.format)),
}
"""The commands that read the database and need no other setting."""


def _printed(environment: Mapping[str, str], arguments: Sequence[str]) -> int:
    """`main`, for a reader that may have read enough: `python app.py doctor | head`."""
    try:
        code = main(environment, arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


if __name__ == "__main__":
    gc.freeze()
    gc.enable()
    sys.exit(_printed(os.environ, sys.argv[1:]))
