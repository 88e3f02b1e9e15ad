"""A round-robin proxy for several replicas, and the replicas as processes that can be killed."""

import asyncio
import itertools
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiohttp
from aiohttp import web

ROOT = Path(__file__).parents[1]


class Replica:
    """One bot process with its own port and log file."""

    def __init__(self, port: int, environment: Mapping[str, str], log: Path, root: Path = ROOT) -> None:
        """`root`: where the program is, if it is another version of it."""
        self.url = f"http://127.0.0.1:{port}"
        self.kills = 0
        self._environment = {**os.environ, **environment, "PORT": str(port)}
        self._log, self._root = log, root
        self._process: Process | None = None

    async def start(self) -> None:
        """Start the process, and wait until it answers. Raises `RuntimeError` with the end of its log if it exits."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, str(self._root / "app.py")),
                env=self._environment,
                stdout=log,
                stderr=log,
                cwd=self._root,
            )
        async with aiohttp.ClientSession() as session, asyncio.timeout(60):
            while True:
                if self._process.returncode is not None:
                    raise RuntimeError(self._log.read_text(encoding="utf-8", errors="replace")[-2_000:])
                try:
                    async with session.get(f"{self.url}/healthz") as response:
                        if response.status == 200:
                            return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def kill(self) -> None:
        """Kill the process with SIGKILL."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()
        self.kills += 1

    async def stands_still(self, seconds: float) -> None:
        """Stop the process with SIGSTOP, and let it go on after so many seconds."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        self._process.send_signal(signal.SIGCONT)

    async def stop(self) -> None:
        """Send SIGTERM, and wait until the process has ended."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()


class RoundRobin:
    """Passes each request to the next replica, and skips one that does not accept the connection."""

    def __init__(self, replicas: Sequence[Replica]) -> None:
        self._turn = itertools.cycle(replicas)
        self._count = len(replicas)
        self._session: aiohttp.ClientSession | None = None
        self._runner: web.AppRunner | None = None

    async def start(self, port: int) -> None:
        application = web.Application()
        application.router.add_post("/api/messages", self._pass_on)
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20))
        self._runner = web.AppRunner(application, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()

    async def stop(self) -> None:
        if self._runner and self._session:
            await self._runner.cleanup()
            await self._session.close()

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers}
        for _ in range(self._count):
            url = f"{next(self._turn).url}/api/messages"
            try:
                async with self._session.post(url, data=body, headers=headers) as response:  # type: ignore[union-attr]  # it was started
                    return web.Response(
                        status=response.status, body=await response.read(), content_type=response.content_type
                    )
            except aiohttp.ClientConnectorError:
                continue  # no replica listens there, so nothing was done
            except aiohttp.ClientError:
                break  # the replica may have processed it: the client has to find out
        return web.Response(status=502)
