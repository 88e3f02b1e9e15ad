"""Client for the Bot Connector: one pooled session, our own token, and no hidden retries.

The SDK's own client opens five sessions and a connection for each turn, fetches tokens on the event loop and repeats
sends by itself; so it is replaced here by four calls of the REST API.
https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference"""

import asyncio
import functools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from urllib.parse import quote

import aiohttp
import yarl
from botbuilder.schema import Activity, ResourceResponse
from botframework.connector.auth.connector_factory import ConnectorFactory

from bot.authentication import is_on_loopback, is_service_host
from bot.finished_cards import as_json
from bot.waits import Waits
from services.domain.unknown import UnknownReason
from services.ports.errors import CardRefused, NotFound, Unavailable, Unreachable


@dataclass(frozen=True, slots=True, kw_only=True)
class SendTiming:
    """The time for one request, and the pauses before one that met another in the same conversation is sent again.
    `monotonic`: seconds, of a clock that never jumps."""

    within: timedelta = timedelta(seconds=10)
    again_after: tuple[timedelta, ...] = (timedelta(seconds=0.3), timedelta(seconds=1))
    monotonic: Callable[[], float] = time.monotonic


class Tokens(Protocol):
    """Access tokens of this app."""

    async def token(self, scope: str) -> str: ...

    async def renew(self, scope: str, refused: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectorService:
    """The Bot Connector of our cloud: the hosts that our token may be sent to, and the scope it is for."""

    scope: str
    hosts: frozenset[str] = frozenset()


class BotConnector:
    """Sends requests to the Bot Connector."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        tokens: Tokens | None,
        service: ConnectorService,
        anonymous: bool = False,
        proxy_for: Callable[[str], str | None] = lambda _: None,
        timing: SendTiming = SendTiming(),
    ) -> None:
        self._timeout = aiohttp.ClientTimeout(total=timing.within.total_seconds())
        self._again_after = timing.again_after
        self._waits = Waits(timing.monotonic)
        self._session = session
        self._tokens = tokens
        self._service = service
        self._anonymous = anonymous
        # Each host may have its own proxy, or none. It is looked up once per host, since that costs more than a send.
        self._proxy_for = functools.cache(proxy_for)

    async def call(self, method: str, service_url: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Send one request once; after a 401 again with a new token, after a 412 again soon. Nothing was done in either
        case. Returns the body of the response.

        Raises:
            Unavailable: try later; nothing is sent to a conversation that asked for a pause until it is over.
            CardRefused: it does not take this message; another one it may.
        Unreachable: somebody must change something first; the message is the Connector's own error code.
            NotFound: the activity to be updated does not exist.
        """
        url = self._url(service_url, path)
        conversation = f"{url.host}/{path.partition('/activities')[0]}"
        if left := self._waits.left(conversation):
            raise Unavailable(UnknownReason.THROTTLED, "Bot Connector: 429, waiting", retry_after=left)
        try:
            return _checked(method, await self._answered(method, url, body))
        except Unavailable as trouble:
            if trouble.reason is UnknownReason.THROTTLED and trouble.retry_after:
                self._waits.begin(conversation, trouble.retry_after)
            raise

    async def _answered(self, method: str, url: yarl.URL, body: Mapping[str, Any]) -> "_Response":
        """The response; of several attempts that met another request to the conversation, the last one's."""
        response = await self._authorised(method, url, body)
        for pause in self._again_after:
            if response.status != 412:
                break
            await asyncio.sleep(pause.total_seconds())
            response = await self._authorised(method, url, body)
        return response

    async def _authorised(self, method: str, url: yarl.URL, body: Mapping[str, Any]) -> "_Response":
        token = await self._token()
        response = await self._send(token, method, url, body)
        if response.status == 401 and self._tokens is not None:
            await self._tokens.renew(self._service.scope, token)
            response = await self._send(await self._token(), method, url, body)
        return response

    def _url(self, service_url: str, path: str) -> yarl.URL:
        known = is_on_loopback(service_url) if self._anonymous else is_service_host(service_url, self._service.hosts)
        if not known:
            # Whatever service URL an activity gave: our token is sent to no host that is not on the list.
            raise Unreachable("service URL is not on the list")
        return yarl.URL(f"{service_url.rstrip('/')}/v3/{path}", encoded=True)

    async def _token(self) -> str:
        """A token; empty in anonymous mode, where none is sent."""
        return "" if self._tokens is None else await self._tokens.token(self._service.scope)

    async def _send(self, token: str, method: str, url: yarl.URL, body: Mapping[str, Any]) -> "_Response":
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with self._session.request(
                method,
                url,
                # As UTF-8: with escapes a card in other scripts could become larger than Teams accepts.
                data=json.dumps(body, ensure_ascii=False).encode("utf-8", errors="replace"),
                headers={"Content-Type": "application/json", **headers},
                timeout=self._timeout,
                proxy=self._proxy_for(f"{url.scheme}://{url.host}"),
                allow_redirects=False,
            ) as response:
                return await _read(response)
        except TimeoutError as late:
            raise Unavailable(UnknownReason.TIMED_OUT, "Bot Connector") from late
        except aiohttp.ClientError as broken:
            raise Unavailable(UnknownReason.UNREACHABLE, f"Bot Connector: {type(broken).__name__}") from broken


class _Response:
    """What is needed of a response after it was read."""

    def __init__(self, status: int, body: dict[str, Any], retry_after: str) -> None:
        self.status = status
        self.body = body
        self.retry_after = retry_after

    @property
    def code(self) -> str:
        error = self.body.get("error")
        code = error.get("code") if isinstance(error, dict) else None
        # A code, and no sentence: it is shown and logged.
        return f"{self.status} {code}"[:80] if isinstance(code, str) and code.isidentifier() else str(self.status)


async def _read(response: aiohttp.ClientResponse) -> _Response:
    try:
        body = await response.json(content_type=None)
    except ValueError:
        body = {}
    return _Response(response.status, body if isinstance(body, dict) else {}, response.headers.get("Retry-After", ""))


def _checked(method: str, response: _Response) -> dict[str, Any]:
    if 200 <= response.status < 300:
        return response.body
    if response.status == 404 and method == "PUT":
        raise NotFound(response.code)
    # https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability#status-codes
    if response.status in (400, 413):
        raise CardRefused(response.code)
    if response.status in (403, 404, 405, 410):
        raise Unreachable(response.code)
    seconds = int(response.retry_after) if response.retry_after.isascii() and response.retry_after.isdigit() else 0
    retry_after = timedelta(seconds=min(seconds, 3_600)) if seconds else None
    reason = UnknownReason.THROTTLED if response.status == 429 else UnknownReason.UNREACHABLE
    raise Unavailable(reason, f"Bot Connector: {response.code}", retry_after=retry_after)


class _Conversations:
    """The methods of the SDK's client that replies in a turn need."""

    def __init__(self, connector: BotConnector, service_url: str) -> None:
        self._connector = connector
        self._service_url = service_url

    async def reply_to_activity(self, conversation_id: str, activity_id: str, activity: Activity) -> ResourceResponse:
        path = f"conversations/{quote(conversation_id, safe='')}/activities/{quote(activity_id, safe='')}"
        return await self._post(path, activity)

    async def send_to_conversation(self, conversation_id: str, activity: Activity) -> ResourceResponse:
        return await self._post(f"conversations/{quote(conversation_id, safe='')}/activities", activity)

    async def _post(self, path: str, activity: Activity) -> ResourceResponse:
        body = await self._connector.call("POST", self._service_url, path, as_json(activity))
        return ResourceResponse(id=str(body.get("id", "")))


class _Client:
    """What the SDK uses as a connector client."""

    def __init__(self, conversations: _Conversations) -> None:
        self.conversations = conversations


class PooledFactory(ConnectorFactory):  # type: ignore[misc]  # the SDK has no types
    """Gives the SDK our connector, instead of a new client for each turn."""

    def __init__(self, connector: BotConnector) -> None:
        self._connector = connector

    async def create(self, service_url: str, audience: str = "") -> _Client:
        del audience  # the token's audience is always the Bot Connector's
        return _Client(_Conversations(self._connector, service_url))
