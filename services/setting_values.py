"""Parsers for the texts of settings. Each raises `ValueError`, whose message says what the setting must be."""

import ipaddress
import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

T = TypeVar("T")

_DURATION = re.compile(r"(\d{1,6})(ms|s|m|h|d)")
_DOMAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,62}(\.[A-Za-z0-9-]{1,63}){1,8}")
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(text: str) -> timedelta:
    match = _DURATION.fullmatch(text.strip())
    if not match or int(match[1]) == 0:
        raise ValueError("a duration such as 500ms, 90s, 5m or 24h, longer than none")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def durations(text: str) -> tuple[timedelta, ...]:
    durations = tuple(duration(part) for part in text.split(","))
    if list(durations) != sorted(set(durations)):
        raise ValueError("durations that grow, such as 1m,3m,10m")
    return durations


def count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10_000:
        raise ValueError("a number from 1 to 9999")
    return int(text)


def on_or_off(text: str) -> bool:
    if text.casefold() not in ("on", "off"):
        raise ValueError("on or off")
    return text.casefold() == "on"


def up_to_a_hundred(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 100:
        raise ValueError("a number from 1 to 100")
    return int(text)


def time_zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('the IANA name of a time zone, such as "Europe/Vienna" or "UTC"') from None


def guid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise ValueError("a GUID, as Entra shows it") from None


def https(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("an https:// address")
    return text.rstrip("/")


def host_of(url: str) -> str:
    """The host of an address that `https` let pass."""
    return urlsplit(url).hostname or ""


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def loopback_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not is_loopback(parts.hostname or ""):
        raise ValueError("an address on this machine, such as http://localhost:56151/_connector")
    return text.rstrip("/")


def port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise ValueError("a port number from 1 to 65535")
    return int(text)


def existing_file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise ValueError("a file that exists and may be read")
    return path


def database(text: str) -> str:
    if not text.startswith(("sqlite+aiosqlite:///", "postgresql+psycopg://")):
        raise ValueError("sqlite+aiosqlite:///file or postgresql+psycopg://…")
    return text


def domain(text: str) -> str:
    if not _DOMAIN.fullmatch(text):
        raise ValueError("a domain such as contoso.onmicrosoft.com")
    return text.casefold()


def hosts(text: str) -> frozenset[str]:
    return frozenset(host.strip().casefold() for host in text.split(",") if host.strip())


class Reader:
    """Reads settings from the environment and collects their faults."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.faults: list[str] = []

    def has(self, name: str) -> bool:
        """Whether the setting has a value, usable or not."""
        return bool(self._environment.get(name, "").strip())

    def passed_on(self, name: str) -> str:
        """A variable of the environment that is no setting, as it is; empty if it is not set."""
        return self._environment.get(name, "")

    def optional(self, name: str, parse: Callable[[str], T]) -> T | None:
        value = self._environment.get(name, "").strip()
        return self._parsed(name, value, parse) if value else None

    def secret(self, name: str, parse: Callable[[str], T]) -> T | None:
        """A setting that may stand in a file instead, which `NAME_FILE` names; read once, at start."""
        file = self.optional(f"{name}_FILE", existing_file)
        if file is None:
            return self.optional(name, parse)
        if self.has(name):
            self.faults.append(f"{name} and {name}_FILE are both set: unset one of them.")
            return None
        text = file.read_text(encoding="utf-8", errors="replace").strip()
        return self._parsed(f"{name}_FILE", text, parse)

    def given(self, name: str, parse: Callable[[str], T], default: str) -> T:
        value = self._environment.get(name, "").strip() or default
        parsed = self._parsed(name, value, parse)
        return parse(default) if parsed is None else parsed

    def required(self, name: str, parse: Callable[[str], T], what: str) -> T | None:
        if self._environment.get(name, "").strip():
            return self.optional(name, parse)
        self.faults.append(f"{name} is not set: it must be {what}.")
        return None

    def _parsed(self, name: str, value: str, parse: Callable[[str], T]) -> T | None:
        try:
            return parse(value)
        except ValueError as fault:
            self.faults.append(f"{name} is not usable: it must be {fault}.")
            return None
