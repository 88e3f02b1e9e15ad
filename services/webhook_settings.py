"""The settings about telling a ticket system: where to, with which secret."""

import base64
import binascii
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from services.domain.public_address import is_public
from services.setting_values import Reader, on_or_off

_PREFIX = "whsec_"
_BYTES = range(24, 65)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReceiver:
    """Where announcements go. The address may hold a secret of the receiver's, and is shown nowhere."""

    url: str = field(repr=False)
    secret: bytes = field(repr=False)
    may_be_private: bool = False
    """Whether it may be within the organisation's own network."""

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""


def read_webhook(reader: Reader) -> WebhookReceiver | None:
    """The receiver; `None` if none is set. Faults are left with the reader."""
    may_be_private = reader.given("SENDWELL_WEBHOOK_PRIVATE", on_or_off, "off")
    url = reader.optional("SENDWELL_WEBHOOK_URL", lambda text: _url(text, may_be_private=may_be_private))
    secret = reader.secret("SENDWELL_WEBHOOK_SECRET", _secret)
    has_secret = reader.has("SENDWELL_WEBHOOK_SECRET") or reader.has("SENDWELL_WEBHOOK_SECRET_FILE")
    if reader.has("SENDWELL_WEBHOOK_URL") and not has_secret:
        reader.faults.append("SENDWELL_WEBHOOK_SECRET is not set: set it, or unset SENDWELL_WEBHOOK_URL.")
    if has_secret and not reader.has("SENDWELL_WEBHOOK_URL"):
        reader.faults.append("SENDWELL_WEBHOOK_URL is not set: set it, or unset SENDWELL_WEBHOOK_SECRET.")
    return WebhookReceiver(url=url, secret=secret, may_be_private=may_be_private) if url and secret else None


def _url(text: str, *, may_be_private: bool) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc or parts.fragment:
        raise ValueError("an https:// address without a user, a password or a fragment")
    if not may_be_private and _is_private(parts.hostname):
        raise ValueError("an address outside of your network, unless SENDWELL_WEBHOOK_PRIVATE is on")
    return text


def _is_private(host: str) -> bool:
    """As far as it can be told without asking anybody; what a name stands for is looked at whenever it is used."""
    try:
        return not is_public(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _secret(text: str) -> bytes:
    """https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""
    try:
        secret = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if not text.startswith(_PREFIX) or len(secret) not in _BYTES:
        raise ValueError(f"{_PREFIX} and the base64 of 24 to 64 random bytes")
    return secret
