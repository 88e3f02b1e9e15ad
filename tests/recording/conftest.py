"""A tenant with much to tell, and what it answers to every read."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import aiohttp
import pytest

from sandbox import Sandbox
from services.clients.tokens import MsalTokens
from services.ports.microsoft365 import Microsoft365
from services.recording.reads import Read, Subject, about_mailbox, about_owner, read_all
from services.recording.record import ports_over
from services.recording.session import RawAnswer, ReadOnlySession
from services.settings import Settings, read_settings

NOW = datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What the sandbox answered, as it was received. `of`: which answers each read got."""

    settings: Settings
    subject: Subject
    answers: Sequence[RawAnswer]
    of: dict[str, Sequence[RawAnswer]]


def rich(box: Sandbox) -> Sandbox:
    """Restricted senders, and traces of every kind."""
    tenant = box.tenant
    for key, kind in (("ana", "spam"), ("kim", "limit"), ("dan", "rate")):
        tenant.restrict(key, kind)
    for what in ("forwarding", "hidden rule", "deleting rule", "risk", "abroad", "consent"):
        tenant.investigate("ana", what)
    tenant.policies.bulk_senders()
    tenant.accounts["ana"].roles.append("Helpdesk Administrator")
    tenant.accounts["ana"].traces.sent = [(NOW - timedelta(hours=1), 4, "Quarterly numbers of Contoso")]
    tenant.reset_password("ana")
    return box


def reads(ports: Microsoft365, subject: Subject) -> Iterator[Read]:
    yield "restricted senders", ports.senders.restricted
    yield "restricted connectors", ports.connectors.restricted
    yield "mailbox and rights", lambda: ports.mailboxes.mailbox(subject.address)
    yield from about_mailbox(ports, subject, NOW)
    yield from about_owner(ports, subject, NOW)


@asynccontextmanager
async def reading(box: Sandbox) -> AsyncIterator[tuple[Settings, ReadOnlySession, Microsoft365]]:
    """The product's ports over a session that only reads."""
    settings = read_settings(box.environment)
    context = ssl.create_default_context(cafile=box.environment["SENDWELL_CA_FILE"])
    bot, responder = (MsalTokens(app, context) for app in (settings.bot, settings.responder))
    connector = aiohttp.TCPConnector(ssl=context)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
        only = ReadOnlySession(session)
        yield settings, only, ports_over(only, settings, bot, responder)
    bot.close()
    responder.close()


async def _take(folder: Path) -> Taken:
    async with Sandbox(data=folder) as box, reading(rich(box)) as (settings, session, ports):
        subject, ended = await read_all(ports, None, NOW)
        assert subject is not None
        assert set(ended.values()) == {"read"}, ended
        everything: Sequence[RawAnswer] = list(session.answers)
        of: dict[str, Sequence[RawAnswer]] = {}
        for name, read in reads(ports, subject):
            before = len(session.answers)
            await read()
            of[name] = session.answers[before:]
        return Taken(settings=settings, subject=subject, answers=everything, of=of)


@pytest.fixture(scope="session")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    return asyncio.run(_take(tmp_path_factory.mktemp("taken")))


def as_session(stand_in: object) -> aiohttp.ClientSession:
    """All that is used of a session is `request`."""
    return cast("aiohttp.ClientSession", stand_in)
