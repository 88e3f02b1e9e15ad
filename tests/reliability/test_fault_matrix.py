"""Each source failing in each way at each use; see `faults`. `make soak` plays every row."""

import logging
import os

import pytest

from tests.databases import Databases
from tests.reliability.faults import USES, play, rows

ROWS = list(rows())
AT_EVERY_USE = {"refused", "403", "404"}
"""What means something else at each use."""
TURNS = (("slow drip", "wrong shape"), ("503", "401 once"), ("429 with Retry-After", "wrong shape"))
"""What means that there is no answer, wherever it comes: the uses take turns in every run."""


def is_played(use: str, fault: str) -> bool:
    met = {*AT_EVERY_USE, *TURNS[list(USES).index(use) % len(TURNS)]}
    return fault in met or bool(os.environ.get("SENDWELL_SOAK"))


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
    assert {fault for _, fault in PLAYED} >= {*AT_EVERY_USE, *(fault for turn in TURNS for fault in turn)}
