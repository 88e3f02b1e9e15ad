"""Reading a bounce costs in proportion to its length, whatever somebody pastes. Steps are counted, no time is taken."""

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Any

import pytest

from services.domain import bounce as package
from services.domain.bounce.bounce import read_bounce

parser: Any = importlib.import_module("re._parser")  # the standard library's own, which tells what a pattern is made of
STEPS_AT_MOST = 10_000
"""For one pattern at one place of a text."""


def modules() -> list[Any]:
    names = [module.name for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    return [importlib.import_module(name) for name in names]


def patterns_in(value: Any, depth: int = 0) -> Iterator[re.Pattern[str]]:
    """Every compiled pattern in a value, in its collections, and in its classes."""
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        yield from (found for one in value.values() for found in patterns_in(one, depth + 1))
    elif isinstance(value, tuple | list | set | frozenset):
        yield from (found for one in value for found in patterns_in(one, depth + 1))
    elif isinstance(value, type) and value.__module__.startswith(package.__name__) and depth < 3:
        yield from (found for one in vars(value).values() for found in patterns_in(one, depth + 1))


PATTERNS = {found.pattern: found for module in modules() for one in vars(module).values() for found in patterns_in(one)}


def ways_and_cost(parsed: Any) -> tuple[float, float]:
    """In how many ways a pattern can match at one place at most, and how many characters it looks at each time."""
    ways, cost = 1.0, 0.0
    for kind, value in parsed:
        more_ways, more_cost = ways_and_cost_of(str(kind), value)
        ways, cost = ways * more_ways, cost + more_cost
    return ways, cost


def ways_and_cost_of(kind: str, value: Any) -> tuple[float, float]:
    match kind:
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, inner = value
            times = float("inf") if most is parser.MAXREPEAT else float(most)
            ways, cost = ways_and_cost(inner)
            each = times - least + 1 if ways == 1 else float("inf")
            return (1 if kind == "POSSESSIVE_REPEAT" else each), times * cost * ways
        case "BRANCH":
            branches = [ways_and_cost(branch) for branch in value[1]]
            return sum(ways for ways, _ in branches), sum(cost for _, cost in branches)
        case "SUBPATTERN":
            return ways_and_cost(value[-1])
        case "ATOMIC_GROUP":
            ways, cost = ways_and_cost(value)
            return 1, ways * cost
        case "ASSERT" | "ASSERT_NOT":
            ways, cost = ways_and_cost(value[1])
            return 1, ways * cost
        case "LITERAL" | "NOT_LITERAL" | "IN" | "ANY" | "AT" | "GROUPREF":
            return 1, 3
        case _:
            raise AssertionError(f"{kind} is not known here")


def steps_at_one_place(pattern: str, flags: int = 0) -> float:
    ways, cost = ways_and_cost(parser.parse(pattern, flags))
    return ways * cost


def almost(parsed: Any) -> str:
    """A text that the pattern matches, or nearly: its longest repeats of the first sign it takes."""
    text = ""
    for kind, value in parsed:
        match str(kind):
            case "LITERAL":
                text += chr(value)
            case "NOT_LITERAL" | "ANY":
                text += "x"
            case "IN":
                text += _one_of(value)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                text += almost(value[2]) * min(int(value[1]), 300)
            case "BRANCH":
                text += almost(value[1][0])
            case "SUBPATTERN":
                text += almost(value[-1])
            case "ATOMIC_GROUP":
                text += almost(value)
            case _:
                pass
    return text


def _one_of(signs: Any) -> str:
    kinds = {str(kind): value for kind, value in signs}
    if "NEGATE" in kinds:
        return "x"
    return chr(kinds["LITERAL"]) if "LITERAL" in kinds else chr(kinds["RANGE"][0])


UNITS = [
    *(almost(parser.parse(pattern)) for pattern in PATTERNS),
    *(almost(parser.parse(pattern))[:-1] for pattern in PATTERNS),
    *("exceed", "5.2.2 exceed", "5.1.8 ", "550 ", "x@y.zz: ", "<x@y.zz>\n", "kim@fabrikam.example\n550 5.1.1\n"),
    *(
        "<",
        "<a ",
        "<a '",
        "<p>",
        "<!--",
        "<p><a href='",
        "&",
        "=\n",
        "=3D",
        ">",
        "> ",
        "|",
        "\\n",
        "\n ",
        "\ufdfa",
        "５",
    ),
    *("From: x\n ", "Subject: x\n", "Status: 5.1.1\n", "Final-Recipient: rfc822;a@b.cc\nStatus: 5.1.1\n", "--b\n"),
    *("Content-Type: x\n", "verify ", "release messages click http://x.example ", "----- Original message -----\n"),
]
FRONTS = ["", "From: a\nContent-Type: multipart/mixed; boundary=b\n\n", "From: a\nContent-Type: text/html\n\n"]


def steps_of_reading(text: str) -> int:
    """How many lines of the package, and of the standard library's mail and HTML parsers, run while a text is read."""
    steps = 0

    def in_frame(_frame: FrameType, event: str, _: Any) -> Any:
        nonlocal steps
        steps += event == "line"
        return in_frame

    def on_call(frame: FrameType, _event: str, _: Any) -> Any:
        where = frame.f_code.co_filename
        return in_frame if any(part in where for part in ("/domain/bounce/", "/email/", "/html/")) else None

    before = sys.gettrace()
    sys.settrace(on_call)
    try:
        read_bounce(text)
    finally:
        sys.settrace(before)
    return steps


def test_there_are_patterns_and_each_costs_little_at_any_place() -> None:
    assert len(PATTERNS) >= 5
    costs = {pattern: steps_at_one_place(pattern, compiled.flags) for pattern, compiled in PATTERNS.items()}
    assert {pattern: cost for pattern, cost in costs.items() if cost > STEPS_AT_MOST} == {}


@pytest.mark.parametrize(
    "pattern",
    [
        r"exceed\w*\s+.{0,40}quota",
        r"(?m)^[ \t]*(?:>[ \t]*)+",
        r"(?:a{1,9}){1,9}b",
        r"\w++x",
        r"[ab]{0,400}[ac]{0,400}d",
    ],
)
def test_the_search_finds_patterns_that_cost_more(pattern: str) -> None:
    assert steps_at_one_place(pattern) > STEPS_AT_MOST


@pytest.mark.parametrize("front", FRONTS, ids=["pasted", "mail", "html"])
def test_twice_the_text_costs_about_twice_the_steps(front: str) -> None:
    for unit in dict.fromkeys(UNITS):
        some = max(8, 1_000 // len(unit))
        once, twice = (steps_of_reading(front + unit * times) for times in (some, 2 * some))
        assert twice <= 2.3 * once + 300, unit


def test_a_text_that_once_stopped_the_bot_is_read_in_few_steps() -> None:
    text = "5.2.2 " + "exceed" * 4_670
    bounce = read_bounce(text)
    assert bounce is None or bounce.meaning == "recipient_full"
    assert steps_of_reading(text) < len(text)


def test_no_more_is_read_than_a_message_can_hold() -> None:
    assert read_bounce("x" * 70_000 + " 550 5.1.1 User unknown") is None
