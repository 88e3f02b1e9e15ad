"""One contestant after the other, each started afresh, on one processor; cloud and load on another."""

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles
from typing import Any

import certifi

from bench.compare.clicks import Clicks, all_sent, approved
from bench.compare.processes import ROOT, Spoken, resident, server, spent, spoken
from sandbox.box import free_port
from tests.databases import Postgres

_OWN = Path(__file__).parent / "contestants"
_ENVIRONMENTS = ROOT / "build" / "bench"
_SERVER, _LOAD = 0, 1
"""The two processors."""
_WARM = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """Who is measured: its program, what is written to it, and how many turns are timed. With `apart` it has an
    environment of its own, made from the requirements of that name."""

    name: str
    program: str
    text: str = "Hello"
    turns: int
    warm: int = _WARM
    apart: str = ""
    is_new_each_time: bool = False
    """Each turn is another person's first: there have to be as many people as turns. Else so many people as there are
    turns before it is timed write again and again."""
    on_postgres: bool = False
    """Its database is on a PostgreSQL, which shares the second processor; else it is a file of SQLite."""
    clicks: bool = False
    """Each turn is an approval of another case, all of which looked before; it is timed until its answer."""

    @property
    def command(self) -> Sequence[str]:
        python = str(_python(self.apart)) if self.apart else sys.executable
        return (python, self.program) if self.is_ours else (python, "-m", f"bench.compare.contestants.{self.program}")

    @property
    def is_ours(self) -> bool:
        return self.program.endswith("app.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of one run. Seconds, but for `rate` (turns a second), `cpu_ms` (of the processor, a turn) and megabytes."""

    rate: float
    cpu_ms: float
    median: float
    p99: float
    cold: float
    megabytes: float
    load_share: float
    """How much of its processor the generator used."""
    failed: int


def contestants(turns: int) -> dict[str, Contestant]:
    """Everybody, by name; `turns` are the floor's, the slower ones get fewer."""
    app = str(ROOT / "app.py")
    everybody = (
        Contestant(name="floor", program="floor", turns=turns),
        Contestant(name="stock botbuilder", program="stock", turns=max(40, turns // 40), warm=16),
        Contestant(name="microsoft-agents", program="agents", turns=turns // 3, apart="agents"),
        Contestant(name="microsoft-teams-apps", program="teams", turns=turns // 3, apart="teams"),
        Contestant(name="Sendwell “help”", program=app, text="help", turns=max(400, turns // 2)),
        Contestant(
            name="Sendwell first look",
            program=app,
            text="why can't I send email?",
            turns=turns // 8,
            is_new_each_time=True,
        ),
        Contestant(
            name="Sendwell first look, PostgreSQL",
            program=app,
            text="why can't I send email?",
            turns=turns // 8,
            is_new_each_time=True,
            on_postgres=True,
        ),
        Contestant(
            name="Sendwell approve",
            program=app,
            text="why can't I send email?",
            turns=turns // 8,
            is_new_each_time=True,
            clicks=True,
        ),
    )
    return {one.name: one for one in everybody}


def prepare(name: str) -> None:
    """Make a contestant's own environment, once."""
    python, wanted = _python(name), _OWN / f"{name}.txt"
    mark = python.parents[1] / "ready"
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted.read_text(encoding="utf-8"):
        return
    shutil.rmtree(python.parents[1], ignore_errors=True)
    subprocess.run((sys.executable, "-m", "venv", str(python.parents[1])), check=True)
    subprocess.run((str(python), "-m", "pip", "install", "-qq", "-r", str(wanted)), check=True)
    shutil.copyfile(wanted, mark)


def _python(apart: str) -> Path:
    return _ENVIRONMENTS / apart / "bin" / "python"


class Field:
    """The cloud and the generator, and who is measured against them."""

    def __init__(
        self, cloud: Spoken, load: Spoken, told: dict[str, Any], folder: Path, server: Postgres | None
    ) -> None:
        self._cloud = cloud
        self._load = load
        self._told = told
        self._folder = folder
        self._server = server
        self._url = ""
        self._clicks: Clicks = ()

    async def remembers(self, one: Contestant, people: int) -> None:
        """Let everybody write once, so that the sources know each answer; and then click, where that is measured."""
        await self._fresh()
        async with self._started(one) as (_, port):
            await self._writes(replace(one, clicks=False), port, turns=people, at_once=4)
            await asyncio.sleep(2)
        if one.clicks:
            with closing(sqlite3.connect(self._file)) as played, closing(sqlite3.connect(self._looked)) as kept:
                played.backup(kept)
            await self._fresh(one)
            async with self._started(one) as (_, port):
                await self._writes(one, port, turns=people, at_once=4)
                await asyncio.sleep(2)
        await self._cloud.asks()

    async def measures(self, one: Contestant, *, at_once: int, scheme: str = "https") -> Figures:
        """Start it, let it answer once, warm it, time it, end it."""
        await self._fresh(one)
        begun = time.perf_counter()
        async with self._started(one) as (pid, port):
            await self._writes(one, port, turns=1, at_once=1, scheme=scheme)
            cold = time.perf_counter() - begun
            await self._writes(one, port, turns=one.warm, at_once=at_once, first=1, scheme=scheme)
            before = spent(pid)
            done = await self._writes(one, port, turns=one.turns, at_once=at_once, first=one.warm + 1, scheme=scheme)
            cpu = spent(pid) - before
            good = sorted(done["waited"])
            if len(good) < 2:
                raise RuntimeError(f"{one.name} did not answer: {done['failed'][:3]}\n{self._log()}")
            figures = Figures(
                rate=len(good) / done["seconds"],
                cpu_ms=cpu / len(good) * 1_000,
                median=good[len(good) // 2],
                p99=quantiles(good, n=100)[-1],
                cold=cold,
                megabytes=resident(pid),
                load_share=done["spent"] / done["seconds"],
                failed=len(done["failed"]),
            )
        if one.clicks and (taken := await approved(self._url)) < one.turns:
            raise RuntimeError(f"{taken} of {one.turns} clicks were approvals")
        return figures

    async def moves_sources(self, away_ms: int) -> None:
        """They answer so many milliseconds later from now on."""
        await self._cloud.asks(away_ms)

    @asynccontextmanager
    async def playing(self, one: Contestant) -> AsyncIterator[Callable[..., Awaitable[dict[str, Any]]]]:
        """Start it afresh; what it yields writes to it, as `_writes` does."""
        await self._fresh(one)
        async with self._started(one) as (_, port):
            yield lambda as_who, **how: self._writes(as_who, port, **how)

    async def missed(self) -> list[str]:
        """What the sources had to ask the sandbox since this was last asked."""
        told = await self._cloud.asks()
        return list(told["missed"])

    async def _writes(
        self,
        one: Contestant,
        port: int,
        *,
        turns: int,
        at_once: int,
        first: int = 0,
        among: int | None = None,
        scheme: str = "https",
    ) -> dict[str, Any]:
        """So many turns, of the people from `first` on, in a circle; of the first `among` of them alone."""
        people = {name: self._told[scheme][name] for name in ("token", "said")}
        if among is None and not one.is_new_each_time:
            among = one.warm
        job = {"port": port, "turns": turns, "at_once": at_once, "first": first, "text": one.text, **people}
        job |= {"said": self._clicks, "clicks": True} if one.clicks else {"said": people["said"][:among]}
        done: dict[str, Any] = await self._load.asks(job)
        return done

    def _log(self) -> str:
        """The end of what the contestant said."""
        return (self._folder / "contestant.log").read_text(encoding="utf-8", errors="replace")[-3_000:]

    @asynccontextmanager
    async def _started(self, one: Contestant) -> AsyncIterator[tuple[int, int]]:
        port = free_port()
        trust = str(self._trust())
        environment = {**self._told["environment"], "PORT": str(port), "SSL_CERT_FILE": trust}
        environment |= {"REQUESTS_CA_BUNDLE": trust, "SENDWELL_DATABASE_URL": self._url}
        async with server(one.command, environment, self._folder / "contestant.log", _SERVER) as process:
            await self._listens(one, process, port)
            yield process.pid, port

    def _trust(self) -> Path:
        """The sandbox's authority behind the hundred and more that all trust: who reads them in every turn pays."""
        own = Path(self._told["environment"]["SENDWELL_CA_FILE"]).read_text(encoding="ascii")
        file = self._folder / "trust.pem"
        file.write_text(f"{certifi.contents()}\n{own}", encoding="ascii")
        return file

    @property
    def _file(self) -> Path:
        return self._folder / "contest.db"

    @property
    def _looked(self) -> Path:
        """The database in which everybody looked, and nobody clicked yet."""
        return self._folder / "looked.db"

    async def _fresh(self, one: Contestant | None = None) -> None:
        """An empty database; for who clicks, one where everybody waits for an approval with evidence of just now."""
        for old in self._folder.glob("contest.db*"):
            old.unlink()
        self._url = f"sqlite+aiosqlite:///{self._file}"
        if one and one.on_postgres and self._server:
            self._url = self._server.fresh()
        if one and one.clicks:
            shutil.copyfile(self._looked, self._file)
            channel = self._told["environment"]["SENDWELL_APPROVALS_CHANNEL"]
            self._clicks = await all_sent(self._url, self._told["https"]["click"], channel)

    async def _listens(self, one: Contestant, process: Process, port: int) -> None:
        for _ in range(3_000):
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                if process.returncode is not None:
                    raise RuntimeError(f"{one.name} did not start\n{self._log()}") from None
                await asyncio.sleep(0.01)
            else:
                writer.close()
                return
        raise RuntimeError(f"{one.name} does not listen\n{self._log()}")


@asynccontextmanager
async def field(
    folder: Path, *, people: int, source_ms: int = 0, connector_ms: int = 0, server: Postgres | None = None
) -> AsyncIterator[Field]:
    """Cloud and generator, on the second processor. Both delays are milliseconds of every answer."""
    async with spoken("bench.compare.load", core=_LOAD) as load:
        job = {"folder": str(folder), "people": people, "generator": (await load.hears())["listens"]}
        job |= {"source_ms": source_ms, "connector_ms": connector_ms}
        async with spoken("bench.compare.cloud", json.dumps(job), core=_LOAD) as cloud:
            if server:
                os.sched_setaffinity(server.pid, {_LOAD % (os.cpu_count() or 1)})
            yield Field(cloud, load, await cloud.hears(), folder, server)
