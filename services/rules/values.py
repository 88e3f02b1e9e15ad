"""Parsers for the values in the file of rules. Each raises `ValueError`, whose message says what the value must be."""

from datetime import date, datetime, time, timedelta
from ipaddress import ip_network
from typing import Any
from zoneinfo import ZoneInfo

from services.domain.rules.rules import Network
from services.rules.countries import COUNTRIES
from services.setting_values import domain as domain_in
from services.setting_values import duration as duration_in
from services.setting_values import guid
from services.setting_values import time_zone as zone_in

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LEAST_BITS = {4: 8, 6: 16}
"""A network of fewer is most of the Internet: whoever expects that expects everybody."""
_EVERYBODYS = (
    "microsoft",
    "office",
    "outlook",
    "exchange",
    "azure",
    "one outlook",
    "browser",
    "mobile apps and desktop",
)
"""Beginnings of the names of apps that everybody signs in with, a thief as well."""
_INSTEAD = {"UK": "GB", "EN": "GB", "EL": "GR"}


def text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > 100:
        raise ValueError("a text of at most 100 characters, in quotes")
    return value.strip()


def time_zone(value: Any) -> ZoneInfo:
    return zone_in(value if isinstance(value, str) else "")


def weekday(value: Any) -> int:
    for number, day in enumerate(DAYS):
        if isinstance(value, str) and len(value) > 1 and day.startswith(value.strip().casefold()):
            return number
    raise ValueError('a day of the week in English, such as "monday" or "mon"')


def time_of_day(value: Any) -> time:
    """24:00 is the midnight at which a day ends, and is the same time of day as the one at which it begins."""
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    hours, colon, minutes = value.partition(":") if isinstance(value, str) else ("", "", "")
    if colon and all(part.isascii() and part.isdigit() and len(part) == 2 for part in (hours, minutes)):
        if (hours, minutes) == ("24", "00"):
            return time(0)
        if int(hours) < 24 and int(minutes) < 60:
            return time(int(hours), int(minutes))
    raise ValueError('a time of day such as "08:00"')


def holiday(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("a date such as 2026-12-25") from None


def duration(value: Any) -> timedelta:
    return duration_in(value if isinstance(value, str) else "")


def group_id(value: Any) -> str:
    return guid(value if isinstance(value, str) else "")


def user_name(value: Any) -> str:
    name = value.strip() if isinstance(value, str) else ""
    local, at, host = name.partition("@")
    if not (local and at and "." in host) or "@" in host or any(char.isspace() for char in name) or len(name) > 113:
        raise ValueError('a user name such as "bo@contoso.com"')
    return name.casefold()


def country(value: Any) -> str:
    code = value.strip().upper() if isinstance(value, str) else ""
    if code in COUNTRIES:
        return code
    instead = f"; for {code} write {_INSTEAD[code]}" if code in _INSTEAD else ""
    raise ValueError(f'a country by its two letters, such as "AT"{instead}')


def network(value: Any) -> Network:
    try:
        found = ip_network(value.strip() if isinstance(value, str) else "")
    except ValueError:
        raise ValueError('a network such as "203.0.113.0/24", or one IP address') from None
    if found.prefixlen < _LEAST_BITS[found.version]:
        raise ValueError(f"a network of /{_LEAST_BITS[found.version]} or smaller: a larger one is most of the Internet")
    return found


def domain(value: Any) -> str:
    return domain_in(value.strip() if isinstance(value, str) else "")


def app(value: Any) -> str:
    """By the name that the sign-in log shows."""
    name = text(value).casefold()
    if name.startswith(_EVERYBODYS):
        raise ValueError("an app of yours, by its name in the sign-in log: this one is what everybody signs in with")
    return name
