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

ROOT = Path(__file__).parent.parent.parent
_COPIED = ("cards", "dialogs", "sandbox", "services", "tests")
_LEFT = shutil.ignore_patterns("__pycache__", "node_modules", "*.png", "stored", "golden")


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the simulation said of a bug: the first seed that shows it, and what is broken; no seed if none does."""

    bug: Bug
    seed: int | None
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
    """Runs those seeds on a tree with that bug, up to the first that shows it."""
    with planted(bug) as copy:
        asked = [sys.executable, "-m", "tests.simulation", "--first", f"{seeds.start}-{seeds.stop - 1}"]
        done = subprocess.run(asked, cwd=copy, capture_output=True, text=True, check=False)
    first, _, said = done.stdout.strip().partition(" ")
    if done.returncode not in (0, 1):
        raise AssertionError(f"{bug.name}: {done.stderr[-2000:]}")
    return Found(bug=bug, seed=int(first) if done.returncode else None, said=said.splitlines()[0] if said else "")
