"""The shortest list of events that still breaks the same promise: delta debugging, as Zeller and Hildebrandt have it.
https://www.st.cs.uni-saarland.de/papers/tse2002/"""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def shrunk(events: Sequence[T], breaks: Callable[[Sequence[T]], bool]) -> list[T]:
    """Those of the events without any of which it does not break. `breaks` must hold for all of them."""
    left, parts = list(events), 2
    while len(left) >= 1:
        size = -(-len(left) // parts)
        for start in range(0, len(left), size):
            fewer = left[:start] + left[start + size :]
            if breaks(fewer):
                left, parts = fewer, max(parts - 1, 2)
                break
        else:
            if size == 1:
                return left
            parts = min(parts * 2, len(left))
    return left
