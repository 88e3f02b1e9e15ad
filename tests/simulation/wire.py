"""What lies between a process and everybody else: time, outages, and answers that are lost on their way back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, TypeVar, cast

from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import RemovalNotBegun, RemovalUnclear
from tests.simulation.tenant import Now

T = TypeVar("T")

DOWN, SLOW, HANGING, THROTTLED, FORGETFUL = "down", "slow", "hanging", "throttled", "loses answers"
TROUBLES = (DOWN, SLOW, HANGING, THROTTLED, FORGETFUL)
ASKS_TO_WAIT = timedelta(minutes=20)
"""What a source that throttles says in its Retry-After."""


@dataclass(kw_only=True)
class Weather:
    """How the way to each source is, and until when. `chance` draws how long each answer takes."""

    clock: Now
    chance: Random
    troubles: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    noted: Callable[[str], None] = lambda _: None

    def of(self, source: str) -> str:
        kind, until = self.troubles.get(source, ("", None))
        return kind if until is not None and self.clock.now() < until else ""

    async def there(self, source: str) -> None:
        """A question on its way. Raises `Unavailable` where it does not arrive."""
        trouble = self.of(source)
        await asyncio.sleep(self._takes(trouble))
        if trouble == DOWN:
            raise Unavailable(UnknownReason.UNREACHABLE, f"{source}: 503", may_have_arrived=False)
        if trouble == THROTTLED:
            raise Unavailable(
                UnknownReason.THROTTLED, f"{source}: 429", retry_after=ASKS_TO_WAIT, may_have_arrived=False
            )

    async def back(self, source: str) -> None:
        """An answer on its way back. Raises `Unavailable` where it is lost."""
        trouble = self.of(source)
        await asyncio.sleep(self._takes(""))
        if trouble == FORGETFUL and self.chance.random() < 0.5:
            raise Unavailable(UnknownReason.TIMED_OUT, f"{source}: no answer")

    def _takes(self, trouble: str) -> float:
        if trouble == SLOW:
            return self.chance.uniform(1, 20)
        return 300.0 if trouble == HANGING else self.chance.expovariate(10)


class _Wire:
    """A port at the far end of a wire."""

    def __init__(self, real: object, source: str, weather: Weather) -> None:
        self._real, self._source, self._weather = real, source, weather

    def __getattr__(self, verb: str) -> Callable[..., Awaitable[Any]]:
        real, source, weather = getattr(self._real, verb), self._source, self._weather

        async def called(*given: Any, **named: Any) -> Any:
            await weather.there(source)
            weather.noted(f"{source} {verb}")
            answer = await real(*given, **named)
            await weather.back(source)
            return answer

        return _removal(called) if verb == "unblock" else called


def _removal(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Remove answers what came of it, and does not raise."""

    async def called(*given: Any) -> Any:
        try:
            async with asyncio.timeout(30):
                return await call(*given)
        except TimeoutError:
            return RemovalUnclear(error="timed out")
        except Unavailable as trouble:
            return (RemovalUnclear if trouble.may_have_arrived else RemovalNotBegun)(error=str(trouble))

    return called


def wired(real: T, source: str, weather: Weather) -> T:
    """The port, with the weather between."""
    return cast("T", _Wire(real, source, weather))
