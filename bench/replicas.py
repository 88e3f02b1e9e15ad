"""`python -m bench.replicas [CASES]`: three replicas on one PostgreSQL, killed at random while many people ask.

Prints the result; exits with 1 if a promise was broken."""

import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from bench.front import Replica, RoundRobin
from sandbox import Message, Sandbox, texts
from sandbox.box import free_port
from sandbox.crowd import crowd
from tests.databases import postgres
from tests.stories.world import FAST_TIMING

_AT_ONCE = 30
_KILL_EVERY = 12.0
_GIVE_UP_AFTER = 1_500.0
_LATER = ("check", "forget")
"""Outbox tasks of a finished case that are due long after its end."""
_IN_ORDER = ("password_done", "mfa_done", "mailing_no", "send", "works")
"""The order in which a person presses buttons if a card has several."""


class Crowd:
    """People who follow their cases to the end, whatever happens to the replicas."""

    def __init__(self, box: Sandbox) -> None:
        self.box = box
        self.teams = box.teams
        self._whose: dict[str, str] = {}

    async def plays(self, key: str) -> None:
        """Play one person from the question to "it works": press what the newest card asks for, as often as it asks."""
        self.box.tenant.add_method(key)
        self.box.tenant.restrict(key, "limit")
        await self._until_card(key, "password_done", lambda: self.teams.say(key, "my mail bounces"))
        self.box.tenant.reset_password(key)
        while not self.is_over(key):
            verb = next((verb for verb in _IN_ORDER if self.has(key, verb)), None)
            await (self._presses(key, verb) if verb else self._is_decided(key))

    def is_over(self, key: str) -> bool:
        message = self.newest(key)
        return message is not None and "Sending works" in texts(message.card)

    def newest(self, key: str) -> Message | None:
        return next(iter(reversed(self.teams.from_bot(self.teams.chat(key)))), None)

    def has(self, key: str, verb: str) -> bool:
        message = self.newest(key)
        return message is not None and self.teams.has_button(key, message, verb)

    async def _until_card(self, key: str, verb: str, ask: Any) -> None:
        while not self.has(key, verb):
            with suppress(ConnectionError, TimeoutError):
                await ask()
            await self._wait(lambda: self.has(key, verb), 8.0)

    async def _presses(self, key: str, verb: str) -> None:
        """Press a button and wait until it is gone. If the replica was killed or the card was older than the case, the
        caller presses again."""
        message = self.newest(key)
        with suppress(ConnectionError, LookupError, TimeoutError):
            await self.teams.press(key, message, verb, {})  # type: ignore[arg-type]  # it has the button
        await self._wait(lambda: not self.has(key, verb), 8.0)

    async def _is_decided(self, key: str) -> None:
        """Let two approvers press Approve at the same time, if the request can be decided."""
        if (post := self._request_of(f"Sample Person{key.removeprefix('person')}")) is not None:
            clicks = (self.teams.press(who, post, "approve") for who in ("bo", "cleo"))
            await asyncio.gather(*clicks, return_exceptions=True)
        await self._wait(lambda: any(self.has(key, verb) for verb in _IN_ORDER), 8.0)

    def _request_of(self, name: str) -> Message | None:
        """The person's newest card in the channel that has an Approve button; `None` if there is none."""
        for message in self.teams.channel():
            if message.id not in self._whose:
                self._whose[message.id] = texts(message.card)
        mine = [m for m in self.teams.channel() if f"{name} |" in self._whose[m.id]]
        return next((m for m in reversed(mine) if "Approve" in texts(m.card)), None)

    async def _wait(self, predicate: Any, seconds: float) -> None:
        end = time.monotonic() + seconds
        while not predicate() and time.monotonic() < end:  # noqa: ASYNC110 - the sandbox has no event to wait for
            await asyncio.sleep(0.1)


