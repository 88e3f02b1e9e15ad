"""An event loop that knows how long each turn of it took: as long nobody else is heard."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from typing import Any, NamedTuple


class Pause(NamedTuple):
    """One turn: milliseconds of its thread's processor, and whose it was."""

    ms: float
    whose: str


class WatchedLoop(asyncio.SelectorEventLoop):
    """`longest` is the longest turn since it was last asked. The processor's time counts, so that a busy machine makes
    no turn longer; what waits without the processor does not show (`tests/stories/test_steady_turns.py` finds that)."""

    def __init__(self) -> None:
        super().__init__()
        self._ready: _Turns = _Turns()

    def longest(self) -> Pause:
        return self._ready.longest()


class _Turns(deque[asyncio.Handle]):
    """What is ready. A turn lasts until the next is taken, or until there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = 0.0
        self._present: asyncio.Handle | None = None
        self._longest = Pause(0.0, "nobody")

    def popleft(self) -> asyncio.Handle:
        now = time.thread_time()
        took = (now - self._begun) * 1e3
        if self._present is not None and took > self._longest.ms:
            self._longest = Pause(took, _whose(self._present))
        self._present, self._begun = super().popleft(), now
        return self._present

    def longest(self) -> Pause:
        found, self._longest = self._longest, Pause(0.0, "nobody")
        return found


def _whose(handle: asyncio.Handle) -> str:
    """The task's innermost line at which it waits by now, or the function that was called."""
    called = getattr(handle, "_callback", None)
    task = getattr(called, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return str(called)
    waits: Any = task.get_coro()
    inner = waits
    while inner is not None and getattr(inner, "cr_frame", None) is not None:
        waits, inner = inner, inner.cr_await
    frame = getattr(waits, "cr_frame", None)
    where = f" at {frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_lineno}" if frame else ", done"
    return f"{task.get_coro()!r:.80}{where}"


def as_lines(pauses: Mapping[str, Pause]) -> list[str]:
    """A table, the longest first."""
    ordered = sorted(pauses.items(), key=lambda one: -one[1].ms)
    return ["| | ms | whose |", "|---|---|---|", *(f"| {what} | {one.ms:.1f} | {one.whose} |" for what, one in ordered)]
