"""The app package is what Teams accepts."""

import copy
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, validators
from PIL import Image

from manifest.package import filled_manifest, main, write_package

SETTINGS = {"MicrosoftAppId": "00000000-0000-4000-8000-0000000000b0", "SENDWELL_DEVELOPER_NAME": 'The "IT" team'}
SCHEMAS = Path(__file__).parents[1] / "judges/node_modules/@microsoft/app-manifest/build/json-schemas/teams"


def newest_schema() -> dict[str, Any]:
    versions = [path for path in SCHEMAS.glob("v[0-9]*") if path.is_dir()]
    assert versions, "run `make setup`: the schema comes with an npm package"
    newest = max(versions, key=lambda path: [int(part) for part in path.name[1:].split(".")])
    schema: dict[str, Any] = json.loads((newest / "MicrosoftTeams.schema.json").read_text(encoding="utf-8-sig"))
    return schema


def faults(manifest: dict[str, Any]) -> list[str]:
    schema = newest_schema()
    validator = validators.validator_for(schema, default=Draft7Validator)(schema)
    return [error.message for error in validator.iter_errors(manifest)]


def test_the_manifest_is_valid_against_the_newest_schema() -> None:
    assert faults(filled_manifest(SETTINGS)) == []


def test_the_schema_refuses_what_is_wrong() -> None:
    good = filled_manifest(SETTINGS)
    changes: tuple[dict[str, Any], ...] = ({"bots": [{"scopes": ["personal"]}]}, {"name": {}}, {"surprise": 1})
    for change in changes:
        broken = {**copy.deepcopy(good), **change}
        assert faults(broken), change


def test_both_scopes_have_their_commands() -> None:
    bot: Any = filled_manifest(SETTINGS)["bots"]
    assert bot[0]["scopes"] == ["personal", "team"]
    assert [entry["scopes"] for entry in bot[0]["commandLists"]] == [["personal"], ["team"]]


def test_the_package_holds_three_files_and_is_the_same_every_time(tmp_path: Path) -> None:
    first, second = write_package(tmp_path / "a.zip", SETTINGS), write_package(tmp_path / "b.zip", SETTINGS)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as package:
        assert package.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert json.loads(package.read("manifest.json"))["developer"]["name"] == 'The "IT" team'


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({}, "MicrosoftAppId"),
        ({"MicrosoftAppId": "x"}, "MicrosoftAppId"),
        ({**SETTINGS, "SENDWELL_PRIVACY_URL": "http://x"}, "SENDWELL_PRIVACY_URL"),
    ],
)
def test_a_faulty_setting_is_named(settings: dict[str, str], named: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(settings) == 2
    assert named in capsys.readouterr().err


def test_the_icons_are_what_teams_wants() -> None:
    folder = Path(__file__).parents[2] / "manifest"
    with Image.open(folder / "color.png") as color:
        assert color.size == (192, 192)
    with Image.open(folder / "outline.png") as outline:
        assert outline.size == (32, 32)
        pixels = {outline.convert("RGBA").getpixel((x, y)) for x in range(32) for y in range(32)}
    assert all(isinstance(pixel, tuple) and pixel[:3] == (255, 255, 255) for pixel in pixels)
    alphas = {pixel[3] for pixel in pixels if isinstance(pixel, tuple)}
    assert {0, 255} <= alphas
