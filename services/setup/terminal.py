"""The console of whoever runs the command."""

import sys
from collections.abc import Callable
from typing import TextIO


class Terminal:
    """Implements `run.Console`. Nobody is asked where standard input is no terminal."""

    def __init__(self, source: TextIO = sys.stdin, show: Callable[[str], object] = print) -> None:
        self._source, self._show = source, show

    def say(self, line: str) -> None:
        self._show(line)

    def ask(self, question: str) -> str | None:
        if not self._source.isatty():
            return None
        try:
            return input(question).strip()
        except EOFError:
            return None
