"""`python -m bench.peers [NUMBER]`: many slow and stalled clients, and how fast others are answered meanwhile.

A bot process against the sandbox. A quarter of the clients each sends nothing, headers slowly, a body without a token
slowly, or headers for a megabyte without sending it. Meanwhile good messages and `/healthz` are timed. Exits with 1 if
one took a second or more."""

import asyncio
import contextlib
import resource
import sys
import tempfile
import time
from pathlib import Path

import aiohttp

from bench.front import Replica
from sandbox import Sandbox

_NUMBER = 2_000
_ROUNDS = 40
_HEAD = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
_KINDS = (
    b"",
    b"POST /api/messages HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    _HEAD + b"Content-Length: 100000\r\n\r\n{",
    _HEAD + b"Content-Length: 1000000\r\n\r\n",
)


async def _peer(port: int, said: bytes, stop: asyncio.Event) -> None:
    """Send `said`, then a byte a second, and connect again when the connection is closed."""
    while not stop.is_set():
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(said)
            with contextlib.suppress(OSError):
                while not stop.is_set() and not writer.is_closing():
                    await asyncio.sleep(1.0)
                    writer.write(b"x" if said else b"")
                    await writer.drain()
            writer.close()
        await asyncio.sleep(0.5)


async def _timed(what: object) -> float:
    begun = time.perf_counter()
    await what  # type: ignore[misc]  # any awaitable
    return time.perf_counter() - begun


async def _measure(box: Sandbox, url: str) -> tuple[list[float], list[float]]:
    said: list[float] = []
    healthy: list[float] = []
    async with aiohttp.ClientSession() as session:
        for _ in range(_ROUNDS):
            said.append(await _timed(box.teams.say("dan", "help")))
            healthy.append(await _timed(session.get(f"{url}/healthz")))
            await asyncio.sleep(0.25)
    return said, healthy


def _open_files(replica: Replica) -> int:
    return len(list(Path(f"/proc/{replica.pid}/fd").iterdir()))


def _line(what: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    return f"{what}: median {ordered[len(ordered) // 2] * 1_000:.0f} ms, worst {ordered[-1] * 1_000:.0f} ms"


async def main(number: int) -> int:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 2 * number + 1_000), hard))
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox(data=Path(folder)) as box:
            environment = {**box.environment, "SENDWELL_MESSAGES_A_MINUTE": "1000"}
            port = int(box.environment["PORT"])
            replica = Replica(port, environment, Path(folder) / "bot.log")
            await replica.start()
            alone, _ = await _measure(box, replica.url)
            stop = asyncio.Event()
            peers = [asyncio.create_task(_peer(port, _KINDS[n % 4], stop)) for n in range(number)]
            await asyncio.sleep(3)
            files = _open_files(replica)
            beside, healthy = await _measure(box, replica.url)
            stop.set()
            await asyncio.gather(*peers)
            await asyncio.sleep(25)
            left = _open_files(replica)
            await replica.stop()
    print(_line("a good message with nobody else", alone))
    print(_line(f"a good message beside {number} slow peers", beside))
    print(_line(f"/healthz beside {number} slow peers", healthy))
    print(f"open files of the bot: {files} beside them, {left} after they left")
    return 0 if max([*beside, *healthy]) < 1 else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else _NUMBER)))
