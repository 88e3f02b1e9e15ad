"""What is sent: the shape and the signature. Both are a contract, described in docs/webhooks.md.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from services.domain.announcing.announcement import Announcement

SHAPE = 1
"""Raised when something that is there changes or goes; new fields may come at any time."""


def id_of(announcement: Announcement, source: str) -> str:
    """The same however often it is sent, and another for everything else that anybody's Sendwell sends."""
    return f"{ticket_of(announcement, source)}-{announcement.event}"


def ticket_of(announcement: Announcement, source: str) -> str:
    return f"sendwell-{source}-{announcement.case}"


def body_of(announcement: Announcement, source: str) -> bytes:
    """The request's body: JSON in UTF-8."""
    told: dict[str, Any] = {
        "type": f"case.{announcement.news.value}",
        "timestamp": _time(announcement.at),
        "data": {
            "version": SHAPE,
            "ticket": ticket_of(announcement, source),
            "case": announcement.case,
            "event": announcement.event,
            "status": announcement.status,
            "ended": announcement.ended,
            "mailbox": announcement.mailbox or None,
            "by": _by(announcement),
            "previous_case": announcement.previous,
        },
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _by(announcement: Announcement) -> Mapping[str, str | None]:
    """Somebody's name only where they decided."""
    return {"role": announcement.actor.value, "id": announcement.by, "name": announcement.by_name or None}


def headers_of(identity: str, body: bytes, secret: bytes, now: datetime) -> Mapping[str, str]:
    """The three headers by which the receiver tells that it is ours, whole and of now."""
    stamp = str(int(now.timestamp()))
    signed = hmac.new(secret, f"{identity}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": identity,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(signed).decode()}",
    }


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
