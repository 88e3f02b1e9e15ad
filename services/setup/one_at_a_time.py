"""Two runs with one plan at once would each make what the other has just made, and overwrite each other's settings."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def alone(plan: Path) -> Iterator[bool]:
    """Whether no other run on this machine has the plan in hand now. It ends with the process, however that ends."""
    with plan.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
