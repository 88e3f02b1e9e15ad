"""A bounce as the mail it came in: its parts, by the standard library's `email` package."""

import email
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message

from services.domain.bounce.clean import READ_AT_MOST, one_line
from services.domain.bounce.html_text import text_of_html

_HEADERS_AT_MOST = 16_384
_PARTS_AT_MOST = 40
"""A real bounce has fewer than ten. Nested without end, the parser's work would grow faster than the text."""
_BOUNDARIES_AT_MOST = 500
_SOURCE_AT_MOST = 4_000_000
"""Characters: attachments of the message that came back stand in the source, too."""
_FIRST = (
    "received",
    "return-path",
    "from",
    "date",
    "to",
    "subject",
    "message-id",
    "mime-version",
    "content-type",
    "x-",
)

Fields = Mapping[str, str]
"""Header fields by their names in small letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What of a mail tells why something came back."""

    headers: Fields
    words: str
    """The text for people, from HTML where there is no plain one."""
    statuses: tuple[Fields, ...]
    """The groups of the delivery-status part, one a recipient; empty without such a part."""
    original: Fields
    """The headers of the message that came back."""
    kinds: frozenset[str]
    """The content types of its parts."""


def read_mail(text: str) -> Mail | None:
    """The mail whose source this is; `None` if it is none, or one nested beyond reason."""
    source = text[:_SOURCE_AT_MOST].lstrip("\ufeff \n\r\t")
    head = source[:_HEADERS_AT_MOST].lower()
    if not head.startswith(_FIRST) or "content-type:" not in head.partition("\n\n")[0].replace("\r\n", "\n"):
        return None
    if source.lower().count("content-type:") > _PARTS_AT_MOST or source.count("\n--") > _BOUNDARIES_AT_MOST:
        return None
    mail = email.message_from_string(source)
    parts = tuple(_parts(mail))
    words, statuses = _words(parts), _statuses(parts)
    if not words.strip() and not statuses:  # damaged: its text says more than its parts
        return None
    return Mail(
        headers=_fields(mail),
        words=words,
        statuses=statuses,
        kinds=frozenset(part.get_content_type() for part in parts),
        original=next((_original(part) for part in parts if part.get_content_type() in _ORIGINALS), {}),
    )


_ORIGINALS = ("message/rfc822", "text/rfc822-headers", "message/global")


def _parts(mail: Message) -> Iterator[Message]:
    """The leaves of the mail; a message inside of it is a leaf."""
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        inside = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inside, list):
            waiting += [one for one in reversed(inside) if isinstance(one, Message)]
        else:
            yield part


def _words(parts: tuple[Message, ...]) -> str:
    plain = [_text(part) for part in parts if part.get_content_type() == "text/plain"]
    if any(text.strip() for text in plain):
        return "\n".join(plain)
    return "\n".join(text_of_html(_text(part)) for part in parts if part.get_content_type() == "text/html")


def _text(part: Message) -> str:
    payload = str(part.get_payload())
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() not in ("quoted-printable", "base64"):
        return payload[:READ_AT_MOST]
    decoded = part.get_payload(decode=True)
    raw = decoded if isinstance(decoded, bytes) else b""
    try:
        return raw.decode(part.get_content_charset("utf-8"), "replace")[:READ_AT_MOST]
    except LookupError:  # a character set nobody knows
        return raw.decode("latin-1")[:READ_AT_MOST]


def _statuses(parts: tuple[Message, ...]) -> tuple[Fields, ...]:
    groups = []
    for part in parts:
        inside = part.get_payload()
        if part.get_content_subtype().endswith("delivery-status") and isinstance(inside, list):
            groups += [_fields(group) for group in inside if isinstance(group, Message)]
    return tuple(group for group in groups if "status" in group or "final-recipient" in group)


def _original(part: Message) -> Fields:
    inside = part.get_payload()
    if isinstance(inside, list):
        return next((_fields(one) for one in inside if isinstance(one, Message)), {})
    return _fields(email.message_from_string(str(inside)))


def _fields(message: Message) -> Fields:
    return {name.lower(): one_line(str(value)) for name, value in reversed(message.items())}
