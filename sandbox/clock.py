"""The sandbox's time: the machine's, until somebody moves it ahead. The bot's goes with it, by a file that both read.
Tokens and certificates keep to the machine's own."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

_AT_MOST = timedelta(days=400)


class MovableClock:
    """One for the process, as the machine's own is."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        self._file: Path | None = None

    def begin(self, file: Path) -> None:
        """Go on where the file says, so that what a bot remembers of later hours stays in its past."""
        text = file.read_text(encoding="ascii") if file.exists() else "0"
        self.ahead = timedelta(seconds=int(text) if text.isdecimal() else 0)
        self._file = file
        self._write()

    def begin_anew(self) -> None:
        """The machine's own time again, for a bot that remembers nothing."""
        self.ahead = timedelta()
        self._write()

    def end(self) -> None:
        """The machine's own time again, for the next sandbox of this process."""
        self.ahead, self._file = timedelta(), None

    def move(self, by: timedelta) -> None:
        """So much later, for everybody.

        Raises:
            ValueError: back, or further than a year from now.
        """
        if not timedelta() < by <= _AT_MOST - self.ahead:
            raise ValueError("The clock goes ahead only, and by a year at most.")
        self.ahead += by
        self._write()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def _write(self) -> None:
        if self._file is None:
            return
        new = self._file.with_suffix(".new")
        new.write_text(str(int(self.ahead.total_seconds())), encoding="ascii")
        new.replace(self._file)  # at once: nobody reads half of it


CLOCK = MovableClock()


def now() -> datetime:
    """The sandbox's present moment, in UTC."""
    return CLOCK.now()
