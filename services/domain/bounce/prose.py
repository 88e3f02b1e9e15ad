"""A pasted text line by line: headers, status fields, and what is said below which address."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.domain.bounce.clean import unquoted
from services.domain.bounce.codes import codes_in
from services.domain.bounce.mail import Fields

ADDRESS = re.compile(r"[^\s<>()\[\]\"',;:@|]{1,64}+@[^\s<>()\[\]\"',;:@|]{1,255}+")
_REPLY_IN_FRONT = re.compile(r"[45][0-9][0-9][ -](?:[45]\.[0-9]{1,3}+\.[0-9]{1,3}+:?+ )?+")
_END_OF_FRONT = re.compile(r": | (?=[45][0-9][0-9][ -])")
_NEXT_ONE = re.compile(rf"[,;] (?=<?{ADDRESS.pattern}>?(?:: | )[45][0-9][0-9][ -])")
_BETWEEN = frozenset(("and", "und", "et", "y", "e", "en", "&"))
"""What stands between two addresses."""
LINE_AT_MOST = 400
"""Characters of a line in which an address is looked for."""
_NAME_AT_MOST = 60
_VALUE_AT_MOST = 2_000
_HEADER_NAMES = frozenset(
    {
        *("received", "return-path", "from", "to", "cc", "bcc", "date", "sent", "subject", "message-id"),
        *("in-reply-to", "references", "reply-to", "sender", "user-agent", "delivered-to", "importance"),
        *("precedence", "auto-submitted", "accept-language", "received-spf", "return-receipt-to"),
        *("feedback-id", "errors-to", "mailing-list", "keywords"),
        # As mail programs write them above a forwarded message: de, es, pt, fr, it, nl, ja, ar.
        *("von", "an", "gesendet", "betreff", "de", "para", "enviado", "asunto", "assunto", "objet", "envoyé"),
        *("à", "da", "a", "inviato", "oggetto", "van", "aan", "verzonden", "onderwerp"),
        *("差出人", "送信日時", "宛先", "件名", "من", "إلى", "تاريخ", "الموضوع"),
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
_END = ("message hops", "hop time (utc)")
_COPY = (
    *("original message", "unsent message follows", "below this line is a copy", "message text follows"),
    *("this is a copy of your message", "below is a copy of the original message", "returned message"),
)
"""What stands above the message that came back: its own words tell nothing."""


_NOBODYS = ("mailer-daemon", "postmaster", "microsoftexchange", "noreply", "no-reply", "donotreply", "do-not-reply")


def is_nobodys(address: str) -> bool:
    """Whether the address only sends bounces and notices: nobody's mailbox."""
    return address.casefold().startswith(_NOBODYS)


