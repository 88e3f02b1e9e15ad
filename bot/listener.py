"""The HTTP server: silent connections are closed, and their number is limited."""

import asyncio
import logging
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bot.quiet_log import FewLines, ServerLog

log = logging.getLogger("sendwell.web")

_CONNECTIONS_AT_MOST = 4_000
_OTHER_FILES = 300
"""Files that are open besides the server's connections: database, outgoing connections, log."""
_SHUTDOWN_WITHIN = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionLimits:
    """Limits of the server's connections.

    `silent`: seconds without a complete request until a connection is closed. `lingering`: seconds for which the rest
    of an unread body is received, so that the client sees the response. `connections`: how many at once; `None`: as
    many as open files allow."""

    silent: float = 20.0
    lingering: float = 1.0
    connections: int | None = None


@asynccontextmanager
async def listening(
    application: web.Application, host: str, port: int, limits: ConnectionLimits = ConnectionLimits()
) -> AsyncIterator[int]:
    """Serve until the block ends, and yield the port. At the end running requests have 15 seconds to finish.

    Raises `OSError` if the port cannot be opened."""
    busy = _Busy()
    application.middlewares.append(busy.middleware)
    runner = web.AppRunner(
        application,
        access_log=None,
        logger=ServerLog(FewLines()),
        shutdown_timeout=_SHUTDOWN_WITHIN,
        keepalive_timeout=limits.silent,
        lingering_time=limits.lingering,
        auto_decompress=False,  # an encoded body is rejected by its header, so it need not be decompressed
    )
    await runner.setup()
    try:
        factory = _Capped(cast("web.Server", runner.server), busy, limits.connections or _allowed())
        listener = await asyncio.get_running_loop().create_server(factory, host, port, backlog=1_024)
        try:
            yield int(listener.sockets[0].getsockname()[1])
        finally:
            listener.close()
    finally:
        await runner.cleanup()


class _Busy:
    """The connections with a running request, which are not closed to make room."""

    def __init__(self) -> None:
        self.transports: set[asyncio.BaseTransport | None] = set()

    @property
    def middleware(self) -> Callable[..., Awaitable[web.StreamResponse]]:
        @web.middleware
        async def track(
            request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
        ) -> web.StreamResponse:
            transport = request.transport
            self.transports.add(transport)
            try:
                return await handler(request)
            finally:
                self.transports.discard(transport)

        return track


class _Capped:
    """Makes a protocol for each new connection. If there are too many, the oldest idle connection is closed."""

    def __init__(self, server: web.Server, busy: _Busy, most: int) -> None:
        self._server = server
        self._busy = busy
        self._most = most

    def __call__(self) -> RequestHandler:
        connections = self._server.connections
        if len(connections) >= self._most:
            self._make_room(connections)
        return self._server()

    def _make_room(self, connections: list[RequestHandler]) -> None:
        for connection in connections:
            if connection.transport is not None and connection.transport not in self._busy.transports:
                connection.force_close()
                return
        log.warning("%d connections are all at work: one more is let in", len(connections))


def _allowed() -> int:
    """How many connections the limit of open files allows, with room for our own files. Raises the soft limit as far as
    it may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _CONNECTIONS_AT_MOST + _OTHER_FILES
    reachable = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < reachable:
        resource.setrlimit(resource.RLIMIT_NOFILE, (reachable, hard))
        soft = reachable
    return (
        _CONNECTIONS_AT_MOST
        if soft == resource.RLIM_INFINITY
        else max(50, min(soft - _OTHER_FILES, _CONNECTIONS_AT_MOST))
    )
