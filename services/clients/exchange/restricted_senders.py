"""Exchange Online's restricted list. Only Exchange cmdlets can read it and remove entries."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from services.clients.exchange.list_rows import sender_entry
from services.clients.http import ApiClient, Response
from services.domain.restriction import RestrictedList, Restriction
from services.domain.unknown import UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.microsoft365 import Removal, RemovalDone, RemovalNotBegun, RemovalRefused, RemovalUnclear

_LIST = "Get-BlockedSenderAddress"
_REMOVE = "Remove-BlockedSenderAddress"
_ERROR_AT_MOST = 300
_PAGE = 1_000
"""The rows of one answer, at most."""
_HINTS_OF_MORE = ("more results", "resultsize", "truncated", "only the first")
_HINTS_OF_NONE = ("couldn't be found", "could not be found", "was not found", "wasn't found", "does not exist")
_QUOTED = re.compile(r"'[^']+'")


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


class InvokeCommand:
    """Implements `Cmdlets` through the REST endpoint that Microsoft's PowerShell module uses. It is not documented and
    may change."""

    # https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2 (roles and permissions)
    def __init__(self, api: ApiClient, tenant: str) -> None:
        self._api = api
        self._path = f"/adminapi/beta/{tenant}/InvokeCommand"
        self._anchor = f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}"

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": dict(parameters)}}
        headers = {"X-AnchorMailbox": self._anchor, "X-CmdletName": cmdlet, "Prefer": f"odata.maxpagesize={_PAGE}"}
        send = self._api.read if repeat else self._api.once
        response = await send("POST", self._path, body, headers)
        if not response.is_success:
            if response.status == 404 and not _is_typed_not_found(response):
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "HTTP 404 that is not the cmdlet's")
            raise CmdletFailed(_words_of(response), not_found=_is_not_found(response, parameters))
        return _rows_of(response, reads=repeat)


class ExchangeOnline:
    """Implements the port `MailSystem`."""

    def __init__(self, cmdlets: Cmdlets, clock: Clock) -> None:
        self._cmdlets = cmdlets
        self._clock = clock

    async def restricted(self) -> RestrictedList:
        try:
            rows = await self._cmdlets.run(_LIST, {}, repeat=True)
        except CmdletFailed as failed:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, str(failed)) from failed
        return self._listing(rows)

    async def restricted_among(self, addresses: Sequence[str]) -> RestrictedList:
        wanted = {address.casefold() for address in addresses}
        entries: dict[Restriction, None] = {}
        for address in addresses:
            listing = await self._one(address)
            if not listing.complete:
                raise Unavailable(UnknownReason.INCOMPLETE, address)
            # Filtered here too: some cmdlets return everything if they do not understand the filter.
            mine = [entry for entry in listing.entries if entry.address.casefold() in wanted]
            if listing.entries and not mine:
                # Not an answer to what was asked, so it does not say either that the address is not listed.
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "entries of other senders alone")
            entries |= dict.fromkeys(mine)
        return RestrictedList(entries=tuple(entries), complete=True, read_at=self._clock.now())

    async def unblock(self, address: str, note: str) -> Removal:
        # `-Reason` means the reason of the entry and is no free comment, so the note is left out.
        # https://learn.microsoft.com/powershell/module/exchangepowershell/remove-blockedsenderaddress
        return await removed_by(self._cmdlets, _REMOVE, {"SenderAddress": address})

    async def ping(self) -> None:
        """Read the list. Whether Remove is permitted shows only when it is called."""
        await self.restricted()

    async def _one(self, address: str) -> RestrictedList:
        try:
            return self._listing(await self._cmdlets.run(_LIST, {"SenderAddress": address}, repeat=True))
        except CmdletFailed as failed:
            if failed.not_found:
                return RestrictedList(entries=(), complete=True, read_at=self._clock.now())
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, str(failed)) from failed

    def _listing(self, rows: Rows) -> RestrictedList:
        """Rows that are the same in all count once; two entries of one address are both kept."""
        now = self._clock.now()
        entries = [entry for row in rows.rows if (entry := sender_entry(row, now))]
        complete = rows.complete and len(entries) == len(rows.rows)
        return RestrictedList(entries=tuple(dict.fromkeys(entries)), complete=complete, read_at=now)


async def removed_by(cmdlets: Cmdlets, cmdlet: str, parameters: Mapping[str, object]) -> Removal:
    """Call a Remove cmdlet once, and return its outcome. It is never repeated, since each call may use up one of a
    limited number of unblocks."""
    try:
        await cmdlets.run(cmdlet, parameters, repeat=False)
    except CmdletFailed as failed:
        # The entry does not exist: the checks that follow confirm that it left the list, or find it.
        return RemovalDone() if failed.not_found else RemovalRefused(error=str(failed))
    except Unavailable as trouble:
        if trouble.reason in (UnknownReason.NO_PERMISSION, UnknownReason.NO_LICENCE):
            return RemovalRefused(error=str(trouble))
        return RemovalUnclear(error=str(trouble)) if trouble.may_have_arrived else RemovalNotBegun(error=str(trouble))
    return RemovalDone()


def _rows_of(response: Response, *, reads: bool) -> Rows:
    """The rows of a successful response. A write returns none, and may have no body.

    Raises `Unavailable` if a read has no `value`: that must not mean that nobody is listed."""
    if reads and not (isinstance(response.json, dict) and "value" in response.json):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status} without rows")
    if not isinstance(response.json, dict):
        if response.text.strip():
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status} without JSON")
        return Rows(rows=(), complete=True)
    value = response.json.get("value", [])
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "rows of no known shape")
    if response.json.get("@adminapi.errors"):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "rows and errors at once")
    warnings = str([response.json.get(name) for name in ("@adminapi.warnings", "adminapi.warnings")]).casefold()
    # A next page exists but cannot be read: its skip token is bound to one server and does not work app-only.
    more = response.json.get("@odata.nextLink") or any(hint in warnings for hint in _HINTS_OF_MORE)
    return Rows(rows=tuple(value), complete=not more and len(value) < _PAGE)


def _is_not_found(response: Response, parameters: Mapping[str, object]) -> bool:
    """Whether the cmdlet did not find the object it was asked for, and not something else that it needs."""
    said = _full_words_of(response).casefold()
    if any(value.casefold() in said for value in parameters.values() if isinstance(value, str) and value):
        return _is_typed_not_found(response) or any(hint in said for hint in _HINTS_OF_NONE)
    return _is_typed_not_found(response) and not _QUOTED.search(said)


def _is_typed_not_found(response: Response) -> bool:
    return "objectnotfound" in response.text.casefold()


def _words_of(response: Response) -> str:
    """Exchange's own error message, without its type, bounded."""
    return _full_words_of(response)[:_ERROR_AT_MOST] or f"HTTP {response.status}"


def _full_words_of(response: Response) -> str:
    """The error message: from the details, the inner exception, the headline, or else the response's text. A type
    prefix before `|` is removed."""
    error = response.json.get("error") if isinstance(response.json, dict) else None
    candidates: list[object] = []
    if isinstance(error, dict):
        details = error.get("details")
        candidates += [detail.get("message") for detail in details or [] if isinstance(detail, dict)]
        inner = error.get("innererror")
        internal = inner.get("internalexception") if isinstance(inner, dict) else None
        candidates.append(internal.get("message") if isinstance(internal, dict) else None)
        candidates.append(error.get("message"))
    elif isinstance(response.json, dict):
        records = response.json.get("ErrorRecords")
        candidates += [record.get("Message") for record in records or [] if isinstance(record, dict)]
        candidates.append(response.json.get("Message"))
    message = next((text for text in candidates if isinstance(text, str) and _says_something(text)), response.text)
    return " ".join(message.rsplit("|", 1)[-1].split())


def _says_something(text: str) -> bool:
    return bool(text.strip()) and not text.startswith("Exception of type")
