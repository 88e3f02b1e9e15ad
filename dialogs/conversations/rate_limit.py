"""How much one person may say or press within a minute."""

from collections import deque
from datetime import datetime, timedelta

from services.domain.people import PersonId
from services.ports.clock import Clock

_WITHIN = timedelta(minutes=1)
_REMEMBERED_AT_MOST = 10_000


class RateLimiter:
    """Counts what each person said or pressed within the last minute. Each replica counts for itself."""

    def __init__(self, at_most: int, clock: Clock) -> None:
        self._at_most = at_most
        self._clock = clock
        self._spoken: dict[PersonId, deque[datetime]] = {}

    def over(self, person: PersonId) -> int:
        """Note one more word or click. 0: within the limit; 1: the first one over it; 2: one of many."""
        now = self._clock.now()
        if len(self._spoken) >= _REMEMBERED_AT_MOST:
            self._spoken = {who: spoken for who, spoken in self._spoken.items() if spoken[-1] > now - _WITHIN}
        spoken = self._spoken.setdefault(person, deque(maxlen=self._at_most + 2))
        while spoken and not now - _WITHIN < spoken[0] <= now:  # a clock that was put back leaves words of the future
            spoken.popleft()
        spoken.append(now)
        return max(0, len(spoken) - self._at_most)
