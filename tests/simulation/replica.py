"""One process of three: the real application, wired to the world by wires that break, in lives that end anywhere."""

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from dialogs.build import Built, Ports, build
from services.clients.store.conversations import SqlConversationStore
from services.clients.store.database import Database, open_database
from services.clients.store.storage import sql_storage
from services.ports.microsoft365 import Microsoft365
from services.ports.teams import Teams
from tests.dialogs.world import CHANNEL, LINKS
from tests.simulation.database import WatchedDatabase, hang_up
from tests.simulation.loop import LIFE, Life
from tests.simulation.outside import TIMING, Outside
from tests.simulation.tenant import Now
from tests.simulation.wire import Weather, wired


@dataclass(kw_only=True)
class Skewed:
    """A process's own clock, which may be ahead or behind."""

    clock: Now
    ahead: timedelta = timedelta()

    def now(self) -> datetime:
        return self.clock.now() + self.ahead


@dataclass(kw_only=True)
class Replica:
    """A process that lives, dies and starts again on the database that the former one left."""

    name: str
    url: str
    outside: Outside
    weather: Weather
    committed: Callable[[], None]
    clock: Skewed
    lives: int = 0
    life: Life = field(default_factory=lambda: Life("unborn"))
    built: Built | None = None
    tasks: list[asyncio.Task[Any]] = field(default_factory=list)
    """Of all lives: a task that is forgotten would be tidied up by the garbage collector, in its own time."""
    _closing: list[Any] = field(default_factory=list)

    def start(self) -> None:
        self.lives += 1
        self.life = Life(f"{self.name}.{self.lives}")
        self.spawn(self._lives())

    def spawn(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Something that this life does, and that ends with it."""
        context = copy_context()
        context.run(LIFE.set, self.life)
        task = asyncio.get_running_loop().create_task(work, context=context)
        self.tasks.append(task)
        return task

    def dies(self) -> None:
        """At whatever `await` it stands. What was on its way may or may not arrive."""
        self.life.is_over, self.built = True, None
        hang_up(self.life)

    async def _lives(self) -> None:
        opened = open_database(self.url)
        self._closing.append(opened)
        database = WatchedDatabase(await opened.__aenter__(), self.committed)
        made = build(self._ports(database))
        self.built = made
        for worker in made.workers:
            self.spawn(self._works(worker))
        self.spawn(self._watches(made))

    async def _works(self, worker: Any) -> None:
        """What the worker's own loop does, but for looks that would find nothing: those change nothing."""
        while True:
            await self.outside.pace.until_due(worker.kinds)
            try:
                await worker._begin_due()
            except Exception as trouble:  # noqa: BLE001 - a bug is what is looked for
                self.outside.bugs.append(f"a worker: {trouble!r}")

    async def _watches(self, made: Built) -> None:
        while True:
            await asyncio.sleep(self.outside.pace.chance.uniform(0.3, 1) * _seconds(TIMING.watch_every))
            try:
                await made.list_monitor.once()
            except Exception as trouble:  # noqa: BLE001 - it says which
                self.outside.said_by_watch(trouble)

    def _ports(self, database: Database) -> Ports:
        outside, weather = self.outside, self.weather
        return Ports(
            microsoft365=Microsoft365(
                senders=wired(outside.tenant, "list", weather),
                connectors=wired(outside.connectors, "list", weather),
                directory=wired(outside.directory, "directory", weather),
                mailboxes=wired(outside.mailboxes, "mailboxes", weather),
                approvers=wired(outside.approvers, "rights", weather),
                responders=wired(outside.responders, "rights", weather),
                mailbox_evidence=wired(outside.traces, "evidence", weather),
                account_evidence=wired(outside.traces, "evidence", weather),
                audit_log=wired(outside.audit_log, "audit", weather),
                policies=wired(outside.policies, "policies", weather),
                containment=wired(outside.containing, "containment", weather),
            ),
            storage=sql_storage(database, SqlConversationStore(database, CHANNEL)),
            teams=Teams(
                messenger=wired(outside.messenger, "Teams", weather),
                installer=wired(outside.installer, "Teams", weather),
                mentions=wired(outside.mentions, "mentions", weather),
            ),
            clock=self.clock,
            timing=TIMING,
            links=LINKS,
            reference=lambda: "reference",
            call_code=lambda: "100001",
        )


def _seconds(span: timedelta | None) -> float:
    return span.total_seconds() if span else 3600.0
