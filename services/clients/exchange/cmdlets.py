"""Running Exchange cmdlets, whichever way they reach Exchange."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable

_ASKED_FOR = "\N{NULL}"
_QUOTED = re.compile(r"(?<!\w)'[^']+'(?!\w)")
_SERVER = re.compile(r" on (server )?'[^']+'")
# "Object 'ana@…' couldn't be found", and not "The policy for 'ana@…' couldn't be found".
_NOT_FOUND = re.compile(
    r"(^|[.:;,|]\s*|\b(object|recipient|sender|address|user|mailbox|group|entry|connector|identity)\s+)"
    rf"{_ASKED_FOR}\s+(couldn't be found|could not be found|was not found|wasn't found|does not exist|doesn't exist)"
)


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


def unexpected(failed: CmdletFailed) -> Unavailable:
    """A refusal that nobody expects, as a failure to answer. It quotes Exchange."""
    return Unavailable(UnknownReason.UNEXPECTED_RESPONSE, str(failed), quotes=True)


class Cmdlets(Protocol):
    """Runs Exchange cmdlets: `InvokeCommand` over REST, `PowerShellModule` in Microsoft's supported module."""

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        """Run a cmdlet; `repeat` allows to try again. Raises `Unavailable`, `CmdletFailed`."""
        ...


def is_not_found(text: str, parameters: Mapping[str, object], *, typed: bool) -> bool:
    """Whether an error says that the cmdlet did not find the object it was asked for, and not something else that it
    needs, or that only belongs to the object. `typed`: the error's type says that something was not found."""
    said = _SERVER.sub("", text.casefold().replace("’", "'"))
    named = said
    for value in parameters.values():
        if isinstance(value, str) and value:
            for quote in "'\"":
                named = named.replace(f"{quote}{value.casefold()}{quote}", _ASKED_FOR)
    if _QUOTED.search(named):
        return False
    return typed or _NOT_FOUND.search(named) is not None
