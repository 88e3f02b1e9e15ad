"""The log as JSON: whoever is told a reference can be helped by all that was logged under it."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from services.clients.log_format import formatter
from tests.bot.door import REFERENCE, doorway
from tests.bot.test_web import GOOD, INVOKE
from tests.cases import NOW
from tests.databases import Databases
from tests.dialogs.world import small_world

PRIVATE = "xyzzy ana@contoso.example"


class Written(logging.Handler):
    """The lines as an operator's log gets them."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(formatter(as_json=True))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))

    @property
    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]


@pytest.fixture
def written() -> Iterator[Written]:
    handler, ours = Written(), logging.getLogger("sendwell")
    before = ours.level
    ours.addHandler(handler)
    ours.setLevel(logging.INFO)
    yield handler
    ours.removeHandler(handler)
    ours.setLevel(before)


async def test_what_a_person_is_told_to_quote_finds_every_line_of_that_moment(written: Written) -> None:
    async def broken() -> Any:
        logging.getLogger("sendwell.source").warning("a source said\n%s", "two lines")
        raise ValueError(PRIVATE)

    async with doorway() as door:
        door.turns.behave = broken
        _, body = await door.post(INVOKE, GOOD)
        assert REFERENCE.encode() in body
    source, failed = written.read
    assert (source["reference"], failed["reference"]) == (REFERENCE, REFERENCE)
    assert (source["level"], source["logger"], source["message"]) == (
        "WARNING",
        "sendwell.source",
        "a source said\ntwo lines",
    )
    assert "ValueError" in failed["traceback"]
    assert PRIVATE not in "".join(written.lines)
    assert all("\n" not in line for line in written.lines)


async def test_a_line_of_a_task_has_its_case_and_one_of_nobody_has_no_reference(
    written: Written, databases: Databases
) -> None:
    async with small_world(databases.fresh()) as w:
        await w.ana_has_sent()
        w.messenger.down = True
        await w.bo_approves()
    logging.getLogger("sendwell").info("listening")
    *of_tasks, alone = written.read
    assert of_tasks
    assert {(line["case"], line["reference"]) for line in of_tasks} == {(1, "reference")}
    assert alone.keys() == {"time", "level", "logger", "message"}


def test_a_time_is_utc_to_the_millisecond(written: Written) -> None:
    record = logging.LogRecord("sendwell", logging.INFO, "", 0, "hello", (), None)
    record.created = NOW.timestamp()
    written.emit(record)
    assert written.read[0]["time"] == NOW.isoformat(timespec="milliseconds")
