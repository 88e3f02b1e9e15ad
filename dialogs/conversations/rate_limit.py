"""Nobody floods the bot or the approvers: how much one person may say or press within a minute."""

from collections import deque
from datetime import datetime, timedelta

from services.domain.people import PersonId
from services.ports.clock import Clock

_WITHIN = timedelta(minutes=1)
_REMEMBERED_AT_MOST = 10_000


class Pace:
    """Counts what each person said or pressed within the last minute. Each replica counts for itself."""

    def __init__(self, at_most: int, clock: Clock) -> None:
        self._at_most = at_most
        self._clock = clock
        self._heard: dict[PersonId, deque[datetime]] = {}

    def over(self, person: PersonId) -> int:
        """Note one more word or click. 0: within the limit; 1: the first one over it; 2: one of many."""
        now = self._clock.now()
        if len(self._heard) >= _REMEMBERED_AT_MOST:
            self._heard = {who: heard for who, heard in self._heard.items() if heard[-1] > now - _WITHIN}
        heard = self._heard.setdefault(person, deque(maxlen=self._at_most + 2))
        while heard and not now - _WITHIN < heard[0] <= now:  # a clock that was put back leaves words of the future
            heard.popleft()
        heard.append(now)
        return max(0, len(heard) - self._at_most)
