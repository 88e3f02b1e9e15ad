"""Measuring how long the event loop was blocked."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

_EVERY = 0.005


@dataclass(slots=True)
class Pulse:
    """The longest pause between two beats beyond the beat itself, in milliseconds."""

    longest: float = 0.0


@asynccontextmanager
async def heartbeat() -> AsyncIterator[Pulse]:
    """Measure while the block runs."""
    pulse = Pulse()
    task = asyncio.create_task(_beat(pulse))
    try:
        yield pulse
    finally:
        task.cancel()


async def _beat(pulse: Pulse) -> None:
    last = time.perf_counter()
    while True:
        await asyncio.sleep(_EVERY)
        now = time.perf_counter()
        pulse.longest = max(pulse.longest, (now - last - _EVERY) * 1_000)
        last = now
