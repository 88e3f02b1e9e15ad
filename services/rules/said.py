"""What was understood of the rules, in sentences, for whoever wrote them. See `python app.py rules`."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

from services.domain.rules.hours import BusinessHours
from services.domain.rules.rules import Escalation, Expected, MailingTool, Rules
from services.rules.rules_file import FaultyRulesError, rules_in
from services.rules.values import DAYS

_SETTING = "SENDWELL_RULES"


def tell(given: Path | None, environment: Mapping[str, str], now: datetime) -> tuple[int, list[str]]:
    """`python app.py rules [FILE]`: the exit code (2 for a file with mistakes) and the lines to print."""
    path = given or (Path(environment[_SETTING]) if environment.get(_SETTING, "").strip() else None)
    if path is None:
        return 0, [f"There are no rules: {_SETTING} is not set. deploy/rules.example.toml is a file to begin with."]
    try:
        rules = rules_in(path)
    except FaultyRulesError as faulty:
        return 2, [f"{path} cannot be used:", *faulty.faults]
    return 0, list(sentences(rules, now))


def sentences(rules: Rules, now: datetime) -> Iterator[str]:
    """What the rules do, and what they do not."""
    yield from _hours(rules.hours, now)
    yield from _escalation(rules.escalation, rules.hours)
    yield from _expected(rules.expected)
    for tool in rules.mailing_tools:
        yield _tool(tool)
    if rules.mailing_tools:
        yield "A mailing tool is named as a possible reason for many messages. It lowers no sign of compromise."


def _hours(hours: BusinessHours | None, now: datetime) -> Iterator[str]:
    if hours is None:
        yield "Business hours: none are set. Reminders count every hour."
        return
    days = _listed(DAYS[day].capitalize() for day in sorted(hours.days))
    yield f"Business hours: {days}, {_span(hours)}, in {hours.zone}."
    today = now.astimezone(hours.zone).date()
    coming = sorted(day for day in hours.holidays if day >= today)
    past = len(hours.holidays) - len(coming)
    if hours.holidays:
        yield f"Holidays to come: {_dates(coming)}; over: {past}."
    opens = hours.opens_at(now).astimezone(hours.zone)
    state = "Admins are expected now" if hours.is_open(now) else f"Admins are expected again {_moment(opens)}"
    yield f"{state}. Reminders count business time only, except for what looks stolen."


def _span(hours: BusinessHours) -> str:
    if hours.opens == hours.closes:
        return "all day" if hours.opens == time(0) else f"from {hours.opens:%H:%M} for 24 hours"
    ends = "24:00" if hours.closes == time(0) else f"{hours.closes:%H:%M}"
    next_day = " of the next day" if time(0) < hours.closes < hours.opens else ""
    return f"{hours.opens:%H:%M} to {ends}{next_day}"


def _escalation(escalation: Escalation | None, hours: BusinessHours | None) -> Iterator[str]:
    if escalation is None:
        yield "Escalation: none. Nobody else is mentioned when no one looks at a request."
        return
    whom = [*escalation.people, *([f"the members of the group {escalation.group}"] if escalation.group else [])]
    counted = " of business time" if hours else ""
    verb = "is" if len(whom) == 1 and escalation.people else "are"
    yield (
        f"Escalation: when no one has looked at a request for {_duration(escalation.after)}{counted}, {_listed(whom)} "
        f"{verb} mentioned below it, once. That gives no right to decide."
    )


def _expected(expected: Expected) -> Iterator[str]:
    found = [
        *([f"from {_listed(sorted(expected.countries))}"] if expected.countries else []),
        *([f"from {_listed(map(str, expected.networks))}"] if expected.networks else []),
        *([f"with {_listed(sorted(expected.apps))}"] if expected.apps else []),
    ]
    if not found:
        yield "Expected sign-ins: none are named. A country that is new for somebody is a sign."
        return
    yield f"Expected sign-ins: {'; '.join(found)}."
    yield "Where such a place is the only sign it is no alarm. It never proves who signed in, and lowers no other sign."


def _tool(tool: MailingTool) -> str:
    known = [
        *([f"sender addresses in {_listed(sorted(tool.domains))}"] if tool.domains else []),
        *([f"mail handed in from {_listed(map(str, tool.networks))}"] if tool.networks else []),
        *([_named("connector", tool.connectors)] if tool.connectors else []),
    ]
    return f"Mailing tool “{tool.name}”: known by {_listed(known)}."


def _named(what: str, names: Collection[str]) -> str:
    return f"the {what}{'s' if len(names) > 1 else ''} {_listed(sorted(names))}"


def _listed(names: Iterable[str]) -> str:
    *first, last = list(names)
    return f"{', '.join(first)} and {last}" if first else last


def _dates(days: Iterable[date]) -> str:
    return ", ".join(f"{day:%Y-%m-%d}" for day in days) or "none"


def _moment(at: datetime) -> str:
    return f"on {DAYS[at.weekday()].capitalize()}, {at:%Y-%m-%d}, at {at:%H:%M} {at.tzname() or ''}".rstrip()


def _duration(span: timedelta) -> str:
    minutes, seconds = divmod(round(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{number} {word}" for number, word in ((hours, "h"), (minutes, "min"), (seconds, "s")) if number]
    return " ".join(parts) or "no time"
