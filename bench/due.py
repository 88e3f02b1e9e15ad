"""`python -m bench.due [CASES]`: 10,000 open cases whose checks are due in the same minute, and what they cost.

Workers and a SQLite file with its real driver in this process; everybody outside is a fake that answers at once.
Transactions and questions are counted; time is the processor's, so that a busy machine changes less of it."""

import asyncio
import sys
import tempfile
import time
from pathlib import Path

from services.clients.store.database import open_database
from tests.cases import ADDRESSES, LIMIT_REASON, SINCE
from tests.clients.grown import all_wait
from tests.databases import sqlite_url
from tests.dialogs.counted import Spending
from tests.dialogs.rounds import run_due


async def main(cases: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(sqlite_url(Path(folder))) as database:
            world = Spending(database)
            await all_wait(world.database, cases, with_checks=True)
            world.mail.restrict(ADDRESSES[0], LIMIT_REASON, since=SINCE)
            begun = time.process_time()
            world.billed()
            for _ in range(cases // 40 + 1):
                await run_due(world.workers[1])
            took, bill = time.process_time() - begun, world.billed()
    print(f"{cases:,} checks: {took:.1f} s of the processor, {took / cases * 1e3:.2f} ms each")
    print(f"{bill.reads:,} reads, {bill.writes:,} writes, {bill.lists} reads of the list, {bill.teams} messages")


if __name__ == "__main__":
    asyncio.run(main(int([*sys.argv[1:], "10000"][0])))
