"""`python -m bench.turns help|again|look [TURNS] [parts|tottime|cumtime]`: processor's time of a turn, its profile.

The conversations, the workers and a SQLite file with its real driver in this process; everybody outside is a fake that
answers at once. Time is the processor's, so that a busy machine changes less of it; under the profile it is longer.
`help` and `look` are another person's first each time, `again` is help for somebody who wrote before. `parts`: which
share of it each of our folders and each package takes by itself."""

import asyncio
import cProfile
import pstats
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import open_database
from services.domain.people import PersonId, TeamsUser
from tests.databases import sqlite_url
from tests.dialogs.rounds import run_due
from tests.dialogs.world import LONG_DAYS, World, approver

_WARM = 20
_ROOT = Path(__file__).parents[1]


async def _turn(world: World, who: TeamsUser, *, looks: bool) -> None:
    await world.only_says(who, "my mail bounces" if looks else "help", ConversationKind.PERSONAL)
    if looks:
        await run_due(world.workers[0])  # their card


async def main(what: str, turns: int, order: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with open_database(sqlite_url(Path(folder))) as database:
            world = World(database, replace(LONG_DAYS, messages_a_minute=1_000_000))
            people = [
                TeamsUser(id=PersonId(f"00000000-0000-4000-9000-{number:012d}"), name=f"P{number} Test")
                for number in range(turns + _WARM)
            ]
            if what == "again":
                people = people[:1] * len(people)
            for who in people:
                world.directory.people[who.id] = approver(who)
                world.mail.restrict(approver(who).addresses[0])
            for who in people[:_WARM]:
                await _turn(world, who, looks=what == "look")
            profile = cProfile.Profile(time.thread_time)
            begun, mine = time.process_time(), time.thread_time()
            if order:
                profile.enable()
            for who in people[_WARM:]:
                await _turn(world, who, looks=what == "look")
            profile.disable()
            of_all, of_loop = time.process_time() - begun, time.thread_time() - mine
            print(f"{what}: {of_all / turns * 1e3:.2f} ms a turn, {of_loop / turns * 1e3:.2f} of them on the loop")
            if order == "parts":
                _print_parts(pstats.Stats(profile))
            elif order:
                pstats.Stats(profile).sort_stats(order).print_stats(15)


def _print_parts(stats: pstats.Stats) -> None:
    own: Counter[str] = Counter()
    for (file, *_), (_, _, seconds, *_) in stats.stats.items():  # type: ignore[attr-defined]
        own[_part(file)] += seconds
    for part, seconds in own.most_common(20):
        print(f"{seconds / own.total():6.1%} {part}")


def _part(file: str) -> str:
    """Of a file: the package, or the first two folders of ours."""
    parts = Path(file).parts
    if "site-packages" in parts:
        return parts[parts.index("site-packages") + 1]
    if Path(file).is_relative_to(_ROOT):
        return "/".join(Path(file).relative_to(_ROOT).parts[:2])
    return f"Python: {Path(file).stem}" if len(parts) > 1 else "Python: built in"


if __name__ == "__main__":
    given = [*sys.argv[1:], *("help", "200", "")[len(sys.argv) - 1 :]]
    asyncio.run(main(given[0], int(given[1]), given[2]))
