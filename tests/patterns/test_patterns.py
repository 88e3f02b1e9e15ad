"""The work of every pattern that reads people's or vendors' text grows with the text and no faster: by construction,
and counted on texts made against it."""

import re

import pytest

from tests.patterns.adversary import pieces, texts
from tests.patterns.judge import faults_of
from tests.patterns.ours import Ours, patterns, patterns_elsewhere
from tests.patterns.work import TooMuchWork, work

OURS = patterns()
_FIRST, _LAST = 60, 7_680
_LINEAR = 2.3
"""Twice the text may cost this many times the steps: twice, and a little for what is paid once."""


def grows_with_the_text(pattern: re.Pattern[str], method: str) -> str:
    """The text whose doubling more than doubles the work, however long it is; empty if there is none."""
    for piece in pieces(pattern):
        for which in (0, 1):
            if not _is_linear(pattern, method, piece, which):
                return repr(texts(piece, _FIRST)[which])
    return ""


def _is_linear(pattern: re.Pattern[str], method: str, piece: tuple[str, str], which: int) -> bool:
    """Doubled until the work only doubles: a quantifier of up to a hundred looks worse on a short text."""
    length = _FIRST
    try:
        before = work(pattern, texts(piece, length)[which], method)
        while length < _LAST:
            length *= 2
            now = work(pattern, texts(piece, length)[which], method)
            if now <= _LINEAR * before + 20:
                return True
            before = now
    except TooMuchWork:
        pass
    return False


def test_no_pattern_is_built_so_that_its_work_can_explode() -> None:
    assert {ours.name: found for ours in OURS if (found := faults_of(ours.pattern))} == {}


@pytest.mark.parametrize("ours", OURS, ids=lambda ours: ours.name)
def test_twice_the_text_is_twice_the_work(ours: Ours) -> None:
    assert not grows_with_the_text(ours.pattern, ours.method)


def test_every_pattern_stands_where_it_is_judged() -> None:
    assert len(OURS) > 20
    assert not patterns_elsewhere()


@pytest.mark.parametrize(
    "bad",
    [
        *(r"(a+)+b", r"(?:ab|\wc)*d", r"(?:\d{1,2})+x", r"\s*x?\s*y", r"\w+\d+!", r"(a*)*", r"a.*b.*c", r"(x)\1"),
        *(r"(?s).*?a.*?b", r"(?:\w+\s?)*$"),
    ],
)
def test_the_judge_sees_what_explodes(bad: str) -> None:
    assert faults_of(re.compile(bad))


@pytest.mark.parametrize(
    "good",
    [r"a+b", r"(?:a++)*+b", r"\s*+x?\s*+y", r"[^@]+@[^@]+", r"\d+\.\d+", r"(?>a+)b+", r"(?:\.[a-z]++)+", r"x{2,9}"],
)
def test_the_judge_lets_pass_what_does_not(good: str) -> None:
    assert not faults_of(re.compile(good))


@pytest.mark.parametrize(
    ("bad", "method"),
    [(r"(a+)+b", "match"), (r"a*a*b", "match"), (r"\w+@", "search"), (r"<!.*>", "findall"), (r"\s+$", "sub")],
)
def test_the_count_sees_what_explodes(bad: str, method: str) -> None:
    assert grows_with_the_text(re.compile(bad), method)


@pytest.mark.parametrize("good", [r"(?<!\w)\w++@", r"a{1,99}b", r"x(?:y++)*+z", r"(?i)send\b.{0,40}from"])
def test_the_count_lets_pass_what_does_not(good: str) -> None:
    assert not grows_with_the_text(re.compile(good), "search")
