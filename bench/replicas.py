"""`python -m bench.replicas [CASES] [MISHAP …]`: three replicas on one PostgreSQL, while many people ask.

Mishaps: kill (the default), pause, restart, starve; several are mixed, `none` leaves all in peace. Prints the result;
exits with 1 if a promise was broken."""

import asyncio
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from bench.front import Replica, RoundRobin
from bench.mishaps import Mishaps
from bench.players import Players
from sandbox import Sandbox, texts
from sandbox.box import free_port
from sandbox.crowd import crowd
from tests.databases import postgres
from tests.stories.world import FAST_TIMING

_AT_ONCE = 30
_GIVE_UP_AFTER = 3_600.0
TIMING = {
    "SENDWELL_DIGEST_OVER": "9999",
    "SENDWELL_MESSAGES_A_MINUTE": "9999",
    "SENDWELL_CHECK_EVERY": "60s",
    "SENDWELL_SUPPORT_AFTER": "600s",
    "SENDWELL_RELEASE_GRACE": "5s",
    "SENDWELL_LEASE": "10s",
    "SENDWELL_SLOW_READ": "4s",
    "SENDWELL_EVIDENCE_WITHIN": "20s",
}
"""The lease is shorter than a pause, which a replica must notice when it goes on. Two approvers decide for everybody,
faster than people could."""
_LATER = ("check", "forget", "gather", "prove")
"""Outbox tasks of a finished case that are due long after its end; evidence waits for message trace, which takes 100
questions in five minutes."""


async def main(number: int, names: Sequence[str]) -> int:
    keys = crowd(number)
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        server.keeps_what_it_confirmed()
        url = server.fresh()
        async with Sandbox(data=Path(folder)) as box:
            settings = {**box.environment, **FAST_TIMING, **TIMING, "SENDWELL_DATABASE_URL": url}
            replicas = [Replica(free_port(), settings, Path(folder) / f"replica{n}.log") for n in range(3)]
            for replica in replicas:
                await replica.start()
            front = RoundRobin(replicas)
            await front.start(box.bot_port)
            begun = time.monotonic()
            mishaps = Mishaps(names, replicas, server, url)
            happening = asyncio.create_task(mishaps.happen())
            players = Players(box)
            async with asyncio.timeout(_GIVE_UP_AFTER):
                await everybody_plays(players, keys, _AT_ONCE)
            mishaps.end()
            await happening
            took = time.monotonic() - begun
            await quiet(url)
            broken = judge(box, url, keys, players)
            for replica in replicas:
                await replica.stop()
            cpu = resource.getrusage(resource.RUSAGE_CHILDREN)
            await front.stop()
        transactions = server.transactions(url)
    print(f"{number} cases, 3 replicas, {mishaps}, {took:.0f} s, {number / took:.2f} cases a second")
    spent = (cpu.ru_utime + cpu.ru_stime) / number
    print(
        f"for each case {spent:.1f} s of the replicas' processors, starts included, {transactions / number:.0f} commits"
    )
    print("\n".join(broken) or "every promise kept")
    return 1 if broken else 0


async def everybody_plays(players: Players, keys: tuple[str, ...], at_once: int) -> None:
    free = asyncio.Semaphore(at_once)

    over: set[str] = set()

    async def one(key: str) -> None:
        async with free:
            await players.plays(key)
            over.add(key)

    try:
        await asyncio.gather(*(one(key) for key in keys))
    except asyncio.CancelledError:
        print(f"{len(over)} of {len(keys)} reached the end; not: {sorted(set(keys) - over)[:5]}")
        raise


async def quiet(url: str) -> None:
    """Wait until no task is due soon (the leases of killed replicas end within a minute)."""
    for _ in range(120):
        if ask(url, f"select count(*) from outbox where kind not in {_LATER}")[0][0] == 0:
            return
        await asyncio.sleep(1)


def ask(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        return connection.execute(query.encode()).fetchall()


def judge(box: Sandbox, url: str, keys: tuple[str, ...], players: Players) -> list[str]:
    broken = []
    statuses = Counter(status for (status,) in ask(url, "select status from cases"))
    if statuses != {"works": len(keys)}:
        broken.append(f"statuses: {dict(statuses)}")
    effective = Counter(address for _, address, outcome in box.tenant.removals if outcome == "done")
    print(f"calls of Remove: {Counter(outcome for *_, outcome in box.tenant.removals)}")
    if set(effective.values()) != {1} or len(effective) != len(keys):
        broken.append(f"effective removals: {[row for row in effective.items() if row[1] != 1][:5]}, {len(effective)}")
    decisions = ask(url, "select case_number from events where verb = 'approve' group by 1 having count(*) <> 1")
    if decisions:
        broken.append(f"decided more than once: {decisions[:5]}")
    tasks = ask(url, f"select kind, count(*) from outbox where kind not in {_LATER} group by 1")
    if tasks:
        broken.append(f"tasks not run: {tasks}")
    unfinished = [key for key in keys if not players.is_over(key)]
    if unfinished:
        broken.append(f"persons' cards not final: {unfinished[:5]}")
    current = [m for m in players.teams.from_bot(players.teams.channel()) if "Works again" in texts(m.card)]
    if len(current) < len(keys):
        broken.append(f"approvers' cards final: {len(current)} of {len(keys)}")
    print(f"posts in the channel: {len(players.teams.from_bot(players.teams.channel()))}")
    return broken


if __name__ == "__main__":
    count, *mishaps = sys.argv[1:] or ["500"]
    sys.exit(asyncio.run(main(int(count), [name for name in mishaps or ["kill"] if name != "none"])))
