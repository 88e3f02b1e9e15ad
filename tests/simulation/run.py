"""One run: a seed, its events, and what came of them."""

import asyncio
import gc
import logging
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from tests.databases import Files, file_of
from tests.simulation.acts import Acts
from tests.simulation.auditor import Auditor
from tests.simulation.database import SEEDED
from tests.simulation.days import Event
from tests.simulation.ending import broken_at_the_end, cards_left_behind
from tests.simulation.loop import LIFE, TURNS_AT_MOST, Endless, SeededLoop, bury
from tests.simulation.outside import Outside, outside
from tests.simulation.replica import Replica, Skewed
from tests.simulation.wire import Weather

_REPLICAS = 3
_SOON = 1200.0
"""After so long without an event every card is as it stays."""
_QUIET = 4 * 3600.0
_END = 1.75 * 86_400.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of a run. `digest` is that of its log: the same for the same seed and events."""

    broken: tuple[str, ...]
    log: tuple[str, ...]
    digest: str
    ended: tuple[str, ...] = ()
    pressed: frozenset[str] = frozenset()
    """The verbs of the buttons whose press changed a case."""
    stopped_at: float | None = None
    """When a promise was broken before the week was over, in seconds."""


def simulate(seed: int, events: Sequence[Event], until: float | None = None, turns: int = TURNS_AT_MOST) -> Outcome:
    """Runs the events of a week in the order of this seed, and looks at the end of it; with `until` only so far. A week
    that takes more `turns` of the event loop is broken: something in it goes on for ever."""
    with tempfile.TemporaryDirectory() as folder, _undisturbed() as bugs:
        url = Files(Path(folder), SEEDED).fresh()
        with closing(sqlite3.connect(file_of(url), isolation_level=None)) as file:
            run = _Run(seed, url, file, bugs)
            loop = SeededLoop(Random(f"turns {seed}"), turns)
            try:
                loop.run_until_complete(run.play(events, until))
            except Endless:
                run.goes_on_for_ever(loop.time())
            finally:
                for replica in run.replicas:
                    replica.dies()
                bury(loop)
            return run.outcome()


class _Run:
    def __init__(self, seed: int, url: str, file: sqlite3.Connection, bugs: list[str]) -> None:
        self._seed, self._url, self._file, self._bugs = seed, url, file, bugs
        self.log: list[str] = []
        self.replicas: list[Replica] = []
        self.outside: Outside | None = None
        self.auditor: Auditor | None = None
        self.acts: Acts | None = None
        self.stopped_at: float | None = None

    def note(self, what: str) -> None:
        life = LIFE.get()
        seconds = asyncio.get_running_loop().time()
        self.log.append(f"{seconds:13.3f} {life.name if life else 'world':8} {what}")

    async def play(self, events: Sequence[Event], until: float | None) -> None:
        """The week up to some time, or all of it and an end in which everything works again."""
        chance = Random(f"world {self._seed}")
        around = self.outside = outside(chance, self._file)
        around.bugs = self._bugs
        weather = Weather(clock=around.clock, chance=Random(f"wires {self._seed}"), noted=self.note)
        auditor = self.auditor = Auditor(file=self._file, outside=around, weather=weather, note=self.note)
        self.replicas = [
            Replica(
                name=f"r{number}",
                url=self._url,
                outside=around,
                weather=weather,
                committed=auditor.committed,
                clock=Skewed(clock=around.clock),
            )
            for number in range(_REPLICAS)
        ]
        acts = self.acts = Acts(outside=around, replicas=self.replicas, chance=chance, note=self.note)
        acts.out_for_long = auditor.out_for_long
        for replica in self.replicas:
            replica.start()
        await asyncio.sleep(5)
        for event in events:
            if until is not None and event.at > until:
                break
            if event.at - asyncio.get_running_loop().time() > _SOON:
                await self._until(event.at - 1)
                auditor.broken += cards_left_behind(auditor)
            await self._until(event.at)
            self.note(f"* {event}")
            await acts.do(event)
            if self._is_broken(auditor):
                return
        if until is None:
            await self._ends(acts, auditor)
        else:
            await self._until(until)

    async def _until(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds - asyncio.get_running_loop().time()))

    def _is_broken(self, auditor: Auditor) -> bool:
        broken = bool(auditor.broken or self._bugs)
        if broken:
            self.stopped_at = asyncio.get_running_loop().time()
        return broken

    async def _ends(self, acts: Acts, auditor: Auditor) -> None:
        await asyncio.sleep(600)  # who died starts again
        acts.everything_is_well()
        await asyncio.sleep(_SOON)
        auditor.broken += cards_left_behind(auditor)
        for wait in (_QUIET, _END):
            await asyncio.sleep(wait)
            auditor.broken += await broken_at_the_end(auditor, acts, is_over=wait == _END)
            if auditor.broken or self._bugs:
                return

    def goes_on_for_ever(self, seconds: float) -> None:
        """What is owed is never done: the run was ended at that second."""
        assert self.auditor is not None
        self.auditor.broken.append("all: something is tried for ever, at every turn")
        self.stopped_at = seconds

    def outcome(self) -> Outcome:
        auditor = self.auditor
        assert auditor is not None
        assert self.acts is not None
        broken = (*auditor.broken, *(f"a bug: {bug}" for bug in self._bugs))
        ended = tuple(f"{number} {case.status}" for number, case in sorted(auditor.cases.items()))
        text = "\n".join((*self.log, *broken, *ended))
        return Outcome(
            broken=broken,
            log=tuple(self.log),
            digest=sha256(text.encode()).hexdigest(),
            ended=ended,
            pressed=frozenset(self.acts.verbs[one] for one in auditor.effective if one in self.acts.verbs),
            stopped_at=self.stopped_at,
        )


class _Bugs(logging.Handler):
    """Keeps what the product logs as a bug of its own."""

    def __init__(self, kept: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._kept = kept

    def emit(self, record: logging.LogRecord) -> None:
        trouble = record.exc_info[1] if record.exc_info else None
        self._kept.append(f"{record.getMessage()}: {trouble!r}")


@contextmanager
def _undisturbed() -> Iterator[list[str]]:
    """No garbage is collected in between, which would be work at a time that no seed decides. Yields logged bugs."""
    gc.freeze()
    bugs: list[str] = []
    handler, log = _Bugs(bugs), logging.getLogger("sendwell")
    was = (log.propagate, log.level, gc.isenabled())
    log.addHandler(handler)
    log.propagate = False
    log.setLevel(logging.ERROR)
    gc.disable()
    try:
        yield bugs
    finally:
        log.removeHandler(handler)
        log.propagate = was[0]
        log.setLevel(was[1])
        gc.unfreeze()
        if was[2]:
            gc.enable()
