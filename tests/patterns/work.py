"""Counts the work of a pattern on a text, in steps of a plain backtracking machine as that of `re` is one."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from re import _constants as op  # type: ignore[attr-defined]  # the parser of `re` has no public name
from typing import Any, TypeAlias

from tests.patterns.parsed import READS, REPEATS, Nodes, parsed, reads

STEPS_AT_MOST = 500_000


class TooMuchWork(Exception):  # noqa: N818 - it names what was found
    """The pattern needs more steps than any of ours may."""


@dataclass(slots=True)
class _Step:
    """One instruction: what it is, where it leads, and where else it might."""

    kind: str
    takes: Callable[[str], bool] | None = None
    to: int = 0
    other: int = 0
    code: list["_Step"] = field(default_factory=list)
    width: int = 0
    known: dict[str, bool] = field(default_factory=dict)


_Code: TypeAlias = list[_Step]


def work(pattern: re.Pattern[str], text: str, method: str) -> int:
    """Steps of `pattern.method(text)`. Raises `TooMuchWork`."""
    machine = _Machine(text)
    code = _code(pattern)
    if method in ("match", "fullmatch"):
        machine.run(code, 0, whole=method == "fullmatch")
        return machine.steps
    at = 0
    while at <= len(text):
        end = machine.run(code, at)
        if end is not None and method == "search":
            break
        at = max(at + 1, end or 0)
    return machine.steps


@cache
def _code(pattern: re.Pattern[str]) -> "_Code":
    return _compiled(parsed(pattern), pattern.flags)


class _Machine:
    def __init__(self, text: str) -> None:
        self._text = text
        self.steps = 0

    def run(self, code: _Code, start: int, *, whole: bool = False) -> int | None:
        """Where the first match from there ends; `None` if there is none."""
        waiting = [(0, start)]
        while waiting:
            pc, at = waiting.pop()
            while pc >= 0:
                self.steps += 1
                if self.steps > STEPS_AT_MOST:
                    raise TooMuchWork
                if pc == len(code):
                    if not whole or at == len(self._text):
                        return at
                    break
                step = code[pc]
                if step.kind == "split":
                    waiting.append((step.other, at))
                    pc = step.to
                elif step.kind == "jump":
                    pc = step.to
                elif step.kind == "read":
                    pc, at = (pc + 1, at + 1) if self._takes(step, at) else (-1, at)
                else:
                    pc, at = self._other(step, pc, at)
        return None

    def _takes(self, step: _Step, at: int) -> bool:
        if at >= len(self._text) or step.takes is None:
            return False
        char = self._text[at]
        if char not in step.known:
            step.known[char] = step.takes(char)
        return step.known[char]

    def _other(self, step: _Step, pc: int, at: int) -> tuple[int, int]:
        if step.kind == "at":
            return (pc + 1, at) if self._stands(step.to, at) else (-1, at)
        if step.kind == "possessive":
            while (end := self.run(step.code, at)) is not None and end > at:
                at = end
            return pc + 1, at
        begin = at - step.width
        end = self.run(step.code, begin) if begin >= 0 else None
        if step.kind == "atomic":
            return (pc + 1, end) if end is not None else (-1, at)
        return (pc + 1, at) if (end is not None) is (step.kind == "assert") else (-1, at)

    def _stands(self, where: int, at: int) -> bool:
        if where in (op.AT_BOUNDARY, op.AT_NON_BOUNDARY):
            sides = [self._text[at - 1 : at] if at else "", self._text[at : at + 1]]
            before, after = (side.isalnum() or side == "_" for side in sides)
            return (before != after) is (where == op.AT_BOUNDARY)
        line_begins = where == op.AT_BEGINNING_LINE and self._text[at - 1 : at] == "\n"
        if where in (op.AT_BEGINNING, op.AT_BEGINNING_STRING, op.AT_BEGINNING_LINE):
            return at == 0 or line_begins
        return at == len(self._text) or (where != op.AT_END_STRING and self._text[at : at + 1] == "\n")


def _compiled(nodes: Nodes, flags: int) -> _Code:
    code: _Code = []
    for kind, value in nodes:
        _add(code, _code_of(kind, value, flags))
    return code


def _add(code: _Code, more: _Code) -> None:
    """Instructions name places from the beginning of their own code: move them."""
    by = len(code)
    for step in more:
        moved = step.kind in ("split", "jump")
        code.append(
            _Step(
                step.kind,
                step.takes,
                step.to + by * moved,
                step.other + by * moved,
                step.code,
                step.width,
                step.known,
            )
        )


def _code_of(kind: Any, value: Any, flags: int) -> _Code:
    if kind in READS:
        return [_Step("read", lambda char: reads(kind, value, char, flags))]
    if kind is op.AT:
        multiline = value is op.AT_BEGINNING and flags & re.MULTILINE
        return [_Step("at", to=op.AT_BEGINNING_LINE if multiline else value)]
    if kind is op.SUBPATTERN:
        return _compiled(value[-1], flags)
    if kind is op.ATOMIC_GROUP:
        return [_Step("atomic", code=_compiled(value, flags))]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        direction, within = value
        width = within.getwidth()[1] if direction < 0 else 0
        return [_Step("assert" if kind is op.ASSERT else "assert_not", code=_compiled(within, flags), width=width)]
    if kind is op.BRANCH:
        return _either([_compiled(one, flags) for one in value[1]])
    assert kind in REPEATS, f"{kind} is not known to this machine"
    return _repeated(kind, value[0], value[1], _compiled(value[2], flags))


def _either(ways: list[_Code]) -> _Code:
    first, *others = ways
    if not others:
        return first
    rest = _either(others)
    code = [_Step("split", to=1, other=len(first) + 2)]
    _add(code, [*first, _Step("jump", to=len(first) + 1 + len(rest))])
    _add(code, rest)
    return code


def _repeated(kind: Any, least: int, most: int, body: _Code) -> _Code:
    code: _Code = []
    for _ in range(least):
        _add(code, body)
    if kind is op.POSSESSIVE_REPEAT:
        unbounded = most is op.MAXREPEAT
        more = [_Step("possessive", code=body)] if unbounded else _repeated(op.MAX_REPEAT, 0, most - least, body)
        _add(code, more)
        return code if unbounded and not least else [_Step("atomic", code=code)]
    if most is op.MAXREPEAT:
        loop = [_split(kind, 1, len(body) + 2)]
        _add(loop, [*body])
        loop.append(_Step("jump", to=0))
        _add(code, loop)
        return code
    end = (len(body) + 1) * (most - least)
    optional: _Code = []
    for at in range(most - least):
        begin = at * (len(body) + 1)
        optional.append(_split(kind, begin + 1, end))
        by = [
            _Step(s.kind, s.takes, s.to + (begin + 1), s.other + (begin + 1), s.code, s.width, s.known)
            if s.kind in ("split", "jump")
            else s
            for s in body
        ]
        optional.extend(by)
    _add(code, optional)
    return code


def _split(kind: Any, into: int, beyond: int) -> _Step:
    return _Step("split", to=beyond, other=into) if kind is op.MIN_REPEAT else _Step("split", to=into, other=beyond)
