"""A service that ends leaves no connection open, at whatever moment of its life a connection is met by the end."""

import asyncio
import gc
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from aiohttp import web

from sandbox.authority import Certificates
from sandbox.serving import HOST, serving

_REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: %b\r\n\r\n"
_ROUNDS = range(8)
"""Of the event loop, between a client's deed and the end of the service: there is a moment of its own in each."""

Deed = Callable[[socket.socket], None]


class Client:
    """TLS over a socket, that closes nothing by itself and says no farewell."""

    def __init__(self, connection: socket.socket) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        self._connection = connection
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._incoming, self._outgoing)
        connection.setblocking(True)

    def greets(self) -> None:
        self._until_done(self._tls.do_handshake)

    def asks(self, connection: bytes) -> None:
        self.greets()
        self._until_done(lambda: self._tls.write(_REQUEST % connection))
        self._until_done(lambda: self._tls.read(12))

    def _until_done(self, deed: Callable[[], object]) -> None:
        while True:
            try:
                deed()
            except ssl.SSLWantReadError:
                self._connection.sendall(self._outgoing.read())
                received = self._connection.recv(100_000)
                if not received:
                    raise ConnectionResetError from None
                self._incoming.write(received)
            else:
                self._connection.sendall(self._outgoing.read())
                return


def says_nothing(_: socket.socket) -> None: ...


def says_half_a_greeting(connection: socket.socket) -> None:
    """The begin of a ClientHello: a record of 512 bytes, of which eleven have come."""
    connection.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")


def greets(connection: socket.socket) -> None:
    Client(connection).greets()


def asks_and_says_no_farewell(connection: socket.socket) -> None:
    Client(connection).asks(b"close")


def asks_and_keeps_the_connection(connection: socket.socket) -> None:
    Client(connection).asks(b"keep-alive")


WAITS = (greets, asks_and_says_no_farewell, asks_and_keeps_the_connection)
"""For the service, so that they need a thread of their own."""


def application() -> web.Application:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text="yes")

    made = web.Application()
    made.router.add_get("/", answer)
    return made


def is_ended(client: socket.socket) -> bool:
    """Whether the service has closed the connection: there is nothing to wait for on loopback."""
    client.setblocking(False)
    try:
        while client.recv(100_000):
            pass
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


@pytest.mark.parametrize("deed", [says_nothing, says_half_a_greeting, *WAITS])
def test_the_end_of_a_service_closes_every_connection(tmp_path: Path, deed: Deed) -> None:
    async def met_by_the_end(rounds: int) -> bool:
        with socket.socket() as client:
            async with serving(application(), tls=Certificates(tmp_path).context) as port:
                client.connect((HOST, port))
                await asyncio.to_thread(deed, client) if deed in WAITS else deed(client)
                for _ in range(rounds):
                    await asyncio.sleep(0)
            return is_ended(client)

    assert [rounds for rounds in _ROUNDS if not asyncio.run(met_by_the_end(rounds))] == []
    gc.collect()  # one that was left open would be found here, too, and say so


def test_a_client_in_a_thread_that_nobody_waits_for_is_broken_off(tmp_path: Path) -> None:
    """As one that asks for a token, when who asked for it has gone."""

    async def goes_on_after_the_end(rounds: int) -> bool:
        with socket.socket() as client:
            async with serving(application(), tls=Certificates(tmp_path).context) as port:
                client.connect((HOST, port))
                asking = asyncio.get_running_loop().run_in_executor(None, asks_and_keeps_the_connection, client)
                for _ in range(rounds):
                    await asyncio.sleep(0)
            with suppress(OSError):
                await asking
            return is_ended(client)

    assert [rounds for rounds in _ROUNDS if not asyncio.run(goes_on_after_the_end(rounds))] == []
    gc.collect()
