"""Every test that a document cites exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCUMENTS = sorted([*ROOT.glob("docs/*.md"), ROOT / "README.md"])


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_test_named_exists(document: Path) -> None:
    for path, name in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", document.read_text(encoding="utf-8")):
        source = (ROOT / path).read_text(encoding="utf-8")
        names = {
            node.name
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert not name or name in names, f"{path}::{name}"


def test_the_threat_model_names_a_test_for_every_threat() -> None:
    threats, _, _ = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8").partition("## What a thief can still")
    rows = [row for row in threats.splitlines() if row.startswith("| ")]
    assert len(rows) > 12
    assert all("`tests/" in row for row in rows[1:])
