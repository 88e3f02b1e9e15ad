"""What a compiled pattern consists of: its parsed nodes, and which characters each of them reads."""

import re
from collections.abc import Callable, Iterable, Iterator
from re import _constants as op  # type: ignore[attr-defined]  # the parser of `re` has no public name
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, TypeAlias

Nodes: TypeAlias = Iterable[tuple[Any, Any]]
REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
READS = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)

_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    op.CATEGORY_DIGIT: str.isdecimal,
    op.CATEGORY_NOT_DIGIT: lambda char: not char.isdecimal(),
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_NOT_SPACE: lambda char: not char.isspace(),
    op.CATEGORY_WORD: lambda char: char.isalnum() or char == "_",
    op.CATEGORY_NOT_WORD: lambda char: not (char.isalnum() or char == "_"),
}
_SAMPLE = frozenset(map(chr, [*range(0x180), 0x66B, 0x66C, 0x2019, 0x2212, 0x2013, 0xD800]))
"""Enough characters to tell the sets of our patterns apart."""


def parsed(pattern: re.Pattern[str]) -> Any:
    """The nodes of a pattern, as the parser of `re` gives them."""
    return parser.parse(pattern.pattern, pattern.flags)


def inside(kind: Any, value: Any) -> list[Any]:
    """The sequences of nodes within a node."""
    if kind is op.SUBPATTERN:
        return [value[-1]]
    if kind is op.BRANCH:
        return list(value[1])
    if kind is op.ATOMIC_GROUP:
        return [value]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    if kind in REPEATS:
        return [value[2]]
    return []


def reads(kind: Any, value: Any, char: str, flags: int) -> bool:
    """Whether a node that reads one character takes this one."""
    if kind is op.ANY:
        return char != "\n" or bool(flags & re.DOTALL)
    folded = {char.lower(), char.upper()} if flags & re.IGNORECASE else set()
    forms = {char, *(form for form in folded if len(form) == 1)}
    if kind is op.IN:
        negated = value[0][0] is op.NEGATE
        return negated != any(_is_in(item, form) for item in value[negated:] for form in forms)
    return (chr(value) in forms) is (kind is op.LITERAL)


def _is_in(item: tuple[Any, Any], char: str) -> bool:
    kind, value = item
    if kind is op.RANGE:
        return bool(value[0] <= ord(char) <= value[1])
    return _CATEGORIES[value](char) if kind is op.CATEGORY else ord(char) == value


def characters(nodes: Nodes, flags: int) -> frozenset[str]:
    """The characters that any part of these nodes reads, of a sample."""
    found: frozenset[str] = frozenset()
    for kind, value in nodes:
        if kind in READS:
            found |= _read_by(kind, repr(value), flags, value)
        elif kind not in (op.ASSERT, op.ASSERT_NOT):
            for within in inside(kind, value):
                found |= characters(within, flags)
    return found


def _read_by(kind: Any, named: str, flags: int, value: Any) -> frozenset[str]:
    known = (kind, named, flags & (re.IGNORECASE | re.DOTALL))
    if known not in _READ:
        literal = {chr(value)} if kind in (op.LITERAL, op.NOT_LITERAL) else set()
        _READ[known] = frozenset(char for char in _SAMPLE | literal if reads(kind, value, char, flags))
    return _READ[known]


_READ: dict[tuple[Any, str, int], frozenset[str]] = {}
"""A set is asked for many times, and found by trying each character."""


def all_nodes(nodes: Nodes) -> Iterator[tuple[Any, Any]]:
    """Every node, those inside of others too."""
    for kind, value in nodes:
        yield kind, value
        for within in inside(kind, value):
            yield from all_nodes(within)
