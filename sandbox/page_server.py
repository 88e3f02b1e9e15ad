"""The page: static files, the state as JSON, a stream of changes, and the buttons."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from sandbox import bounces, files
from sandbox.chats import Chats, Message
from sandbox.exchange_script import run_script
from sandbox.management_roles import RoleRefused
from sandbox.outbox import Outbox
from sandbox.page_changes import change
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

    def __init__(
        self, tenant: Tenant, chats: Chats, teams: Teams, begin_anew: Callable[[str], Awaitable[None]]
    ) -> None:
        self._tenant = tenant
        self._chats = chats
        self._teams = teams
        self._outbox = Outbox(tenant)
        self._tour = Tour(tenant, chats, teams)
        self._count = 0
        self._watchers: set[asyncio.Event] = set()
        self._open = True
        self._begin_anew = begin_anew
        self._run = 0
        """How often everything has begun anew: an open page begins anew with it."""

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
            ("/again", self._again),
            ("/exchange-script", self._run_script),
        ):
            router.add_post(path, _answering(handler))
        return application

    def begin_anew(self) -> None:
        """Nothing was sent and no story was played; every open page begins anew, too."""
        self._outbox.begin_anew()
        self._tour.begin_anew()
        self._run += 1

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
        is_up = await self._is_up()
        if is_up and self._teams.undelivered:
            await self._teams.deliver_again()
        state = state_for(viewer, self._tenant, self._teams, self._outbox)
        own = {"n": self._count, "run": self._run, "bot": {"up": is_up, "url": self._teams.bot_url}}
        return web.json_response({**own, "tour": self._tour.progress(), **state})

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
        return await self._delivered(say(viewer, text))

    async def _drop(self, asked: dict[str, Any]) -> dict[str, Any]:
        viewer = _viewer(asked)
        if asked.get("what") == "picture":
            return await self._delivered(self._teams.paste_picture(viewer))
        content = files.saved_bounce(viewer, str(asked.get("kind", "5.1.8")))
        return await self._delivered(self._teams.drop(viewer, "Undeliverable.eml", content))

    async def _run_script(self, asked: dict[str, Any]) -> dict[str, Any]:
        """As an Exchange administrator runs it."""
        try:
            run_script(str(asked.get("script", "")), self._tenant.management_roles)
        except RoleRefused as refused:
            raise ValueError(str(refused)) from refused
        return {"done": True}

    async def _delivered(self, saying: Coroutine[Any, Any, int]) -> dict[str, Any]:
        """What was said while the bot does not answer waits for it, and says so."""
        try:
            return {"status": await saying, "waits": False}
        except ConnectionError:
            self.changed()
            return {"status": 0, "waits": True}

    async def _press(self, asked: dict[str, Any]) -> dict[str, Any]:
        viewer, message = _viewer(asked), self._message(asked)
        data = {**(asked.get("data") or {}), **(asked.get("inputs") or {})}
        answer = await self._teams.click(viewer, message, str(asked.get("verb")), data)
        return {"status": answer.status, "kind": answer.kind, "card": answer.card, "text": answer.text}

    async def _change_tenant(self, asked: dict[str, Any]) -> dict[str, Any]:
        change(self._tenant, self._outbox, asked)
        self.changed()
        return {"done": True}

    async def _again(self, asked: dict[str, Any]) -> dict[str, Any]:
        story = str(asked.get("story", "honest"))
        await self._begin_anew(story)
        self._tour.story = story
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
