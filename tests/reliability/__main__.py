"""`python -m tests.reliability`: the whole crash matrix, with its figures."""

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.databases import ON_POSTGRES, Databases, Files, postgres
from tests.reliability.matrix import matrix
from tests.reliability.plays import STORIES


async def _all(databases: Databases) -> int:
    faults = []
    for story in STORIES:
        figures = await matrix(story, databases, every=True)
        print(figures, flush=True)
        faults += figures.faults
    print("\n".join(faults))
    return bool(faults)


def main() -> int:
    """Returns the exit code: 1 where a death left something behind that the calm story does not."""
    if ON_POSTGRES:
        with postgres() as server:
            return asyncio.run(_all(server))
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_all(Files(Path(folder))))


if __name__ == "__main__":
    sys.exit(main())
