"""A stand-in for aiohttp's session that lets reads through, and nothing else, and keeps what they answered."""

import re
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import yarl

from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_BODY_AT_MOST = 16 * 1024 * 1024
_INVOKE = "/InvokeCommand"
_READING = re.compile("Get-[A-Za-z]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawAnswer:
    """One call and its answer as it was received. `body`: what was sent with the call, as JSON."""

    method: str
    url: yarl.URL
    body: Any
    status: int
    headers: Mapping[str, str]
    raw: bytes

    @property
    def cmdlet(self) -> str:
        """The Exchange cmdlet that was called; empty for a call of Microsoft Graph."""
        return cmdlet_of(self.body)


class ReadOnlySession:
    """Sends reads alone: GET, and those cmdlets of Exchange whose name begins with `Get-`.

    It is here, below every client, that writing is impossible; no list of calls has to be right for that."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        """The session must not decompress: some bodies cannot be."""
        self._session = session
        self.answers: list[RawAnswer] = []

    @asynccontextmanager
    async def request(self, method: str, url: yarl.URL, **options: Any) -> AsyncIterator["Received"]:
        """Send a read. Raises `Unavailable` (no permission) for anything else, which is not sent."""
        body = options.get("json")
        if not is_read(method, url, body):
            raise Unavailable(UnknownReason.NO_PERMISSION, "a recording only reads", may_have_arrived=False)
        async with self._session.request(method, url, **options) as response:
            headers = dict(response.headers)
            raw = _decompressed(await _whole(response.content.iter_any()), headers)
        answer = RawAnswer(method=method, url=url, body=body, status=response.status, headers=headers, raw=raw)
        self.answers.append(answer)
        yield Received(answer)


class Received:
    """An answer in the shape in which aiohttp hands one out."""

    def __init__(self, answer: RawAnswer) -> None:
        self.status = answer.status
        self.headers = answer.headers
        self.content = self
        self._raw = answer.raw

    async def iter_any(self) -> AsyncIterator[bytes]:
        yield self._raw


def is_read(method: str, url: yarl.URL, body: object) -> bool:
    """Whether a call changes nothing, whatever it answers."""
    if method == "GET":
        return True
    return method == "POST" and url.path.endswith(_INVOKE) and _READING.fullmatch(cmdlet_of(body)) is not None


def cmdlet_of(body: object) -> str:
    """The name of the cmdlet in the body of a call; empty if it names none."""
    given = body.get("CmdletInput") if isinstance(body, Mapping) else None
    name = given.get("CmdletName") if isinstance(given, Mapping) else None
    return name if isinstance(name, str) else ""


def parameters_of(body: object) -> object:
    """The parameters of a cmdlet; `None` in a call of Microsoft Graph."""
    given = body.get("CmdletInput") if isinstance(body, Mapping) else None
    return given.get("Parameters") if isinstance(given, Mapping) else None


async def _whole(parts: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for part in parts:
        body += part
        if len(body) > _BODY_AT_MOST:
            raise aiohttp.ClientPayloadError("an answer without end")
    return bytes(body)


def _decompressed(raw: bytes, headers: Mapping[str, str]) -> bytes:
    """The body without its compression; as it is if it is declared compressed and is not, as some of Exchange's are."""
    if not any(name.casefold() == "content-encoding" for name in headers):
        return raw
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        return unpacker.decompress(raw, _BODY_AT_MOST)
    except zlib.error:
        return raw
