"""The HTTP endpoint: routes, request limits and status codes. The caller never sees a traceback."""

import asyncio
import json
import logging
import unicodedata
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web

from bot.authentication import Authenticator, Rejected
from bot.fields import activity_id, dict_in, text_in
from bot.quiet_log import FewLines
from bot.reading import Read, read
from services.domain.card import Card, Remark
from services.ports.errors import Unavailable, Unreachable, UnreadableCase
from services.ports.readiness import Complaint
from services.ports.work import working

log = logging.getLogger("sendwell.web")

_BODY_AT_MOST = 512 * 1024
_FINISH_WITHIN = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimits:
    """Limits for requests: seconds to receive a body, seconds to answer (Teams gives up and sends again after ten to
    fifteen), activities that are processed at once, and lines of the log a minute about those that are turned away."""

    body_within: float = 10.0
    answer_within: float = 9.0
    at_once: int = 200
    logged: int = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Apologies:
    """The sentences for a request that could not be answered. `broken` takes the reference that is in the log too."""

    busy: Callable[[], str]
    broken: Callable[[str], str]


class Bot(Protocol):
    """What the endpoint needs of the bot."""

    async def turn(self, envelope: dict[str, Any], incoming: Read) -> Card | None: ...

    async def apologise(self, envelope: dict[str, Any], sentence: str) -> None: ...


class Endpoint:
    """The HTTP application, and the activities that it is processing."""

    def __init__(
        self,
        *,
        authenticator: Authenticator,
        bot: Bot,
        ready: Callable[[], Awaitable[Sequence[Complaint]]],
        apologies: Apologies,
        reference: Callable[[], str],
        limits: RequestLimits = RequestLimits(),
    ) -> None:
        self._limits = limits
        self._authenticator = authenticator
        self._bot = bot
        self._ready = ready
        self._apologies = apologies
        self._reference = reference
        self._few = FewLines(limits.logged)
        self._working: dict[tuple[str, str], asyncio.Task[Card | None]] = {}

    def application(self) -> web.Application:
        """The routes."""
        application = web.Application(client_max_size=_BODY_AT_MOST)
        application.router.add_post("/api/messages", self._messages)
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/readyz", self._readyz)
        application.on_shutdown.append(self._finish)
        return application

    async def _messages(self, request: web.Request) -> web.Response:
        try:
            _validate_head(request)
            service_url = await self._authenticator.authenticate(request.headers.get("Authorization"))
            envelope = self._authenticator.validate(await _body(request, self._limits.body_within), service_url)
        except Rejected as rejected:
            self._few.warning("turned away with %d: %s", rejected.status, _one_line(rejected.reason))
            return web.Response(status=rejected.status)
        incoming = read(envelope)
        if incoming is None:
            return web.Response(status=200)
        task = self._begin(envelope, incoming)
        if task is None:
            return web.Response(status=429)
        return await (self._answered(task) if envelope.get("type") == "invoke" else self._taken(task))

    def _begin(self, envelope: dict[str, Any], incoming: Read) -> asyncio.Task[Card | None] | None:
        """The task that processes an activity: the running one if Teams sent it before, `None` if too many run."""
        key = (text_in(dict_in(envelope, "conversation"), "id"), activity_id(envelope))
        if task := self._working.get(key):
            return task
        if len(self._working) >= self._limits.at_once:
            return None
        task = asyncio.create_task(self._guarded(envelope, self._bot.turn(envelope, incoming)))
        self._working[key] = task
        task.add_done_callback(lambda _: self._working.pop(key, None))
        return task

    async def _guarded(self, envelope: dict[str, Any], work: Coroutine[Any, Any, Card | None]) -> Card | None:
        """Run a turn. A failure is logged with a reference that the person gets to quote (the worker is the only other
        place that catches all errors)."""
        reference = self._reference()
        with working(reference):
            return await self._answer_or_apologise(envelope, work, reference)

    async def _answer_or_apologise(
        self, envelope: dict[str, Any], work: Coroutine[Any, Any, Card | None], reference: str
    ) -> Card | None:
        try:
            return await work
        except (Unavailable, Unreachable, UnreadableCase) as trouble:
            log.warning("an activity could not be answered: %s, reference %s", trouble.logged, reference)
        except Exception:
            log.exception("an activity failed, reference %s", reference)
        if envelope.get("type") == "invoke":
            raise _Failed(reference)
        with suppress(Unavailable, Unreachable):
            await self._bot.apologise(envelope, self._apologies.broken(reference))
        return None

    async def _taken(self, task: asyncio.Task[Card | None]) -> web.Response:
        """Answer a message when it was processed, or after `answer_within`. If the process stops before, Teams sends
        the message again."""
        await asyncio.wait([task], timeout=self._limits.answer_within)
        return web.Response(status=200)

    async def _answered(self, task: asyncio.Task[Card | None]) -> web.Response:
        try:
            async with asyncio.timeout(self._limits.answer_within):
                card = await asyncio.shield(task)
        except TimeoutError:
            return _message(self._apologies.busy())
        except _Failed as broken:
            return _message(self._apologies.broken(broken.reference))
        if card is None:
            return _message(self._apologies.busy())
        if isinstance(card, Remark):
            return _message(card.text)
        return web.json_response(
            {"statusCode": 200, "type": "application/vnd.microsoft.card.adaptive", "value": card}, dumps=_as_utf8
        )

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "alive"})

    async def _readyz(self, _request: web.Request) -> web.Response:
        complaints = await self._ready()
        blocked = any(complaint.blocks for complaint in complaints)
        body = {"ready": not blocked, "complaints": [complaint.text for complaint in complaints]}
        return web.json_response(body, status=503 if blocked else 200)

    async def _finish(self, _application: web.Application) -> None:
        """Let running activities finish for ten seconds at shutdown, then cancel them. Outbox tasks run after the next
        start."""
        tasks = list(self._working.values())
        if not tasks:
            return
        _, pending = await asyncio.wait(tasks, timeout=_FINISH_WITHIN)
        for task in pending:
            task.cancel()


class _Failed(Exception):  # noqa: N818 - it carries a reference, nothing else
    """The turn failed, and was logged under this reference."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


def _validate_head(request: web.Request) -> None:
    """Raises `Rejected` for content other than plain JSON, before the body is read."""
    if request.content_type != "application/json":
        raise Rejected(415, "not application/json")
    if request.headers.get("Content-Encoding", "identity").casefold() != "identity":
        raise Rejected(415, "an encoded body")


async def _body(request: web.Request, within: float) -> bytes:
    if (request.content_length or 0) > _BODY_AT_MOST:
        raise Rejected(413, "the body is too large")
    try:
        async with asyncio.timeout(within):
            return await request.read()
    except web.HTTPRequestEntityTooLarge as large:
        raise Rejected(413, "the body is too large") from large
    except TimeoutError as slow:
        raise Rejected(408, "the body did not come in time") from slow


def _as_utf8(answer: object) -> str:
    """With escapes a card in other scripts could become larger than Teams accepts. No half of a character is left in
    it, which could not be encoded."""
    return json.dumps(answer, ensure_ascii=False).encode("utf-8", errors="replace").decode()


def _message(text: str) -> web.Response:
    return web.json_response({"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": text})


def _one_line(text: str) -> str:
    """The text on one line and shortened, so that a request cannot write lines of its own into our log."""
    return "".join(" " if unicodedata.category(char).startswith("C") else char for char in text)[:200]
