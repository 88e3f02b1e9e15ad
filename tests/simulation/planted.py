"""Bugs that are planted into a copy of this tree, to show that the simulation finds them. Each is a slip that was made
here once, or might be: a line that says something else."""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.bugs import Bug
from tests.simulation.plan import theme_of

ROOT = Path(__file__).parent.parent.parent
_COPIED = ("cards", "dialogs", "sandbox", "services", "tests")
_LEFT = shutil.ignore_patterns("__pycache__", "node_modules", "*.png", "stored", "golden")


_FINDS = 2
"""Enough to say that a bug is found."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the simulation said of a bug: the first seeds that show it, of how many that were played, and what is
    broken; no seed if none does."""

    bug: Bug
    seeds: tuple[int, ...]
    played: int
    said: str


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


def hunt(bug: Bug, seeds: range) -> Found:
    """Runs those seeds on a tree with that bug, the themes that it shows in first, until two have shown it."""
    order = sorted(seeds, key=lambda seed: theme_of(seed).name not in bug.shows_in)
    with planted(bug) as copy:
        asked = [sys.executable, "-m", "tests.simulation", "--finds", str(_FINDS), ",".join(map(str, order))]
        done = subprocess.run(asked, cwd=copy, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise AssertionError(f"{bug.name}: {done.stderr[-2000:]}")
    lines = [line.partition(" ") for line in done.stdout.splitlines()]
    found = tuple(int(seed) for seed, _, _ in lines)
    played = order.index(found[-1]) + 1 if len(found) == _FINDS else len(order)
    return Found(bug=bug, seeds=found, played=played, said=lines[0][2] if lines else "")
