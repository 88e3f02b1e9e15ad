"""The HTTP client for Microsoft 365: time-outs, three tries at most, and every HTTP error mapped once.

a request over HTTP
├── no connection, reset, TLS ............ Unavailable(UNREACHABLE)
├── no response in time .................. Unavailable(TIMED_OUT); in the background asked once more
├── 401, 403 without service principal .. Unavailable(NOT_SET_UP)
├── 400, 403 that miss a licence ........ Unavailable(NO_LICENCE)
├── 401 ................................. token renewed once, then Unavailable(NO_PERMISSION)
├── 403 ................................. Unavailable(NO_PERMISSION)
├── 429 ................................. Unavailable(THROTTLED, retry_after)
├── 5xx ................................. Unavailable(UNREACHABLE, retry_after)
└── other 4xx, body not JSON ............ returned: the caller knows what it means
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp
import yarl

from services.clients.wire_values import read_json
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_TRIES = 3
_TRIES_IN_TIME = 2
"""Of a slow read in the background: a third one would find the source as slow as the first two."""
_WORTH_WAITING = timedelta(seconds=2)
_BODY_AT_MOST = 16 * 1024 * 1024
# https://learn.microsoft.com/entra/identity-platform/retire-service-principal-less-authentication
_NOT_SET_UP = "service principal-less authentication failed"
_NO_LICENCE = (
    "requestfromnonpremiumtenantorb2ctenant",
    "premiumlicenserequired",
    "premium license",
    "not licensed for this feature",
)
"""How services say it, as a code or in words, in lower case."""


class Tokens(Protocol):
    """Access tokens of this app."""

    async def token(self, scope: str) -> str:
        """A token that is valid for some minutes more. Raises `Unavailable`."""
        ...

    async def renew(self, scope: str, refused: str) -> None:
        """Never return the token `refused` again. If it was replaced meanwhile, the new one stays."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A response: status, headers, the body as JSON (`None` if it is not JSON), and the first 2,000 characters of its
    text."""

    status: int
    headers: Mapping[str, str]
    json: Any
    text: str

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def trust(ca_files: Iterable[Path]) -> ssl.SSLContext:
    """A TLS context with the system's trust roots and those of these files."""
    context = ssl.create_default_context()
    for path in ca_files:
        context.load_verify_locations(path)
    return context


@asynccontextmanager
async def open_session(trusted: ssl.SSLContext) -> AsyncIterator[aiohttp.ClientSession]:
    """One pool of connections for all services."""
    connector = aiohttp.TCPConnector(ssl=trusted, limit=100, limit_per_host=30)
    # Each request has its own time-out. No cookies are kept: one service's must not reach another.
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


def proxy_for(url: str) -> str | None:
    """The proxy that the environment names for this host (`HTTPS_PROXY`, `NO_PROXY`); `None` for none."""
    host = urlsplit(url).hostname or ""
    return None if proxy_bypass(host) else getproxies().get("https")


