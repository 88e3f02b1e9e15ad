"""Business hours: when somebody can be expected to look, and how much of a span of time lies within them.

Everything is counted in UTC between moments that were made from local times, so that a day on which the clocks change
is as long as it is. A clock that jumps changes nothing here: nothing is remembered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)
_LOOKED_AHEAD = 4_000
"""Days that are looked at: far more than any span of ours takes, so that no list of holidays holds anything up for
ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """On these days of the week (Monday is 0), from `opens` to `closes` in `zone`. Where it closes no later than it
    opens the hours go over midnight, and belong to the day on which they begin; from 00:00 to 00:00 is all day. On a
    holiday none begin."""

    zone: tzinfo
    days: frozenset[int]
    opens: time
    closes: time
    holidays: frozenset[date] = frozenset()

    def is_open(self, at: datetime) -> bool:
        """Whether that moment lies within the hours; the end does not."""
        return self.opens_at(at) == at

    def opens_at(self, at: datetime) -> datetime:
        """That moment itself within the hours, else when the next ones begin."""
        begin = next((begin for begin, _ in self._from(at)), at)
        return max(at, begin)

    def after(self, start: datetime, span: timedelta) -> datetime:
        """The moment at which so much business time has passed since `start`."""
        left, end = span, start
        for opening, end in self._from(start):
            begin = max(opening, start)
            if left <= end - begin:
                return begin + left
            left -= end - begin
        return max(end, start) + left

    def within(self, start: datetime, end: datetime) -> timedelta:
        """How much business time lies between the two; none where `end` is not later."""
        counted = timedelta()
        for opening, close in self._from(start):
            begin = max(opening, start)
            if begin >= end:
                break
            counted += min(close, end) - begin
        return counted

    def _from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The hours of each day that are not over at that moment, as begin and end, the first first."""
        first = at.astimezone(self.zone).date() - _DAY  # those of yesterday may go over midnight
        for ahead in range(_LOOKED_AHEAD):
            day = first + _DAY * ahead
            if day.weekday() not in self.days or day in self.holidays:
                continue
            begin = self._moment(day, self.opens)
            end = self._moment(day + _DAY if self.closes <= self.opens else day, self.closes)
            # Hours that lie within the hour that is left out in spring are none.
            if begin < end and at < end:
                yield begin, end

    def _moment(self, day: date, at: time) -> datetime:
        """Of an hour that there is twice, in autumn, the first."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)


def after(hours: BusinessHours | None, start: datetime, span: timedelta) -> datetime:
    """The moment at which so much time has passed since `start`: business time, where there are hours."""
    return hours.after(start, span) if hours else start + span


def within(hours: BusinessHours | None, start: datetime, end: datetime) -> timedelta:
    """How much time lies between the two: business time, where there are hours."""
    return hours.within(start, end) if hours else end - start
