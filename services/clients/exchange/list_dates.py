"""The dates of the restricted list. Microsoft does not publish their format, and none may be read as another moment
than it means: a password changed before a restriction must not look as if it was changed after it."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone

_OFFSET = r"(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
_ISO = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})[T ]"
    rf"(?P<hour>[0-9]{{2}}):(?P<minute>[0-9]{{2}})(:(?P<second>[0-9]{{2}})(\.(?P<fraction>[0-9]+))?)? ?{_OFFSET}"
)
_SLASHES = re.compile(
    r"(?P<first>[0-9]{1,2})/(?P<then>[0-9]{1,2})/(?P<year>[0-9]{4}),? "
    rf"(?P<hour>[0-9]{{1,2}}):(?P<minute>[0-9]{{2}})(:(?P<second>[0-9]{{2}}))?( (?P<half>[AaPp][Mm]))? ?{_OFFSET}"
)
_MILLISECONDS = re.compile(r"\\?/Date\((?P<number>-?[0-9]{1,15})([+-][0-9]{4})?\)\\?/")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime(2010, 1, 1, tzinfo=UTC)
"""Before Exchange Online: what lies earlier is the zero of some calendar, and means that there is no date."""
_CLOCKS_DIFFER = timedelta(minutes=15)
"""A date that lies further ahead is no date, or is local time without its zone."""
_INNER = ("UtcDateTime", "value", "Value")
"""Where an object that stands for a date has it. Not `DateTime`, which may be local time, in a language."""


def read_list_date(value: object, now: datetime) -> datetime | None:
    """The moment in UTC; one without a zone is taken for UTC. `None` if there is none, or if it could be two."""
    likely = {moment for moment in _moments(_text(value)) if _FIRST <= moment <= now + _CLOCKS_DIFFER}
    return likely.pop() if len(likely) == 1 else None


def is_settled(value: object, now: datetime) -> bool:
    """Whether the date will be read as the same moment, or as none, for ever: what lies ahead may be read later."""
    return all(moment <= now + _CLOCKS_DIFFER for moment in _moments(_text(value)))


def _text(value: object) -> str:
    texts = [value.get(name) for name in _INNER] if isinstance(value, Mapping) else [value]
    return " ".join(next((text for text in texts if isinstance(text, str)), "").split())


def _moments(text: str) -> Iterator[datetime]:
    """Every moment that the text may mean."""
    for pattern, readings in _FORMS:
        if found := pattern.fullmatch(text):
            for read in readings:
                try:
                    yield read(found)
                except (ValueError, OverflowError):
                    continue


def _iso(found: re.Match[str]) -> datetime:
    fraction = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    return _made(found, found["month"], found["day"], int(found["hour"])) + timedelta(microseconds=fraction)


def _month_first(found: re.Match[str]) -> datetime:
    return _made(found, found["first"], found["then"], _hour(found))


def _day_first(found: re.Match[str]) -> datetime:
    # In capitals AM and PM are American; in small letters they follow the day in most other countries.
    if found["half"] and found["half"].isupper():
        raise ValueError("American")
    return _made(found, found["then"], found["first"], _hour(found))


def _since_1970(found: re.Match[str]) -> datetime:
    # An offset behind the number says where it was written; the number counts in UTC all the same.
    return _EPOCH + timedelta(milliseconds=int(found["number"]))


def _hour(found: re.Match[str]) -> int:
    hour, half = int(found["hour"]), (found["half"] or "").casefold()
    if half and not 1 <= hour <= 12:
        raise ValueError("no hour of half a day")
    return hour % 12 + (12 if half == "pm" else 0) if half else hour


def _made(found: re.Match[str], month: str, day: str, hour: int) -> datetime:
    minute, second = int(found["minute"]), int(found["second"] or 0)
    local = datetime(int(found["year"]), int(month), int(day), hour, minute, second, tzinfo=_zone(found["offset"]))
    return local.astimezone(UTC)


def _zone(offset: str | None) -> timezone:
    if offset is None or offset == "Z":
        return UTC
    away = timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:]))
    return timezone(-away if offset[0] == "-" else away)


_FORMS: tuple[tuple[re.Pattern[str], tuple[Callable[[re.Match[str]], datetime], ...]], ...] = (
    (_ISO, (_iso,)),
    (_SLASHES, (_month_first, _day_first)),
    (_MILLISECONDS, (_since_1970,)),
)
