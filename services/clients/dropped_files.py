"""Files that somebody dropped into a chat: Teams keeps them in SharePoint and gives an address that needs no login.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import aiohttp

from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable, Unreachable

_BYTES_AT_MOST = 8 * 1024 * 1024
"""A bounce is some kilobytes; with the message that came back in it, rarely more than this."""
_REDIRECTS_AT_MOST = 2


class SharePointFiles:
    """Implements the port `Files`. What is fetched is kept nowhere; the address is a secret and is logged nowhere."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        hosts: frozenset[str],
        within: timedelta,
        proxy_for: Callable[[str], str | None],
    ) -> None:
        """`hosts`: where a file may be, with a dot at the beginning for every host below that name."""
        self._session, self._hosts, self._within, self._proxy_for = session, hosts, within, proxy_for

    async def content(self, url: str) -> bytes:
        try:
            async with asyncio.timeout(self._within.total_seconds()):
                for _ in range(1 + _REDIRECTS_AT_MOST):
                    found = await self._fetched(url)
                    if isinstance(found, bytes):
                        return found
                    url = found
        except TimeoutError as trouble:
            raise Unavailable(UnknownReason.TIMED_OUT, "a dropped file") from trouble
        except (aiohttp.ClientError, ValueError):
            # Its words may hold the address.
            raise Unavailable(UnknownReason.UNREACHABLE, "a dropped file") from None
        raise Unreachable("a dropped file is redirected again and again")

    async def _fetched(self, url: str) -> bytes | str:
        """The file, or where it is instead. Raises `Unreachable`."""
        if not self._may_be_at(url):
            raise Unreachable("a dropped file is at a host that is not in SENDWELL_FILE_HOSTS")
        async with self._session.get(url, allow_redirects=False, proxy=self._proxy_for(url)) as response:
            if response.status in (301, 302, 303, 307, 308):
                return urljoin(url, response.headers.get("Location", ""))
            if response.status != 200:
                raise Unreachable(f"a dropped file answers {response.status}")
            content = bytearray()
            async for piece in response.content.iter_chunked(64 * 1024):
                content += piece
                if len(content) > _BYTES_AT_MOST:
                    raise Unreachable("a dropped file is too large")
            return bytes(content)

    def _may_be_at(self, url: str) -> bool:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").casefold(), parts.port
        if parts.scheme != "https" or not host or parts.username is not None:
            return False
        name = f"{host}:{port}" if port not in (None, 443) else host
        return name in self._hosts or any(one.startswith(".") and name.endswith(one) for one in self._hosts)
