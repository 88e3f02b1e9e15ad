"""`python -m bench.growth [sqlite|postgres] [CASES]`: what is asked again and again, in databases of 100, 10,000 and
1,000,000 ended cases and as many tasks (100,000 at most), and how the largest finds its answers.

Conversations, workers and the real driver in this process; everybody outside is a fake that answers at once. The
databases are asked in turn, question by question, so that whatever else the machine does is everybody's. Processor's
time is this process's (SQLite's thread is part of it) and that of PostgreSQL's backends."""

import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from bench.asked import Asked
from bench.many_cases import fill
from services.clients.store.database import open_database
from tests.clients.grown import plans
from tests.databases import postgres, sqlite_url
from tests.dialogs.world import LONG_DAYS

_SIZES = (100, 10_000, 1_000_000)
_TIMES, _WARM = 15, 3
_GOAL = 1.3
_TIMING = replace(LONG_DAYS, messages_a_minute=1_000_000, digest_over=1_000_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """Milliseconds of the clock, and of processors."""

    wall: float
    processor: float


async def _timed(work: Awaitable[object], backends: Callable[[], float]) -> Spent:
    begun, mine, theirs = time.perf_counter(), time.process_time(), backends()
    await work
    wall, own = time.perf_counter() - begun, time.process_time() - mine
    return Spent(wall=wall * 1e3, processor=(own + backends() - theirs) * 1e3)


async def _measured(asked: Mapping[int, Asked], backends: Callable[[], float]) -> Mapping[str, list[Spent]]:
    """Of each question the medians, a size after the other."""
    found = {}
    for name in next(iter(asked.values())).questions():
        spent: dict[int, list[Spent]] = {size: [] for size in asked}
        for turn in range(_WARM + _TIMES):
            for size, one in asked.items():
                ask = await one.prepared(name)
                took = await _timed(ask(), backends)
                if turn >= _WARM:
                    spent[size].append(took)
        found[name] = [
            Spent(wall=median(one.wall for one in each), processor=median(one.processor for one in each))
            for each in spent.values()
        ]
        print(_line(name, found[name]), flush=True)
    return found


def _line(name: str, spent: Sequence[Spent]) -> str:
    small = spent[0]
    times = [
        f"{one.processor:.2f} ({one.wall:.2f}){_ratio(one.processor, small.processor)}{_ratio(one.wall, small.wall)}"
        for one in spent
    ]
    return f"| {name} | {' | '.join(times)} |"


def _ratio(one: float, small: float) -> str:
    return "" if one == small else f" {one / small:.2f}{' !' if one > _GOAL * small else ''}"


async def main(urls: Mapping[int, str], backends: Callable[[], float]) -> None:
    """Fill, ask, and print a table and the plans of the largest."""
    async with AsyncExitStack() as stack:
        asked = {}
        for size, url in urls.items():
            begun = time.perf_counter()
            await fill(url, size)
            filled = time.perf_counter()
            database = await stack.enter_async_context(open_database(url))
            print(
                f"{size:,} cases: filled in {filled - begun:.0f} s, opened in {time.perf_counter() - filled:.1f} s",
                flush=True,
            )
            asked[size] = Asked(database, url, _TIMING, size)
        print(f"load {os.getloadavg()[0]:.1f}; ms of the processor (and of the clock), medians of {_TIMES}\n")
        print(f"| | {' | '.join(f'{size:,}' for size in asked)} |\n|---{'|---' * len(asked)}|")
        await _measured(asked, backends)
        print(f"\nload {os.getloadavg()[0]:.1f}\n")
        largest = asked[max(asked)]
        for name in largest.questions():
            for planned in await plans(largest.database, {name: await largest.prepared(name)}):
                print(f"{planned.question}: {' '.join(planned.statement.split())[:110]} …")
                print(*(f"    {line}" for line in planned.lines), sep="\n")


def _backends(server: int) -> Callable[[], float]:
    """Seconds of the processor that PostgreSQL's backends have used; what it does by itself is left out."""

    def used() -> float:
        return sum(_used(process) for process in Path("/proc").glob("[0-9]*") if _is_backend(process, server))

    return used


def _is_backend(process: Path, server: int) -> bool:
    try:
        parent = int((process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])
        return parent == server and b"test_" in (process / "cmdline").read_bytes()
    except (OSError, ValueError):
        return False


def _used(process: Path) -> float:
    try:
        return int((process / "schedstat").read_text(encoding="ascii").split()[0]) / 1e9
    except OSError:
        return 0.0


@contextlib.contextmanager
def _databases(kind: str, sizes: Sequence[int]) -> Iterator[tuple[Mapping[int, str], Callable[[], float]]]:
    if kind == "postgres":
        with postgres() as server:
            yield {size: server.empty() for size in sizes}, _backends(server.pid)
        return
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            (Path(folder) / str(size)).mkdir()
        yield {size: sqlite_url(Path(folder) / str(size)) for size in sizes}, lambda: 0.0


if __name__ == "__main__":
    kind, most = [*sys.argv[1:], *("sqlite", str(_SIZES[-1]))[len(sys.argv) - 1 :]]
    chosen = sorted({size for size in _SIZES if size < int(most)} | {int(most)})
    with _databases(kind, chosen) as (urls, backends):
        asyncio.run(main(urls, backends))
