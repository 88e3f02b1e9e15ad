"""The rules of the Teams admin centre: the package keeps them all, and each refuses a package that breaks it."""

import copy
import io
import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from manifest.admin_centre import RULES, cautions, faults
from manifest.app_package import AppPackage, open_package
from manifest.package import filled_manifest, main, zipped
from manifest.png import pixels_of

SETTINGS = {
    "SENDWELL_PACKAGE_VERSION": "1.0.0",
    "MicrosoftAppId": "00000000-0000-4000-8000-0000000000b0",
    "SENDWELL_DEVELOPER_NAME": "Contoso IT",
    "SENDWELL_DEVELOPER_URL": "https://www.contoso.com",
    "SENDWELL_PRIVACY_URL": "https://www.contoso.com/privacy",
    "SENDWELL_TERMS_URL": "https://www.contoso.com/terms",
    "SENDWELL_PUBLIC_URL": "https://sendwell.contoso.com",
}


def good(before: bytes | None = None, **settings: str) -> AppPackage:
    return open_package(zipped(filled_manifest(SETTINGS | settings)), before)


@dataclass(kw_only=True)
class Broken:
    """A good package, as parts to be broken."""

    files: dict[str, bytes]
    manifest: dict[str, Any]
    before: Mapping[str, Any]

    def icon(self, name: str, picture: Image.Image) -> None:
        written = io.BytesIO()
        picture.save(written, "PNG")
        self.files[name] = written.getvalue()

    @property
    def bot(self) -> dict[str, Any]:
        only: dict[str, Any] = self.manifest["bots"][0]
        return only

    @property
    def menu(self) -> list[dict[str, str]]:
        first: list[dict[str, str]] = self.bot["commandLists"][0]["commands"]
        return first


def broken_by(breaks: Callable[[Broken], object]) -> AppPackage:
    package = good()
    parts = Broken(files=dict(package.files), manifest=copy.deepcopy(dict(package.manifest)), before={})
    breaks(parts)
    if "manifest.json" in parts.files:
        parts.files["manifest.json"] = json.dumps(parts.manifest).encode()
    return AppPackage(files=parts.files, manifest=parts.manifest, before=parts.before)


def red_icon() -> Image.Image:
    icon = Image.new("RGBA", (32, 32), (255, 255, 255, 0))
    icon.putpixel((9, 9), (200, 0, 0, 12))
    return icon


def sets(*path: str, to: Any) -> Callable[[Broken], object]:
    """Puts a value into the manifest."""

    def breaks(package: Broken) -> None:
        part: Any = package.manifest
        for name in path[:-1]:
            part = part[name]
        part[path[-1]] = to

    return breaks


def lists(domain: str) -> Callable[[Broken], object]:
    return sets("validDomains", to=["sendwell.contoso.com", domain])