@dataclass(slots=True)
class Block:
    """Lines, and the addresses that stand alone above them."""

    recipients: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Prose:
    """Reads a text line by line. The first block stands above any address."""

    blocks: list[Block] = field(default_factory=lambda: [Block()])
    headers: list[tuple[str, str]] = field(default_factory=list)
    statuses: list[tuple[str, str]] = field(default_factory=list)
    everything: list[str] = field(default_factory=list)
    sender: str | None = None
    named: list[str] = field(default_factory=list)
    _last: list[tuple[str, str]] | None = None
    _ended: bool = False
    _told: bool = False

    def take(self, raw: str) -> None:
        """Read the next line, as it was pasted."""
        line, continues = unquoted(raw)
        self._ended = self._ended or self._ends_at(line.strip("-=* ").casefold())
        if continues and self._last and line:
            name, value = self._last[-1]
            self._last[-1] = (name, f"{value} {line}" if len(value) < _VALUE_AT_MOST else value)
            return
        name, colon, value = line.partition(":")
        key = name.strip(" *").casefold() if colon and len(name) <= _NAME_AT_MOST else ""
        self._last = self._list_for(key)
        if self._last is not None:
            self._last.append((key, value.strip()))
        elif not self._is_label(key, value) and line and not self._ended:
            for part in _one_by_one(line):
                self._words(part)

    def _ends_at(self, line: str) -> bool:
        # Whoever forwards a bounce has “Original Message” above it, and no code before that.
        return line.startswith(_END) or (self._told and line.startswith(_COPY))

    def _list_for(self, key: str) -> list[tuple[str, str]] | None:
        if key in _STATUS_NAMES:
            return self.statuses
        return self.headers if key in _HEADER_NAMES or key.startswith(_HEADER_FRONTS) else None

    def _is_label(self, key: str, value: str) -> bool:
        """The lines of the new style that name who wrote to whom."""
        found = ADDRESS.search(value[:LINE_AT_MOST])
        if found and key == "sender address":
            self.sender = None if is_nobodys(found[0]) else found[0].casefold()
        elif found and key == "recipient address":
            self.named.append(found[0].casefold())
        return key in ("sender address", "recipient address", "created date", "dsn generated by")

    def _words(self, line: str) -> None:
        self.everything.append(line)
        found = codes_in(line)
        self._told = self._told or bool(found.codes or found.bare) or found.answered
        if led := _led_by_addresses(line):
            self.blocks.append(led)
            return
        recipients = _alone_in(line)
        if not recipients:
            self.blocks[-1].lines.append(line)
        elif self.blocks[-1].lines or len(self.blocks) == 1:
            self.blocks.append(Block(recipients))
        else:
            self.blocks[-1].recipients += recipients

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


def _one_by_one(line: str) -> Iterator[str]:
    """The line, parted before each recipient who has a reply of their own."""
    begin = 0
    for found in _NEXT_ONE.finditer(line):
        # Of “ida@…, jon@…: 550 …” both have the same.
        if not _only_addresses(line[begin : found.start()]):
            yield line[begin : found.start()]
            begin = found.end()
    yield line[begin:]


def _led_by_addresses(line: str) -> Block | None:
    """A line that begins with those whom it befell, also behind the code; `None` for any other."""
    reply = _REPLY_IN_FRONT.match(line)
    if reply and "send" in line.casefold():
        return None  # beside what is wrong with a sender stands the sender
    begin = reply.end() if reply else 0
    end = _END_OF_FRONT.search(line, begin, LINE_AT_MOST)
    recipients = _only_addresses(line[begin : end.start()]) if end else []
    return Block(recipients, [line if reply else line[end.end() :]]) if end and recipients else None


def _alone_in(line: str) -> list[str]:
    """The addresses that this line consists of, names beside them apart; none if there is more."""
    if "@" not in line or len(line) > LINE_AT_MOST:
        return []
    if found := _only_addresses(line):
        return found
    parts = [part for part in line.split(";" if ";" in line else ",") if part.strip()]
    each = [_named_in(part) for part in parts]
    one = _named_in(line)  # “Soto, Ana <ana@…>” is one of them
    return [one] if one else list(dict.fromkeys(filter(None, each))) if all(each) else []


def _only_addresses(text: str) -> list[str]:
    """The addresses of a text that has no other words; none if it has."""
    rest = "".join(char if char.isalnum() or char == "&" else " " for char in ADDRESS.sub(" ", text))
    if not _BETWEEN.issuperset(rest.replace("mailto", " ").casefold().split()):
        return []
    return list(dict.fromkeys(address.casefold().removesuffix(".") for address in ADDRESS.findall(text)))


def _named_in(text: str) -> str | None:
    """The one address of a text that has a name beside it; `None` if there is more or none."""
    rest = ADDRESS.sub("", text).replace("mailto:", "")
    name = rest.strip("<>()[]\"',; ")
    addresses = {address.casefold().removesuffix(".") for address in ADDRESS.findall(text)}
    if len(addresses) != 1 or ":" in name or len(name) > _NAME_AT_MOST or any(char.isdigit() for char in name):
        return None
    return next(iter(addresses)) if not name or "(" in rest or "<" in rest else None
