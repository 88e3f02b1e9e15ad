"""The table of settings is what is read, and what is written from it."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from services.setting_names import as_env_file, misspelt
from services.setting_table import SETTINGS
from services.setting_values import Reader
from services.settings import _read, read_env_file, read_settings

REQUIRED = {
    "MicrosoftAppId": "5a4d8f2e-0000-4000-8000-000000000001",
    "MicrosoftAppPassword": "not a real one",
    "MicrosoftAppTenantId": "5a4d8f2e-0000-4000-8000-000000000002",
    "SENDWELL_APPROVERS_GROUP_ID": "5a4d8f2e-0000-4000-8000-000000000003",
}

T = TypeVar("T")
ROOT = Path(__file__).parents[1]


class Asked(Reader):
    """Reads no setting, and keeps which were asked for and their defaults."""

    def __init__(self) -> None:
        super().__init__({})
        self.defaults: dict[str, str] = {}

    def optional(self, name: str, parse: Callable[[str], T]) -> T | None:
        self.defaults.setdefault(name, "")
        return super().optional(name, parse)

    def given(self, name: str, parse: Callable[[str], T], default: str) -> T:
        self.defaults[name] = default
        return super().given(name, parse, default)

    def required(self, name: str, parse: Callable[[str], T], what: str) -> T | None:
        self.defaults[name] = ""
        return super().required(name, parse, what)


def test_every_setting_and_no_other_is_in_the_table() -> None:
    asked = Asked()
    _read(asked)
    assert {one.name for one in SETTINGS} == asked.defaults.keys()


def test_the_defaults_are_those_of_the_table() -> None:
    asked = Asked()
    _read(asked)
    fixed = {one.name: one.default for one in SETTINGS if one.default}
    said = {name for name, default in asked.defaults.items() if default} - fixed.keys()
    assert fixed == {name: asked.defaults[name] or fixed[name] for name in fixed}
    assert all(one.default_said.startswith("the cloud's") for one in SETTINGS if one.name in said)


def test_the_example_is_the_table() -> None:
    example = ROOT / ".env.example"
    if os.environ.get("SENDWELL_REDRAW"):
        example.write_text(as_env_file(), encoding="utf-8")
    assert example.read_text(encoding="utf-8") == as_env_file(), "run the tests with SENDWELL_REDRAW=1"


def test_each_setting_is_understood_by_itself() -> None:
    """It is read alone: in `.env.example`, in a search, in a table that somebody sorted."""
    vague = re.compile(r"\b(below|above|the next|of this|that (app|key|token|secret))\b")
    assert [one.name for one in SETTINGS if vague.search(one.meaning)] == []
    named = {name for one in SETTINGS for name in re.findall(r"`((?:SENDWELL|Microsoft)\w+)`", one.meaning)}
    assert named - {one.name for one in SETTINGS} == set()
    assert all((ROOT / path).is_file() for path in re.findall(r"docs/[\w-]+\.md", as_env_file()))


def test_the_filled_in_example_means_the_defaults(tmp_path: Path) -> None:
    filled = tmp_path / "env"
    lines = [line.removeprefix("#") for line in as_env_file().splitlines() if not line.startswith("# ")]
    filled.write_text("\n".join(line for line in lines if not line.endswith("=")), encoding="utf-8")
    assert read_settings({**read_env_file(filled), **REQUIRED}) == read_settings(REQUIRED)


def test_a_misspelt_setting_is_told_with_the_nearest_one() -> None:
    found = misspelt(
        {"SENDWELL_EXPIRE_AFTR", "SENDWELL_NOTHING_OF_THE_KIND", "MicrosoftAppID", "SENDWELL_CA_FILE", "PATH"}
    )
    assert found == {
        "MicrosoftAppID": "MicrosoftAppId",
        "SENDWELL_EXPIRE_AFTR": "SENDWELL_EXPIRE_AFTER",
        "SENDWELL_NOTHING_OF_THE_KIND": "",
    }
