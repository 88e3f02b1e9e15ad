"""`python -m manifest.package`: the Teams app package, from the template, the icons and the settings."""

import argparse
import io
import json
import os
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from manifest.admin_centre import cautions, faults
from manifest.app_package import open_package
from manifest.settings import PUBLIC_URL, FaultySettingsError, env_file, package_settings

_HERE = Path(__file__).parent
_ICONS = ("color.png", "outline.png")
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


class RefusedPackageError(ValueError):
    """Why the Teams admin centre would refuse the package, one line a fault, each with what to do."""


def write_package(out: Path, environment: Mapping[str, str]) -> list[str]:
    """Write the zip that Teams wants; returns what people may stumble over, a sentence each.

    Raises:
        FaultySettingsError: as `filled_manifest` does; nothing is written.
        RefusedPackageError: the admin centre would not take it; nothing is written.
    """
    content = zipped(filled_manifest(environment))
    package = open_package(content, out.read_bytes() if out.is_file() else None)
    if refused := faults(package):
        raise RefusedPackageError("\n".join(refused))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)
    return cautions(package)


def zipped(manifest: Mapping[str, Any]) -> bytes:
    """The package with this manifest and the icons."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    contents = {"manifest.json": text.encode()} | {name: (_HERE / name).read_bytes() for name in _ICONS}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, content in contents.items():
            package.writestr(_entry(name), content)
    return written.getvalue()


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


def _entry(name: str) -> zipfile.ZipInfo:
    # Stored, not deflated, and always "made on Unix": a package is the same from every machine and zlib.
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> int:
    """0 when written, 2 for a faulty setting or a package that would be refused."""
    parser = argparse.ArgumentParser(prog="python -m manifest.package", description="Write the Teams app package.")
    parser.add_argument("--out", type=Path, default=Path("dist/sendwell.zip"), help="default: %(default)s")
    out: Path = parser.parse_args(arguments).out
    try:
        told = write_package(out, environment)
    except FaultySettingsError as faulty:
        sys.stderr.write(f"The package was not made.\n{faulty}\n")
        return 2
    except RefusedPackageError as refused:
        sys.stderr.write(f"The package was not made: the Teams admin center would refuse it.\n{refused}\n")
        return 2
    sys.stdout.write(f"Wrote {out}: upload it in the Teams admin center, under Manage apps.\n")
    sys.stdout.writelines(f"{caution}\n" for caution in told)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], env_file(Path(".env")) | dict(os.environ)))
