"""`python -m bench.beside FOLDER [PEOPLE]`: an older program (a checkout in FOLDER) and this one on one PostgreSQL.

While people ask, the newer one joins, goes, comes back, and the older one ends. Prints what became of each promise;
exits with 1 if one was broken."""

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from bench.front import Replica, RoundRobin
from bench.players import Players
from bench.replicas import TIMING, ask, everybody_plays, judge, quiet
from sandbox import Sandbox
from sandbox.box import free_port
from sandbox.crowd import crowd
from tests.databases import postgres
from tests.stories.world import FAST_TIMING

_GIVE_UP_AFTER = 600.0
_STAGE_AT_MOST = 45.0
"""Seconds until the next stage comes though fewer people are through: those whose cases only the newer one can read
wait for it."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """What happens once that share of the people is through."""

    after: float
    says: str
    happens: Callable[[], Awaitable[None]]


class _Patient(Players):
    """People who ask anew where the card in front of them has no button: an older program's answer may have taken
    theirs away."""

    async def _is_decided(self, key: str) -> None:
        if not self.verbs(key):
            with suppress(ConnectionError, TimeoutError):
                await self.teams.say(key, "status")
        await super()._is_decided(key)


async def main(folder: Path, number: int) -> int:
    keys = crowd(number)
    with postgres() as server, tempfile.TemporaryDirectory() as place:
        url = server.empty()
        async with Sandbox(data=Path(place)) as box:
            settings = {**box.environment, **FAST_TIMING, **TIMING, "SENDWELL_DATABASE_URL": url}
            older = Replica(free_port(), settings, Path(place) / "older.log", folder)
            newer = Replica(free_port(), settings, Path(place) / "newer.log")
            front, players = RoundRobin([older, newer]), _Patient(box)
            stages = (
                _Stage(0.2, "the newer one beside it", newer.start),
                _Stage(0.4, "back: the older one alone", newer.stop),
                _Stage(0.6, "forwards again", newer.start),
                _Stage(0.8, "the newer one alone", older.stop),
            )
            try:
                await older.start()
                await front.start(box.bot_port)
                async with asyncio.timeout(_GIVE_UP_AFTER), asyncio.TaskGroup() as tasks:
                    tasks.create_task(everybody_plays(players, keys, max(2, number // 4)))
                    tasks.create_task(_pass(stages, players, keys))
                await quiet(url)
                ((lacking,),) = ask(url, "select count(*) from cases where restricted and cause is null")
                print(f"{lacking} cases were stored last by the older one, and a report does not count them")
                broken = [*judge(box, url, keys, players), *await _starts_no_more(older)]
            finally:
                for replica in (older, newer):
                    await replica.stop()
                await front.stop()
                _show(Path(place))
    print("\n".join(broken) or "every promise kept")
    return 1 if broken else 0


async def _pass(stages: tuple[_Stage, ...], players: Players, keys: tuple[str, ...]) -> None:
    for stage in stages:
        with suppress(TimeoutError):
            async with asyncio.timeout(_STAGE_AT_MOST):
                while sum(map(players.is_over, keys)) < stage.after * len(keys):  # noqa: ASYNC110 - nothing to wait for
                    await asyncio.sleep(0.2)
        print(f"{sum(map(players.is_over, keys))} of {len(keys)} are through: {stage.says}", flush=True)
        await stage.happens()


async def _starts_no_more(older: Replica) -> list[str]:
    """On a database that the newer one migrated the older one says so, and ends."""
    try:
        await older.start()
    except RuntimeError as ended:
        said = str(ended)
        return [] if "made by a newer Sendwell" in said else [f"the older one ended with: {said[-500:]}"]
    return ["the older one started again: both have the same migrations"]


def _show(place: Path) -> None:
    """The warnings and errors of each log, each once."""
    for log in sorted(place.glob("*.log")):
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
        told = dict.fromkeys(line.partition(" ")[2][:200] for line in lines if "ERROR" in line or "WARNING" in line)
        print(f"{log.stem}: {len(lines)} lines", *list(told)[:15], sep="\n  ")


if __name__ == "__main__":
    where, *count = sys.argv[1:]
    sys.exit(asyncio.run(main(Path(where).resolve(), int(count[0]) if count else 10)))
