"""The file of rules, read at the start. A mistake in it is one in the settings: nothing starts with half a file."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from services.domain.rules.hours import BusinessHours
from services.domain.rules.rules import NO_RULES, Escalation, Expected, MailingTool, Rules
from services.rules import values
from services.rules.lines import lines_of
from services.rules.reader import Faults, Table

_LARGEST = 256 * 1024
_SECTIONS = ("hours", "escalation", "expected", "mailing_tools")
_HOURS = ("time_zone", "days", "from", "to", "holidays")
_ESCALATION = ("after", "group", "people")
_EXPECTED = ("countries", "networks", "apps")
_TOOL = ("name", "domains", "networks", "connectors")
_PEOPLE_AT_MOST = 10
"""Teams names each of them in one line."""


class FaultyRulesError(ValueError):
    """Every mistake of a file, a sentence each, which begins with its line."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


def rules_in(path: Path) -> Rules:
    """The rules in a file. Raises `FaultyRulesError`."""
    try:
        raw = path.read_bytes()
    except OSError as trouble:
        raise FaultyRulesError([f"the file cannot be read: {trouble.strerror or type(trouble).__name__}."]) from trouble
    if len(raw) > _LARGEST:
        raise FaultyRulesError([f"the file is larger than {_LARGEST // 1024} KB, and no file of rules."])
    try:
        return read_rules(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as trouble:
        raise FaultyRulesError(["the file is no UTF-8 text: save it as UTF-8."]) from trouble


def read_rules(text: str) -> Rules:
    """The rules in a text. Raises `FaultyRulesError`."""
    text = text.replace("\r\n", "\n")
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise FaultyRulesError([_no_toml(broken)]) from broken
    faults = Faults(lines_of(text))
    rules = _rules(Table(given, (), faults, _SECTIONS))
    if found := faults.sentences():
        raise FaultyRulesError(found)
    return rules


def _no_toml(broken: tomllib.TOMLDecodeError) -> str:
    """The parser says where in brackets, at the end."""
    said, _, where = str(broken).rpartition(" (at ")
    line = where.partition(",")[0].removeprefix("line ").rstrip(")")
    return f"line {line}: this is no TOML: {said}." if line.isdecimal() else f"this is no TOML: {broken}."


def _rules(top: Table) -> Rules:
    hours, escalation, expected = (
        top.table(name, keys)
        for name, keys in (("hours", _HOURS), ("escalation", _ESCALATION), ("expected", _EXPECTED))
    )
    return Rules(
        hours=_hours(hours) if hours else NO_RULES.hours,
        escalation=_escalation(escalation) if escalation else NO_RULES.escalation,
        expected=_expected(expected) if expected else NO_RULES.expected,
        mailing_tools=tuple(tool for one in top.tables("mailing_tools", _TOOL) if (tool := _tool(one))),
    )


def _hours(given: Table) -> BusinessHours | None:
    zone = given.required("time_zone", values.time_zone)
    days = given.each("days", values.weekday)
    opens, closes = given.required("from", values.time_of_day), given.required("to", values.time_of_day)
    holidays = given.each("holidays", values.holiday)
    if not days:
        given.fault("days", 'must name at least one day, such as ["mon", "tue"]')
    if zone is None or opens is None or closes is None:
        return None
    return BusinessHours(zone=zone, days=frozenset(days), opens=opens, closes=closes, holidays=frozenset(holidays))


def _escalation(given: Table) -> Escalation | None:
    after = given.required("after", values.duration)
    group = given.optional("group", values.group_id)
    people = given.each("people", values.user_name)
    if not (given.has("group") or given.has("people")):
        given.fault("people", "or group must say whom to mention")
    if len(people) > _PEOPLE_AT_MOST:
        given.fault("people", f"must name at most {_PEOPLE_AT_MOST}; for more, use a group")
    return Escalation(after=after, group=group or "", people=people) if after else None


def _expected(given: Table) -> Expected:
    return Expected(
        countries=frozenset(given.each("countries", values.country)),
        networks=given.each("networks", values.network),
        apps=frozenset(given.each("apps", values.app)),
    )


def _tool(given: Table) -> MailingTool | None:
    name = given.required("name", values.text)
    domains, networks = given.each("domains", values.domain), given.each("networks", values.network)
    connectors = frozenset(one.casefold() for one in given.each("connectors", values.text))
    if not any(map(given.has, ("domains", "networks", "connectors"))):
        given.fault("domains", "networks or connectors must say what its mail is known by")
    if name is None:
        return None
    return MailingTool(name=name, domains=frozenset(domains), networks=networks, connectors=connectors)
