"""Judges whether the work of a pattern can only grow with its text: by how it is built.

A quantifier that gives back what it took (`*`, `+`, `{2,}`, `*?`) may not stand within another such one, and not beside
one that reads the same characters. Possessive ones (`*+`) and atomic groups give nothing back."""

import re
from re import _constants as op  # type: ignore[attr-defined]  # the parser of `re` has no public name
from typing import Any

from tests.patterns.parsed import REPEATS, Nodes, all_nodes, characters, inside, parsed


def faults_of(pattern: re.Pattern[str]) -> list[str]:
    """What is wrong with how the pattern is built, a sentence each; empty if nothing is."""
    nodes = parsed(pattern)
    judge = _Judge(pattern.flags)
    judge.sequence(nodes, [])
    judge.nested(nodes)
    if any(kind is op.GROUPREF for kind, _ in all_nodes(nodes)):
        judge.faults.append("refers back to a group: no bound is known for such a pattern")
    return judge.faults


class _Judge:
    def __init__(self, flags: int) -> None:
        self._flags = flags
        self.faults: list[str] = []

    def sequence(self, nodes: Nodes, before: list[frozenset[str]]) -> list[frozenset[str]]:
        """`before`, and what this returns: what is read by each quantifier that may still give back characters to what
        follows."""
        open_ones = before
        for kind, value in nodes:
            open_ones = self._node(kind, value, open_ones)
        return open_ones

    def _node(self, kind: Any, value: Any, before: list[frozenset[str]]) -> list[frozenset[str]]:
        if kind in (op.AT, op.ASSERT, op.ASSERT_NOT):
            for within in inside(kind, value):
                self.sequence(within, [])
            return before
        if kind is op.BRANCH:
            ends = [self.sequence(within, before) for within in inside(kind, value)]
            return list({read for end in ends for read in end})
        if kind is op.SUBPATTERN:
            return self.sequence(value[-1], before)
        if kind is op.ATOMIC_GROUP:
            self.sequence(value, before)
            return _still_open(before, characters(value, self._flags), 0)
        if kind in REPEATS:
            return self._repeat(kind, value, before)
        return _still_open(before, characters([(kind, value)], self._flags), 1)

    def _repeat(self, kind: Any, value: Any, before: list[frozenset[str]]) -> list[frozenset[str]]:
        least, most, body = value
        read = characters(body, self._flags)
        if most is op.MAXREPEAT and any(read & earlier for earlier in before):
            self.faults.append(f"two unbounded quantifiers side by side read {_some(read, before)}")
        within = self.sequence(body, before if most is not op.MAXREPEAT else [])
        gives_back = most is op.MAXREPEAT and kind is not op.POSSESSIVE_REPEAT
        kept = [] if kind is op.POSSESSIVE_REPEAT else [one for one in within if one not in before]
        return [*_still_open(before, read, least), *kept, *([read] if gives_back else [])]

    def nested(self, nodes: Nodes) -> None:
        for kind, value in all_nodes(nodes):
            if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[1] is op.MAXREPEAT:
                self._turns(value[2])

    def _turns(self, body: Any) -> None:
        if body.getwidth()[0] == 0:
            self.faults.append("a loop that may turn without reading")
        for kind, value in all_nodes(body):
            if kind in (op.MAX_REPEAT, op.MIN_REPEAT) and value[0] != value[1]:
                self.faults.append("a quantifier that gives back stands within an unbounded one")
            if kind is op.BRANCH:
                firsts = [characters(list(one)[:1], self._flags) for one in value[1]]
                if any(first & other for at, first in enumerate(firsts) for other in firsts[:at]):
                    self.faults.append("alternatives within an unbounded quantifier begin alike")


def _still_open(before: list[frozenset[str]], read: frozenset[str], least: int) -> list[frozenset[str]]:
    """What must be read, and is none of a quantifier's characters, ends what it can give back to those behind it."""
    return [earlier for earlier in before if not least or earlier & read]


def _some(read: frozenset[str], before: list[frozenset[str]]) -> str:
    shared = sorted(next(read & earlier for earlier in before if read & earlier))
    return repr("".join(shared[:5]))