BREAKS: tuple[tuple[str, Callable[[Broken], object]], ...] = (
    ("Serialization_FileMissing", lambda p: p.files.pop("manifest.json")),
    ("Serialization_FileMissing", lambda p: p.files.update({"sendwell/color.png": p.files.pop("color.png")})),
    ("Serialization_FileMissing", lambda p: p.files.update({".DS_Store": b""})),
    ("Unreplaced placeholder", sets("accentColor", to="${ACCENT}")),
    ("Unreplaced placeholder", sets("accentColor", to="{{accent}}")),
    ("Unreplaced placeholder", sets("accentColor", to="%ACCENT-COLOR%")),
    ("CommonSchemaUrlIsRequiredField", lambda p: p.manifest.pop("$schema")),
    ("CommonSchemaUrlIsRequiredField", sets("manifestVersion", to="1.29")),
    ("CommonAppIdIsNotGuid", sets("id", to="sendwell")),
    ("BotIdIsNotGuid", lambda p: p.bot.update(botId="sendwell")),
    ("BotIdIsNotGuid", lambda p: p.bot.pop("botId")),
    ("supportsChannelFeatures", lambda p: p.manifest.pop("supportsChannelFeatures")),
    ("supportsChannelFeatures", sets("supportsChannelFeatures", to=None)),
    ("webApplicationInfo", lambda p: p.manifest.pop("webApplicationInfo")),
    ("webApplicationInfo", sets("webApplicationInfo", "id", to="00000000-0000-4000-8000-0000000000b1")),
    ("webApplicationInfo", sets("webApplicationInfo", "resource", to="")),
    ("VersionContainsOnlyNumbersDotSeparated", sets("version", to="1.0.0-beta")),
    ("VersionContainsOnlyNumbersDotSeparated", sets("version", to="1.0")),
    ("VersionContainsOnlyNumbersDotSeparated", sets("version", to="0.9.0")),
    ("Version grows", lambda p: setattr(p, "before", {**p.manifest, "accentColor": "#000000"})),
    ("Version grows", lambda p: setattr(p, "before", {**p.manifest, "version": "1.0.1"})),
    ("InvalidColorIconHeightAndWidth", lambda p: p.icon("color.png", Image.new("RGBA", (96, 96), "navy"))),
    ("InvalidColorIconHeightAndWidth", lambda p: p.files.update({"color.png": b"GIF89a"})),
    ("InvalidOutlineIconHeightAndWidth", lambda p: p.icon("outline.png", Image.new("RGBA", (20, 20), (0, 0, 0, 0)))),
    ("InvalidOutlineIconTransparency", lambda p: p.icon("outline.png", red_icon())),
    ("InvalidOutlineIconTransparency", lambda p: p.icon("outline.png", Image.new("RGBA", (32, 32), "white"))),
    ("InvalidOutlineIconTransparency", lambda p: p.icon("outline.png", Image.new("RGB", (32, 32), "white"))),
    ("ShortNameLengthCheck", sets("name", "short", to="")),
    ("ShortNameLengthCheck", sets("name", "short", to="x" * 31)),
    ("ShortNameLengthCheck", sets("name", "full", to="x" * 101)),
    ("ShortNameLengthCheck", sets("name", "full", to="Sendwell")),
    ("ShortNameEqualsReservedName", sets("name", "short", to="Help")),
    ("FullDescriptionLengthCheck", sets("description", "short", to="x" * 81)),
    ("FullDescriptionLengthCheck", sets("description", "full", to="x" * 4_001)),
    ("FullDescriptionLengthCheck", sets("description", "full", to="")),
    ("FullDescriptionLengthCheck", sets("description", "short", to="It never asks for a password.")),
    ("DeveloperPrivacyUrlMustBeHttps", sets("developer", "privacyUrl", to="http://www.contoso.com")),
    ("DeveloperPrivacyUrlMustBeHttps", sets("developer", "websiteUrl", to="https:///contoso")),
    ("DeveloperPrivacyUrlMustBeHttps", sets("developer", "termsOfUseUrl", to="")),
    ("DeveloperPrivacyUrlMustBeHttps", sets("developer", "name", to="x" * 33)),
    ("Domains of your own", lists("https://sendwell.contoso.com")),
    ("Domains of your own", lists("sendwell.contoso.com/api")),
    ("Domains of your own", lists("sendwell.contoso.com:8443")),
    ("Domains of your own", lists("*")),
    ("Domains of your own", lists("localhost")),
    ("Domains of your own", lists("10.0.0.8")),
    ("Domains of your own", lists("*.azurewebsites.net")),
    ("Domains of your own", lists("*.onmicrosoft.com")),
    ("Domains of your own", lists("1a2b3c.ngrok.io")),
    ("Commands", lambda p: p.menu[0].update(title="x" * 33)),
    ("Commands", lambda p: p.menu[0].update(description="x" * 129)),
    ("Commands", lambda p: p.menu[0].update(title="")),
    ("Commands", lambda p: p.menu.extend({"title": f"case {n}", "description": "One case"} for n in range(6))),
    ("Command twice", lambda p: p.menu.append({"title": "Status", "description": "My case"})),
    ("Name of a brand", sets("name", "short", to="Sendwell for Teams")),
    ("Placeholders people see", sets("developer", "websiteUrl", to="https://example.com")),
    ("Placeholders people see", sets("developer", "privacyUrl", to="https://localhost:3978/privacy")),
    ("Placeholders people see", sets("developer", "termsOfUseUrl", to="https://10.0.0.8/terms")),
    ("Placeholders people see", sets("developer", "name", to="Your organisation")),
)


