"""A stand-in for PowerShell, and what a test plans for it; see `pwsh_stand_in`."""

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from services.clients.exchange.powershell_session import Launch

STAND_IN = Path(__file__).with_name("pwsh_stand_in.py")
CMDLETS = ("Get-BlockedSenderAddress", "Remove-BlockedSenderAddress", "Get-BlockedConnector", "Remove-BlockedConnector")
Deed = tuple[str, object]
Turn = list[Deed]


def connects(*cmdlets: str) -> Turn:
    return [("answer", {"cmdlets": list(cmdlets or CMDLETS), "module": "3.9.2", "powershell": "7.4.6"})]


def finds(*rows: Mapping[str, Any], warning: str = "") -> Turn:
    return [("answer", {"rows": list(rows), "warnings": [warning] if warning else []})]


def refuses(message: str, **error: str) -> Turn:
    return [("answer", {"error": {"type": "System.Exception", "reason": "", "id": "", "message": message, **error}})]


def dies(complaint: str = "", code: int = 1) -> Turn:
    return [("complain", complaint), ("die", code)]


HANGS: Turn = [("hang", None)]


class Pwsh:
    """What the stand-in is to do, and what came of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.launch = Launch(
            command=(sys.executable, "-IS", str(STAND_IN), str(folder)),
            environment={},
            hello=lambda: {"app": "app-1"},
            line_at_most=100_000,
        )

    def lives(self, *lives: Iterable[Turn]) -> None:
        """One list of turns for each start. The first turn answers the first line, which asks to connect."""
        text = json.dumps([list(life) for life in lives])
        (self._folder / "lives.json").write_text(text, encoding="utf-8")

    def answers(self, *turns: Turn) -> None:
        """It connects, and then answers one call after the other like this."""
        self.lives([connects(), *turns])

    def pipe(self, name: str) -> "Pipe":
        return Pipe(self._folder / name)

    @property
    def starts(self) -> int:
        return len(list(self._folder.glob("life-*/born.json")))

    @property
    def heard(self) -> list[Mapping[str, Any]]:
        """Every line that came in whole, the first of each life too."""
        path = self._folder / "heard"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        return [json.loads(line) for line in text.split("\n")[:-1]]

    @property
    def asked(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The calls: each cmdlet with its parameters."""
        return [(line["cmdlet"], line["parameters"]) for line in self.heard if "cmdlet" in line]

    def born(self, life: int = 0) -> Mapping[str, Any]:
        """The command line, environment and process id of a life."""
        text = (self._folder / f"life-{life}" / "born.json").read_text(encoding="utf-8")
        born: Mapping[str, Any] = json.loads(text)
        return born

    def ended_in_order(self, life: int = 0) -> bool:
        return (self._folder / f"life-{life}" / "ended in order").exists()

    def is_gone(self, life: int = 0) -> bool:
        """Whether the process is gone, and not a zombie either."""
        try:
            os.kill(self.born(life)["pid"], 0)
        except ProcessLookupError:
            return True
        return False


class Pipe:
    """A pipe that the stand-in waits at (`("wait", str(pipe))`) until the test opens the way."""

    def __init__(self, path: Path) -> None:
        self._path = path
        os.mkfifo(path)
        self._end = os.open(path, os.O_RDWR)  # for both, so that neither side waits for the other to open it

    def __str__(self) -> str:
        return str(self._path)

    def open(self) -> None:
        os.write(self._end, b"x")

    def close(self) -> None:
        os.close(self._end)


async def until(holds: Callable[[], object]) -> None:
    """Waits until something that another process does has happened."""
    async with asyncio.timeout(30):
        while not holds():  # noqa: ASYNC110 - no event of ours tells it
            await asyncio.sleep(0.005)
