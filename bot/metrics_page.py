"""`/metrics` for those who may read it: who brings the token, or who reaches an address that is for it alone."""

from collections.abc import Awaitable, Callable
from hmac import compare_digest

from aiohttp import web

# https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
_TEXT = "text/plain; version=0.0.4; charset=utf-8"
_MESSAGES = "/api/messages"


class MetricsPage:
    """Serves the text. `token`: what a reader has to bring; without one only a listener of its own serves it."""

    def __init__(self, text: Callable[[], Awaitable[bytes]], token: str | None) -> None:
        self._text, self._token = text, token

    def add_to(self, application: web.Application) -> None:
        """Beside the messages, where strangers knock too: only with a token."""
        if self._token is not None:
            application.router.add_get("/metrics", self._serve)

    def alone(self) -> web.Application:
        """An application with nothing else, for an address that only the monitoring reaches."""
        application = web.Application()
        application.router.add_get("/metrics", self._serve)
        return application

    async def _serve(self, request: web.Request) -> web.Response:
        if self._token is not None and not _is_bearer(request.headers.get("Authorization", ""), self._token):
            return web.Response(status=401, headers={"WWW-Authenticate": "Bearer"})
        return web.Response(body=await self._text(), headers={"Content-Type": _TEXT})


def counting_responses(responded: Callable[[int], None]) -> Callable[..., Awaitable[web.StreamResponse]]:
    """A middleware that counts what the messaging endpoint answers, by status."""

    @web.middleware
    async def count(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        response = await handler(request)
        if request.path == _MESSAGES:
            responded(response.status)
        return response

    return count


def _is_bearer(header: str, token: str) -> bool:
    kind, _, brought = header.partition(" ")
    return kind.casefold() == "bearer" and compare_digest(brought.strip().encode(), token.encode())
