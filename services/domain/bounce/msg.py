"""The text of an Outlook .msg file: a small file system (a compound file) with a stream for each property.

Only streams of text are read, and nothing in them is run. What a file says of its own sizes is never believed.
https://learn.microsoft.com/openspecs/windows_protocols/ms-cfb
https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxmsg"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from services.domain.bounce.html_text import text_of_html

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SMALL = 4_096
"""Streams shorter than this lie in the small sectors."""
_HEADER_FATS = 109
_LAST_SECTOR = 0xFFFFFFFA
"""Numbers above it mark ends and gaps."""
_ENTRY = 128
_ENTRIES_AT_MOST = 20_000
_TEXT_AT_MOST = 262_144
_STREAM, _ROOT = 2, 5
_PREFIX = "__substg1.0_"
_WANTED = ("007D", "0037", "1000", "1001", "0C1B", "39FE")
"""Numbers of properties: transport headers, subject, body, report text, a recipient's diagnosis, its address."""
_HTML = "10130102"
_SUBJECT = "0037"
_ENCODINGS = {"001F": "utf-16-le", "001E": "cp1252"}


class NoMsgError(ValueError):
    """The file is no compound file, or a damaged one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


def text_of_msg(content: bytes) -> str:
    """The message's headers, body and what it says about each recipient, in the order of the file.

    Raises:
        NoMsgError: it is none, or damaged beyond reading.
    """
    try:
        return "\n\n".join(_texts(_CompoundFile(content)))
    except (struct.error, IndexError) as damaged:
        raise NoMsgError("no .msg file, or a damaged one") from damaged


def _texts(file: "_CompoundFile") -> Iterator[str]:
    for entry in file.entries:
        prefix, number, kind = entry.name[: len(_PREFIX)], entry.name[len(_PREFIX) : -4], entry.name[-4:]
        if entry.kind != _STREAM or prefix != _PREFIX:
            continue
        if number in _WANTED and kind in _ENCODINGS:
            text = file.stream(entry).decode(_ENCODINGS[kind], "replace").rstrip("\0")
            yield f"Subject: {text}" if number == _SUBJECT else text
        elif number + kind == _HTML:
            yield text_of_html(file.stream(entry).decode("utf-8", "replace"))


class _CompoundFile:
    """Sectors, chained by a table of the next one for each."""

    def __init__(self, content: bytes) -> None:
        if not content.startswith(_MAGIC):
            raise NoMsgError("no .msg file")
        self._content = content
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in (9, 12) or small_shift != 6:
            raise NoMsgError("a damaged .msg file")
        self._sector, self._small_sector = 1 << shift, 1 << small_shift
        directory, small_table, more_fats = (struct.unpack_from("<I", content, at)[0] for at in (48, 60, 68))
        self._next = self._numbers(self._fat_sectors(more_fats))
        self._next_small = self._numbers(self._chain(small_table, self._next))
        self.entries = tuple(self._read_entries(directory))
        root = next((entry for entry in self.entries if entry.kind == _ROOT), None)
        self._small = self._joined(self._chain(root.start, self._next), len(content)) if root else b""

    def stream(self, entry: _Entry) -> bytes:
        """What the entry holds, at most 256 KB of it."""
        size = min(entry.size, _TEXT_AT_MOST)
        if entry.size >= _SMALL:
            return self._joined(self._chain(entry.start, self._next), size)
        width = self._small_sector
        small = islice(self._chain(entry.start, self._next_small), size // width + 1)
        return b"".join(self._small[at * width : (at + 1) * width] for at in small)[:size]

    def _at(self, sector: int) -> bytes:
        begin = (sector + 1) * self._sector
        return self._content[begin : begin + self._sector]

    def _joined(self, sectors: Iterator[int], size: int | None = None) -> bytes:
        parts, length = [], 0
        for sector in sectors:
            if size is not None and length >= size:
                break
            parts.append(self._at(sector))
            length += len(parts[-1])
        return b"".join(parts)[:size]

    def _numbers(self, sectors: Iterator[int]) -> Sequence[int]:
        raw = self._joined(sectors, len(self._content))
        return struct.unpack(f"<{len(raw) // 4}I", raw[: len(raw) // 4 * 4])

    def _chain(self, sector: int, following: Sequence[int]) -> Iterator[int]:
        """Yields the sectors of a chain; one that bites its own tail ends after as many as there are."""
        for _ in range(min(len(following), len(self._content) // self._small_sector)):
            if sector > _LAST_SECTOR or sector >= len(following):
                return
            yield sector
            sector = following[sector]

    def _fat_sectors(self, more: int) -> Iterator[int]:
        """Yields the sectors of the table itself: the header names the first, the others are chained."""
        sectors_there = len(self._content) // self._sector
        named = list(struct.unpack_from(f"<{_HEADER_FATS}I", self._content, 76))
        for _ in range(sectors_there):
            if more > _LAST_SECTOR or not (block := self._at(more)):
                break
            numbers = struct.unpack(f"<{len(block) // 4}I", block)
            named += numbers[:-1]
            more = numbers[-1]
        yield from islice((sector for sector in named if sector < sectors_there), sectors_there)

    def _read_entries(self, directory: int) -> Iterator[_Entry]:
        raw = self._joined(self._chain(directory, self._next), _ENTRIES_AT_MOST * _ENTRY)
        for at in range(0, len(raw) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", raw, at + 64)
            start, size = struct.unpack_from("<II", raw, at + 116)
            name = raw[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            yield _Entry(name=name, kind=kind, start=start, size=size)
