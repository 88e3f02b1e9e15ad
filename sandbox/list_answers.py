"""How the restricted list may look: its dates in every form, and answers that are cut short, doubled or not to the
question."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sandbox.cmdlets import Row

_EAST = timezone(timedelta(hours=2))


def iso(at: datetime) -> str:
    """A time as Exchange and Graph write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%f0Z")


def _american(at: datetime) -> str:
    return f"{at:%m/%d/%Y} {at.hour % 12 or 12}:{at:%M:%S} {'PM' if at.hour >= 12 else 'AM'}"


def _milliseconds(at: datetime) -> str:
    return f"/Date({int(at.timestamp() * 1000)})/"


DATES: Mapping[str, Callable[[datetime], Any]] = {
    "iso": iso,
    "iso without zone": lambda at: iso(at).removesuffix("Z"),
    "iso with offset": lambda at: at.astimezone(_EAST).isoformat(),
    "american": _american,
    "american with offset": lambda at: f"{_american(at.astimezone(_EAST))} +02:00",
    "milliseconds": _milliseconds,
    "milliseconds with offset": lambda at: _milliseconds(at).replace(")/", "+0200)/"),
    "object": lambda at: {
        "value": _milliseconds(at),
        "DisplayHint": 2,
        "DateTime": f"{at.astimezone(_EAST):%A, %d %B %Y %H:%M:%S}",
    },
    "nothing": lambda _: None,
    "empty": lambda _: "",
    "zero": lambda _: "0001-01-01T00:00:00",
    "far away": lambda _: "9999-12-31T23:59:59.9999999",
    "day alone": lambda at: f"{at:%Y-%m-%d}",
    "in words": lambda at: f"{at:%A, %d %B %Y}",
}
"""The forms a date may have. The last six say no moment."""

STRANGER = "somebody.else@contoso.example"
MORE = "There are more results available than are shown; raise the ResultSize parameter."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Rows, with what says that they are not all of them."""

    rows: Sequence[Row]
    warnings: tuple[str, ...] = ()
    next_page: bool = False


NO_FILTER = "the filter is ignored"
LIES_OF_ONE: Mapping[str, Callable[[Sequence[Row]], Answer]] = {
    NO_FILTER: lambda rows: Answer(rows=rows),
    "somebody else": lambda _: Answer(rows=[{"SenderAddress": STRANGER, "Reason": "", "TemporaryBlock": True}]),
}
"""What may come instead of one sender's rows."""
LIES: Mapping[str, Callable[[Sequence[Row]], Answer]] = {
    "doubled": lambda rows: Answer(rows=[*rows, *rows]),
    "without addresses": lambda rows: Answer(rows=[{**row, "SenderAddress": None} for row in rows]),
    "names for addresses": lambda rows: Answer(rows=[{**row, "SenderAddress": "Ana"} for row in rows]),
    "a warning of more": lambda rows: Answer(rows=rows[:1], warnings=(MORE,)),
    "a next page": lambda rows: Answer(rows=rows[:1], next_page=True),
}
"""What may come instead of any rows."""
