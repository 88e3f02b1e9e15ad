"""Peers that are slow, stalled or many: their connections are closed and everybody else is served."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from aiohttp import web

from bot.listener import ConnectionLimits
from bot.web import RequestLimits
from tests.bot.door import Doorway, doorway, token

GOOD = f"Bearer {token()}"
HEAD = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
AUTHORISED = HEAD + b"Authorization: " + GOOD.encode() + b"\r\n"


class Peer(asyncio.Protocol):
    """One connection, byte by byte. It keeps what was received before a reset, which a stream reader would drop."""

    def __init__(self) -> None:
        self._received = b""
        self._closed = asyncio.Event()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data

    def connection_lost(self, exc: Exception | None) -> None:
        self._closed.set()

    def says(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(data)

    async def receives(self) -> bytes:
        """Returns everything received until the endpoint closes the connection, even while we are still sending."""
        await asyncio.wait_for(self._closed.wait(), 10)
        return self._received

    async def leaves(self) -> None:
        assert self._transport is not None
        self._transport.abort()
        await self._closed.wait()

    def is_open(self) -> bool:
        return not self._closed.is_set()


async def _connected(door: Doorway, stack: AsyncExitStack) -> Peer:
    host, port = door.url.removeprefix("http://").split(":")
    _, peer = await asyncio.get_running_loop().create_connection(Peer, host, int(port))
    stack.push_async_callback(peer.leaves)
    return peer


async def _dripping(peer: Peer, drop: bytes) -> None:
    while True:
        peer.says(drop)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("said", [b"", b"POST /api/messages HTTP/1.1\r\nHost: x\r\nX-", b"\r\n"])
async def test_a_connection_without_a_whole_request_is_closed(said: bytes) -> None:
    async with doorway(connections=ConnectionLimits(silent=0.4)) as door, AsyncExitStack() as stack:
        peer = await _connected(door, stack)
        peer.says(said)
        drips = asyncio.create_task(_dripping(peer, b"x" if said.endswith(b"-") else b""))
        assert await peer.receives() == b""
        drips.cancel()


async def test_a_body_that_drips_is_given_up_whoever_sends_it() -> None:
    async with doorway(limits=RequestLimits(body_within=0.3)) as door, AsyncExitStack() as stack:
        for head, answer in ((AUTHORISED, b" 408 "), (HEAD, b" 401 ")):
            peer = await _connected(door, stack)
            peer.says(head + b"Content-Length: 100\r\n\r\n")
            drips = asyncio.create_task(_dripping(peer, b"{"))
            assert answer in await peer.receives()
            drips.cancel()
        assert door.turns.came == []


async def test_a_stranger_s_body_is_not_read() -> None:
    async with doorway() as door, AsyncExitStack() as stack:
        peer = await _connected(door, stack)
        peer.says(HEAD + b"Content-Length: 1000000\r\nConnection: close\r\n\r\n")
        assert b" 401 " in await peer.receives()  # rejected before any byte of the body was sent


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "GZIP", "x-strange"])
async def test_an_encoded_body_is_not_unpacked(encoding: str) -> None:
    async with doorway() as door:
        headers = {"Content-Type": "application/json", "Content-Encoding": encoding, "Authorization": GOOD}
        async with door.session.post(f"{door.url}/api/messages", data=b"\x1f\x8bgarbage", headers=headers) as response:
            assert (response.status, await response.read()) == (415, b"")
        assert (await door.post(authorization=GOOD))[0] == 200


@pytest.mark.parametrize("chunk", [b"zz\r\n{}\r\n0\r\n\r\n", b"ffffffffffffffffff\r\n", b"-1\r\n"])
async def test_a_broken_chunk_is_a_bad_request_and_no_bug(chunk: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async with doorway(limits=RequestLimits(body_within=0.3)) as door, AsyncExitStack() as stack:
        peer = await _connected(door, stack)
        peer.says(AUTHORISED + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
        await asyncio.sleep(0.1)
        peer.says(chunk)
        assert (await peer.receives()).split(b" ")[1] in (b"400", b"408")
    assert "Traceback" not in caplog.text


async def test_when_there_are_too_many_the_oldest_idle_one_makes_room() -> None:
    async with doorway(connections=ConnectionLimits(connections=5)) as door, AsyncExitStack() as stack:
        at_work = await _connected(door, stack)
        at_work.says(AUTHORISED + b"Content-Length: 100\r\n\r\n{")
        idle = [await _connected(door, stack) for _ in range(8)]
        assert (await asyncio.wait_for(door.post(authorization=GOOD), 5))[0] == 200
        assert await idle[0].receives() == b""
        assert at_work.is_open()
        assert idle[-1].is_open()


async def test_keys_that_are_known_but_old_are_used_while_the_key_server_hangs() -> None:
    async with doorway() as door:
        assert (await door.post(authorization=GOOD))[0] == 200
        door.keys.answers(_never)
        door.clock[0] += 26 * 3_600.0
        assert (await asyncio.wait_for(door.post(authorization=f"Bearer {token(nbf=1)}"), 5))[0] == 200


async def _never(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()
