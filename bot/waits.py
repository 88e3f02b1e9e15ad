"""How long Teams asked us to leave a conversation alone. It counts messages by conversation, so one that is throttled
holds up no other.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit"""

from collections.abc import Callable
from datetime import timedelta

_KEPT_AT_MOST = 1_000


class Waits:
    """Conversations that may not be written to for some time. `monotonic`: seconds, of a clock that never jumps."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._until: dict[str, float] = {}

    def left(self, conversation: str) -> timedelta | None:
        """How long to wait still; `None` if it may be written to."""
        seconds = self._until.get(conversation, 0.0) - self._monotonic()
        return timedelta(seconds=seconds) if seconds > 0 else None

    def begin(self, conversation: str, wait: timedelta) -> None:
        """It asked for a pause."""
        if len(self._until) >= _KEPT_AT_MOST:
            now = self._monotonic()
            self._until = {name: until for name, until in self._until.items() if until > now}
        self._until[conversation] = self._monotonic() + wait.total_seconds()
