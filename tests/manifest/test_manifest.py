"""The app package is what Teams accepts."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from manifest.package import filled_manifest, main, write_package
from manifest.settings import FaultySettingsError, env_file

SETTINGS = {"MicrosoftAppId": "00000000-0000-4000-8000-0000000000b0", "SENDWELL_DEVELOPER_NAME": 'The "IT" team'}
SCHEMAS = Path(__file__).parents[1] / "judges/node_modules/@microsoft/app-manifest/build/json-schemas/teams"


def newest_schema() -> dict[str, Any]:
    versions = [path for path in SCHEMAS.glob("v[0-9]*") if path.is_dir()]
    assert versions, "The schema comes with an npm package that is not there yet: run `npm ci` in tests/judges."
    newest = max(versions, key=lambda path: [int(part) for part in path.name[1:].split(".")])
    schema: dict[str, Any] = json.loads((newest / "MicrosoftTeams.schema.json").read_text(encoding="utf-8-sig"))
    return schema


def faults(manifest: dict[str, Any]) -> list[str]:
    """By draft 7: the schema says it is draft 4, yet uses `const`, which a draft 4 validator skips in silence."""
    return [error.message for error in Draft7Validator(newest_schema()).iter_errors(manifest)]


def bot() -> dict[str, Any]:
    only: dict[str, Any] = filled_manifest(SETTINGS)["bots"][0]
    return only


@pytest.mark.parametrize("more", [{}, {"SENDWELL_PUBLIC_URL": "https://bot.contoso.example:8443/sendwell"}])
def test_the_manifest_is_valid_against_the_newest_schema(more: dict[str, str]) -> None:
    assert faults(filled_manifest(SETTINGS | more)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"bots": [{"scopes": ["personal"]}]},
        {"bots": [{"botId": SETTINGS["MicrosoftAppId"], "scopes": ["everywhere"]}]},
        {"manifestVersion": "1.0"},
        {"id": "${MicrosoftAppId}"},
        {"name": {}},
        {"description": {"short": "x" * 81, "full": "x"}},
        {"icons": {"color": "color.png"}},
        {"accentColor": "blue"},
        {"permissions": ["everything"]},
        {"surprise": 1},
    ],
)
def test_the_schema_refuses_a_broken_manifest(change: dict[str, Any]) -> None:
    assert faults(filled_manifest(SETTINGS) | change)


def test_it_asks_for_no_permission() -> None:
    manifest = filled_manifest(SETTINGS)
    assert not {"permissions", "devicePermissions", "authorization"} & set(manifest)
    assert set(manifest["webApplicationInfo"]) == {"id", "resource"}


def test_it_is_a_bot_to_talk_to_alone_and_in_a_team() -> None:
    assert bot()["scopes"] == ["personal", "team"]
    assert bot()["isNotificationOnly"] is False


def test_each_scope_has_its_commands() -> None:
    commands = {
        scope: [command["title"] for command in some["commands"]]
        for some in bot()["commandLists"]
        for scope in some["scopes"]
    }
    assert commands == {
        "personal": ["why can't I send", "status", "withdraw", "language", "help"],
        "team": ["cases", "case", "approve", "deny", "restricted", "use this channel", "report", "doctor", "help"],
    }


def test_commands_fit_the_menu_of_teams() -> None:
    """The schema allows more; older clients cut a title at 32 characters, a description at 128."""
    for some in bot()["commandLists"]:
        assert len(some["commands"]) <= 10
        for command in some["commands"]:
            assert 0 < len(command["title"]) <= 32
            assert 0 < len(command["description"]) <= 128


def test_the_host_of_the_public_address_is_a_valid_domain() -> None:
    assert filled_manifest(SETTINGS)["validDomains"] == []
    told = filled_manifest(SETTINGS | {"SENDWELL_PUBLIC_URL": "https://bot.contoso.example:8443/sendwell"})
    assert told["validDomains"] == ["bot.contoso.example"]


def test_the_package_holds_three_files_and_is_the_same_every_time(tmp_path: Path) -> None:
    first, second = tmp_path / "a.zip", tmp_path / "b.zip"
    for out in (first, second):
        write_package(out, SETTINGS)
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as package:
        assert package.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert json.loads(package.read("manifest.json")) == filled_manifest(SETTINGS)


def test_quotes_in_a_name_stay_quotes() -> None:
    assert filled_manifest(SETTINGS)["developer"]["name"] == 'The "IT" team'


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"MicrosoftAppId": ""}, "MicrosoftAppId is not set"),
        ({"MicrosoftAppId": "sendwell"}, "MicrosoftAppId is not a GUID"),
        ({"MicrosoftAppId": "000000000000400080000000000000b0"}, "MicrosoftAppId is not a GUID"),
        ({"SENDWELL_PRIVACY_URL": "http://contoso.example"}, "SENDWELL_PRIVACY_URL is not usable"),
        ({"SENDWELL_PUBLIC_URL": "https://"}, "SENDWELL_PUBLIC_URL is not usable"),
        ({"SENDWELL_PUBLIC_URL": "https://[::1"}, "SENDWELL_PUBLIC_URL is not usable"),
        ({"SENDWELL_DEVELOPER_NAME": "x" * 33}, "SENDWELL_DEVELOPER_NAME is too long"),
    ],
)
def test_a_faulty_setting_is_named(
    change: dict[str, str], fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "sendwell.zip"
    assert main(["--out", str(out)], SETTINGS | change) == 2
    assert fault in capsys.readouterr().err
    assert not out.exists()


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(FaultySettingsError) as told:
        filled_manifest({"SENDWELL_TERMS_URL": "terms"})
    assert [line.partition(" ")[0] for line in str(told.value).splitlines()] == ["MicrosoftAppId", "SENDWELL_TERMS_URL"]


def test_placeholders_are_pointed_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "new" / "sendwell.zip"
    assert main(["--out", str(out)], SETTINGS) == 0
    assert out.exists()
    said = capsys.readouterr().out
    assert "SENDWELL_DEVELOPER_URL" in said
    assert "SENDWELL_DEVELOPER_NAME" not in said


def test_an_env_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    assert env_file(path) == {}
    path.write_text('# the bot\n\nexport MicrosoftAppId="1-2"\nA = b=c\nnothing\n', encoding="utf-8")
    assert env_file(path) == {"MicrosoftAppId": "1-2", "A": "b=c"}
