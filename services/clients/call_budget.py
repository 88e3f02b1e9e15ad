"""How many calls this process makes of a service whose limit it shares with other programs."""

from datetime import datetime, timedelta

from services.domain.unknown import UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable

_CLOSED_AT_MOST = timedelta(hours=1)


class CallBudget:
    """At most `calls` within any span of `within`, for everything in this process together. The last `kept` of them are
    for what somebody waits for."""

    def __init__(self, clock: Clock, *, calls: int, kept: int, within: timedelta) -> None:
        self._clock = clock
        self._calls, self._kept, self._within = calls, kept, within
        self._taken: list[datetime] = []
        self._closed_until: datetime | None = None

    def take(self, calls: int = 1, *, urgent: bool = False) -> None:
        """Take so many calls, all or none. More than there ever are count as all.

        Raises `Unavailable` with the time until there are enough, if nobody takes them before."""
        now = self._clock.now()
        # What lies in the future was taken before the clock was set back: it would never grow old.
        self._taken = [at for at in self._taken if now - self._within < at <= now]
        if self._closed_until is not None and self._closed_until > now:
            raise _used_up(self._closed_until - now)
        most = self._calls if urgent else self._calls - self._kept
        missing = len(self._taken) + min(calls, most) - most
        if missing > 0:
            raise _used_up(self._taken[missing - 1] + self._within - now)
        self._taken += [now] * calls

    def close(self, wait: timedelta | None) -> None:
        """The service said that others have used up its limit: take nothing for so long, an hour at most, or for a
        whole span."""
        self._closed_until = self._clock.now() + min(wait or self._within, _CLOSED_AT_MOST)


def _used_up(wait: timedelta) -> Unavailable:
    return Unavailable(
        UnknownReason.THROTTLED, "the calls of this while are used up", retry_after=wait, may_have_arrived=False
    )
