"""The real clock, and one that the sandbox moves."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovedClock:
    """The machine's clock, as many seconds ahead as a file says, so that hours can be played in a moment. Tokens and
    certificates are still judged by the machine's own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ahead = timedelta()

    def now(self) -> datetime:
        # Never back: what was seen lies in the past. A file that is being written, or is away, changes nothing.
        with suppress(OSError, ValueError, OverflowError):
            self._ahead = max(self._ahead, timedelta(seconds=int(self._file.read_text(encoding="ascii"))))
        return datetime.now(UTC) + self._ahead
