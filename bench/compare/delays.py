"""`python -m bench.compare.delays [ROUNDS]`: sources and a connector that are far away.

Sources 300 ms away: a first look, alone, beside those 300 ms. 200 first looks under way at sources that take 15 s: what
“help” takes beside them, against what it took before them. A connector 50 ms away: the floor and “help” in turn. Ratios
of one round; medians of the rounds."""

import asyncio
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

from bench.compare.contest import Contestant, Field, contestants, field

_SOURCE_MS, _STUCK_MS, _CONNECTOR_MS = 300, 15_000, 50
_LOOKS, _UNDER_WAY, _ASKERS, _AT_ONCE, _TURNS = 40, 200, 16, 16, 800


async def main(rounds: int) -> None:
    everybody = contestants(_TURNS)
    looks, helps, floor = (everybody[name] for name in ("Sendwell first look", "Sendwell “help”", "floor"))
    looks = replace(looks, turns=_LOOKS, warm=4)
    said = {
        f"a first look at sources {_SOURCE_MS} ms away, beside those (at most 1.3)": await _far(looks, rounds),
        f"“help” beside {_UNDER_WAY} looks under way, beside it alone (at most 1.25)": await _stuck(
            looks, helps, rounds
        ),
        f"“help” with a connector {_CONNECTOR_MS} ms away, of the floor's rate (at least 0.8)": await _slow(
            helps, floor, rounds
        ),
    }
    for what, ratios in said.items():
        print(f"{what}: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})")


async def _far(looks: Contestant, rounds: int) -> Sequence[float]:
    people = looks.turns + looks.warm + 1
    with tempfile.TemporaryDirectory() as folder:
        async with field(Path(folder), people=people) as against:
            await against.remembers(looks, people)
            await against.moves_sources(_SOURCE_MS)
            measured = [await against.measures(looks, at_once=1) for _ in range(rounds)]
    return [one.median * 1_000 / _SOURCE_MS for one in measured]


async def _stuck(looks: Contestant, helps: Contestant, rounds: int) -> Sequence[float]:
    people = _ASKERS + _UNDER_WAY
    with tempfile.TemporaryDirectory() as folder:
        async with field(Path(folder), people=people) as against:
            await against.remembers(looks, people)
            return [await _beside(against, looks, helps) for _ in range(rounds)]


async def _beside(against: Field, looks: Contestant, helps: Contestant) -> float:
    """How much longer “help” takes while the looks are under way."""
    await against.moves_sources(0)
    async with against.playing(looks) as writes:
        await writes(helps, turns=_TURNS // 2, at_once=_AT_ONCE, among=_ASKERS)
        alone = await writes(helps, turns=_TURNS, at_once=_AT_ONCE, among=_ASKERS)
        await against.moves_sources(_STUCK_MS)
        await writes(looks, turns=_UNDER_WAY, at_once=_UNDER_WAY, first=_ASKERS)
        beside = await writes(helps, turns=_TURNS, at_once=_AT_ONCE, among=_ASKERS)
    for one in (alone, beside):
        if one["failed"]:
            raise RuntimeError(one["failed"][0])
    return float(beside["seconds"] / alone["seconds"])


async def _slow(helps: Contestant, floor: Contestant, rounds: int) -> Sequence[float]:
    ratios = []
    with tempfile.TemporaryDirectory() as folder:
        async with field(Path(folder), people=_ASKERS * 4, connector_ms=_CONNECTOR_MS) as against:
            await against.remembers(helps, _ASKERS * 4)
            for _ in range(rounds):
                rates = [(await against.measures(one, at_once=_AT_ONCE)).rate for one in (floor, helps)]
                ratios.append(rates[1] / rates[0])
    return ratios


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
