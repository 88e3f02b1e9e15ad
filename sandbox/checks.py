"""What could keep the sandbox from starting, said in one line before anything starts."""

import fcntl
import os
import shutil
import socket
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import IO

HOST = "127.0.0.1"
SERVICES = ("the page", "login", "Graph", "Exchange", "Teams", "Teams' files", "Azure")
"""In the order of their ports."""
_VENDORED = Path(__file__).parent / "page" / "node_modules"
_PACKAGES = ("adaptivecards", "markdown-it")
_DATABASE = ("sendwell.db", "sendwell.db-wal", "sendwell.db-shm")
_CLOCK = "clock"


class CannotStartError(Exception):
    """The message says what is in the way and what to do."""


def check_packages() -> None:
    """The page's JavaScript is there.

    Raises:
        CannotStartError: it is not.
    """
    if not all((_VENDORED / name).is_dir() for name in _PACKAGES):
        raise CannotStartError(
            "the page's JavaScript packages are missing. Run `make setup`, or `npm ci` in sandbox/page."
        )


def claim(folder: Path) -> IO[str]:
    """The data folder, made where it is missing and ours until the returned file is closed.

    Raises:
        CannotStartError: it cannot be written, or another sandbox uses it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w", encoding="utf-8")
    except OSError as trouble:
        raise CannotStartError(
            f"the data folder {folder} cannot be used ({trouble.strerror}). Choose another with --data."
        ) from trouble
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise CannotStartError(
            f"another sandbox uses {folder}. Stop it, or give this one ports and a folder of its own: "
            "--port 8710 --bot-port 3988 --data .sandbox2"
        ) from None
    return lock


def check_ports(first: int, bot: int | None) -> None:
    """The services' ports from the first on are free, and the bot's, where one is to be run.

    Raises:
        CannotStartError: one is taken, or not ours to take.
    """
    for port, service in enumerate(SERVICES, start=first):
        if trouble := _trouble(port):
            if _is_sandbox(first):
                raise CannotStartError(
                    f"a sandbox runs already: http://localhost:{first}. Use it or stop it; for a second one choose "
                    "other ports with --port and --bot-port, and a folder with --data."
                )
            raise CannotStartError(
                f"port {port} ({service}) cannot be used ({trouble}). Choose other ports with --port; "
                f"{len(SERVICES)} are needed."
            )
    if bot is None:
        return
    if bot in range(first, first + len(SERVICES)):
        raise CannotStartError(f"the bot's port {bot} is one of the sandbox's own. Choose another with --bot-port.")
    if trouble := _trouble(bot):
        raise CannotStartError(
            f"port {bot}, where the bot is to listen, cannot be used ({trouble}). "
            "Stop what runs there, or choose another with --bot-port."
        )


def check_command(command: Sequence[str]) -> None:
    """What follows `--` can be run.

    Raises:
        CannotStartError: there is no such program.
    """
    if command and shutil.which(command[0]) is None:
        raise CannotStartError(f"there is no program {command[0]!r} to run as the bot (what follows --).")


def begin_afresh(folder: Path) -> None:
    """Forget what the bot of an earlier run remembers."""
    for name in (*_DATABASE, _CLOCK):
        (folder / name).unlink(missing_ok=True)


def remembers(folder: Path) -> bool:
    """Whether a bot of an earlier run left its database there."""
    return (folder / _DATABASE[0]).exists()


def _trouble(port: int) -> str | None:
    with socket.socket() as probe:
        # As the servers do: what lingers of an ended run does not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
            probe.listen()
        except OSError as taken:
            return os.strerror(taken.errno or 0)
    return None


def _is_sandbox(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=2) as answer:
            return b"Sendwell sandbox" in answer.read(4096)
    except (OSError, ValueError, urllib.error.URLError):
        return False
