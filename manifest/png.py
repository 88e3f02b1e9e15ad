"""The pixels of an icon, read without an imaging library: packaging needs no more than Python.

https://www.w3.org/TR/png-3/: signature, chunks, and rows that are each stored as a difference to their neighbours."""

import zlib
from collections.abc import Iterator

Pixel = tuple[int, int, int, int]
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGBA_8_BIT = bytes((8, 6, 0, 0, 0))
"""Bit depth, colour type, compression, filter method, no interlacing."""
_WIDTH = 4
"""Bytes a pixel."""


def size_of(png: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; `None` if this is no PNG."""
    if not png.startswith(_SIGNATURE) or png[12:16] != b"IHDR":
        return None
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


def pixels_of(png: bytes) -> list[Pixel] | None:
    """Red, green, blue and alpha of each pixel; `None` if this is not a plain PNG of eight bits with alpha."""
    size = size_of(png)
    if size is None or png[24:29] != _RGBA_8_BIT:
        return None
    packed = b"".join(content for kind, content in _chunks(png) if kind == b"IDAT")
    try:
        raw = zlib.decompress(packed)
    except zlib.error:
        return None
    length = size[0] * _WIDTH
    if len(raw) != size[1] * (length + 1):
        return None
    pixels: list[Pixel] = []
    above = bytearray(length)
    for start in range(0, len(raw), length + 1):
        above = _row(raw[start], raw[start + 1 : start + 1 + length], above)
        pixels += [(above[i], above[i + 1], above[i + 2], above[i + 3]) for i in range(0, length, _WIDTH)]
    return pixels


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at + 8 <= len(png):
        length = int.from_bytes(png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _row(kind: int, stored: bytes, above: bytearray) -> bytearray:
    row = bytearray(stored)
    for i in range(len(row)):
        left = row[i - _WIDTH] if i >= _WIDTH else 0
        corner = above[i - _WIDTH] if i >= _WIDTH else 0
        guesses = (0, left, above[i], (left + above[i]) // 2, _nearest(left, above[i], corner))
        row[i] = (row[i] + guesses[kind % 5]) % 256
    return row


def _nearest(left: int, up: int, corner: int) -> int:
    """Of the three, the one next to `left + up - corner`."""
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))