async def main(number: int) -> int:
    keys = crowd(number)
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        url = server.fresh()
        async with Sandbox(data=Path(folder)) as box:
            settings = {**box.environment, **FAST_TIMING, "SENDWELL_DATABASE_URL": url, "SENDWELL_DIGEST_OVER": "9999"}
            settings |= {
                "SENDWELL_CHECK_EVERY": "60s",
                "SENDWELL_SUPPORT_AFTER": "600s",
                "SENDWELL_RELEASE_GRACE": "5s",
                "SENDWELL_LEASE": "60s",
                "SENDWELL_SLOW_READ": "15s",
            }
            replicas = [Replica(free_port(), settings, Path(folder) / f"replica{n}.log") for n in range(3)]
            for replica in replicas:
                await replica.start()
            front = RoundRobin(replicas)
            await front.start(box.bot_port)
            begun = time.monotonic()
            killer = asyncio.create_task(_kill_at_random(replicas))
            stories = Crowd(box)
            async with asyncio.timeout(_GIVE_UP_AFTER):
                await _all(stories, keys)
            killer.cancel()
            await asyncio.gather(killer, return_exceptions=True)
            took = time.monotonic() - begun
            await _quiet(url)
            broken = _judge(box, url, keys, stories)
            for replica in replicas:
                await replica.stop()
            await front.stop()
    print(f"{number} cases, 3 replicas, {sum(r.kills for r in replicas)} kills, {took:.0f} s")
    print("\n".join(broken) or "every promise kept")
    return 1 if broken else 0


async def _all(stories: Crowd, keys: tuple[str, ...]) -> None:
    free = asyncio.Semaphore(_AT_ONCE)

    over: set[str] = set()

    async def one(key: str) -> None:
        async with free:
            await stories.plays(key)
            over.add(key)

    try:
        await asyncio.gather(*(one(key) for key in keys))
    except asyncio.CancelledError:
        print(f"{len(over)} of {len(keys)} reached the end; not: {sorted(set(keys) - over)[:5]}")
        raise


async def _kill_at_random(replicas: list[Replica]) -> None:
    chance = random.Random(7)
    while True:
        await asyncio.sleep(_KILL_EVERY * chance.uniform(0.5, 1.5))
        victim = chance.choice(replicas)
        await victim.kill()
        await victim.start()


async def _quiet(url: str) -> None:
    """Wait until no task is due soon (the leases of killed replicas end within a minute)."""
    for _ in range(120):
        if _ask(url, f"select count(*) from outbox where kind not in {_LATER}")[0][0] == 0:
            return
        await asyncio.sleep(1)


def _ask(url: str, query: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1)) as connection:
        return connection.execute(query.encode()).fetchall()


def _judge(box: Sandbox, url: str, keys: tuple[str, ...], stories: Crowd) -> list[str]:
    broken = []
    statuses = Counter(status for (status,) in _ask(url, "select status from cases"))
    if statuses != {"works": len(keys)}:
        broken.append(f"statuses: {dict(statuses)}")
    effective = Counter(address for _, address, outcome in box.tenant.removals if outcome == "done")
    print(f"calls of Remove: {Counter(outcome for *_, outcome in box.tenant.removals)}")
    if set(effective.values()) != {1} or len(effective) != len(keys):
        broken.append(f"effective removals: {[row for row in effective.items() if row[1] != 1][:5]}, {len(effective)}")
    decisions = _ask(url, "select case_number from events where verb = 'approve' group by 1 having count(*) <> 1")
    if decisions:
        broken.append(f"decided more than once: {decisions[:5]}")
    tasks = _ask(url, f"select kind, count(*) from outbox where kind not in {_LATER} group by 1")
    if tasks:
        broken.append(f"tasks not run: {tasks}")
    unfinished = [key for key in keys if not stories.is_over(key)]
    if unfinished:
        broken.append(f"persons' cards not final: {unfinished[:5]}")
    current = [m for m in stories.teams.from_bot(stories.teams.channel()) if "Works again" in texts(m.card)]
    if len(current) < len(keys):
        broken.append(f"approvers' cards final: {len(current)} of {len(keys)}")
    print(f"posts in the channel: {len(stories.teams.from_bot(stories.teams.channel()))}")
    return broken


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)))
