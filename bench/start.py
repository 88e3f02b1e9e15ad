"""`python -m bench.start [ROUNDS] [FOLDER]`: the time from the start to the first reply, and the memory.

FOLDER is a checkout of another age, started in turn with this one. Each start has an empty database, the authorities of
certifi beside the sandbox's, and a processor of its own."""

import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import certifi

from bench.compare.processes import ROOT, resident, server, spent
from sandbox import Sandbox

_PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Until the first reply. Seconds, of the processor and of the clock; megabytes a second later."""

    spent: float
    seconds: float
    megabytes: float


async def main(rounds: int, trees: Sequence[Path]) -> None:
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        async with Sandbox(data=folder) as box:
            played = [[await _start(box, folder, tree) for tree in trees] for _ in range(rounds)]
    for tree, starts in zip(trees, zip(*played, strict=True), strict=True):
        processor, clock = median(one.spent for one in starts), median(one.seconds for one in starts)
        memory = median(one.megabytes for one in starts)
        print(f"{tree}: {processor:.2f} s of the processor, {clock:.2f} s of the clock, {memory:.0f} MB")


def _empty(folder: Path) -> None:
    for old in folder.glob("sendwell.db*"):
        old.unlink()


async def _start(box: Sandbox, folder: Path, tree: Path) -> Start:
    _empty(folder)
    command = (sys.executable, str(tree / "app.py"))
    begun = time.perf_counter()
    async with server(command, _environment(box, folder), folder / "start.log", 0) as process:
        await asyncio.wait_for(_until_open(box.bot_port), _PATIENCE)
        if await box.teams.say("ana", "help") != 200:
            raise RuntimeError((folder / "start.log").read_text(encoding="utf-8"))
        seconds, used = time.perf_counter() - begun, spent(process.pid)
        await asyncio.sleep(1)
        return Start(spent=used, seconds=seconds, megabytes=resident(process.pid))


def _environment(box: Sandbox, folder: Path) -> Mapping[str, str]:
    trust = folder / "trust.pem"
    own = Path(box.environment["SENDWELL_CA_FILE"]).read_text(encoding="ascii")
    trust.write_text(f"{certifi.contents()}\n{own}", encoding="ascii")
    url = f"sqlite+aiosqlite:///{folder / 'sendwell.db'}"
    return {
        **box.environment,
        "SSL_CERT_FILE": str(trust),
        "REQUESTS_CA_BUNDLE": str(trust),
        "SENDWELL_DATABASE_URL": url,
    }


async def _until_open(port: int) -> None:
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.005)
        else:
            writer.close()
            return


if __name__ == "__main__":
    others = [Path(name).resolve() for name in sys.argv[2:]]
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 5, [ROOT, *others]))
