"""The README matches the code."""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from services.settings import FaultySettingsError, read_settings
from tests.diagram import state_diagram
from tests.exchange_recipe import recipe

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DRAWN: Mapping[str, Callable[[], str]] = {"state diagram": state_diagram, "exchange roles": recipe}


@pytest.mark.parametrize("name", DRAWN)
def test_what_is_drawn_from_a_table_is_that_table(name: str) -> None:
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->"
    before, rest = README.read_text(encoding="utf-8").split(begin)
    drawn, after = rest.split(end)
    if os.environ.get("SENDWELL_REDRAW"):
        README.write_text(f"{before}{begin}{DRAWN[name]()}\n{end}{after}", encoding="utf-8")
        return
    assert drawn == f"{DRAWN[name]()}\n", "run the tests with SENDWELL_REDRAW=1"


class Asked(Mapping[str, str]):
    """An empty environment that records which settings were read."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self.names.add(name)
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def test_every_setting_and_no_other_is_in_the_table() -> None:
    asked = Asked()
    with suppress(FaultySettingsError):
        read_settings(asked)
    table = README.read_text(encoding="utf-8").split("## Settings")[1].split("\n\n`HTTPS_PROXY`")[0]
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert told == asked.names


def test_every_picture_is_there() -> None:
    for name in re.findall(r"\]\((docs/pictures/[^)]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / name).is_file(), name
