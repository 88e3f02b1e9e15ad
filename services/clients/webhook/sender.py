"""Sends announcements to the receiver of the settings, and to nobody else.

a request
├── 2xx ................................. taken
├── 410 ................................. Unreachable: it wants no more of them
├── 429, 5xx ............................ Unavailable(THROTTLED or UNREACHABLE, retry_after)
├── 3xx, other 4xx ...................... Unavailable(UNEXPECTED_RESPONSE): somebody may mend it meanwhile
├── no connection, a private address .... Unavailable(UNREACHABLE)
└── no response in time ................. Unavailable(TIMED_OUT)
"""

import logging
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import yarl

from services.clients.webhook.public_only import PrivateAddressError, PublicOnly
from services.clients.webhook.shape import body_of, headers_of, id_of
from services.domain.announcing.announcement import Announcement
from services.domain.unknown import UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable, Unreachable
from services.version import VERSION
from services.webhook_settings import WebhookReceiver

_WITHIN = timedelta(seconds=15)
_AT_ONCE = 4
"""Connections; a receiver that is slow need not be asked for more."""

log = logging.getLogger("sendwell.webhook")


@asynccontextmanager
async def sessions_for(
    receiver: WebhookReceiver, context: ssl.SSLContext, proxy: str | None
) -> AsyncIterator[aiohttp.ClientSession]:
    """A session for this receiver alone. Through a proxy it is the proxy that looks names up, and that may be private
    itself."""
    is_guarded = proxy is None and not receiver.may_be_private
    connector = aiohttp.TCPConnector(ssl=context, limit=_AT_ONCE, resolver=PublicOnly() if is_guarded else None)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


class SignedWebhook:
    """Implements the port `Webhook`. `source` tells this Sendwell from others of the same receiver."""

    def __init__(
        self,
        receiver: WebhookReceiver,
        session: aiohttp.ClientSession,
        *,
        source: str,
        clock: Clock,
        proxy_for: Callable[[str], str | None],
        within: timedelta = _WITHIN,
    ) -> None:
        self._receiver, self._session, self._source, self._clock = receiver, session, source, clock
        self._proxy = proxy_for(receiver.url)
        self._within = aiohttp.ClientTimeout(total=within.total_seconds())

    async def send(self, announcement: Announcement) -> None:
        body, identity = body_of(announcement, self._source), id_of(announcement, self._source)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"Sendwell/{VERSION}",
            **headers_of(identity, body, self._receiver.secret, self._clock.now()),
        }
        try:
            async with self._session.post(
                yarl.URL(self._receiver.url, encoded=True),
                data=body,
                headers=headers,
                timeout=self._within,
                proxy=self._proxy,
                allow_redirects=False,
            ) as response:
                _judge(response)
        except TimeoutError as late:
            raise Unavailable(UnknownReason.TIMED_OUT, self._receiver.host, quotes=False) from late
        except aiohttp.ClientError as broken:
            # Its own words may hold the address, and that a secret.
            why = "a private address" if _is_private(broken) else type(broken).__name__
            raise Unavailable(UnknownReason.UNREACHABLE, f"{self._receiver.host}: {why}", quotes=False) from None

    async def give_up(self, announcement: Announcement, why: str) -> None:
        log.error(
            "the webhook at %s was not told that case %s was %s (event %s), and will not be: %s",
            self._receiver.host,
            announcement.case,
            announcement.news.value,
            announcement.event,
            why,
        )


def _is_private(broken: aiohttp.ClientError) -> bool:
    return isinstance(broken, aiohttp.ClientConnectorError) and isinstance(broken.os_error, PrivateAddressError)


def _judge(response: aiohttp.ClientResponse) -> None:
    """Its body is not read. Raises what the table at the top says."""
    status, said = response.status, f"HTTP {response.status}"
    if 200 <= status < 300:
        return
    if status == 410:
        raise Unreachable(said)
    if status == 429 or status >= 500:
        reason = UnknownReason.THROTTLED if status == 429 else UnknownReason.UNREACHABLE
        raise Unavailable(reason, said, quotes=False, retry_after=_retry_after(response))
    raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, said, quotes=False)


def _retry_after(response: aiohttp.ClientResponse) -> timedelta | None:
    value = response.headers.get("Retry-After", "")
    return timedelta(seconds=int(value)) if value.isascii() and value.isdigit() and len(value) < 6 else None
