"""How the tenant's message trace behaves: how late it is, and how many calls it takes from everybody together."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandbox.clock import now

# https://learn.microsoft.com/graph/throttling-limits
CALLS = 100
WITHIN = timedelta(minutes=5)


@dataclass(kw_only=True)
class MessageTrace:
    """One for the tenant. `now` is its clock, so that hours can be played in a moment."""

    now: Callable[[], datetime] = now
    lag: timedelta = timedelta()
    """How long after it was sent a message shows."""
    calls: list[datetime] = field(default_factory=list)
    """When calls were let in, those of others too."""
    shown: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When a delivered message was shown, and when the newest such one was sent."""
    turned_away: int = 0

    def others_ask(self, calls: int) -> None:
        """So many calls of other programs of this organisation, at this moment."""
        self.calls += [self.now()] * calls

    def wait(self) -> timedelta | None:
        """Count one more call; how long it has to wait if it is one too many."""
        now = self.now()
        lately = [at for at in self.calls if at > now - WITHIN]
        if len(lately) >= CALLS:
            self.turned_away += 1
            return min(lately) + WITHIN - now
        self.calls.append(now)
        return None
