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
# https://learn.microsoft.com/troubleshoot/entra/entra-id/governance/verify-first-party-apps-sign-in
_EVERYBODYS = frozenset(
    {
        "00000002-0000-0ff1-ce00-000000000000",  # Office 365 Exchange Online
        "00000003-0000-0ff1-ce00-000000000000",  # Office 365 SharePoint Online
        "00000006-0000-0ff1-ce00-000000000000",  # Microsoft Office 365 Portal
        "00000003-0000-0000-c000-000000000000",  # Microsoft Graph
        "00000002-0000-0000-c000-000000000000",  # Windows Azure Active Directory
        "d3590ed6-52b3-4102-aeff-aad2292ab01c",  # Microsoft Office
        "4765445b-32c6-49b0-83e6-1d93765276ca",  # OfficeHome
        "89bee1f7-5e6e-4d8a-9f3d-ecd601259da7",  # Office365 Shell WCSS-Client
        "27922004-5251-4030-b22d-91ecd9a37ea4",  # Outlook Mobile
        "9199bf20-a13f-4107-85dc-02114787ef48",  # One Outlook Web
        "5d661950-3475-41cd-a2c3-d671a3162bc1",  # Microsoft Outlook
        "1fec8e78-bce4-4aaf-ab1b-5451cc387264",  # Microsoft Teams
        "5e3ce6c0-2b1f-4285-8d4b-75ee78787346",  # Microsoft Teams Web Client
        "29d9ed98-a469-4536-ade2-f981bc1d605e",  # Microsoft Authentication Broker
        "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",  # Azure Portal
        "04b07795-8ddb-461a-bbee-02f9e1bf7b46",  # Microsoft Azure CLI
        "1950a258-227b-4e31-a9cf-717495945fc2",  # Microsoft Azure PowerShell
        "14d82eec-204b-4c2f-b7e8-296a70dab67e",  # Microsoft Graph Command Line Tools
        "fb78d390-0c51-40cd-8e17-fdbfab77341b",  # Microsoft Exchange REST API Based PowerShell
    }
)
"""Apps that everybody signs in with, a thief as well."""
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
    """By its application id: whoever publishes an app chooses its name."""
    try:
        found = guid(text(value))
    except ValueError:
        raise ValueError(
            "an application id, as Entra shows it under Enterprise applications, and no name: anybody can give that "
            "name to an app"
        ) from None
    if found in _EVERYBODYS:
        raise ValueError("the application id of an app of yours: this one is what everybody signs in with")
    return found
