"""Graph, Exchange and the Bot Connector on loopback, as far as one case needs them, each failing at one use on demand.

The clients that talk to it are the real ones, with short time-outs. It holds one person, two approvers and the list."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.serving import serving
from tests.cases import ADDRESSES, ANA, BO, LIMIT_REASON, NOW
from tests.service import breaks_off, hangs, resets, says, says_raw

Script = Callable[[web.Request], Awaitable[web.StreamResponse]]
RESTRICTED_SINCE = "2026-11-24T11:00:00Z"


async def drips(request: web.Request) -> web.StreamResponse:
    """Sends a byte now and then, for longer than any client's time limit."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    for _ in range(200):
        try:
            await response.write(b" ")
        except ConnectionResetError:
            break
        await asyncio.sleep(0.02)
    return response


FAULTS: dict[str, Script | None] = {
    "refused": None,
    "reset": resets,
    "slow drip": drips,
    "time-out": hangs,
    "truncated": breaks_off,
    "cut JSON": says_raw(b'{"value": [', kind="application/json"),
    "wrong shape": says({"value": 7, "keys": "x"}),
    "no object": says([1, 2]),
    "HTML 502": says_raw(b"<html>Bad gateway</html>", 502, kind="text/html"),
    "401 for ever": says({}, 401),
    "403": says({"error": {"code": "Authorization_RequestDenied"}}, 403),
    "404": says({"error": {"code": "NotFound"}}, 404),
    "409": says({"error": {"code": "Conflict"}}, 409),
    "412": says({"error": {"code": "PreconditionFailed"}}, 412),
    "429": says({}, 429),
    "429 with Retry-After": says({}, 429, headers={"Retry-After": "120"}),
    "500": says({}, 500),
    "503": says({}, 503),
}
"""Faults that last until `heal`; `None`: the connection is refused."""
ONCE = {"401 once": says({}, 401)}
"""Faults that occur once."""


@dataclass(kw_only=True)
class Cloud:
    """`async with Cloud() as cloud:`; `fails` and `heal` switch one use."""

    urls: dict[str, str] = field(default_factory=dict)
    listed: bool = True
    password_changed: str = "2026-01-01T00:00:00Z"
    removals: int = 0
    posts: list[dict[str, Any]] = field(default_factory=list)
    replaced: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    failing: dict[str, tuple[Script | None, bool]] = field(default_factory=dict)
    done_first: bool = False
    _open: dict[str, AsyncExitStack] = field(default_factory=dict)
    _ports: dict[str, int] = field(default_factory=dict)

    async def __aenter__(self) -> "Cloud":
        for source in ("graph", "exchange", "teams"):
            await self._opens(source)
        return self

    async def __aexit__(self, *_: object) -> None:
        for source in list(self._open):
            await self._closes(source)

    async def _opens(self, source: str) -> None:
        application = web.Application(client_max_size=10_000_000)
        application.router.add_route("*", "/{path:.*}", self._serve)
        end = self._open[source] = AsyncExitStack()
        service = serving(application, self._ports.get(source, 0), patience=0.05)
        self._ports[source] = await end.enter_async_context(service)
        self.urls[source] = f"http://localhost:{self._ports[source]}"

    async def _closes(self, source: str) -> None:
        await self._open.pop(source).aclose()

    async def fails(self, use: str, fault: str) -> None:
        """Makes this use fail in that way from now on."""
        script = FAULTS[fault] if fault in FAULTS else ONCE[fault]
        self.failing[use] = (script, fault in ONCE)
        if script is None:
            await self._closes(SOURCE_OF[use])

    async def heal(self) -> None:
        for script, _ in self.failing.values():
            source = next((name for name in self._ports if name not in self._open), None)
            if script is None and source:
                await self._opens(source)
        self.failing.clear()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else {}
        use = _use_of(request, body)
        self.asked.append(use)
        script, once = self.failing.get(use, (None, False))
        if once:
            del self.failing[use]
        if script is not None:
            if self.done_first:
                self._answer(use, request, body)
            return await script(request)
        return web.json_response(self._answer(use, request, body))

    def _answer(self, use: str, request: web.Request, body: Mapping[str, Any]) -> Any:
        if use == "remove":
            self.removals += 1
            self.listed = False
            return {"value": []}
        if use == "post":
            self.posts.append(dict(body.get("activity", body)))
            channel = body.get("channelData", {}).get("channel", {}).get("id", "19:c")
            return {"id": f"{channel};messageid={len(self.posts)}", "activityId": str(len(self.posts))}
        if use == "replace":
            self.replaced.append((request.path.rpartition("/")[2], dict(body)))
            return {"id": "1"}
        if use == "person" and BO.id in request.path:
            return _BO
        return _ANSWERS[use](self)


SOURCE_OF = {
    **dict.fromkeys(("person", "standing", "methods", "report", "audit", "domain", "group"), "graph"),
    **dict.fromkeys(("list", "remove"), "exchange"),
    **dict.fromkeys(("post", "replace"), "teams"),
}


def _use_of(request: web.Request, body: Mapping[str, Any]) -> str:
    path = request.path
    if path.startswith("/adminapi"):
        return "remove" if "Remove" in body["CmdletInput"]["CmdletName"] else "list"
    if "/conversations" in path:
        return "replace" if request.method == "PUT" else "post"
    marks = {
        "/authentication/methods": "methods",
        "userRegistrationDetails": "report",
        "directoryAudits": "audit",
        "/domains/": "domain",
        "Member": "group",
        "eligib": "group",
    }
    use = next((use for mark, use in marks.items() if mark in path), None)
    return use or ("person" if "lastPasswordChangeDateTime" in request.query_string else "standing")


_ROW = {"SenderAddress": ADDRESSES[0], "Reason": LIMIT_REASON, "CreatedDatetime": RESTRICTED_SINCE}
_BO = {
    "id": BO.id,
    "displayName": BO.name,
    "userPrincipalName": "bo@contoso.example",
    "accountEnabled": True,
    "userType": "Member",
}
_ANSWERS: dict[str, Callable[[Cloud], Any]] = {
    "person": lambda cloud: {
        "id": str(ANA),
        "displayName": "Ana Soto",
        "userPrincipalName": ADDRESSES[0],
        "proxyAddresses": [f"SMTP:{ADDRESSES[0]}"],
        "accountEnabled": True,
        "userType": "Member",
        "lastPasswordChangeDateTime": cloud.password_changed,
    },
    "standing": lambda _: {"id": BO.id, "accountEnabled": True, "userType": "Member"},
    "methods": lambda _: {
        "value": [
            {
                "@odata.type": "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod",
                "id": "m1",
                "createdDateTime": "2025-01-01T00:00:00Z",
            }
        ]
    },
    "report": lambda _: {"isMfaRegistered": True, "isSsprCapable": True},
    "audit": lambda _: {"value": []},
    "domain": lambda _: {"authenticationType": "Managed"},
    "group": lambda _: {"value": ["00000000-0000-4000-8000-00000000000a"]},
    "list": lambda cloud: {"value": [_ROW] if cloud.listed else []},
}
GROUP = "00000000-0000-4000-8000-00000000000a"
CHANGED_NOW = NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
