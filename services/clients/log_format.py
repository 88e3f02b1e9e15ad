"""The log's lines. A traceback names errors and where they were raised, not what they say: that may quote people."""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType

from services.ports.work import present_work


def formatter(*, as_json: bool) -> logging.Formatter:
    """What makes the lines of the log."""
    return JsonFormatter() if as_json else QuietFormatter("%(asctime)s %(levelname)s %(name)s %(message)s")


class QuietFormatter(logging.Formatter):
    """As `logging.Formatter`, with the messages of errors left out of tracebacks."""

    def format(self, record: logging.LogRecord) -> str:
        # Another formatter may have left its own text of the traceback in the record.
        return super().format(logging.makeLogRecord({**record.__dict__, "exc_text": None}))

    def formatException(  # noqa: N802 - the name is the library's
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        if ei[1] is None:
            return ""
        return "".join(_lines(traceback.TracebackException.from_exception(ei[1], compact=True))).rstrip("\n")


class JsonFormatter(QuietFormatter):
    """One JSON object a line. While an activity or a task is worked on it has its reference, which people are told
    after a failure, and its case."""

    def format(self, record: logging.LogRecord) -> str:
        work = present_work()
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **({"reference": work.reference} if work else {}),
            **({"case": work.case} if work and work.case is not None else {}),
            **({"traceback": self.formatException(record.exc_info)} if record.exc_info else {}),
        }
        return json.dumps(line, ensure_ascii=False)


def _lines(error: traceback.TracebackException) -> Iterator[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _lines(before)
        yield "\nAnd then:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from error.stack.format()
    yield f"{error.exc_type.__name__ if error.exc_type else 'an error'}\n"
    for inner in error.exceptions or ():
        yield from _lines(inner)
