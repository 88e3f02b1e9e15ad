"""Processes of a bench: each on a processor of its own, spoken to in lines of JSON, and ended by who started it."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


class Spoken:
    """A process that answers a line with a line."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def hears(self) -> Any:
        """The next thing it says. Raises `RuntimeError` if it ended instead."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("a process of the bench ended before it answered")
        return json.loads(line)

    async def asks(self, what: object = None) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        await self._process.stdin.drain()
        return await self.hears()


@asynccontextmanager
async def spoken(module: str, *arguments: str, core: int) -> AsyncIterator[Spoken]:
    process = await _start((sys.executable, "-m", module, *arguments), os.environ, core, stdin=PIPE, stdout=PIPE)
    try:
        yield Spoken(process)
    finally:
        await _end(process)


@asynccontextmanager
async def server(
    command: Sequence[str], environment: Mapping[str, str], log: Path, core: int
) -> AsyncIterator[Process]:
    """A server of its own. What it says is in the log."""
    with log.open("wb") as out:
        process = await _start(command, {**os.environ, **environment}, core, stdout=out, stderr=out)
    try:
        yield process
    finally:
        await _end(process)


async def _start(command: Sequence[str], environment: Mapping[str, str], core: int, **streams: Any) -> Process:
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, cwd=ROOT, limit=64 * 1_024 * 1_024, **streams
    )
    os.sched_setaffinity(process.pid, {core % (os.cpu_count() or 1)})
    return process


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
        try:
            async with asyncio.timeout(10):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


def spent(pid: int) -> float:
    """Seconds of processor that the process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident(pid: int) -> float:
    """Megabytes of memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1_024
