"""HTTP/1.1 for a bench, as cheap as Python allows: whole requests with a length, one at a time on a connection."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import NamedTuple

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_TOKEN = re.compile(rb"\r\nauthorization: *([^\r\n]{1,8000})", re.IGNORECASE)


class Request(NamedTuple):
    """What came in; `authorization` is the header, empty where there is none."""

    method: str
    target: str
    head: bytes
    body: bytes

    @property
    def authorization(self) -> str:
        found = _TOKEN.search(self.head)
        return found[1].decode("latin-1") if found else ""


Answerer = Callable[[Request], bytes | Awaitable[bytes]]


def response(body: bytes, status: int = 200, kind: str = "application/json") -> bytes:
    """A whole response."""
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class Served(asyncio.Protocol):
    """One connection to a server: what is read is answered, in its order."""

    def __init__(self, answer: Answerer) -> None:
        self._answer = answer
        self._buffer = bytearray()
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (whole := cut(self._buffer)) is not None:
            head, body = whole
            method, target, _ = head.split(b" ", 2)
            answered = self._answer(Request(method.decode(), target.decode(), head, body))
            if isinstance(answered, bytes):
                self._transport.write(answered)
            else:
                task = asyncio.ensure_future(self._later(answered))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _later(self, answered: Awaitable[bytes]) -> None:
        said = await answered
        if not self._transport.is_closing():
            self._transport.write(said)


class Caller(asyncio.Protocol):
    """One connection of a client: `asks` sends a whole request and returns the status of the answer."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._waits: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waits and not self._waits.done():
            self._waits.set_exception(exc or ConnectionError("closed before it answered"))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        whole = cut(self._buffer)
        if whole is not None and self._waits:
            self._waits.set_result(int(whole[0].split(b" ", 2)[1]))

    def asks(self, request: bytes) -> asyncio.Future[int]:
        self._waits = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return self._waits

    @property
    def closed(self) -> bool:
        return self._transport.is_closing()


def cut(buffer: bytearray) -> tuple[bytes, bytes] | None:
    """The first whole message of the buffer, taken out of it: its head and its body; `None` while it is not whole."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(buffer[:end])
    found = _LENGTH.search(head)
    whole = end + 4 + (int(found[1]) if found else 0)
    if len(buffer) < whole:
        return None
    body = bytes(buffer[end + 4 : whole])
    del buffer[:whole]
    return head, body
