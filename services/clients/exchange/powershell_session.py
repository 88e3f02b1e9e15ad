"""One `pwsh` that is connected to Exchange, and the lines that go to it and come back."""

import asyncio
import json
import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from services.clients.exchange.powershell_answers import trouble_at_start
from services.clients.wire_values import read_json
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_NOISE_AT_MOST = 1_000
"""Lines of one answer that are none of the protocol's. Something writes without end if there are more."""
_COMPLAINTS_AT_MOST = 2_000
_OUT, _ERR = 1, 2

_ENDED_WITH = "pwsh ended with "


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How a session is started: the program with its arguments, its whole environment, and its first line, which holds
    the certificate with its key and is made anew for each start. `hello` may block.
    `line_at_most`: bytes of one answer."""

    command: tuple[str, ...]
    environment: Mapping[str, str] = field(repr=False)
    hello: Callable[[], Mapping[str, object]]
    line_at_most: int = 16 * 1024 * 1024


class SessionEnded(Exception):  # noqa: N818 - it names what happened
    """The process ended, or writes what it should not. The message is for approvers and the log."""


class Session(asyncio.SubprocessProtocol):
    """The process. One line is asked at a time. `cmdlets`: those that the app may run; `versions`: for the log."""

    def __init__(self, line_at_most: int) -> None:
        self.cmdlets: frozenset[str] = frozenset()
        self.versions = ""
        self.has_ended = False
        self._line_at_most = line_at_most
        self._number = 0
        self._answer: asyncio.Future[Mapping[str, Any]] | None = None
        self._noise = 0
        self._line = bytearray()
        self._complaints = b""
        self._exited, self._gone = asyncio.Event(), asyncio.Event()

    async def ask(self, message: Mapping[str, object]) -> Mapping[str, Any]:
        """Send a message, and return the answer to it. Raises `SessionEnded`."""
        if self._gone.is_set():
            raise SessionEnded(self._last_words())
        self._number, self._noise = self._number + 1, 0
        self._answer = asyncio.get_running_loop().create_future()
        line = json.dumps({"id": self._number, **message}) + "\n"
        self._input().write(line.encode("ascii"))
        return await self._answer

    async def end(self, grace: timedelta) -> None:
        """End the process, and wait until it has: its input is closed, then it is asked to, then killed, with as much
        time as `grace` before each."""
        self._input().close()
        for which in (signal.SIGTERM, signal.SIGKILL):
            with suppress(TimeoutError):
                async with asyncio.timeout(grace.total_seconds()):
                    await self._exited.wait()
            self._signal(which)
        await self._exited.wait()
        self._transport.close()
        await self._gone.wait()

    def kill(self) -> None:
        """Kill the process and whatever it started; `end` waits for it."""
        self._signal(signal.SIGKILL)

    def _input(self) -> asyncio.WriteTransport:
        return cast("asyncio.WriteTransport", self._transport.get_pipe_transport(0))

    def _signal(self, which: signal.Signals) -> None:
        if not self._exited.is_set():
            with suppress(ProcessLookupError):
                os.killpg(self._transport.get_pid(), which)  # it leads a group of its own

    # What the event loop calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == _ERR:
            self._complaints = (self._complaints + data)[-_COMPLAINTS_AT_MOST:]
            return
        searched = len(self._line)
        self._line += data
        while (end := self._line.find(b"\n", searched)) >= 0:
            line, searched = bytes(self._line[:end]), 0
            del self._line[: end + 1]
            self._heard(line)
        if len(self._line) > self._line_at_most:
            self._line.clear()
            self._fail("a line without end")
            self.kill()

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        if fd == _OUT:
            self.has_ended = True

    def process_exited(self) -> None:
        self.has_ended = True
        self._exited.set()

    def connection_lost(self, exc: Exception | None) -> None:
        # Only now everything that the process wrote was read.
        self._gone.set()
        self._fail(self._last_words())

    def _heard(self, line: bytes) -> None:
        try:
            answer = read_json(line)
        except (ValueError, RecursionError):
            answer = None
        if isinstance(answer, dict) and answer.get("id") == self._number:
            if self._answer is not None and not self._answer.done():
                self._answer.set_result(answer)
            return
        self._noise += 1
        if self._noise > _NOISE_AT_MOST:
            self._fail("lines without end")
            self.kill()

    def _fail(self, text: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(SessionEnded(text))

    def _last_words(self) -> str:
        """What the process wrote to standard error before it ended, or else its exit code."""
        said = self._complaints.decode("utf-8", errors="replace")
        text = " ".join("".join(letter if letter.isprintable() else " " for letter in said).split())
        return text[-300:] or f"{_ENDED_WITH}{self._transport.get_returncode()}"


async def connected(launch: Launch, within: timedelta) -> Session:
    """A session that is connected to Exchange. Raises `Unavailable`; no process is left then."""
    hello = await asyncio.to_thread(launch.hello)
    loop = asyncio.get_running_loop()
    try:
        _, session = await loop.subprocess_exec(
            lambda: Session(launch.line_at_most), *launch.command, env=dict(launch.environment), start_new_session=True
        )
    except OSError as missing:
        detail = f"{launch.command[0]}: {missing.strerror}"
        raise Unavailable(UnknownReason.UNREACHABLE, detail, may_have_arrived=False) from missing
    try:
        answer = await _greeted(session, hello, within)
    except BaseException:
        session.kill()
        await session.end(timedelta())
        raise
    session.cmdlets = frozenset(str(name) for name in answer.get("cmdlets") or ())
    session.versions = f"module {answer.get('module')}, PowerShell {answer.get('powershell')}"
    return session


async def _greeted(session: Session, hello: Mapping[str, object], within: timedelta) -> Mapping[str, Any]:
    try:
        async with asyncio.timeout(within.total_seconds()):
            answer = await session.ask(hello)
    except TimeoutError as late:
        raise Unavailable(UnknownReason.TIMED_OUT, "pwsh did not connect", may_have_arrived=False) from late
    except SessionEnded as ended:
        own = str(ended).startswith(_ENDED_WITH)
        raise Unavailable(UnknownReason.UNREACHABLE, str(ended), may_have_arrived=False, quotes=not own) from ended
    if "error" in answer:
        raise trouble_at_start(answer)
    return answer
