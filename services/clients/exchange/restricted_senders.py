"""Exchange Online's restricted list. Only Exchange cmdlets can read it and remove entries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.clients.http import ApiClient, Response
from services.clients.wire_values import list_of, read_moment
from services.domain.restriction import RestrictedList, Restriction, read_reason
from services.domain.unknown import UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.microsoft365 import Removal, RemovalDone, RemovalNotBegun, RemovalRefused, RemovalUnclear

_LIST = "Get-BlockedSenderAddress"
_REMOVE = "Remove-BlockedSenderAddress"
_ERROR_AT_MOST = 300


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
        headers = {"X-AnchorMailbox": self._anchor, "X-CmdletName": cmdlet, "Prefer": "odata.maxpagesize=1000"}
        send = self._api.read if repeat else self._api.once
        response = await send("POST", self._path, body, headers)
        if not response.is_success:
            not_found = response.status == 404 and "objectnotfound" in response.text.casefold()
            if response.status == 404 and not not_found:
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "HTTP 404 that is not the cmdlet's")
            raise CmdletFailed(_words_of(response), not_found=not_found)
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
        entries: list[Restriction] = []
        for address in addresses:
            listing = await self._one(address)
            if not listing.complete:
                raise Unavailable(UnknownReason.INCOMPLETE, address)
            # Filtered here too: some cmdlets return everything if they do not understand the filter.
            entries += [entry for entry in listing.entries if entry.address.casefold() == address.casefold()]
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
        entries = [entry for row in rows.rows if (entry := _entry(row))]
        complete = rows.complete and len(entries) == len(rows.rows)
        return RestrictedList(entries=tuple(entries), complete=complete, read_at=self._clock.now())


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


def _entry(row: Mapping[str, Any]) -> Restriction | None:
    """The entry of one row; `None` without an address. Other fields may be missing or of a wrong type."""
    address = row.get("SenderAddress")
    if not isinstance(address, str) or not address.strip():
        return None
    reason = row.get("Reason")
    reason = reason if isinstance(reason, str) else ""
    meaning = read_reason(reason)
    return Restriction(
        address=address.strip(),
        cause=meaning.cause,
        limit=meaning.limit,
        counts=meaning.counts,
        since=since_of(row),
        temporary=row.get("TemporaryBlock") in (True, "True", "true"),
        reason=reason[:1_000],
    )


def since_of(row: Mapping[str, Any]) -> datetime | None:
    """When an entry was made, or else last changed; `None` if the row gives neither."""
    return read_moment(row.get("CreatedDatetime")) or read_moment(row.get("ChangedDatetime"))


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
    warnings = str(response.json.get("@adminapi.warnings") or "").casefold()
    # A next page exists but cannot be read: its skip token is bound to one server and does not work app-only.
    complete = "@odata.nextLink" not in response.json and "more results" not in warnings
    return Rows(rows=tuple(value), complete=complete)


def _words_of(response: Response) -> str:
    """Exchange's own error message: from the details, the inner exception, the headline, or else the response's text.
    A type prefix before `|` is removed."""
    error = response.json.get("error") if isinstance(response.json, dict) else None
    candidates: list[object] = []
    if isinstance(error, dict):
        details = error.get("details")
        candidates += [detail.get("message") for detail in list_of(details) if isinstance(detail, dict)]
        inner = error.get("innererror")
        internal = inner.get("internalexception") if isinstance(inner, dict) else None
        candidates.append(internal.get("message") if isinstance(internal, dict) else None)
        candidates.append(error.get("message"))
    elif isinstance(response.json, dict):
        records = response.json.get("ErrorRecords")
        candidates += [record.get("Message") for record in list_of(records) if isinstance(record, dict)]
        candidates.append(response.json.get("Message"))
    message = next((text for text in candidates if isinstance(text, str) and _says_something(text)), response.text)
    return " ".join(message.rsplit("|", 1)[-1].split())[:_ERROR_AT_MOST] or f"HTTP {response.status}"


def _says_something(text: str) -> bool:
    return bool(text.strip()) and not text.startswith("Exception of type")
