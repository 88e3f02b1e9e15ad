"""The clock, as an argument."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Where the present time comes from, so that tests can set it."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        ...
