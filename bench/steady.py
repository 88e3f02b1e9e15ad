"""`python -m bench.steady [FEW] [MANY]`: descriptors, memory and objects after 5,000 turns and after 50,000.

Conversations, workers and a SQLite file with its real driver in this process; everybody outside is a fake that keeps
nothing. What is counted is this process's, so that a busy machine changes none of it."""

import asyncio
import sys
import tempfile
from pathlib import Path

from services.clients.store.database import open_database
from tests.databases import sqlite_url
from tests.dialogs.steady import Steady, descriptors, live, memory


async def main(few: int, many: int) -> int:
    """1 if anything grew by more than 15 %, else 0."""
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(sqlite_url(Path(folder))) as database:
            world = Steady(database)
            figures = []
            for turns in (few, many - few):
                await world.turns(turns)
                figures.append((descriptors(), memory(), live().total()))
    for name, first, last in zip(("descriptors", "bytes in memory", "objects of ours"), *figures, strict=True):
        print(f"{name}: {first:,} after {few:,} turns, {last:,} after {many:,}: {last / first:.2f}")
    return int(any(last > first * 1.15 for first, last in zip(*figures, strict=True)))


if __name__ == "__main__":
    few, many = [*map(int, sys.argv[1:]), *(5_000, 50_000)[len(sys.argv) - 1 :]]
    sys.exit(asyncio.run(main(few, many)))
