"""How late the event loop is: what blocks it shows here first."""

import asyncio

from services.clients.metrics.metrics import Metrics

_EVERY = 0.5


async def watch_loop(metrics: Metrics) -> None:
    """Measure it twice a second, until cancelled."""
    while True:
        begun = metrics.monotonic()
        await asyncio.sleep(_EVERY)
        metrics.loop_lag.observe(max(metrics.monotonic() - begun - _EVERY, 0.0))
