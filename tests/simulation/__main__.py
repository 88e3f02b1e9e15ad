"""`python -m tests.simulation 500`: five hundred weeks, each from a seed of its own, and what they found.

A seed that finds something is printed with the events that it takes and the command that plays those again.
`--finds 2 0-59`: each seed, until two have found something; `--again 17`: one seed with all that happened; `--planted`:
which seeds find each planted bug."""

import argparse
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from tests.simulation.begun import begun
from tests.simulation.bugs import BUGS
from tests.simulation.plan import plan
from tests.simulation.planted import Found, hunt
from tests.simulation.run import Outcome, simulate
from tests.simulation.shrink import shrunk

_HUNTED = range(200)
"""The seeds that look for each planted bug."""


def main() -> int:
    """Returns the exit code: 1 where a promise was broken, or a planted bug was not found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "seeds", nargs="?", default="50", help="how many, the first and the last (0-499), or each: 3,17"
    )
    parser.add_argument("--finds", type=int, help="only the first so many seeds that find something")
    parser.add_argument("--within", type=float, default=600.0, help="with --finds: the seconds of a seed")
    parser.add_argument("--again", action="store_true", help="one seed, its log, and the events it takes")
    parser.add_argument("--only", type=_numbers, help="only these events of the seed, by their places in its plan")
    parser.add_argument("--until", type=float, help="only so many seconds of it")
    parser.add_argument("--digest", action="store_true", help="one seed, and only the digest of its log")
    parser.add_argument("--planted", action="store_true", help="look for the planted bugs instead")
    parser.add_argument("--bug", default="", help="only those of them whose name has this in it")
    parser.add_argument("--jobs", type=int, default=1, help="planted bugs that are looked for at a time")
    asked = parser.parse_args()
    if asked.planted:
        return _hunted(asked.bug, asked.jobs)
    if asked.digest:
        print(simulate(int(asked.seeds), plan(int(asked.seeds))).digest)
        return 0
    if asked.again:
        return _again(int(asked.seeds), asked.only, asked.until)
    if asked.finds is not None:
        return _finds(_seeds(asked.seeds), asked.finds, asked.within)
    return _looked(_seeds(asked.seeds))


def _seeds(text: str) -> Sequence[int]:
    if "," in text:
        return _numbers(text)
    first, _, last = text.rpartition("-")
    return range(int(first), int(last) + 1) if first else range(int(last))


def _looked(seeds: Sequence[int]) -> int:
    began, found = time.process_time(), 0
    for seed in seeds:
        outcome = simulate(seed, plan(seed))
        if outcome.broken:
            found += 1
            print(f"{seed} {outcome.broken[0]}", *shortest(seed, outcome), sep="\n", flush=True)
    each = (time.process_time() - began) / len(seeds)
    print(f"{len(seeds)} seeds, {found} found something; {1 / each:.2f} seeds a second and core")
    return bool(found)


def _finds(seeds: Sequence[int], most: int, within: float) -> int:
    """A line with each seed as it is begun, and one with what it shows."""
    found = 0
    for seed in begun(seeds, within):
        outcome = simulate(seed, plan(seed))
        if outcome.broken:
            found += 1
            print(f"{seed} {outcome.broken[0]}", flush=True)
        if found == most:
            break
    return bool(found)


def _again(seed: int, only: Sequence[int] | None, until: float | None) -> int:
    events = plan(seed) if only is None else [plan(seed)[place] for place in only]
    outcome = simulate(seed, events, until)
    print("\n".join(outcome.log), *outcome.broken, sep="\n")
    if outcome.broken and only is None:
        print(*shortest(seed, outcome), sep="\n")
    return bool(outcome.broken)


def _numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",") if one]


def shortest(seed: int, outcome: Outcome) -> list[str]:
    """The events without any of which the promise holds, and the command that plays those again, exactly. What came
    after it was broken is not played."""
    week, until = plan(seed), outcome.stopped_at
    places = [place for place, event in enumerate(week) if until is None or event.at <= until]
    left = shrunk(places, lambda fewer: _same(simulate(seed, [week[place] for place in fewer], until), outcome))
    wanted = "" if until is None else f" --until {until!r}"
    command = f"python -m tests.simulation {seed} --again --only {','.join(map(str, left)) or ','}{wanted}"
    return [*(str(week[place]) for place in left), command]


def _same(one: Outcome, other: Outcome) -> bool:
    """Whether the same promise is broken, of whichever case."""
    return any(what.partition(": ")[2] == other.broken[0].partition(": ")[2] for what in one.broken)


def _hunted(name: str, jobs: int) -> int:
    with ThreadPoolExecutor(jobs) as pool:
        asked = [pool.submit(hunt, bug, _HUNTED) for bug in BUGS if name in bug.name]
        found = [_told(one.result()) for one in as_completed(asked)]
    missed = sum(not one.seeds for one in found)
    print(f"\n{len(found)} planted, {len(found) - missed} found within {len(_HUNTED)} seeds")
    return bool(missed)


def _told(found: Found) -> Found:
    seeds = ", ".join(map(str, found.seeds)) or "not found"
    print(f"| {found.bug.name} | {seeds} | {found.played} | {found.said} |", flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
