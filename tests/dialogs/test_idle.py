"""What a quarter of an hour costs in which nobody wants anything: counted, in a loop in which nothing takes time."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tests.cases import HOUR
from tests.databases import Files
from tests.dialogs.counted import Spending
from tests.dialogs.fake_clock import FakeClock
from tests.dialogs.fake_mail import FakeMail
from tests.dialogs.world import LONG_DAYS, WATCH_EVERY, everything_well
from tests.no_driver import opened
from tests.on_loop import ON_LOOP
from tests.simulation.loop import SeededLoop

_SPAN = HOUR / 4
_LOOKS = _SPAN // timedelta(seconds=5) + 1
_LIST_READS = _SPAN // WATCH_EVERY + 1


class LoopClock(FakeClock):
    """The clock moves with the loop."""

    def now(self) -> datetime:
        return self.time + timedelta(seconds=asyncio.get_running_loop().time())


async def _quiet(folder: Path) -> tuple[int, int, int]:
    """Reads and writes of the database and reads of the list, in a quarter of an hour of the bot's loops."""
    async with opened(Files(folder, ON_LOOP).fresh()) as database:
        outside, clock = everything_well(), LoopClock()
        world = Spending(database, LONG_DAYS, replace(outside, clock=clock, mail=FakeMail(clock=clock)))
        loops = [*(worker.run for worker in world.workers), world.list_monitor.run]
        running = [asyncio.create_task(run()) for run in loops]
        await asyncio.sleep(60)
        world.spent()
        begun = world.mail.reads
        await asyncio.sleep(_SPAN.total_seconds())
        reads, writes = world.spent()
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        return reads, writes, world.mail.reads - begun


def test_where_nobody_wants_anything_one_looks_for_all_and_only_a_read_of_the_list_is_written_down(
    tmp_path: Path,
) -> None:
    with asyncio.Runner(loop_factory=lambda: SeededLoop(Random(1))) as runner:
        reads, writes, list_reads = runner.run(_quiet(tmp_path))
    assert 0 < list_reads <= _LIST_READS
    assert reads <= 2 * _LOOKS + 5 * _LIST_READS, "a look for what is due, and one for the next read of the list"
    assert writes <= 5 * _LIST_READS
