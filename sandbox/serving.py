"""One service on loopback, whose end closes every connection that it took."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import cast

from aiohttp import web

HOST = "127.0.0.1"
_ROUNDS = 20
"""Of the event loop, in which a connection that was broken off is closed: it takes four."""


@asynccontextmanager
async def serving(
    application: web.Application, port: int = 0, tls: ssl.SSLContext | None = None, patience: float = 1.0
) -> AsyncIterator[int]:
    """Serves until the block ends, and yields the port; 0 takes a free one. `patience`: seconds that running requests
    have to finish.

    Raises:
        OSError: the port cannot be opened.
    """
    with socket.create_server((HOST, port), backlog=128) as listener:
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=patience)
        await runner.setup()
        door = _Door(listener, cast("web.Server", runner.server), tls)
        try:
            yield door.port
        finally:
            await door.closes()
            await runner.cleanup()
            await door.clears()


class _Door:
    """Takes connections, and knows each of them from its first moment until it is closed.

    A site of aiohttp's does not: its server hears of a connection when the handshake is over, and what comes after its
    end, nobody closes; nor does asyncio, before Python 3.13. Such a connection outlives its event loop. It may be one
    whose client is a thread that nobody waits for any more, or one that says no farewell."""

    def __init__(
        self, listener: socket.socket, protocol: Callable[[], asyncio.BaseProtocol], tls: ssl.SSLContext | None
    ) -> None:
        self.port: int = listener.getsockname()[1]
        self._listener, self._protocol, self._tls = listener, protocol, tls
        self._loop = asyncio.get_running_loop()
        self._beginning: set[asyncio.Task[None]] = set()
        self._taken: dict[socket.socket, asyncio.Transport | None] = {}
        listener.setblocking(False)
        self._loop.add_reader(listener, self._takes)

    async def closes(self) -> None:
        """Takes no more, and breaks off what is beginning."""
        self._loop.remove_reader(self._listener)
        self._listener.close()
        # What was taken this very moment gets its transport in one round, and that its protocol in the next: before,
        # closing it would close nothing.
        for _ in range(2):
            await asyncio.sleep(0)
        for task in self._beginning:
            task.cancel()
        await asyncio.gather(*self._beginning, return_exceptions=True)

    async def clears(self) -> None:
        """Breaks off what is still open: what waits for a farewell that nobody says, or was closed by nobody."""
        for connection, transport in self._open().items():
            if transport is not None:
                transport.abort()
            with suppress(OSError):  # a transport of TLS that was closed twice has forgotten what it would abort
                connection.shutdown(socket.SHUT_RDWR)
        for _ in range(_ROUNDS):
            if not self._open():
                break
            await asyncio.sleep(0)

    def _open(self) -> dict[socket.socket, asyncio.Transport | None]:
        return {one: transport for one, transport in self._taken.items() if one.fileno() != -1}

    def _takes(self) -> None:
        with suppress(OSError):  # nobody waits any more
            while True:
                connection, _ = self._listener.accept()
                self._taken = {**self._open(), connection: None}
                task = self._loop.create_task(self._begins(connection))
                self._beginning.add(task)
                task.add_done_callback(self._beginning.discard)

    async def _begins(self, connection: socket.socket) -> None:
        with suppress(OSError):  # a handshake that failed is the client's affair
            self._taken[connection], _ = await self._loop.connect_accepted_socket(
                self._protocol, connection, ssl=self._tls
            )
