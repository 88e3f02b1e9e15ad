"""What strangers at the door do, in the log: one line each without their content, and no more lines than are read."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from aiohttp.http_exceptions import HttpProcessingError

log = logging.getLogger("sendwell.gate")

_LINES, _WITHIN = 20, 60.0


class FewLines:
    """At most so many lines within a minute; how many were left out is said with the first line after it."""

    def __init__(
        self, most: int = _LINES, within: float = _WITHIN, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._within, self._monotonic = most, within, monotonic
        self._since, self._lines, self._left_out = monotonic(), 0, 0

    def warning(self, text: str, *filled: object) -> None:
        """Log it, or count it."""
        if self._monotonic() - self._since >= self._within:
            if self._left_out:
                log.warning("%d more were turned away", self._left_out)
            self._since, self._lines, self._left_out = self._monotonic(), 0, 0
        self._lines += 1
        if self._lines <= self._most:
            log.warning(text, *filled)
        else:
            self._left_out += 1


class ServerLog(logging.Logger):
    """The logger that aiohttp's server is given. Its own lines quote the request that it could not read, in which a
    token may stand."""

    def __init__(self, lines: FewLines) -> None:
        super().__init__("sendwell.server", logging.INFO)
        self._few = lines

    def handle(self, record: logging.LogRecord) -> None:
        """One line for each record, with the kind of the error alone."""
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError):
            self._few.warning("turned away with %d: not HTTP, %s", error.code, type(error).__name__)
        elif error is not None:
            self._few.warning("a request failed: %s%s", type(error).__name__, _where(error))
        else:
            self._few.warning("the server met something unexpected, at %s", record.funcName)


def _where(error: BaseException) -> str:
    """Where it was raised. Not what it says: that may quote the request."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
