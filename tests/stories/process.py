"""The bot as a process of its own, forked from one that has already imported the program.

Importing takes most of a start, and the stories start the bot some two hundred times. `tests/test_app.py` and the
sandbox's own command show that it also starts without this."""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from tests.stories.loop_watch import LoopWatch

ROOT = Path(__file__).parents[2]
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.stories.warm"])


class Bot(Protocol):
    """A bot that runs as a process of its own."""

    @property
    def returncode(self) -> int | None: ...

    def send_signal(self, which: signal.Signals) -> None: ...

    async def wait(self) -> int: ...


class Launch(Protocol):
    """Starts one; see `BotProcess`."""

    def __call__(self, environment: Mapping[str, str], log: Path, watched: Path | None) -> Bot: ...


class BotProcess:
    """`python app.py` with an environment, its output written to a file."""

    def __init__(self, environment: Mapping[str, str], log: Path, watched: Path | None = None) -> None:
        """`watched`: where it is to write what its loop does between two signals (see `loop_watch`)."""
        self._process = _CONTEXT.Process(target=_live, args=(dict(environment), log, watched))
        self._process.start()

    @property
    def returncode(self) -> int | None:
        """The exit code in `subprocess`'s convention; `None` while the process runs."""
        return self._process.exitcode

    def send_signal(self, which: signal.Signals) -> None:
        assert self._process.pid is not None
        if self.returncode is None:
            os.kill(self._process.pid, which)

    async def wait(self) -> int:
        """Waits for the process to end and returns its exit code."""
        await asyncio.to_thread(self._process.join)
        assert self.returncode is not None
        return self.returncode


def _live(environment: dict[str, str], log: Path, watched: Path | None) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(ROOT)
    with log.open("ab") as file:
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    if watched:
        LoopWatch(watched).arm()
    # Imported only here, so that the tests' own process imports nothing of the bot.
    sys.exit(sys.modules["app"].main(os.environ))
