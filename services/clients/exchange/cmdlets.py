"""Running Exchange cmdlets, whichever way they reach Exchange."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

_HINTS_OF_NONE = ("couldn't be found", "could not be found", "was not found", "wasn't found", "does not exist")
_QUOTED = re.compile(r"(?<!\w)'[^']+'(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A cmdlet's output. `complete` is false if Exchange says or hints that there are more rows."""

    rows: tuple[Mapping[str, Any], ...]
    complete: bool


class CmdletFailed(Exception):  # noqa: N818 - it names what happened, in Exchange's words
    """Exchange ran the cmdlet and refused it; the message is its own. `not_found`: the object does not exist."""

    def __init__(self, text: str, *, not_found: bool) -> None:
        super().__init__(text)
        self.not_found = not_found


class Cmdlets(Protocol):
    """Runs Exchange cmdlets: `InvokeCommand` over REST, `PowerShellModule` in Microsoft's supported module."""

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        """Run a cmdlet; `repeat` allows to try again. Raises `Unavailable`, `CmdletFailed`."""
        ...


def is_not_found(text: str, parameters: Mapping[str, object], *, typed: bool) -> bool:
    """Whether an error says that the cmdlet did not find the object it was asked for, and not something else that it
    needs. `typed`: the error's type says that something was not found."""
    said = text.casefold()
    if any(value.casefold() in said for value in parameters.values() if isinstance(value, str) and value):
        return typed or any(hint in said for hint in _HINTS_OF_NONE)
    return typed and not _QUOTED.search(said)
