"""Exchange cmdlets through Microsoft's PowerShell module: the supported route."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from services.clients.exchange.cmdlets import Rows
from services.clients.exchange.powershell_answers import rows_of, worn_out
from services.clients.exchange.powershell_session import Launch, Session, SessionEnded, connected
from services.clients.login_refusals import codes_in
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

log = logging.getLogger("sendwell.exchange")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long things may take. `turn`: to wait for the calls before one's own. `end`: before each harder way to end
    the process. `roles_for`: once a session is as old as this, a cmdlet that the app may not run is looked for in a
    new one, since a session learns of no role that was given later. `pause_at_most`: between two tries to connect."""

    connect: timedelta = timedelta(seconds=90)
    turn: timedelta = timedelta(seconds=30)
    call: timedelta = timedelta(seconds=60)
    end: timedelta = timedelta(seconds=2)
    roles_for: timedelta = timedelta(minutes=15)
    pause_at_most: timedelta = timedelta(minutes=5)


_MODULE = "ExchangeOnlineManagement"


class _Lost(Unavailable):
    """The session ended during a call, whose outcome is not known."""


class PowerShellModule:
    """Implements `Cmdlets` with one long-lived session, started anew when it is lost; use it with `async with`.

    One call runs at a time, since the session has one thread; the others wait in the order they came. Whoever gives up
    waiting has sent nothing; whoever gives up during a call leaves it to end, so that its answer is not taken for the
    next one's."""

    def __init__(
        self, launch: Launch, limits: Limits | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._launch = launch
        self._limits = limits or Limits()
        self._monotonic = monotonic
        self._turn = asyncio.Lock()
        self._running: asyncio.Task[Any] | None = None
        self._session: Session | None = None
        self._since = 0.0
        self._failures = 0
        self._not_before = 0.0
        self._trouble: Unavailable | None = None
        self._said = ""
        self._closed = False

    async def __aenter__(self) -> Self:
        """Begins to connect, so that the first call need not wait for that."""
        await self._turn.acquire()
        self._run(asyncio.create_task(self._connection()))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait([self._running])
        await self._drop()

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        """As `Cmdlets.run`. What may be repeated is called once more, in a new session, if the session is lost."""
        try:
            async with asyncio.timeout(self._limits.turn.total_seconds()):
                await self._turn.acquire()
        except TimeoutError as late:
            raise Unavailable(UnknownReason.TIMED_OUT, "calls before this one", may_have_arrived=False) from late
        call = asyncio.create_task(self._answered(cmdlet, parameters, repeat=repeat))
        self._run(call)
        return await asyncio.shield(call)

    def _run(self, task: asyncio.Task[Any]) -> None:
        """Give the turn to this task. It is the task that returns it, not who waits for the task."""

        def end(ended: asyncio.Task[Any]) -> None:
            self._running = None
            self._turn.release()
            if not ended.cancelled():
                ended.exception()  # whoever gave up does not ask for it

        self._running = task
        task.add_done_callback(end)

    async def _answered(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        try:
            return await self._call(cmdlet, parameters)
        except _Lost:
            if not repeat:
                raise
        return await self._call(cmdlet, parameters)

    async def _call(self, cmdlet: str, parameters: Mapping[str, object]) -> Rows:
        session = await self._session_with(cmdlet)
        message = {"cmdlet": cmdlet, "parameters": {name: _given(value) for name, value in parameters.items()}}
        try:
            async with asyncio.timeout(self._limits.call.total_seconds()):
                answer = await session.ask(message)
        except TimeoutError as late:
            raise await self._lost(cmdlet, UnknownReason.TIMED_OUT, "no answer in time") from late
        except SessionEnded as ended:
            raise await self._lost(cmdlet, UnknownReason.UNREACHABLE, str(ended)) from ended
        if (trouble := worn_out(answer)) is not None:
            # The next session reads the certificate and the roles anew.
            await self._drop()
            self._failed(trouble, _logged(trouble))
            raise trouble
        self._failures = 0
        return rows_of(answer, parameters, removes=cmdlet.startswith("Remove-"))

    async def _session_with(self, cmdlet: str) -> Session:
        session = await self._connection()
        if cmdlet not in session.cmdlets and self._monotonic() >= self._since + self._limits.roles_for.total_seconds():
            await self._drop()
            session = await self._connection()
        if cmdlet not in session.cmdlets:
            # Exchange itself said so when the session connected.
            raise Unavailable(UnknownReason.NO_PERMISSION, f"Exchange does not offer {cmdlet} to the app")
        return session

    async def _connection(self) -> Session:
        """The session, connected. Raises `Unavailable`, at once while it is too early for another try."""
        if self._session is not None and not self._session.has_ended:
            return self._session
        await self._drop()
        if self._closed:
            raise Unavailable(UnknownReason.UNREACHABLE, "the bot is stopping", may_have_arrived=False)
        wait = self._not_before - self._monotonic()
        if self._trouble is not None and wait > 0:
            why = self._trouble
            raise Unavailable(
                why.reason,
                why.detail,
                retry_after=timedelta(seconds=wait),
                may_have_arrived=False,
                quotes=why.quotes,
            ) from why
        try:
            self._session = await connected(self._launch, self._limits.connect)
        except Unavailable as trouble:
            self._failed(trouble, _logged(trouble))
            raise
        self._since = self._monotonic()
        log.info("connected to Exchange: %s", self._session.versions)
        self._trouble, self._said = None, ""
        return self._session

    async def _lost(self, cmdlet: str, reason: UnknownReason, text: str) -> _Lost:
        if self._session is not None:
            self._session.kill()
        await self._drop()
        lost = _Lost(reason, f"{cmdlet}: {text}", quotes=True)
        # What the process wrote may name people, who do not belong in the log.
        self._failed(lost, f"the session was lost during {cmdlet} ({reason.replace('_', ' ')})")
        return lost

    def _failed(self, trouble: Unavailable, said: str) -> None:
        """Remember the trouble, say it once, and wait longer after each that follows another without an answer."""
        if said != self._said:
            log.warning("Exchange cannot be asked through PowerShell: %s", said)
        self._trouble, self._said = trouble, said
        pause = 2.0 ** min(self._failures, 20) if self._failures else 0.0
        self._not_before = self._monotonic() + min(pause, self._limits.pause_at_most.total_seconds())
        self._failures += 1

    async def _drop(self) -> None:
        if self._session is not None:
            await self._session.end(self._limits.end)
            self._session = None


def _given(value: object) -> object:
    """A parameter as `session.ps1` takes it: a text has a `=` before it, since PowerShell would make a date of a text
    that looks like one."""
    if isinstance(value, str):
        return f"={value}"
    return [_given(item) for item in value] if isinstance(value, list | tuple) else value


def _logged(trouble: Unavailable) -> str:
    """What may stand in the log: of others' words what an operator needs, the login's codes and the module's name."""
    if not trouble.quotes:
        return trouble.logged
    codes = [f"AADSTS{code}" for code in codes_in(None, trouble.detail)]
    login = ["login:", *codes] if codes else []
    module = [f"{_MODULE} cannot be loaded"] if _MODULE in trouble.detail else []
    return " ".join([trouble.logged, *login, *module])
