"""The settings a package is made from: read, checked, every fault told at once."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from services.version import VERSION

APP_ID = "MicrosoftAppId"
PUBLIC_URL = "SENDWELL_PUBLIC_URL"
PACKAGE_VERSION = "SENDWELL_PACKAGE_VERSION"
DEFAULT_DEVELOPER = "Your organisation"
"""A placeholder, as the addresses below are: people would see it."""

_GUID = re.compile(r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")
_LONGEST_NAME = 32

_DEFAULTS = {
    APP_ID: "",
    PACKAGE_VERSION: VERSION,
    "SENDWELL_DEVELOPER_NAME": DEFAULT_DEVELOPER,
    "SENDWELL_DEVELOPER_URL": "https://example.com",
    "SENDWELL_PRIVACY_URL": "https://example.com/privacy",
    "SENDWELL_TERMS_URL": "https://example.com/terms",
    PUBLIC_URL: "",
}


class FaultySettingsError(ValueError):
    """What is wrong, one line a setting, each with what to do."""


def package_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Every setting's value, defaults filled in.

    Raises:
        FaultySettingsError: naming every faulty setting.
    """
    values = {name: environment.get(name, "").strip() or default for name, default in _DEFAULTS.items()}
    faults = [f"{name} {fault}" for name, value in values.items() if (fault := _fault_of(name, value))]
    if faults:
        raise FaultySettingsError("\n".join(faults))
    return values


def env_file(path: Path) -> dict[str, str]:
    """`NAME=value` lines; blank lines and `#` comments are skipped, quotes around a value taken off.

    Not the bot's own reader: what is packed here knows nothing of the rooms the bot is made of.
    """
    if not path.is_file():
        return {}
    lines = (line.strip().removeprefix("export ") for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, equals, value in pairs if equals}


def _fault_of(name: str, value: str) -> str | None:
    return _CHECKS.get(name, _https_fault)(value)


def _app_id_fault(value: str) -> str | None:
    if not value:
        return "is not set: set it to the bot's app id, as Entra shows it."
    return None if _GUID.fullmatch(value) else "is not a GUID: set it to the bot's app id, as Entra shows it."


def _name_fault(value: str) -> str | None:
    return None if len(value) <= _LONGEST_NAME else f"is too long: Teams takes {_LONGEST_NAME} characters."


def _public_url_fault(value: str) -> str | None:
    return _https_fault(value) if value else None


def _https_fault(value: str) -> str | None:
    return None if _is_https(value) else "is not usable: set it to an https:// address."


def _is_https(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not re.search(r"\s", value)


_CHECKS: dict[str, Callable[[str], str | None]] = {
    APP_ID: _app_id_fault,
    "SENDWELL_DEVELOPER_NAME": _name_fault,
    PUBLIC_URL: _public_url_fault,
    PACKAGE_VERSION: lambda _: None,  # the package's judge says what a version must be
}
"""Whatever is not in this table is an address."""
