"""Each source failing in each way at each use; see `faults`. `make soak` plays every row."""

import logging
import os

import pytest

from tests.databases import Databases
from tests.reliability.faults import USES, play, rows

ROWS = list(rows())
IN_EVERY_RUN = {"refused", "slow drip", "wrong shape", "403", "404", "429 with Retry-After", "503", "401 once"}
PLAYED = [row for row in ROWS if os.environ.get("SENDWELL_SOAK") or row[1] in IN_EVERY_RUN]


@pytest.mark.parametrize(("use", "fault"), PLAYED, ids=[" meets ".join(row) for row in PLAYED])
async def test_a_source_that_fails_costs_time_and_nothing_else(
    use: str, fault: str, calm_databases: Databases, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    assert await play(USES[use], fault, calm_databases.fresh()) == []
    assert not caplog.records, caplog.text[-3_000:]


def test_every_use_meets_every_fault() -> None:
    assert len(ROWS) > 230
    assert {use for use, _ in ROWS} == set(USES)
