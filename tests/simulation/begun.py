"""Weeks one after the other, each with so many seconds of its own. It imports nothing of the rest."""

import faulthandler
from collections.abc import Iterator, Sequence

BY_THE_CLOCK = "Timeout ("
"""What `faulthandler` begins with where it ends a process."""


def begun(seeds: Sequence[int], within: float) -> Iterator[int]:
    """Prints each seed as it begins. One that takes more seconds ends the process, which says where it stood: it may
    go round and round where no turn of the event loop is counted."""
    for seed in seeds:
        print(seed, flush=True)  # noqa: T201 - it is read by who hunts
        faulthandler.dump_traceback_later(within, exit=True)
        yield seed
    faulthandler.cancel_dump_traceback_later()
