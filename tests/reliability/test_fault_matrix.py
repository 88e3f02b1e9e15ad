"""Each source failing in each way at each use; see `faults`. `make soak` plays every row."""

import logging
import os

import pytest

from tests.databases import Databases
from tests.reliability.faults import USES, play, rows

ROWS = list(rows())
TURNS = (("slow drip", "403", "503"), ("wrong shape", "404", "401 once"), ("truncated", "429 with Retry-After", "500"))
"""What a use meets in every run besides a connection that is refused: the uses take turns. Which fault is which answer
of a client is shown by `tests/clients/test_http.py`, and that each use takes each answer by the faults of one turn."""


def is_played(use: str, fault: str) -> bool:
    turn = TURNS[list(USES).index(use) % len(TURNS)]
    return bool(os.environ.get("SENDWELL_SOAK")) or fault == "refused" or fault in turn


PLAYED = [row for row in ROWS if is_played(*row)]


@pytest.mark.parametrize(("use", "fault"), PLAYED, ids=[" meets ".join(row) for row in PLAYED])
async def test_a_source_that_fails_costs_time_and_nothing_else(
    use: str, fault: str, calm_databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    assert await play(USES[use], fault, calm_databases.fresh()) == []
    assert not caplog.records, caplog.text[-3_000:]


def test_every_use_meets_every_fault() -> None:
    assert len(ROWS) > 230
    assert {use for use, _ in ROWS} == {use for use, _ in PLAYED} == set(USES)
    assert {fault for _, fault in PLAYED} == {"refused", *(fault for turn in TURNS for fault in turn)}
