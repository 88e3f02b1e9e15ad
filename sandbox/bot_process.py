"""The bot as a process beside the sandbox: begun, ended, and begun anew with nothing remembered."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Mapping, Sequence

_PATIENCE = 15
"""Seconds until a bot that was asked to end is killed."""


class BotProcess:
    """One command, run again and again. `forget` deletes what the bot of before remembers."""

    def __init__(
        self, process: Process, command: Sequence[str], environment: Mapping[str, str], forget: Callable[[], None]
    ) -> None:
        self._process = process
        self._command = command
        self._environment = environment
        self._forget = forget
        self._changing = asyncio.Lock()

    @classmethod
    async def begun(
        cls, command: Sequence[str], environment: Mapping[str, str], forget: Callable[[], None]
    ) -> "BotProcess":
        """The bot, which has just been started."""
        return cls(await _started(command, environment), command, environment, forget)

    async def begin_anew(self, meanwhile: Callable[[], None]) -> None:
        """The bot ends, forgets, and is started again; `meanwhile` is done while none runs."""
        async with self._changing:
            await self._end()
            self._forget()
            meanwhile()
            self._process = await _started(self._command, self._environment)

    async def ended(self) -> int:
        """Waits until the bot has ended without being asked to; returns its exit code."""
        while True:
            process = self._process
            code = await process.wait()
            async with self._changing:
                if process is self._process:
                    return code

    async def end(self) -> int:
        """Asks the bot to end, and sees to it; returns its exit code."""
        async with self._changing:
            return await self._end()

    async def _end(self) -> int:
        bot = self._process
        if bot.returncode is None:
            bot.terminate()
        try:
            async with asyncio.timeout(_PATIENCE):
                return await bot.wait()
        except TimeoutError:
            sys.stderr.write(f"The bot did not end within {_PATIENCE} s and was killed.\n")
            bot.kill()
            return await bot.wait()


async def _started(command: Sequence[str], environment: Mapping[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(*command, env={**os.environ, **environment})
