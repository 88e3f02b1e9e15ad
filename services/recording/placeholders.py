"""Replacing everything that is not known to be Microsoft's own, the same value by the same placeholder everywhere."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from services.recording.safe_words import (
    FIELDS,
    GUIDS,
    HEADERS,
    HOSTS,
    NUMBERS,
    REASONS,
    STRUCTURE,
    TEXT_FIELDS,
    VALUES,
    WORDS,
)
from services.recording.session import RawAnswer, parameters_of

_TOKEN = re.compile(
    r"""
      (?P<guid>\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b)
    | (?P<moment>\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d++)?(?:Z|[+-]\d\d:\d\d)?)
    | (?P<address>[^\s@"'<>()\[\]{},;:=|/\\]{1,128}+@[\w-]++(?:\.[\w-]++)*+)
    | (?P<ip>\b\d{1,3}(?:\.\d{1,3}){3}\b)
    | (?P<host>[^\W_][\w-]{0,62}+(?:\.[\w-]{1,63}+)++)
    | (?P<number>\d++(?!\w))
    | (?P<word>\$?\w++(?:['’-]\w++)*+)
    | (?P<mark>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_MOMENTS = re.compile(
    r"""
      \d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)?)?
    | \d{1,2}[/.]\d{1,2}[/.]\d{4}(?:\ \d{1,2}:\d\d(?::\d\d)?(?:\ [AP]M)?)?
    | /Date\(-?\d{1,15}(?:[+-]\d{4})?\)/
    """,
    re.VERBOSE,
)
_DATED = re.compile(r"(?:[dD]ate|[tT]ime|UTC|When\w{1,60}+|Reset)$")
_TYPE = re.compile(r"#?(?:Collection\()?#?(?:microsoft\.graph|System|Edm|Exchange)(?:\.[A-Za-z0-9]++)++\)?")
_EXCEPTION = re.compile(r"microsoft(?:\.[a-z]++)++(?<=[a-z]exception)")
_ANNOTATIONS = ("odata.type", "data.type", "odata.context", "odata.nextLink", "odata.count", "odata.id", "odata.etag")
_OWN_ANNOTATIONS = ("@adminapi.warnings", "@adminapi.errors", "adminapi.warnings@odata.type")


class Placeholders:
    """One recording's placeholders."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, int]] = {}
        self.unknown_fields: set[str] = set()
        """Names of fields that were replaced since they are not listed, for whoever made the recording."""

    def answer(self, raw: RawAnswer) -> dict[str, Any]:
        """A call and its answer as they are written."""
        return {
            "method": raw.method,
            "path": self.text(unquote(raw.url.path), own=False),
            "query": {self.field(name): self.header(name, text) for name, text in raw.url.query.items()},
            "cmdlet": raw.cmdlet,
            "parameters": self.value("Parameters", parameters_of(raw.body)),
            "status": raw.status,
            "headers": {
                name: self.header(name, text) for name, text in raw.headers.items() if name.casefold() in HEADERS
            },
            **self.body(raw.raw),
        }

    def header(self, name: str, text: str) -> str:
        """The value of a header, or of a part of an address's query."""
        return text if name.casefold() in NUMBERS and text.isdigit() else self.text(text, own=False)

    def body(self, raw: bytes) -> dict[str, Any]:
        """The body as JSON, as text, or as what it is: bytes that cannot be read, NUL or not."""
        if raw and not raw.strip(b"\0"):
            return {"nul": len(raw)}
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return {"undecodable": len(raw)}
        try:
            return {"json": self.value("", json.loads(text))}
        except (ValueError, RecursionError):
            return {"text": self.text(text, own=False)}

    def value(self, field: str, value: Any) -> Any:
        """A JSON value of this field."""
        if isinstance(value, Mapping):
            return {self.field(name): self.value(name, part) for name, part in value.items()}
        if isinstance(value, list):
            return [self.value(field, part) for part in value]
        if isinstance(value, str):
            return self.string(field, value)
        if value is None or value is True or value is False:
            return value
        return self.number(field, value)

    def field(self, name: str) -> str:
        """The name of a field, if it is listed; else a placeholder."""
        base, _, annotation = name.partition("@")
        listed = name in FIELDS or name in _OWN_ANNOTATIONS or name.casefold() in WORDS
        if listed or ((not base or base in FIELDS) and annotation in _ANNOTATIONS):
            return name
        self.unknown_fields.add(name)
        return f"field-{self._count('field', name)}"

    def string(self, field: str, text: str) -> str:
        """A text of this field."""
        short = field.rpartition(".")[2]
        if text.casefold() in VALUES or (_DATED.search(field) and _MOMENTS.fullmatch(text)):
            return text
        if field.rpartition("@")[2].endswith(".type") and (_TYPE.fullmatch(text) or text == "#Collection(String)"):
            return text
        if field in NUMBERS and text.isascii() and text.isdigit() and len(text) < 10:
            return text
        return self.text(text, own=field not in TEXT_FIELDS and short not in TEXT_FIELDS)

    def number(self, field: str, number: int | float) -> int | float:
        """A number of this field: of another value but as long, unless such numbers say nothing of anybody."""
        if number in (0, 1) or (field in NUMBERS and abs(number) < 1_000_000):
            return number
        many = self._count("number", repr(number))
        return many / 8 if isinstance(number, float) else 9 * 10 ** max(len(str(abs(number))) - 1, 3) + many

    def text(self, text: str, *, own: bool) -> str:
        """A text, token by token. `own`: it is the tenant's, and none of its words may stay."""
        words = STRUCTURE if own else WORDS
        written: list[str] = []
        counts = False
        for token in _TOKEN.finditer(text):
            kind, said = str(token.lastgroup), token.group()
            kept = counts and kind == "number"  # as in `OutboundSpamLast24Hours=12`
            written.append(said if kept else self._token(kind, said, words, own=own))
            counts = not own and (said.casefold() in REASONS or (counts and said in "=:"))
        return "".join(written)

    def _token(self, kind: str, said: str, words: frozenset[str], *, own: bool) -> str:
        folded = said.casefold()
        match kind:
            case "guid":
                return said if folded in GUIDS else f"00000000-0000-4000-8000-{self._count('guid', folded):012d}"
            case "moment" if not own:
                return said
            case "address":
                local, _, domain = folded.rpartition("@")
                return f"person-{self._count('person', local)}@{self._host(domain, words)}"
            case "ip":
                return f"192.0.2.{self._count('ip', folded)}"
            case "host":
                kept = folded in words or (not own and _EXCEPTION.fullmatch(folded))
                return said if kept else self._host(said, words)
            case "word" if folded in words:
                return said
            case "mark":
                return said if said.isascii() else "?"
            case _:
                return f"{'number' if kind == 'number' else 'text'}-{self._count('text', folded)}"

    def _host(self, host: str, words: frozenset[str]) -> str:
        """A placeholder, unless every part of it is one of Microsoft's words (`System.DateTime`)."""
        folded = host.casefold()
        if folded in HOSTS or all(part in words for part in folded.split(".")):
            return host
        return f"domain-{self._count('domain', folded)}.example"

    def _count(self, kind: str, value: str) -> int:
        """The number of this value among those of its kind, the same each time."""
        numbers = self._numbers.setdefault(kind, {})
        return numbers.setdefault(value, len(numbers) + 1)
