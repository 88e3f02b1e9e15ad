"""Bugs that are planted into a copy of this tree, to show that the simulation finds them. Each is a slip that was made
here once, or might be: a line that says something else."""

import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import PIPE

from tests.simulation.begun import BY_THE_CLOCK
from tests.simulation.bugs import Bug
from tests.simulation.plan import theme_of

ROOT = Path(__file__).parent.parent.parent
_COPIED = ("cards", "dialogs", "sandbox", "services", "tests")
_LEFT = shutil.ignore_patterns("__pycache__", "node_modules", "*.png", "stored", "golden")


_FINDS = 2
"""Enough to say that a bug is found."""
_WEEK_WITHIN = 90
"""Seconds. A week takes one or two."""
_HUNT_WITHIN = 300
"""Seconds for one bug, whatever it does."""
ENDLESS = "a week that does not end"


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the simulation said of a bug: the first seeds that show it, of how many that were played, and what is
    broken; no seed if none does."""

    bug: Bug
    shown: Mapping[int, str]
    played: int

    @property
    def seeds(self) -> tuple[int, ...]:
        return tuple(self.shown)

    @property
    def said(self) -> str:
        return next(iter(self.shown.values()), "")


@contextmanager
def planted(bug: Bug) -> Iterator[Path]:
    """A copy of the tree with that bug in it. Raises `AssertionError` where its line is not there any more."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in _COPIED:
            shutil.copytree(ROOT / name, copy / name, ignore=_LEFT)
        for change in bug.changes:
            file = copy / change.file
            text = file.read_text(encoding="utf-8")
            if text.count(change.was) != 1:
                raise AssertionError(f"{bug.name}: {change.file} has changed, look for its line anew")
            file.write_text(text.replace(change.was, change.becomes), encoding="utf-8")
        yield copy


Play = Callable[[Path, Sequence[int], float], tuple[str, str]]
"""Plays those seeds in that tree, each within so many seconds: what the weeks say, and what their process says."""


def played(copy: Path, order: Sequence[int], within: float) -> tuple[str, str]:
    """What those weeks say, and what that process says of itself; both end with the seconds of a hunt."""
    asked = ["--finds", str(_FINDS), "--within", str(within), ",".join(map(str, order))]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.simulation", *asked], cwd=copy, stdout=PIPE, stderr=PIPE, text=True
    ) as process:
        end = threading.Timer(_HUNT_WITHIN, process.kill)
        end.start()
        try:
            return process.communicate()
        finally:
            end.cancel()


def hunt(bug: Bug, seeds: range, play: Play = played) -> Found:
    """Runs those seeds on a tree with that bug, the themes that it shows in first, until two have shown it. A seed that
    finds something in this tree as well has not shown it."""
    order = sorted(seeds, key=lambda seed: theme_of(seed).name not in bug.shows_in)
    with planted(bug) as copy:
        found = hunted_in(copy, bug, order, play=play)
    without_it = hunted_in(ROOT, bug, found.seeds, play=play).shown if found.shown else {}
    return replace(found, shown={seed: said for seed, said in found.shown.items() if seed not in without_it})


def hunted_in(
    copy: Path, bug: Bug, order: Sequence[int], within: float = _WEEK_WITHIN, *, play: Play = played
) -> Found:
    """Runs those seeds in that tree. A week that does not end within its seconds has shown the bug, too, and is the
    last one. Raises `AssertionError` where nothing can be played there."""
    said, why = play(copy, order, within)
    lines = [line.partition(" ") for line in said.splitlines()]
    began = [int(seed) for seed, _, what in lines if not what]
    found = {int(seed): what for seed, _, what in lines if what}
    if BY_THE_CLOCK in why:
        found[began[-1]] = ENDLESS
    elif not found and "Traceback (" in why:
        raise AssertionError(f"{bug.name}: {why[-2000:]}")
    return Found(bug=bug, shown=found, played=len(began))
