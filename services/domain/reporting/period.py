"""A report: what happened from the begin of a week until now, and what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.restriction import Cause

_WEEK = timedelta(days=7)
_SINGLE_WEEKS_AT_MOST = 27
"""More than these are drawn four together: half a year and a begun week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How long something took: `many` times in all, half of them within `half`, and nine of ten within `most`."""

    many: int
    half: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Open cases in one status, and since when the oldest of them is there to be worked on."""

    status: Status
    many: int
    oldest: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """A mailbox that was restricted several times; `newest` is its newest case, which knows its name."""

    newest: CaseNumber
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodReport:
    """`by_span`: how many restrictions were first seen in each of the `spans`, whose begins are in order. Several cases
    about one restriction count once. `outcomes`: what became of the requests that were sent, by the status of their
    cases now."""

    spans: tuple[datetime, ...]
    until: datetime
    by_span: tuple[int, ...]
    by_cause: tuple[tuple[Cause, int], ...]
    decided: Spread | None
    works: Spread | None
    requests: int
    outcomes: tuple[tuple[Status, int], ...]
    repeated: tuple[Repeated, ...]
    waiting: tuple[Waiting, ...]

    @property
    def since(self) -> datetime:
        return self.spans[0]

    @property
    def restrictions(self) -> int:
        return sum(self.by_span)

    @property
    def in_weeks(self) -> bool:
        """Whether each span is one week; else it is four."""
        return len(self.spans) < 2 or self.spans[1] - self.spans[0] < 2 * _WEEK


def spans_of(days: int, now: datetime, zone: tzinfo = UTC) -> tuple[datetime, ...]:
    """The begins of the weeks, Mondays in that zone, that so many days reach back into; of a long time every fourth
    begin. The first week is whole: a part of it would look like a quiet one."""
    day = now.astimezone(zone).date()
    first = day - timedelta(days=max(days, 1) - 1)
    monday = first - timedelta(days=first.weekday())
    weeks = (day - monday).days // 7 + 1
    step = 1 if weeks <= _SINGLE_WEEKS_AT_MOST else 4
    midnight = datetime.min.time()
    return tuple(
        datetime.combine(monday + week * _WEEK, midnight, tzinfo=zone).astimezone(UTC) for week in range(0, weeks, step)
    )


def ends_of(spans: Sequence[datetime], until: datetime) -> tuple[datetime, ...]:
    """Where each span ends."""
    return (*spans[1:], until)
