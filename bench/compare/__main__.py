"""`python -m bench.compare [quick|ROUNDS]`: Sendwell, its peers and the floor, in turn and repeatedly.

Loopback only. Prints the table; writes `bench/results.json` and `docs/pictures/bench.png`, unless it is quick.
The contestant has one processor, the cloud and the load the other; for each figure it is started anew."""

import asyncio
import json
import os
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.compare.contest import Contestant, Field, Figures, contestants, field, prepare
from bench.compare.processes import ROOT
from bench.compare.table import Run, as_markdown, draw, results
from tests.databases import postgres

_QUICK, _FULL = 300, 1_600
"""How many turns of the floor are timed."""


async def main(
    rounds: int, turns: int, at_once: tuple[int, ...], names: tuple[str, ...], schemes: tuple[str, ...]
) -> None:
    everybody = [one for name, one in contestants(turns).items() if name in names]
    for apart in {one.apart for one in everybody if one.apart}:
        prepare(apart)
    people = max(one.turns + one.warm + 1 for one in everybody if one.is_new_each_time)
    begun, before = time.perf_counter(), os.getloadavg()[0]
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        server = stack.enter_context(postgres()) if any(one.on_postgres for one in everybody) else None
        async with field(Path(folder), people=people, server=server) as against:
            for one in everybody:
                if one.is_ours and not one.on_postgres:  # the sources are asked the same by both
                    await against.remembers(one, people)
            played = [await _round(against, everybody, at_once, schemes) for _ in range(rounds)]
            missed = await against.missed()
    rows = results(played)
    print(as_markdown(rows))
    share = max(row["load_share"] for row in rows)
    print(
        f"\n{rounds} rounds in {time.perf_counter() - begun:.0f} s. The generator used at most {share:.0%} of its "
        f"processor; others' load before: {before:.1f}. Questions that the sandbox had to answer: {len(missed)}."
    )
    if turns >= _FULL:
        (ROOT / "bench" / "results.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        await draw(rows, ROOT / "docs" / "pictures" / "bench.png")


async def _round(
    against: Field, everybody: list[Contestant], at_once: tuple[int, ...], schemes: tuple[str, ...]
) -> dict[Run, Figures]:
    """Each in turn; who takes no plain http is asked by https alone."""
    done: dict[Run, Figures] = {}
    for one in everybody:
        for scheme in schemes:
            if scheme == "http" and one.is_ours:
                continue
            for number in at_once:
                run = (one.name, scheme, number)
                done[run] = await against.measures(one, at_once=number, scheme=scheme)
                print(f"{run}: {done[run].rate:,.0f} turns/s", file=sys.stderr, flush=True)
    return done


_EVERYBODY = tuple(contestants(0))
_FEW = ("floor", "stock botbuilder", "Sendwell “help”", "Sendwell first look")

if __name__ == "__main__":
    said = sys.argv[1] if len(sys.argv) > 1 else "3"
    if said == "quick":
        asyncio.run(main(1, _QUICK, (16,), _FEW, ("https",)))
    else:
        asyncio.run(main(int(said), _FULL, (16, 64), _EVERYBODY, ("https", "http")))
