"""One version: of the program, its package for Teams, its image and its changelog."""

import re
import tomllib
from pathlib import Path

import pytest

from app import main
from manifest.package import filled_manifest
from services.clients.metrics.metrics import Metrics
from services.version import VERSION

ROOT = Path(__file__).parents[1]


def test_program_package_image_and_changelog_have_the_same_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main({}, ["--version"])
    said = {"program": capsys.readouterr().out.strip()}
    said["metrics"] = next(
        sample.labels["version"]
        for metric in Metrics().registry.collect()
        for sample in metric.samples
        if sample.name == "sendwell_info"
    )
    said["teams"] = filled_manifest({"MicrosoftAppId": "5a4d8f2e-0000-4000-8000-000000000001"})["version"]
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    said["image"] = re.findall(r'image\.version="([^"]+)"', dockerfile)[0]
    assert said == dict.fromkeys(said, VERSION)


def test_the_package_of_python_takes_it_from_the_same_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "services.version.VERSION"}


def test_the_changelog_says_what_is_new_in_it() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", VERSION)
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert VERSION in headings
