"""A service on loopback that responds with what the test scripted, and remembers what it was asked."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.serving import serving


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Script = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(kw_only=True)
class Service:
    """`async with Service() as service:`; the last scripted response is repeated for ever."""

    tls: ssl.SSLContext | None = None
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    _answers: list[Script] = field(default_factory=list)
    _end: AsyncExitStack = field(default_factory=AsyncExitStack)

    def answers(self, *scripts: Script) -> None:
        self._answers = list(scripts)

    async def __aenter__(self) -> "Service":
        application = web.Application(client_max_size=10_000_000)
        application.router.add_route("*", "/{path:.*}", self._serve)
        port = await self._end.enter_async_context(serving(application, tls=self.tls, patience=0.1))
        self.url = f"{'https' if self.tls else 'http'}://localhost:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._end.aclose()

    async def stops(self) -> None:
        """Stops listening: connections are refused from now on."""
        await self._end.aclose()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        asked = Asked(
            method=request.method,
            path=request.raw_path.partition("?")[0],
            query=dict(request.query),
            headers=dict(request.headers),
            body=body,
        )
        self.asked.append(asked)
        script = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return await script(request)


def says(body: Any = None, status: int = 200, headers: Mapping[str, str] | None = None) -> Script:
    """A JSON response."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status, headers=headers)

    return answer


def says_raw(
    body: bytes, status: int = 200, kind: str = "text/plain", headers: Mapping[str, str] | None = None
) -> Script:
    """A response with these bytes."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return web.Response(body=body, status=status, content_type=kind, headers=headers)

    return answer


async def resets(request: web.Request) -> web.StreamResponse:
    """Resets the connection instead of responding."""
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


async def hangs(request: web.Request) -> web.StreamResponse:
    """Sends no response until the caller gives up."""
    while request.transport is not None and not request.transport.is_closing():  # noqa: ASYNC110 - nothing sets an event
        await asyncio.sleep(0.02)
    return web.Response()


async def breaks_off(request: web.Request) -> web.StreamResponse:
    """Ends the body before the length that its headers say."""
    response = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await response.prepare(request)
    await response.write(b'{"value": [')
    assert request.transport is not None
    request.transport.abort()
    return response


class FixedTokens:
    """Hands out `token-1`, `token-2` …; renewing the current token makes the next."""

    def __init__(self) -> None:
        self.number = 1
        self.trouble: Exception | None = None
        self.scopes: list[str] = []

    async def token(self, scope: str) -> str:
        self.scopes.append(scope)
        if self.trouble:
            raise self.trouble
        return f"token-{self.number}"

    async def renew(self, scope: str, refused: str) -> None:
        if refused == f"token-{self.number}":
            self.number += 1
