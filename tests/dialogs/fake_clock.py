"""A clock that stands still until it is moved."""

from datetime import datetime

from tests.cases import NOW


class FakeClock:
    """A clock that stands still until a test sets it."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time
