"""Small pictures of a few colours, made without a library, as a PNG in the card itself: one that a card has to fetch
can be fetched by whoever has its address."""

import struct
import zlib
from base64 import b64encode
from collections.abc import Sequence
from enum import IntEnum


class Ink(IntEnum):
    """The colours. Each is seen on a light card and on a dark one: what is not drawn is transparent."""

    NONE = 0
    BLUE = 1
    RED = 2
    GREEN = 3
    GREY = 4


PALETTE: dict[Ink, tuple[int, int, int]] = {
    Ink.NONE: (0, 0, 0),
    Ink.BLUE: (0x6B, 0x7F, 0xE3),
    Ink.RED: (0xE6, 0x55, 0x4A),
    Ink.GREEN: (0x2E, 0x9A, 0x5B),
    Ink.GREY: (0x85, 0x85, 0x85),
}
_BITS = 8
_TIGHT = 8
"""Nine, the tightest, takes twice as long for two bytes less in eight hundred."""
_INDEXED = 3
_SLANTED = bytes((Ink.GREY,)) * 2 + bytes(10)


class Pixels:
    """A picture under the pen, `(0, 0)` being its upper left. What lies outside of it is not drawn."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._rows = [bytearray(width) for _ in range(height)]

    def box(self, left: int, top: int, width: int, height: int, ink: Ink) -> None:
        """A filled rectangle."""
        begin, end = max(left, 0), min(left + width, self.width)
        for row in self._rows[max(top, 0) : max(top + height, 0)]:
            row[begin:end] = bytes((ink,)) * max(end - begin, 0)

    def shape(self, left: int, top: int, rows: Sequence[tuple[int, int]], ink: Ink) -> None:
        """A filled shape, row by row: where each begins, and how wide it is."""
        for down, (begin, width) in enumerate(rows):
            self.box(left + begin, top + down, width, 1, ink)

    def hatch(self, left: int, top: int, width: int, height: int) -> None:
        """Slanted grey lines."""
        for down, row in enumerate(self._rows[top : top + height], top):
            begin = (left + down) % len(_SLANTED)
            row[left : left + width] = (_SLANTED * (width // len(_SLANTED) + 2))[begin : begin + width]

    def data_uri(self) -> str:
        """The picture as an address that holds it: a PNG of nothing but its pixels."""
        return f"data:image/png;base64,{b64encode(self._png()).decode()}"

    def _png(self) -> bytes:
        # https://www.w3.org/TR/png-3/
        head = struct.pack(">IIBBBBB", self.width, self.height, _BITS, _INDEXED, 0, 0, 0)
        lines = b"".join(b"\0" + row for row in self._rows)
        parts = (
            (b"IHDR", head),
            (b"PLTE", bytes(value for ink in Ink for value in PALETTE[ink])),
            (b"tRNS", b"\0"),
            (b"IDAT", zlib.compress(lines, _TIGHT)),
            (b"IEND", b""),
        )
        return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
