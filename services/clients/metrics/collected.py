"""The text of /metrics: what the process counted, and what has to be asked, which is asked rarely."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta

from services.clients.metrics.metrics import Metrics
from services.clients.store.database import Database
from services.clients.store.figures import Figures, count_ended, read_figures
from services.clients.tokens import MsalTokens
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.readiness import Complaint, Trouble

_ASK_AGAIN_AFTER = 10.0
"""Seconds. However many ask for the text, the database is asked no more often."""
_COUNT_AGAIN_AFTER = 3_600.0
"""Seconds for which the count of what ended is good: little happens to those, and counting goes through all."""


class Collected:
    """Implements what serves /metrics. `logins`: the tokens of each app, by the app's name in a label."""

    def __init__(
        self,
        metrics: Metrics,
        *,
        database: Database,
        clock: Clock,
        ready: Callable[[], Awaitable[Sequence[Complaint]]],
        logins: Mapping[str, MsalTokens],
        watch_every: timedelta | None,
    ) -> None:
        self._metrics, self._database, self._clock = metrics, database, clock
        self._ready, self._logins, self._watch_every = ready, logins, watch_every
        self._one_at_a_time = asyncio.Lock()
        self._ask_at = self._count_at = metrics.monotonic()
        self._ended: Mapping[str, int] = {}

    async def text(self) -> bytes:
        """In Prometheus' text format."""
        async with self._one_at_a_time:
            if self._metrics.monotonic() >= self._ask_at:
                self._ask_at = self._metrics.monotonic() + _ASK_AGAIN_AFTER
                await self._ask()
        self._show_logins()
        return self._metrics.text()

    async def _ask(self) -> None:
        wrong = {complaint.about for complaint in await self._ready()}
        for trouble in Trouble:
            self._metrics.trouble.labels(trouble.value).set(trouble in wrong)
        try:
            if self._metrics.monotonic() >= self._count_at:
                self._ended = await count_ended(self._database)
                self._count_at = self._metrics.monotonic() + _COUNT_AGAIN_AFTER
            figures = await read_figures(self._database, self._clock.now(), self._ended)
        except Unavailable:
            self._metrics.forget_database()
            return
        self._metrics.show(figures, self._clock.now())
        self._show_watch(figures)

    def _show_watch(self, figures: Figures) -> None:
        """Without a list monitor, and before its first read, there is nothing to show."""
        every, watch = self._watch_every, figures.watch
        if every is not None and watch is not None:
            self._metrics.watch_age.set(watch.age(every, self._clock.now()).total_seconds())
            self._metrics.watch_failures.set(watch.failures)

    def _show_logins(self) -> None:
        for app, tokens in self._logins.items():
            for service, seconds in tokens.used_for().items():
                self._metrics.token.labels(app, service).set(seconds)
            until = tokens.certificate_until()
            if until is not None:
                self._metrics.certificate.labels(app).set((until - self._clock.now()).total_seconds())
