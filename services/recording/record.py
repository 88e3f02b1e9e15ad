"""`python app.py record FOLDER [ADDRESS]`: writes the raw answers of this tenant, without its names, into files."""

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import aiohttp

from services.clients.access import Access, Sources
from services.clients.clock import SystemClock
from services.clients.containment import Microsoft365Containment
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.http import ApiClient, Tokens, trust
from services.clients.microsoft365 import microsoft365
from services.clients.tokens import MsalTokens
from services.ports.microsoft365 import Microsoft365
from services.recording.placeholders import Placeholders
from services.recording.reads import Subject, read_all
from services.recording.session import ReadOnlySession
from services.settings import Settings

FORMAT = 1
_WITHIN = timedelta(seconds=60)


class FolderInUseError(Exception):
    """The folder is there and not empty. The message says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was written: a line a file, how each read ended, and names of fields that were replaced."""

    files: tuple[str, ...]
    ended: dict[str, str]
    unknown_fields: tuple[str, ...]


def run(settings: Settings, folder: Path, address: str | None) -> int:
    """Record, and say what was written: 0, or 2 if the folder will not do."""
    try:
        recorded = asyncio.run(record(settings, folder, address))
    except (FolderInUseError, OSError) as unusable:
        sys.stderr.write(f"Nothing was recorded: {unusable}\n")
        return 2
    sys.stdout.write(f"{told(recorded, folder)}\n")
    return 0


def told(recorded: Recorded, folder: Path) -> str:
    """What somebody should know who made a recording."""
    lines = [f"{folder}/{line}" for line in recorded.files]
    lines += [f"{name}: {end}" for name, end in recorded.ended.items()]
    if recorded.unknown_fields:
        fields = ", ".join(recorded.unknown_fields)
        lines.append(f"Fields this program does not know, whose names were replaced too: {fields}")
    if "mailbox and rights" not in recorded.ended:
        lines.append("Nobody is restricted now: name a mailbox after the folder to record more.")
    lines.append(f"Nothing was changed in the tenant. Look through {folder} before you send it to anybody.")
    return "\n".join(lines)


async def record(settings: Settings, folder: Path, address: str | None = None) -> Recorded:
    """Read the tenant and write what it answered. `address`: the mailbox to read about.

    Raises:
        FolderInUseError: before anything is read.
        OSError: the folder cannot be written.
    """
    _prepare(folder)
    context = trust(settings.ca_files)
    bot, responder = (MsalTokens(app, context) for app in (settings.bot, settings.responder))
    try:
        connector = aiohttp.TCPConnector(ssl=context)
        async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
            reading = ReadOnlySession(session)
            ports = ports_over(reading, settings, bot, responder)
            subject, ended = await read_all(ports, address, SystemClock().now())
    finally:
        bot.close()
        responder.close()
    return _write(folder, settings, reading, subject, ended)


def ports_over(reading: ReadOnlySession, settings: Settings, bot: Tokens, responder: Tokens) -> Microsoft365:
    """The ports to the tenant, none of which can write. Account and mailbox are contained by the responder app."""

    def api(base_url: str, tokens: Tokens) -> ApiClient:
        # All that a client uses of a session is `request`.
        session = cast("aiohttp.ClientSession", reading)
        return ApiClient(session=session, base_url=base_url, tokens=tokens, timeout=_WITHIN)

    graph, exchange = (api(url, bot) for url in (settings.graph_url, settings.exchange_url))
    containing = InvokeCommand(api(settings.exchange_url, responder), settings.tenant)
    containment = Microsoft365Containment(api(settings.graph_url, responder), containing)
    sources = Sources(graph=graph, cmdlets=InvokeCommand(exchange, settings.tenant))
    return microsoft365(settings, SystemClock(), Access(soon=sources, slow=sources), containment)


def _prepare(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise FolderInUseError(f"{folder} is not empty: name another folder, or empty this one.")
    folder.mkdir(parents=True, exist_ok=True)


def _write(
    folder: Path, settings: Settings, reading: ReadOnlySession, subject: Subject | None, ended: dict[str, str]
) -> Recorded:
    placeholders = Placeholders()
    about = {
        "format": FORMAT,
        "cloud": settings.cloud.cloud,
        "tenant": placeholders.text(settings.tenant, own=True),
        "subject": _subject(placeholders, subject),
        "ended": ended,
    }
    files = []
    for number, raw in enumerate(reading.answers, start=1):
        answer = placeholders.answer(raw)
        name = f"{number:03}-{_slug(answer)}.json"
        _save(folder / name, answer)
        files.append(f"{name}  {raw.status}")
    _save(folder / "about.json", about)
    return Recorded(
        files=("about.json", *files), ended=ended, unknown_fields=tuple(sorted(placeholders.unknown_fields))
    )


def _subject(placeholders: Placeholders, subject: Subject | None) -> dict[str, str] | None:
    if subject is None:
        return None
    return {
        "address": placeholders.text(subject.address, own=True),
        "owner": placeholders.text(subject.owner or "", own=True),
    }


def _slug(answer: dict[str, Any]) -> str:
    """A name for a file: the cmdlet, or the words of the path."""
    if answer["cmdlet"]:
        return str(answer["cmdlet"])
    parts: Sequence[str] = answer["path"].split("/")
    return "-".join(part for part in parts if part.isascii() and part.isalpha()) or "call"


def _save(path: Path, content: object) -> None:
    path.write_text(f"{json.dumps(content, indent=1, ensure_ascii=True)}\n", encoding="utf-8")
