"""`python -m manifest.package`: the Teams app package, from the template, the icons and the settings."""

import json
import os
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from string import Template
from uuid import UUID

_HERE = Path(__file__).parent
_ICONS = ("color.png", "outline.png")
_EPOCH = (2020, 1, 1, 0, 0, 0)
"""One fixed time for every entry: the same settings give the same file, byte for byte."""

_DEFAULTS = {
    "DEVELOPER_NAME": ("SENDWELL_DEVELOPER_NAME", "Your organisation"),
    "DEVELOPER_URL": ("SENDWELL_DEVELOPER_URL", "https://example.com"),
    "PRIVACY_URL": ("SENDWELL_PRIVACY_URL", "https://example.com/privacy"),
    "TERMS_URL": ("SENDWELL_TERMS_URL", "https://example.com/terms"),
}


def filled_manifest(environment: Mapping[str, str]) -> dict[str, object]:
    """The manifest for these settings.

    Raises:
        ValueError: a setting is missing or unusable; the message names it.
    """
    values = {name: environment.get(setting) or default for name, (setting, default) in _DEFAULTS.items()}
    values["APP_ID"] = _app_id(environment.get("MicrosoftAppId", ""))
    for name, (setting, _) in _DEFAULTS.items():
        if name.endswith("_URL") and not values[name].startswith("https://"):
            raise ValueError(f"{setting} is not usable: it must be an https:// address.")
    # Values go in as JSON text: a quote in a developer's name must not end the string it stands in.
    escaped = {name: json.dumps(value)[1:-1] for name, value in values.items()}
    template = Template((_HERE / "manifest.json").read_text(encoding="utf-8").replace("$schema", "$$schema"))
    manifest: dict[str, object] = json.loads(template.substitute(escaped))
    return manifest


def write_package(out: Path, environment: Mapping[str, str]) -> Path:
    """Write the zip that Teams wants. Raises `ValueError` as `filled_manifest` does."""
    manifest = json.dumps(filled_manifest(environment), indent=2, ensure_ascii=False).encode()
    out.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (("manifest.json", manifest), *((icon, (_HERE / icon).read_bytes()) for icon in _ICONS)):
            package.writestr(zipfile.ZipInfo(name, _EPOCH), content)
    return out


def _app_id(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError(
            "MicrosoftAppId is not set or no GUID: it must be the bot's app id, as Entra shows it."
        ) from None


def main(environment: Mapping[str, str]) -> int:
    """0 when written, 2 for a faulty setting."""
    try:
        written = write_package(Path("dist") / "sendwell.zip", environment)
    except ValueError as fault:
        sys.stderr.write(f"The package cannot be made: {fault}\n")
        return 2
    sys.stdout.write(f"Wrote {written}: upload it in the Teams admin center, under Manage apps.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
