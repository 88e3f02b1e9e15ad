"""Writes down what a process does that a steady turn must not: on the loop's thread whatever may wait for a disk, a
lock or a peer; on any thread new connections and trust roots. Python's own hooks say so; nothing is replaced."""

import json
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any

BEGIN, END = signal.SIGUSR1, signal.SIGUSR2
_MAY_WAIT = frozenset(
    {
        *("sleep", "fsync", "fdatasync", "open", "open_code", "readinto", "readall", "fork_exec", "waitpid"),
        *("getaddrinfo", "gethostbyname", "connect", "connect_ex"),
        *("execute", "executemany", "executescript", "fetchall", "commit"),
        *("load_verify_locations", "set_default_verify_paths", "load_cert_chain"),
    }
)
"""Functions of C, by their names: of time, files, processes, sockets, sqlite3 and OpenSSL."""
_CONNECTS = frozenset({"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen"})
"""Audit events of any thread (https://docs.python.org/3/library/audit_events.html)."""
_TRUST = frozenset({"load_verify_locations", "set_default_verify_paths"})


class LoopWatch:
    """Watches from one signal to another, and then writes what it saw, as JSON."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: list[str] = []
        self._is_on = False

    def arm(self) -> None:
        """Of the thread that is to run the loop."""
        sys.addaudithook(self._audited)
        signal.signal(BEGIN, self._begin)
        signal.signal(END, self._end)
        # Threads that begin from now on, and those of the database and the logins begin later, are watched for trust.
        threading.setprofile(self._called_elsewhere)

    def _begin(self, _number: int, _frame: FrameType | None) -> None:
        self._file.with_suffix(".begun").touch()
        self._is_on = True
        sys.setprofile(self._called)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        sys.setprofile(None)
        self._is_on = False
        written = self._file.with_suffix(".part")
        written.write_text(json.dumps(sorted(set(self._seen))), encoding="utf-8")
        written.rename(self._file)

    def _audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self._is_on and event in _CONNECTS:
            self._seen.append(f"{event}{arguments[1:2]}")

    def _called(self, frame: FrameType, event: str, what: Any) -> None:
        if event == "c_call" and what.__name__ in _MAY_WAIT:
            self._saw("on the loop", what, frame)

    def _called_elsewhere(self, frame: FrameType, event: str, what: Any) -> None:
        if self._is_on and event == "c_call" and what.__name__ in _TRUST:
            self._saw("elsewhere", what, frame)

    def _saw(self, where: str, what: Any, frame: FrameType) -> None:
        called_by = f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno}"
        self._seen.append(f"{where}: {what.__qualname__} in {called_by}")
