"""Authentication of requests. The token is verified before the body is parsed; the SDK's own checks are not used."""

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import jwt

from bot.keys import NoKeysError, SigningKeys
from services.settings import Settings

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CHANNEL = "msteams"
_LEEWAY = timedelta(minutes=5)
_LIVES_AT_MOST = timedelta(hours=25)
"""The Bot Connector's tokens are valid for an hour, and at most for a day."""
_REMEMBERED_FOR = 300.0
_REMEMBERED_AT_MOST = 2_000
_WITHOUT_SENDER = ("conversationUpdate", "installationUpdate")


class Rejected(Exception):  # noqa: N818 - it names what happened to a caller
    """The request is rejected. The caller gets the status and nothing else; `reason` is for our log."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Verified:
    """The result of a verification, kept so that a token's signature is not verified again on every activity."""

    service_url: str
    until: float


class Authenticator:
    """Authenticates and validates requests. Raises `Rejected` for all that is not a Teams activity of our tenant.

    https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication"""

    def __init__(self, settings: Settings, keys: SigningKeys, now: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._keys = keys
        self._now = now
        self._verified: dict[bytes, _Verified] = {}

    async def authenticate(self, authorization: str | None) -> str:
        """The service URL in the request's valid token; empty in anonymous mode. Called before the body is read."""
        return "" if self._settings.anonymous else await self._token(authorization)

    def validate(self, body: bytes, service_url: str) -> dict[str, Any]:
        """The activity in the body, checked against the service URL of the token."""
        activity = _parsed(body)
        if self._settings.anonymous:
            return self._anonymous(activity)
        self._check_body(activity, service_url)
        return activity

    async def _token(self, authorization: str | None) -> str:
        """The service URL in a valid token of the Bot Connector."""
        if not authorization:
            raise Rejected(401, "no token")
        scheme, _, token = authorization.partition(" ")
        # Anything but ASCII is no token, and cannot be encoded as one.
        if scheme.casefold() != "bearer" or not token or not token.isascii() or len(token) > 16_384:
            raise Rejected(403, "no bearer token")
        digest = hashlib.sha256(token.encode()).digest()
        known = self._verified.get(digest)
        if known is None or known.until <= self._now():
            known = await self._verify(token)
            if len(self._verified) >= _REMEMBERED_AT_MOST:
                self._verified.clear()
            self._verified[digest] = known
        return known.service_url

    async def _verify(self, token: str) -> _Verified:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.PyJWTError as wrong:
            raise Rejected(403, "not a token") from wrong
        kid = header.get("kid")
        if header.get("alg") != "RS256" or not isinstance(kid, str):
            raise Rejected(403, "not signed as the Bot Connector signs")
        try:
            key = await self._keys.find(kid)
        except NoKeysError as nothing:
            raise Rejected(503, "no signing keys") from nothing
        if key is None or _CHANNEL not in key.endorsements:
            raise Rejected(403, "a key that is unknown or not endorsed for Teams")
        claims = self._claims(token, key.key)
        service_url = claims.get("serviceurl")
        if not isinstance(service_url, str) or not service_url:
            raise Rejected(403, "a token without service URL")
        return _Verified(service_url=service_url, until=min(self._now() + _REMEMBERED_FOR, float(claims["exp"])))

    def _claims(self, token: str, key: Any) -> dict[str, Any]:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                audience=self._settings.app_id,
                issuer=self._settings.cloud.connector,
                leeway=_LEEWAY,
                options={"require": ["exp", "nbf", "iss", "aud"], "strict_aud": True},
            )
        except (jwt.PyJWTError, ValueError, TypeError, OverflowError) as wrong:
            raise Rejected(403, f"token refused: {type(wrong).__name__}") from wrong
        if float(claims["exp"]) > self._now() + _LIVES_AT_MOST.total_seconds():
            raise Rejected(403, "a token that lives too long")
        return claims

    def _check_body(self, activity: dict[str, Any], claimed: str) -> None:
        service_url = activity.get("serviceUrl")
        if not isinstance(service_url, str) or service_url.rstrip("/") != claimed.rstrip("/"):
            raise Rejected(403, "service URL differs from the token's")
        if not is_service_host(service_url, self._settings.service_hosts):
            raise Rejected(403, "service URL is not on the list")
        if activity.get("channelId") != _CHANNEL:
            raise Rejected(403, "another channel")
        if _tenant_of(activity) != self._settings.tenant.casefold():
            raise Rejected(403, "another tenant")
        conversation = activity.get("conversation")
        named = conversation.get("tenantId") if isinstance(conversation, dict) else None
        if named is not None and str(named).casefold() != self._settings.tenant.casefold():
            raise Rejected(403, "a conversation of another tenant")
        if activity.get("type") not in _WITHOUT_SENDER and not _has_sender(activity):
            raise Rejected(403, "no sender with an Entra object id")

    def _anonymous(self, activity: dict[str, Any]) -> dict[str, Any]:
        """The activity in anonymous mode: for development tools that send no token, on loopback and by an explicit
        setting only. A sender without an Entra object id gets their channel id as one."""
        if not is_on_loopback(str(activity.get("serviceUrl", ""))):
            raise Rejected(403, "service URL is not on loopback")
        sender = activity.get("from")
        if isinstance(sender, dict):
            sender.setdefault("aadObjectId", sender.get("id"))
        return activity


def is_on_loopback(url: str) -> bool:
    """Whether the URL's host is this machine. No name is resolved for it."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return host in ("localhost", "127.0.0.1", "::1")


def is_service_host(url: str, hosts: frozenset[str]) -> bool:
    """Whether the URL may be a Bot Connector's: https, and its host (with the port, if any) is in `hosts`."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return False  # `urlsplit` would remove such characters, a client might not
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme != "https" or parts.username is not None or parts.password is not None or not parts.hostname:
        return False
    host = parts.hostname.casefold()
    return (f"{host}:{port}" if port and port != 443 else host) in hosts


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        activity = _storable(json.loads(body))
    except (ValueError, RecursionError) as broken:
        raise Rejected(400, "the body is not JSON") from broken
    if not isinstance(activity, dict):
        raise Rejected(400, "the body is not an object")
    return activity


def _storable(value: Any) -> Any:
    """The value with NUL and single surrogates replaced, which databases and UTF-8 do not accept."""
    if isinstance(value, str):
        return _storable_text(value)
    if isinstance(value, dict):
        return {_storable_text(key): _storable(part) for key, part in value.items()}
    return [_storable(part) for part in value] if isinstance(value, list) else value


def _storable_text(text: str) -> str:
    # Neither can be printed; nearly all texts can, and asking them is cheaper than searching them.
    return text if text.isprintable() else _UNSTORABLE.sub("\ufffd", text)


def _tenant_of(activity: dict[str, Any]) -> str | None:
    data = activity.get("channelData")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    identity = tenant.get("id") if isinstance(tenant, dict) else None
    return identity.casefold() if isinstance(identity, str) else None


def _has_sender(activity: dict[str, Any]) -> bool:
    sender = activity.get("from")
    if not isinstance(sender, dict) or sender.get("role") in ("bot", "skill"):
        return False
    try:
        UUID(sender.get("aadObjectId"))
    except (ValueError, AttributeError, TypeError):
        return False
    return True
