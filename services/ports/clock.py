"""Time, handed in."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time, handed in."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        ...
