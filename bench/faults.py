"""`python -m bench.faults`: all faults of the reliability tests in one event loop, whose longest pause is measured.

Exits with 1 if an outcome was not as defined."""

import asyncio
import logging
import sys
import tempfile
import time
from pathlib import Path

from bench.heartbeat import heartbeat
from tests.reliability.faults import USES, play, rows


async def main() -> int:
    logging.disable(logging.WARNING)
    broken: list[str] = []
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with heartbeat() as pulse:
            for number, (use, fault) in enumerate(rows()):
                url = f"sqlite+aiosqlite:///{Path(folder) / f'{number}.db'}"
                broken += [f"{use} meets {fault}: {what}" for what in await play(USES[use], fault, url)]
    print(
        f"{len(list(rows()))} rows in {time.monotonic() - begun:.0f} s; the loop's longest pause {pulse.longest:.0f} ms"
    )
    print("\n".join(broken) or "every outcome as defined")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
