"""Whatever Sendwell posts has a row in `docs/messages.md`, which says what ends it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from cards.approver.thread_lines import CLAIMS
from services.domain.case.standing_lines import LineKind, stands
from tests.cards.test_cards import catalogue_keys
from tests.cases import CASES

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs/messages.md").read_text(encoding="utf-8")
with (ROOT / "cards/words/en/LC_MESSAGES/sendwell.po").open("rb") as _file:
    ENGLISH = {
        str(one.id[0] if isinstance(one.id, tuple) else one.id): str(
            one.string[0] if isinstance(one.string, tuple) else one.string
        )
        for one in read_po(_file)
    }
LINES = ("tell.", "watch.", "stalled.")
SETTLED = {"tell.waits_no_more"}
"""What a line says afterwards."""
POSTED_BY = {
    "person.py _open": "a card of a case",
    "case_cards.py _put": "a card of a case",
    "case_cards.py notify_approvers": None,
    "case_cards.py remind_of": None,
    "case_cards.py say": None,
    "case_cards.py post": None,
    "case_cards.py tell_joiner": "how a trouble stands, to each who joined",
    "case_cards.py tell_end": "how a case ended, to who asked as well and to the mailbox's owner",
    "notifying.py post": None,
    "channel_return.py _tell_of_ended": None,
    "monitor_lines.py _stands": None,
    "stalls.py _said": None,
    "digest.py _begin": "the digest, one card for many requests at once",
    "digest.py _draw": "the digest, one card for many requests at once",
    "approver.py _use_channel": "which channel is used, or cannot be",
    "approver.py _cannot_use": "which channel is used, or cannot be",
    "installs.py _tell_remover": "to who removed Sendwell from its channel",
    "router.py _with_file": "the answer to a dropped file, or to a command that is refused",
    "router.py _refuse": "the answer to a dropped file, or to a command that is refused",
}
"""Where something is posted, and its row; `None`: a line, whose sentence has one."""


def _rows(section: str) -> list[tuple[list[str], list[str]]]:
    """Of each row: how its lines begin, and the names of their sentences."""
    part = TABLE.partition(f"## {section}\n")[2].partition("\n## ")[0]
    cells = [line.strip("| ").split(" | ") for line in part.splitlines() if line.startswith("| “")]
    return [(re.findall(r"“(.+?)”(?:<br>|$)", row[0]), re.findall(r"`([a-z_.]+)`", row[-1])) for row in cells]


def _named(section: str) -> set[str]:
    return {name for _, names in _rows(section) for name in names}


def posts() -> Iterator[str]:
    """Every place in the conversations and jobs that posts something, by file and function."""
    for path in (ROOT / "dialogs").rglob("*.py"):
        for made in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(made, ast.AsyncFunctionDef):
                called = (one.func for one in ast.walk(made) if isinstance(one, ast.Call))
                if any(isinstance(one, ast.Attribute) and one.attr in ("post", "say") for one in called):
                    yield f"{path.name} {made.name}"


def test_every_line_has_a_row_that_says_whether_it_ends() -> None:
    sentences = {key.removesuffix(".many") for key in catalogue_keys() if key.startswith(LINES)} - SETTLED
    standing, happened = _named("Lines that say how something stands"), _named("Lines that tell what happened")
    assert standing == set(CLAIMS)
    assert happened == sentences - set(CLAIMS)


@pytest.mark.parametrize("section", ["Lines that say how something stands", "Lines that tell what happened"])
def test_a_line_begins_as_its_row_says(section: str) -> None:
    for beginnings, names in _rows(section):
        patterns = [re.compile(".+?".join(map(re.escape, one.split("…")))) for one in beginnings]
        for name in names:
            assert any(pattern.match(ENGLISH[name]) for pattern in patterns), f"{name}: {ENGLISH[name]}"


def test_whatever_else_is_posted_has_a_row() -> None:
    assert set(posts()) == set(POSTED_BY)
    assert [row for row in POSTED_BY.values() if row and f"\n| {row} |" not in TABLE] == []


def test_each_kind_of_claim_has_a_sentence_and_a_rule() -> None:
    assert set(CLAIMS.values()) == set(LineKind)
    assert all(stands(kind, case) in (True, False) for kind in LineKind for case in CASES.values())
