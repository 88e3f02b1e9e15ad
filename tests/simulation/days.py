"""Events one after the other: what the incidents of a week are made of."""

from dataclasses import dataclass
from random import Random

MINUTE, HOUR, WEEK = 60.0, 3600.0, 7 * 86_400.0
THEFTS = ("forwards", "risk", "two signs", "rule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happens, `at` so many seconds after the beginning: a verb of `acts`, and what it takes."""

    at: float
    verb: str
    given: tuple[str, ...] = ()

    def __str__(self) -> str:
        hours, seconds = divmod(self.at, HOUR)
        return f"{hours:3.0f}h{seconds / 60:05.2f}  {self.verb} {' '.join(self.given)}".rstrip()


class Days:
    """Events one after the other, each some time after the one before."""

    def __init__(self, chance: Random, begins: float) -> None:
        self.chance, self._at = chance, begins
        self.whose = chance.choice(("ana", "ana", "ana", "alias", "sales", "sales"))
        self.asker = chance.choice(("ana", "ana", "eve")) if self.whose == "sales" else "ana"
        self.stolen = chance.random() < 0.4

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def then(self, verb: str, *given: str, after: tuple[float, float] = (20.0, 4 * MINUTE)) -> Event:
        self._at += self.chance.uniform(*after)
        return Event(at=self._at, verb=verb, given=given)

    def presses(self, who: str, verb: str, after: tuple[float, float] = (20.0, 4 * MINUTE)) -> Event:
        return self.then("presses", who, verb, after=after)
