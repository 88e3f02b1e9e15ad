"""The README matches the code."""

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from services.setting_names import as_markdown
from tests.diagram import state_diagram
from tests.exchange_recipe import recipe

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DRAWN: Mapping[str, Callable[[], str]] = {
    "state diagram": state_diagram,
    "exchange roles": recipe,
    "settings": as_markdown,
}


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_from_a_table_is_that_table(name: str) -> None:
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, rest = README.read_text(encoding="utf-8").split(begin)
    drawn, after = rest.split(end)
    if os.environ.get("SENDWELL_REDRAW"):
        README.write_text(f"{before}{begin}{DRAWN[name]()}\n{end}{after}", encoding="utf-8")
        return
    assert drawn == f"{DRAWN[name]()}\n", "run the tests with SENDWELL_REDRAW=1"


def test_every_picture_is_there() -> None:
    for name in re.findall(r"\]\((docs/pictures/[^)]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / name).is_file(), name