def test_the_package_keeps_every_rule() -> None:
    assert faults(good()) == []
    assert cautions(good()) == []


@pytest.mark.parametrize(("name", "breaks"), BREAKS)
def test_each_rule_refuses_a_package_that_breaks_it(name: str, breaks: Callable[[Broken], object]) -> None:
    package = broken_by(breaks)
    speak = [rule for rule in RULES if list(rule.check(package))]
    assert name in [rule.name for rule in speak]
    assert bool(faults(package)) is any(rule.refuses for rule in speak)


def test_every_rule_has_a_package_that_breaks_it_and_a_source() -> None:
    assert {name for name, _ in BREAKS} == {rule.name for rule in RULES}
    assert all(rule.source for rule in RULES)


def test_the_version_may_stay_while_the_package_does() -> None:
    package = zipped(filled_manifest(SETTINGS))
    assert faults(good(before=package)) == []
    assert faults(good(before=b"no package")) == []
    changed = {"SENDWELL_DEVELOPER_NAME": "Contoso Mail"}
    assert faults(good(before=package, **changed))
    assert faults(good(before=package, SENDWELL_PACKAGE_VERSION="1.0.1", **changed)) == []
    first_try = zipped(filled_manifest({"MicrosoftAppId": SETTINGS["MicrosoftAppId"]}))
    assert faults(good(before=first_try)) == []
    other_app = zipped(filled_manifest(SETTINGS | {"MicrosoftAppId": "00000000-0000-4000-8000-0000000000b1"}))
    assert faults(good(before=other_app)) == []


def test_a_package_that_would_be_refused_is_not_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sendwell.zip"
    assert main(["--out", str(out)], SETTINGS) == 0
    first = out.read_bytes()
    assert main(["--out", str(out)], SETTINGS | {"SENDWELL_DEVELOPER_NAME": "Contoso Mail"}) == 2
    assert "set SENDWELL_PACKAGE_VERSION to 1.0.1" in capsys.readouterr().err
    assert out.read_bytes() == first
    assert main(["--out", str(out)], SETTINGS | {"SENDWELL_PACKAGE_VERSION": "v2"}) == 2
    assert "set SENDWELL_PACKAGE_VERSION so" in capsys.readouterr().err


def test_a_manifest_of_any_shape_is_refused_and_nothing_breaks() -> None:
    for manifest in ({}, {"bots": 7, "name": [], "icons": "x", "validDomains": "y"}, {"bots": [{"commandLists": [1]}]}):
        assert faults(AppPackage(files={}, manifest=manifest))
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        package.writestr("manifest.json", "[")
    assert faults(open_package(written.getvalue()))


@pytest.mark.parametrize("level", [0, 9])
def test_pixels_are_read_as_an_imaging_library_reads_them(level: int) -> None:
    """Also where rows are stored as differences to their neighbours."""
    picture = Image.linear_gradient("L").resize((40, 24)).convert("RGBA")
    picture.putalpha(Image.radial_gradient("L").resize((40, 24)))
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=level)
    read = pixels_of(written.getvalue())
    assert read is not None
    assert read == [picture.getpixel((x, y)) for y in range(24) for x in range(40)]
    assert pixels_of(written.getvalue()[:200]) is None
