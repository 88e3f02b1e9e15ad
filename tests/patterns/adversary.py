"""Texts made to keep a pattern busy: what its parts read, over and over, with an end that fits none of them."""

import re
from collections.abc import Iterator
from itertools import islice
from re import _constants as op  # type: ignore[attr-defined]  # the parser of `re` has no public name
from typing import Any

from tests.patterns.parsed import READS, REPEATS, Nodes, characters, inside, parsed

_PIECES_AT_MOST = 16
_LONG = 40
_PREFERRED = "a1 .-=:;,/<>@[]'\"\n"
_FITS_NOTHING = "\0"


def pieces(pattern: re.Pattern[str]) -> list[tuple[str, str]]:
    """What to repeat, and what to put before it."""
    found = dict.fromkeys(_pumps(parsed(pattern), pattern.flags, ""))
    whole = _witness(parsed(pattern), pattern.flags)
    starts = {("", whole[:end]) for end in (1, 2, 3, len(whole))}
    ours = [(lead[:_LONG], pump[:_LONG]) for lead, pump in [*found, *sorted(starts)] if pump]
    return list(islice(dict.fromkeys(ours), _PIECES_AT_MOST))


def texts(piece: tuple[str, str], length: int) -> tuple[str, ...]:
    """Texts of about that many characters."""
    lead, pump = piece
    body = pump * max(1, length // len(pump))
    return (lead + body + _FITS_NOTHING, lead + body)


def _pumps(nodes: Nodes, flags: int, lead: str) -> Iterator[tuple[str, str]]:
    for kind, value in nodes:
        if kind in REPEATS:
            body = value[2]
            yield lead, _witness(body, flags)
            yield "", lead + _witness(body, flags)
            for char in _liked(characters(body, flags)):
                yield lead, char
        for within in inside(kind, value):
            yield from _pumps(within, flags, lead)
        lead += _witness([(kind, value)], flags)


def _liked(read: frozenset[str]) -> list[str]:
    return [char for char in _PREFERRED if char in read][:2] or sorted(read)[:1]


def _witness(nodes: Any, flags: int) -> str:
    """A short text that these nodes read."""
    text = ""
    for kind, value in nodes:
        if kind in READS:
            text += _liked(characters([(kind, value)], flags))[0]
        elif kind in REPEATS:
            text += _witness(value[2], flags) * min(max(1, value[0]), _LONG)
        elif kind is op.BRANCH:
            text += _witness(value[1][0], flags)
        elif kind in (op.SUBPATTERN, op.ATOMIC_GROUP):
            text += _witness(inside(kind, value)[0], flags)
    return text
