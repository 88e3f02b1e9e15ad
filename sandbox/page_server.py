"""The page: static files, the state as JSON, a stream of changes, and the buttons."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from sandbox import bounces, files
from sandbox.chats import Chats, Message
from sandbox.connector_cmdlets import RELAY
from sandbox.outbox import Outbox
from sandbox.page_state import state_for
from sandbox.people import PEOPLE
from sandbox.teams import Teams
from sandbox.tenant import Tenant
from sandbox.tour import Tour

_HERE = Path(__file__).parent / "page"
_MODULES = _HERE / "node_modules"
_VENDOR = {
    "adaptivecards.min.js": _MODULES / "adaptivecards" / "dist" / "adaptivecards.min.js",
    "markdown-it.js": _MODULES / "markdown-it" / "dist" / "browser" / "markdown-it.umd.min.js",
}
_CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:"


class PageServer:
    """Serves the page to a browser on this machine."""

    def __init__(self, tenant: Tenant, chats: Chats, teams: Teams) -> None:
        self._tenant = tenant
        self._chats = chats
        self._teams = teams
        self._outbox = Outbox(tenant)
        self._tour = Tour(tenant, chats, teams)
        self._count = 0
        self._watchers: set[asyncio.Event] = set()
        self._open = True
        self._bot_is_up = False

    def application(self) -> web.Application:
        application = web.Application(middlewares=[_same_origin])
        router = application.router
        router.add_get("/", self._index)
        router.add_get("/page/{file}", self._asset)
        router.add_get("/vendor/{file}", self._vendor)
        router.add_get("/events", self._events)
        router.add_get("/state", self._state)
        router.add_get("/bounce", self._bounce)
        for path, handler in (
            ("/say", self._say),
            ("/drop", self._drop),
            ("/press", self._press),
            ("/tenant", self._change_tenant),
            ("/reload", self._reload),
        ):
            router.add_post(path, _answering(handler))
        return application

    def changed(self) -> None:
        """Tell every open page."""
        self._count += 1
        for watcher in self._watchers:
            watcher.set()

    def close(self) -> None:
        """Let the open streams end."""
        self._open = False
        self.changed()

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return self._static("index.html")

    async def _asset(self, request: web.Request) -> web.StreamResponse:
        return self._static(request.match_info["file"])

    def _static(self, name: str) -> web.StreamResponse:
        path = _HERE / name
        if path.parent != _HERE or not path.is_file():
            return web.Response(status=404)
        return web.FileResponse(path, headers={"Content-Security-Policy": _CSP, "Cache-Control": "no-store"})

    async def _vendor(self, request: web.Request) -> web.StreamResponse:
        path = _VENDOR.get(request.match_info["file"])
        if path is None or not path.is_file():
            return web.Response(status=404, text="run `npm ci` in sandbox/page")
        return web.FileResponse(path)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        watcher = asyncio.Event()
        self._watchers.add(watcher)
        try:
            while self._open:
                await response.write(f'event: changed\ndata: {{"n": {self._count}}}\n\n'.encode())
                watcher.clear()
                try:
                    # The list lags and the bot comes and goes without a sound: look now and then.
                    async with asyncio.timeout(2):
                        await watcher.wait()
                except TimeoutError:
                    continue
        except ConnectionResetError:
            pass  # the page was closed
        finally:
            self._watchers.discard(watcher)
        return response

    async def _state(self, request: web.Request) -> web.Response:
        viewer = request.query.get("viewer", "ana")
        if viewer not in PEOPLE:
            return web.json_response({"error": f"There is nobody called {viewer!r} here."}, status=400)
        bot = {"up": await self._is_up(), "url": self._teams.bot_url}
        state = state_for(viewer, self._tenant, self._teams, self._outbox)
        return web.json_response({"n": self._count, "bot": bot, "tour": self._tour.progress(), **state})

    async def _is_up(self) -> bool:
        timeout = aiohttp.ClientTimeout(total=0.5)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.get(f"{self._teams.bot_url}/healthz") as response,
            ):
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _bounce(self, request: web.Request) -> web.Response:
        kind, viewer = request.query.get("kind", "5.1.8"), request.query.get("viewer", "ana")
        if kind not in bounces.KINDS or viewer not in PEOPLE:
            return web.json_response({"error": f"Known bounces: {', '.join(bounces.KINDS)}"}, status=400)
        return web.json_response({"text": bounces.bounce(viewer, kind)})

    async def _say(self, asked: dict[str, Any]) -> dict[str, Any]:
        viewer, text = _viewer(asked), str(asked.get("text", ""))
        say = self._teams.say_in_channel if asked.get("where") == "channel" else self._teams.say
        return {"status": await say(viewer, text)}

    async def _drop(self, asked: dict[str, Any]) -> dict[str, Any]:
        viewer = _viewer(asked)
        if asked.get("what") == "picture":
            return {"status": await self._teams.paste_picture(viewer)}
        content = files.saved_bounce(viewer, str(asked.get("kind", "5.1.8")))
        return {"status": await self._teams.drop(viewer, "Undeliverable.eml", content)}

    async def _press(self, asked: dict[str, Any]) -> dict[str, Any]:
        viewer, message = _viewer(asked), self._message(asked)
        data = {**(asked.get("data") or {}), **(asked.get("inputs") or {})}
        answer = await self._teams.click(viewer, message, str(asked.get("verb")), data)
        return {"status": answer.status, "kind": answer.kind, "card": answer.card, "text": answer.text}

    async def _change_tenant(self, asked: dict[str, Any]) -> dict[str, Any]:
        tenant, who = self._tenant, str(asked.get("who", "ana"))
        if who not in PEOPLE:
            raise ValueError(f"There is nobody called {who!r} here.")
        verbs: dict[str, Callable[[], object]] = {
            "restrict": lambda: tenant.restrict(who, str(asked.get("kind", "limit"))),
            "send_mailing": lambda: tenant.restrict(who, "limit"),
            "lift": lambda: tenant.lift(who),
            "reset_password": lambda: tenant.reset_password(who),
            "add_method": lambda: tenant.add_method(who),
            "remove_methods": lambda: tenant.remove_methods(who),
            "fail": lambda: tenant.faults.fail(str(asked.get("service")), str(asked.get("fault"))),
            "heal": lambda: tenant.faults.heal(str(asked["service"]) if asked.get("service") else None),
            "send_message": lambda: self._outbox.send(who),
            "list_lag": lambda: setattr(tenant, "list_lag", float(asked.get("seconds", 0))),
            "truncate": lambda: setattr(tenant, "truncated", bool(asked.get("on"))),
            "bulk_senders": tenant.policies.bulk_senders,
            "change_policy": tenant.policies.somebody_changes,
            "no_limits": tenant.policies.no_limits,
            "lacks_policies": lambda: tenant.switch("unreadable", "policies", on=bool(asked.get("on"))),
            "role": lambda: tenant.privilege(who, on=bool(asked.get("on"))),
            "synchronised": lambda: tenant.synchronise(who, on=bool(asked.get("on"))),
            "responder": lambda: tenant.switch("responders", who, on=bool(asked.get("on"))),
            "restrict_connector": lambda: tenant.restrict_connector(RELAY),
            "restrict_shared": lambda: tenant.restrict_shared(str(asked.get("kind", "limit"))),
            "unreadable": lambda: tenant.switch("unreadable", str(asked.get("what")), on=bool(asked.get("on"))),
            "readable": tenant.readable,
            "investigate": lambda: tenant.investigate(who, str(asked.get("what"))),
            "installed": lambda: setattr(tenant.accounts[who], "installed", bool(asked.get("on"))),
            "limit_unblocks": lambda: setattr(tenant.accounts[who], "unblocks_spent", bool(asked.get("on"))),
        }
        verb = verbs.get(str(asked.get("do")))
        if verb is None:
            raise ValueError(f"Known: {', '.join(sorted(verbs))}")
        verb()
        self.changed()
        return {"done": True}

    async def _reload(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._chats.reload(_viewer(asked))
        return {"done": True}

    def _message(self, asked: dict[str, Any]) -> Message:
        wanted = str(asked.get("message"))
        found = next((message for message in self._chats.messages if message.id == wanted), None)
        if found is None:
            raise ValueError("There is no such message.")
        return found


def _viewer(asked: dict[str, Any]) -> str:
    viewer = str(asked.get("viewer"))
    if viewer not in PEOPLE:
        raise ValueError(f"There is nobody called {viewer!r} here.")
    return viewer


def _answering(handler: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> Any:
    async def answer(request: web.Request) -> web.Response:
        try:
            asked = await request.json()
            return web.json_response(await handler(asked if isinstance(asked, dict) else {}))
        except (ValueError, TypeError) as wrong:
            return web.json_response({"error": str(wrong)}, status=400)
        except ConnectionError as gone:
            return web.json_response({"error": f"{gone}. Is it running?"}, status=502)

    return answer


@web.middleware
async def _same_origin(request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
    """Only this machine's own page may press the buttons: a page from elsewhere could otherwise do so unseen."""
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    if host not in ("localhost", "127.0.0.1") or (origin and urlsplit(origin).netloc != request.host):
        return web.Response(status=403, text="loopback only")
    response: web.StreamResponse = await handler(request)
    return response
