"""`python -m bench.commits [FOLDER]`: how many single commits a second SQLite makes there, each safe on the disk.

The pragmas are the store's. No more first looks than that can be stored a second without putting several into one
commit."""

import sqlite3
import sys
import tempfile
import time
from pathlib import Path

_SECONDS = 5.0


def main(folder: Path | None) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as made:
        connection = sqlite3.connect(Path(made) / "commits.db", isolation_level=None)
        connection.execute("pragma journal_mode=WAL")
        connection.execute("pragma synchronous=FULL")
        connection.execute("create table rows (body text)")
        commits, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < _SECONDS:
            connection.execute("begin immediate")
            connection.execute("insert into rows values (?)", ("x" * 2_000,))
            connection.execute("commit")
            commits += 1
        connection.close()
    print(f"{commits / _SECONDS:,.0f} commits a second")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
