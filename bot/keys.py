"""The keys that sign the Bot Connector's tokens: fetched at start, kept when a refresh fails, refreshed when one is
unknown."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt

log = logging.getLogger("sendwell.gate")

_FETCH_WITHIN = aiohttp.ClientTimeout(total=5)
_FRESH_FOR = 24 * 3600.0
_ASK_AGAIN_AFTER = 5.0
"""Seconds between two refreshes for unknown keys, so that forged tokens do not flood the key server with requests."""


class NoKeysError(Exception):
    """No signing key is known, so that no request can be authenticated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A public key, and the channels that it is endorsed for."""

    key: Any
    endorsements: frozenset[str]


class SigningKeys:
    """The keys that Microsoft publishes.
    https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication"""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        metadata_url: str,
        *,
        proxy: str | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session = session
        self._url = metadata_url
        self._proxy = proxy
        self._monotonic = monotonic
        self._keys: Mapping[str, SigningKey] = {}
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._flight: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> SigningKey | None:
        """The key of that id; `None` if it is not published.

        Raises:
            NoKeysError: no keys could be fetched yet.
        """
        if kid not in self._keys:
            await self.refresh()
        elif self._monotonic() - self._fetched_at > _FRESH_FOR:
            self._begin()  # in the background: the key is known, and the key server may be slow
        if not self._keys:
            raise NoKeysError
        return self._keys.get(kid)

    async def refresh(self) -> None:
        """Fetch the keys: one request for all callers that wait, and no more than one in five seconds."""
        if flight := self._begin():
            await asyncio.shield(flight)

    async def close(self) -> None:
        """Cancel a fetch that is running."""
        if self._flight is not None:
            self._flight.cancel()
            await asyncio.gather(self._flight, return_exceptions=True)

    def _begin(self) -> "asyncio.Task[None] | None":
        if self._flight is None or self._flight.done():
            if self._monotonic() - self._tried_at < _ASK_AGAIN_AFTER:
                return None
            self._tried_at = self._monotonic()
            self._flight = asyncio.create_task(self._fetch())
        return self._flight

    async def _fetch(self) -> None:
        try:
            metadata = await self._get(self._url)
            listed = (await self._get(str(metadata["jwks_uri"])))["keys"]
            keys = {row["kid"]: made for row in listed if (made := _signing_key(row))}
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as trouble:
            log.warning("signing keys could not be fetched (%s); the known ones are kept", type(trouble).__name__)
            return
        if keys:
            self._keys = keys
            self._fetched_at = self._monotonic()

    async def _get(self, url: str) -> Any:
        async with self._session.get(url, timeout=_FETCH_WITHIN, proxy=self._proxy) as response:
            response.raise_for_status()
            return await response.json(content_type=None)


def _signing_key(row: Any) -> SigningKey | None:
    if not isinstance(row, dict) or row.get("kty") != "RSA" or not isinstance(row.get("kid"), str):
        return None
    endorsements = row.get("endorsements")
    named = endorsements if isinstance(endorsements, list) else []
    try:
        key = jwt.PyJWK.from_dict(row, algorithm="RS256").key
    except jwt.PyJWTError:
        return None
    return SigningKey(key=key, endorsements=frozenset(str(name) for name in named))