class ApiClient:
    """Sends authenticated requests to one service: a body as JSON, or as it is if it is bytes.

    `background`: nobody waits for its reads, so one that gets no response within `timeout` is asked once more."""

    def __init__(
        self,
        *,
        session: aiohttp.ClientSession,
        base_url: str,
        tokens: Tokens,
        timeout: timedelta,
        background: bool = False,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        parts = urlsplit(base_url)
        self._session = session
        self._base = base_url
        self._scope = f"{parts.scheme}://{parts.netloc}/.default"
        self._tokens = tokens
        self._timeout = aiohttp.ClientTimeout(total=timeout.total_seconds())
        self._background = background
        self._pause = pause
        # Looked up once: reading it from the environment on every request costs more than the request.
        self._proxy = proxy_for(base_url)

    async def read(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Send a request that is safe to repeat, up to three times. Raises `Unavailable`, see the top of this file."""
        for tried in range(1, _TRIES + 1):
            try:
                return await self.once(method, path, body, headers)
            except Unavailable as trouble:
                if tried >= self._tries(trouble):
                    raise
                wait = trouble.retry_after or timedelta(seconds=0.2 * tried)
                await self._pause(wait.total_seconds())
        raise AssertionError("unreachable: the last try returns or raises")

    async def once(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Send a request once. Only after a 401, when nothing was done yet, it is sent again with a new token.

        Raises `Unavailable`, see the top of this file."""
        token = await self._token()
        response = await self._send(token, method, path, body, headers)
        if response.status == 401 and not _is_not_set_up(response):
            await self._tokens.renew(self._scope, token)
            response = await self._send(await self._token(), method, path, body, headers)
        if trouble := _trouble(response):
            raise trouble
        return response

    def _tries(self, trouble: Unavailable) -> int:
        """How often a read that failed like this is sent in all."""
        if trouble.retry_after is not None and trouble.retry_after > _WORTH_WAITING:
            return 1
        if trouble.reason is UnknownReason.TIMED_OUT and self._background:
            return _TRIES_IN_TIME
        return _TRIES if trouble.reason in (UnknownReason.UNREACHABLE, UnknownReason.THROTTLED) else 1

    async def _send(
        self, token: str, method: str, path: str, body: object, headers: Mapping[str, str] | None
    ) -> Response:
        try:
            async with self._session.request(
                method,
                yarl.URL(self._base + path, encoded=True),
                **({"data": body} if isinstance(body, bytes) else {"json": body}),
                # Exchange sends some bodies marked as gzip that are not compressed.
                headers={
                    "Accept": "application/json",
                    "Accept-Encoding": "identity",
                    **(headers or {}),
                    "Authorization": f"Bearer {token}",
                },
                timeout=self._timeout,
                proxy=self._proxy,
                allow_redirects=False,
            ) as response:
                return await _read(response)
        except TimeoutError as late:
            raise Unavailable(UnknownReason.TIMED_OUT, self._base) from late
        except aiohttp.ClientError as broken:
            sent = not isinstance(broken, aiohttp.ClientConnectorError)
            raise Unavailable(
                UnknownReason.UNREACHABLE, f"{self._base}: {type(broken).__name__}", may_have_arrived=sent
            ) from broken

    async def _token(self) -> str:
        try:
            return await self._tokens.token(self._scope)
        except Unavailable as trouble:
            trouble.may_have_arrived = False
            raise


async def _read(response: aiohttp.ClientResponse) -> Response:
    try:
        raw = await _body(response)
    except aiohttp.ClientPayloadError:
        if response.status < 400:
            raise
        raw = b""  # the body of an error cannot be decoded: the status is enough
    try:
        parsed = read_json(raw)
    except (ValueError, RecursionError):
        parsed = None
    text = raw[:8_000].decode("utf-8", errors="replace")[:2_000]
    return Response(status=response.status, headers=dict(response.headers), json=parsed, text=text)


async def _body(response: aiohttp.ClientResponse) -> bytes:
    """The whole body. Raises `Unavailable` above 16 MiB, which no expected response comes near."""
    body = bytearray()
    async for part in response.content.iter_any():
        body += part
        if len(body) > _BODY_AT_MOST:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "an answer without end")
    return bytes(body)


def _trouble(response: Response) -> Unavailable | None:
    detail = f"HTTP {response.status}"
    if _is_not_set_up(response):
        return Unavailable(UnknownReason.NOT_SET_UP, detail)
    if _misses_a_licence(response):
        return Unavailable(UnknownReason.NO_LICENCE, detail)
    if response.status in (401, 403):
        return Unavailable(UnknownReason.NO_PERMISSION, detail)
    if response.status == 429:
        return Unavailable(UnknownReason.THROTTLED, detail, retry_after=_retry_after(response), may_have_arrived=False)
    if response.status >= 500:
        return Unavailable(UnknownReason.UNREACHABLE, detail, retry_after=_retry_after(response))
    return None


def _is_not_set_up(response: Response) -> bool:
    """Whether the service itself lacks a service principal in the organisation: another token would not help."""
    return response.status in (401, 403) and _NOT_SET_UP in response.text.casefold()


def _misses_a_licence(response: Response) -> bool:
    return response.status in (400, 403) and any(phrase in response.text.casefold() for phrase in _NO_LICENCE)


def _retry_after(response: Response) -> timedelta | None:
    value = next((value for name, value in response.headers.items() if name.casefold() == "retry-after"), "")
    return timedelta(seconds=int(value)) if value.isascii() and value.isdigit() and len(value) < 6 else None
