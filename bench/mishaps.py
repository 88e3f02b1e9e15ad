"""What happens to replicas and to their database while people ask: deaths, pauses, restarts, want of connections."""

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence

import psycopg

from bench.front import Replica
from tests.databases import Postgres

_EVERY = 8.0
"""Seconds between two mishaps, more or less."""
_STARVED = 12.0
"""Seconds for which a table is held: longer than a connection is waited for, and than a click may take."""
PAUSED = 15.0
"""Seconds a replica stands still; the lease of these runs is shorter."""

Mishap = Callable[[Sequence[Replica], Postgres, str, random.Random], Awaitable[None]]


async def kill(replicas: Sequence[Replica], _server: Postgres, _url: str, chance: random.Random) -> None:
    """A replica dies and is started again."""
    victim = chance.choice(replicas)
    await victim.kill()
    await victim.start()


async def pause(replicas: Sequence[Replica], _server: Postgres, _url: str, chance: random.Random) -> None:
    """A replica stands still past its lease, so that another takes its tasks, and then goes on where it was."""
    await chance.choice(replicas).stands_still(PAUSED)


async def restart(_replicas: Sequence[Replica], server: Postgres, _url: str, _chance: random.Random) -> None:
    """The database server crashes and comes back."""
    await asyncio.to_thread(server.crashes)
    await asyncio.to_thread(server.comes_back)


async def starve(_replicas: Sequence[Replica], _server: Postgres, url: str, _chance: random.Random) -> None:
    """Somebody holds a table, so that every connection of every pool waits for it."""
    plain = url.replace("postgresql+psycopg://", "postgresql://", 1)
    async with await psycopg.AsyncConnection.connect(plain) as holder:
        await holder.execute("lock table outbox in access exclusive mode")
        await asyncio.sleep(_STARVED)


MISHAPS: Mapping[str, Mishap] = {"kill": kill, "pause": pause, "restart": restart, "starve": starve}


class Mishaps:
    """Some kinds of mishaps in turn, again and again, one at a time."""

    def __init__(self, names: Sequence[str], replicas: Sequence[Replica], server: Postgres, url: str) -> None:
        self.seen = dict.fromkeys(names, 0)
        self._names, self._chance = tuple(names), random.Random(7)
        self._happens_to = (replicas, server, url)
        self._over = asyncio.Event()

    def __str__(self) -> str:
        return ", ".join(f"{count} × {name}" for name, count in self.seen.items()) or "no mishap"

    async def happen(self) -> None:
        """Returns after `end`, once the mishap under way has passed."""
        for name in itertools.cycle(self._names):
            try:
                await asyncio.wait_for(self._over.wait(), _EVERY * self._chance.uniform(0.5, 1.5))
            except TimeoutError:
                await MISHAPS[name](*self._happens_to, self._chance)
                self.seen[name] += 1
            else:
                return

    def end(self) -> None:
        self._over.set()
