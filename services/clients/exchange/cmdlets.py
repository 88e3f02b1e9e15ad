"""Running Exchange cmdlets, whichever way they reach Exchange."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol


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
    """Runs Exchange cmdlets. Microsoft's supported PowerShell module could be used in place of `InvokeCommand`."""

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        """Run a cmdlet; `repeat` allows to try again. Raises `Unavailable`, `CmdletFailed`."""
        ...
