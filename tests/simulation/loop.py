"""An event loop of which one seed decides everything: whose turn it is, and when it is.

Nothing waits: where every task sleeps, the clock moves to the first that wakes. A process that is killed gets no turn
any more, at whatever `await` it stands, and cleans nothing up."""

import asyncio
import gc
import sys
import warnings
from asyncio.base_events import BaseEventLoop
from collections import deque
from contextlib import suppress
from contextvars import ContextVar
from inspect import CORO_CLOSED, getcoroutinestate
from random import Random
from typing import Any


class Life:
    """One life of one process, from its start to its end. Whatever it begins carries it along."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_over = False


LIFE: ContextVar[Life | None] = ContextVar("life", default=None)
"""Whose turn it is; `None`: the world's."""


class Standstill(Exception):  # noqa: N818 - it names a state of the world
    """Everybody waits for somebody else, for ever."""


class Endless(Exception):  # noqa: N818 - it names a state of the world
    """Somebody goes round and round: no week takes so many turns."""


TURNS_AT_MOST = 100_000
"""A busy week takes 25,000."""


class _Turns(deque[asyncio.Handle]):
    """What is ready: any of it may be next, and what a dead process left is nobody's turn."""

    def __init__(self, chance: Random, most: int) -> None:
        super().__init__()
        self._chance = chance
        self._left = most

    def popleft(self) -> asyncio.Handle:
        """Raises `Endless` after more turns than any week takes."""
        self._left -= 1
        if self._left < 0:
            raise Endless
        if len(self) > 1:
            self.rotate(-self._chance.randrange(len(self)))
        handle = super().popleft()
        life = handle._context.get(LIFE)  # type: ignore[attr-defined]  # asyncio gives every handle one
        if life is not None and life.is_over:
            handle.cancel()
        return handle


class _Clockwork:
    """In the place of a selector: there is nothing to wait for but time."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is None:
            raise Standstill
        self.seconds += timeout
        return []


class SeededLoop(BaseEventLoop):
    """An event loop with virtual time and turns drawn from `chance`, of which it has so many."""

    def __init__(self, chance: Random, turns: int = TURNS_AT_MOST) -> None:
        super().__init__()
        self._ready = _Turns(chance, turns)
        self._selector = _Clockwork()
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._selector.seconds

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody else would wake it."""


def bury(loop: SeededLoop) -> None:
    """Closes the loop with every task that is left in it, those of dead processes too: whatever they would tidy up now
    comes to nothing."""
    unraisable, sys.unraisablehook = sys.unraisablehook, lambda _: None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            loop.set_exception_handler(lambda *_: None)
            for task in asyncio.all_tasks(loop):
                task._log_destroy_pending = False  # type: ignore[attr-defined]  # its end is meant
                _close(task.get_coro())
            loop.close()
            gc.collect()
    finally:
        sys.unraisablehook = unraisable


def _close(work: Any) -> None:
    for _ in range(20):
        if getcoroutinestate(work) == CORO_CLOSED:
            return
        with suppress(BaseException):
            work.close()
