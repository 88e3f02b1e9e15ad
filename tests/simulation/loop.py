"""An event loop of which one seed decides everything: whose turn it is, and when it is.

Nothing waits: where every task sleeps, the clock moves to the first that wakes. A process that is killed gets no turn
any more, at whatever `await` it stands, and cleans nothing up."""

import asyncio
from asyncio.base_events import BaseEventLoop
from collections import deque
from contextvars import ContextVar
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


class _Turns(deque[asyncio.Handle]):
    """What is ready: any of it may be next, and what a dead process left is nobody's turn."""

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._chance = chance

    def popleft(self) -> asyncio.Handle:
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
    """An event loop with virtual time and turns drawn from `chance`."""

    def __init__(self, chance: Random) -> None:
        super().__init__()
        self._ready = _Turns(chance)
        self._selector = _Clockwork()
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._selector.seconds

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody else would wake it."""
