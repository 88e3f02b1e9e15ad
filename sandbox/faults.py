"""Sources that fail: on purpose, and as real ones do."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

_HELD_AT_MOST = 120.0

KINDS = (
    "500",
    "503",
    "429",
    "timeout",
    "slow",
    "reset",
    "nul403",
    "html502",
    "badjson",
    "401",
    "404",
    "412",
    "done-then-reset",
    "done-then-timeout",
)
"""The faults that can be switched on. `done-then-…`: the work is done, its answer is lost."""


@dataclass(kw_only=True)
class Fault:
    """One fault, for so many more requests (`None`: until healed)."""

    kind: str
    times: int | None = None
    seconds: float = 3.0
    retry_after: int | None = 1
    met: int = 0
    """How many requests it met."""


class Faults:
    """Which source fails how: a service (`graph`), a part of it (`exchange.list`), or one path or cmdlet
    (`graph:/v1.0/auditLogs/signIns`, `exchange:Get-InboxRule`)."""

    def __init__(self) -> None:
        self.active: dict[str, Fault] = {}

    def fail(self, service: str, kind: str, times: int | None = None, **details: float | None) -> None:
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind!r}; known: {', '.join(KINDS)}")
        fault = Fault(kind=kind, times=times)
        for name, value in details.items():
            setattr(fault, name, value)
        self.active[service] = fault

    def heal(self, service: str | None = None) -> None:
        for name in [service] if service else list(self.active):
            self.active.pop(name, None)

    def take(self, *services: str) -> Fault | None:
        """The fault of the first of these that has one, counted down."""
        for service in services:
            fault = self.active.get(service)
            if fault is None:
                continue
            fault.met += 1
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.active.pop(service, None)
            return fault
        return None


@dataclass(kw_only=True)
class Cold:
    """A service that unloads what nobody asks for: the first answer after a pause of `after` seconds takes `seconds`.

    A caller who gives up before warms nothing: the next one meets it cold again."""

    after: float = math.inf
    seconds: float = 0.0
    _warm_until: float = -math.inf

    async def warm_up(self, request: web.Request) -> None:
        if time.monotonic() >= self._warm_until:
            await asyncio.sleep(self.seconds)
            if request.transport is None or request.transport.is_closing():
                return
        self._warm_until = time.monotonic() + self.after


Handler = Callable[[], Awaitable[web.StreamResponse]]


async def faulty(fault: Fault | None, request: web.Request, handler: Handler) -> web.StreamResponse:
    """The handler's answer, or what the fault makes of it."""
    if fault is None:
        return await handler()
    if fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
        return await handler()
    if fault.kind.startswith("done-then-"):
        await handler()
    if fault.kind.endswith("timeout"):
        await asyncio.sleep(_HELD_AT_MOST)
    if fault.kind.endswith(("reset", "timeout")):
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)
    return _ANSWERS[fault.kind](fault)


def nul_403() -> web.Response:
    """Exchange's refusal: NUL bytes that are declared gzip and are not."""
    headers = {"Content-Encoding": "gzip", "X-ExceptionType": "CmdletAccessDeniedException"}
    return web.Response(status=403, body=b"\0" * 4096, headers=headers, content_type="text/plain")


def _throttled(fault: Fault) -> web.Response:
    headers = {} if fault.retry_after is None else {"Retry-After": str(int(fault.retry_after))}
    return web.json_response(
        {"error": {"code": "TooManyRequests", "message": "Slow down."}}, status=429, headers=headers
    )


def _error(status: int, code: str) -> web.Response:
    return web.json_response({"error": {"code": code, "message": "Try again."}}, status=status)


def _html(_fault: Fault) -> web.Response:
    return web.Response(status=502, text="<html><body>Bad gateway</body></html>", content_type="text/html")


_ANSWERS: dict[str, Callable[[Fault], web.Response]] = {
    "500": lambda _: web.json_response({"error": {"code": "InternalServerError", "message": "…"}}, status=500),
    "503": lambda _: web.Response(status=503),
    "401": lambda _: web.Response(status=401),
    "404": lambda _: _error(404, "ActivityNotFoundInConversation"),
    "412": lambda _: _error(412, "PreconditionFailed"),
    "429": _throttled,
    "nul403": lambda _: nul_403(),
    "html502": _html,
    "badjson": lambda _: web.Response(text='{"value": [', content_type="application/json"),
}
