"""A bounce as a structure: what is said about which recipient, who sent the message, and when."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

from services.domain.bounce.clean import clean, one_line, unquoted
from services.domain.bounce.codes import codes_in
from services.domain.bounce.mail import Fields, Mail, read_mail
from services.domain.personal import Personal

ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@|]{1,64}+@[^\s<>()\[\]\"',;:@|]{1,255}+")
_LED_BY_ADDRESS = re.compile(rf"<?({ADDRESS.pattern})>?: ")
_LINE_AT_MOST = 400
_NAME_AT_MOST = 60
_RECIPIENTS_AT_MOST = 500
_HEADER_NAMES = frozenset(
    {
        *("received", "return-path", "from", "to", "cc", "bcc", "date", "sent", "subject", "message-id", "in-reply-to"),
        *(
            "references",
            "reply-to",
            "sender",
            "user-agent",
            "delivered-to",
            "importance",
            "precedence",
            "auto-submitted",
        ),
        *(
            "accept-language",
            "received-spf",
            "return-receipt-to",
            "feedback-id",
            "errors-to",
            "mailing-list",
            "keywords",
        ),
        *("von", "an", "gesendet", "betreff", "de", "para", "enviado", "asunto", "assunto", "objet", "envoyé", "à"),
        *(
            "da",
            "a",
            "inviato",
            "oggetto",
            "van",
            "aan",
            "verzonden",
            "onderwerp",
            "差出人",
            "送信日時",
            "宛先",
            "件名",
        ),
    }
)
_HEADER_FRONTS = ("x-", "arc-", "dkim-", "authentication-", "thread-", "content-", "list-", "mime-", "resent-")
_STATUS_NAMES = frozenset(
    {
        *("reporting-mta", "received-from-mta", "arrival-date", "original-envelope-id", "original-recipient"),
        *("final-recipient", "action", "status", "diagnostic-code", "remote-mta", "last-attempt-date"),
        *("will-retry-until", "x-display-name", "x-actual-recipient"),
    }
)
_MAILERS = ("mailer-daemon", "postmaster", "microsoftexchange", "noreply", "no-reply")
_END = ("message hops", "hop time (utc)")
_COPY = (
    *("original message", "unsent message follows", "below this line is a copy", "message text follows"),
    *("this is a copy of your message", "below is a copy of the original message", "returned message"),
)
"""What stands above the message that came back: its own words tell nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is said about some recipients."""

    recipients: Personal[tuple[str, ...]] = ()
    words: Personal[str]
    """In one line, with its capital letters."""
    action: str = ""
    status: str = ""
    remote: bool = False
    """Whether a server of another organisation spoke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A bounce, taken apart."""

    statements: Personal[tuple[Statement, ...]]
    sender: Personal[str | None]
    """Whose message came back, as its headers say."""
    sent_at: datetime | None
    words: Personal[str]
    """Everything for people, in one line."""
    formal: bool
    """Whether it has what mail servers write for each other: no forger of bounces cares for that."""


def read_report(text: str) -> Report:
    """Take a pasted text or the source of a mail apart."""
    mail = read_mail(text)
    prose = _Prose()
    for line in clean(mail.words if mail else text).split("\n"):
        prose.take(line)
    groups = mail.statuses if mail and mail.statuses else tuple(prose.groups())
    headers = [*prose.headers, *(_headers_of(mail) if mail else ())]
    return Report(
        statements=tuple(_statements(groups, prose)),
        sender=prose.sender or _sender(headers),
        sent_at=next((_time(value) for name, value in reversed(headers) if name == "date"), None),
        words=one_line(" ".join(prose.everything)),
        formal=bool(groups),
    )


@dataclass(slots=True)
class _Block:
    recipients: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Prose:
    """Reads a text line by line."""

    blocks: list[_Block] = field(default_factory=lambda: [_Block()])
    headers: list[tuple[str, str]] = field(default_factory=list)
    statuses: list[tuple[str, str]] = field(default_factory=list)
    everything: list[str] = field(default_factory=list)
    sender: str | None = None
    named: list[str] = field(default_factory=list)
    _last: list[tuple[str, str]] | None = None
    _ended: bool = False
    _told: bool = False

    def take(self, raw: str) -> None:
        line, continues = unquoted(raw)
        self._ended = self._ended or self._ends_at(line.strip("-=* ").casefold())
        if continues and self._last and line:
            name, value = self._last[-1]
            self._last[-1] = (name, f"{value} {line}")
            return
        name, colon, value = line.partition(":")
        key = name.strip().casefold() if colon and len(name) <= _NAME_AT_MOST else ""
        self._last = self._list_for(key)
        if self._last is not None:
            self._last.append((key, value.strip()))
        elif not self._is_label(key, value) and line and not self._ended:
            self._words(line)

    def _ends_at(self, line: str) -> bool:
        # Whoever forwards a bounce has “Original Message” above it, and no code before that.
        return line.startswith(_END) or (self._told and line.startswith(_COPY))

    def _list_for(self, key: str) -> list[tuple[str, str]] | None:
        if key in _STATUS_NAMES:
            return self.statuses
        return self.headers if key in _HEADER_NAMES or key.startswith(_HEADER_FRONTS) else None

    def _is_label(self, key: str, value: str) -> bool:
        """The lines of the new style that name who wrote to whom."""
        found = ADDRESS.search(value[:_LINE_AT_MOST])
        if found and key == "sender address":
            self.sender = found[0].casefold()
        elif found and key == "recipient address":
            self.named.append(found[0].casefold())
        return key in ("sender address", "recipient address", "created date", "dsn generated by")

    def _words(self, line: str) -> None:
        self.everything.append(line)
        found = codes_in(line)
        self._told = self._told or bool(found.codes) or found.answered
        if led := _LED_BY_ADDRESS.match(line):
            self.blocks.append(_Block([led[1].casefold()], [line[led.end() :]]))
            return
        recipient = _alone_in(line)
        if recipient is None:
            self.blocks[-1].lines.append(line)
        elif self.blocks[-1].lines or len(self.blocks) == 1:
            self.blocks.append(_Block([recipient]))
        else:
            self.blocks[-1].recipients.append(recipient)

    def groups(self) -> Iterator[Fields]:
        """The groups of a pasted delivery-status part: each begins with a name that the one before has already."""
        group: dict[str, str] = {}
        for name, value in self.statuses:
            if name in group and ("status" in group or "diagnostic-code" in group):
                yield group
                group = {}
            group.setdefault(name, value)
        if "status" in group or "diagnostic-code" in group:
            yield group


def _statements(groups: tuple[Fields, ...], prose: _Prose) -> Iterator[Statement]:
    said = _by_recipient(prose.blocks)
    context = one_line(" ".join(prose.blocks[0].lines))
    for group in groups:
        recipient = _recipient(group)
        own = said.get(recipient, "") if len(groups) > 1 else one_line(" ".join(prose.everything))
        yield Statement(
            recipients=(recipient,) if recipient else (),
            words=one_line(f"{group.get('diagnostic-code', '')} {own}"),
            action=group.get("action", "").casefold(),
            status=group.get("status", ""),
            remote=bool(group.get("remote-mta")),
        )
    if not groups and said:
        for recipient, words in said.items():
            yield Statement(recipients=(recipient,), words=f"{words} {context}")
    if not groups and context:
        yield Statement(recipients=tuple(dict.fromkeys(prose.named)), words=context)


def _by_recipient(blocks: Iterable[_Block]) -> dict[str, str]:
    """Everything said about each recipient: below the address for people, and again below it for administrators."""
    said: dict[str, list[str]] = {}
    for block in blocks:
        for recipient in dict.fromkeys(block.recipients):
            if recipient in said or len(said) < _RECIPIENTS_AT_MOST:
                said.setdefault(recipient, []).extend(block.lines)
    return {recipient: one_line(" ".join(lines)) for recipient, lines in said.items()}


def _recipient(group: Fields) -> str:
    names = ("final-recipient", "original-recipient", "x-actual-recipient")
    found = next((match for name in names if (match := ADDRESS.search(group.get(name, "")[:_LINE_AT_MOST]))), None)
    return found[0].casefold() if found else ""


def _alone_in(line: str) -> str | None:
    """The address that this line consists of, a name beside it apart; `None` if there is more or none."""
    if "@" not in line or len(line) > _LINE_AT_MOST:
        return None
    found = ADDRESS.findall(line)
    rest = ADDRESS.sub("", line).replace("mailto:", "")
    name = rest.strip("<>()[]\"',; ")
    addresses = {address.casefold().removesuffix(".") for address in found}
    if len(addresses) != 1 or ":" in name or len(name) > _NAME_AT_MOST or any(char.isdigit() for char in name):
        return None
    return next(iter(addresses)) if not name or "(" in rest or "<" in rest else None


def _headers_of(mail: Mail) -> Iterator[tuple[str, str]]:
    yield from mail.headers.items()
    yield from mail.original.items()


def _sender(headers: list[tuple[str, str]]) -> str | None:
    """The last sender named: the headers of the message that came back stand below those of the bounce."""
    for name, value in reversed(headers):
        found = ADDRESS.search(value[:_LINE_AT_MOST]) if name in ("from", "von") else None
        if found and not found[0].casefold().startswith(_MAILERS):
            return found[0].casefold()
    return None


def _time(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value[:100])
    except ValueError:
        return None
