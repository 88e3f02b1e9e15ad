"""`python -m bench.plans [ROWS]`: how SQLite and PostgreSQL find what the stores ask, in a database of many cases."""

import asyncio
import sys
import tempfile
from pathlib import Path

from services.clients.store.database import open_database
from tests.clients.grown import grow, plans
from tests.databases import postgres, sqlite_url

_ROWS = 5_000


async def _tell(url: str, rows: int) -> None:
    async with open_database(url) as database:
        await grow(database, rows, rows)
        for planned in await plans(database):
            print(f"{planned.question}: {' '.join(planned.statement.split())[:80]} …")
            print(*(f"    {line}" for line in planned.lines), sep="\n")


def main(rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        print("# SQLite")
        asyncio.run(_tell(sqlite_url(Path(folder)), rows))
    with postgres() as server:
        print("# PostgreSQL")
        asyncio.run(_tell(server.empty(), rows))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else _ROWS)
