"""`python -m manifest.package`: the Teams app package, from the template, the icons and the settings."""

import argparse
import json
import os
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from manifest.settings import PUBLIC_URL, FaultySettingsError, env_file, left_to_default, package_settings

_HERE = Path(__file__).parent
_ICONS = {"color.png": (192, 192), "outline.png": (32, 32)}
_EPOCH = (2020, 1, 1, 0, 0, 0)
"""One fixed time for every entry: the same settings give the same file, byte for byte."""


def filled_manifest(environment: Mapping[str, str]) -> dict[str, Any]:
    """The manifest for these settings.

    Raises:
        FaultySettingsError: a setting is missing or unusable; the message names each.
    """
    values = package_settings(environment)
    template = json.loads((_HERE / "manifest.json").read_text(encoding="utf-8"))
    manifest: dict[str, Any] = _filled(template, values)
    if address := values[PUBLIC_URL]:
        manifest["validDomains"] = [urlsplit(address).hostname]
    return manifest


def write_package(out: Path, environment: Mapping[str, str]) -> Path:
    """Write the zip that Teams wants.

    Raises:
        FaultySettingsError: as `filled_manifest` does; nothing is written.
    """
    manifest = json.dumps(filled_manifest(environment), indent=2, ensure_ascii=False) + "\n"
    contents = {"manifest.json": manifest.encode()} | {name: _icon(name) for name in _ICONS}
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w") as package:
        for name, content in contents.items():
            package.writestr(_entry(name), content)
    return out


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    """Values go into parsed JSON, not into its text: a quote in a developer's name stays a quote."""
    match part:
        case dict():
            return {key: _filled(value, values) for key, value in part.items()}
        case list():
            return [_filled(item, values) for item in part]
        case str():
            return Template(part).substitute(values)
        case _:
            return part


def _icon(name: str) -> bytes:
    content = (_HERE / name).read_bytes()
    # A PNG names its width and height in bytes 16 to 24.
    size = int.from_bytes(content[16:20]), int.from_bytes(content[20:24])
    if size != _ICONS[name]:
        raise AssertionError(f"{name} is {size}, Teams wants {_ICONS[name]}: run `python -m manifest.draw_icons`.")
    return content


def _entry(name: str) -> zipfile.ZipInfo:
    # Stored, not deflated, and always "made on Unix": a package is the same from every machine and zlib.
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """0 when written, 2 for a faulty setting."""
    parser = argparse.ArgumentParser(prog="python -m manifest.package", description="Write the Teams app package.")
    parser.add_argument("--out", type=Path, default=Path("dist/sendwell.zip"), help="default: %(default)s")
    out: Path = parser.parse_args(arguments).out
    try:
        write_package(out, environment)
    except FaultySettingsError as faults:
        sys.stderr.write(f"The package was not made.\n{faults}\n")
        return 2
    sys.stdout.write(f"Wrote {out}: upload it in the Teams admin center, under Manage apps.\n")
    if placeholders := left_to_default(environment):
        sys.stdout.write(f"It holds placeholders people can see; to replace them, set {', '.join(placeholders)}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], env_file(Path(".env")) | dict(os.environ)))
