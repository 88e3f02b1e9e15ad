"""Exchange Online's restricted list, through the cmdlets that alone can read and clear it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.clients.http import ApiClient, Response
from services.clients.wire_values import read_moment
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
    """A cmdlet's output; not complete where Exchange says or hints that there is more."""

    rows: tuple[Mapping[str, Any], ...]
    complete: bool


class CmdletFailed(Exception):  # noqa: N818 - it names what happened, in Exchange's words
    """Exchange ran the cmdlet and refused it. `not_found`: the object is not there."""

    def __init__(self, words: str, *, not_found: bool) -> None:
        super().__init__(words)
        self.not_found = not_found


class Cmdlets(Protocol):
    """A way to run Exchange cmdlets; the supported PowerShell module could be another."""

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        """Run it; `repeat` allows a second try. Raises `Unavailable`, `CmdletFailed`."""
        ...


class InvokeCommand:
    """The REST endpoint that Microsoft's own PowerShell module uses. It is not documented and may change."""

    # https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2 (roles and permissions)
    def __init__(self, api: ApiClient, tenant: str) -> None:
        self._api = api
        self._path = f"/adminapi/beta/{tenant}/InvokeCommand"
        self._anchor = f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}"

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        body = {"CmdletInput": {"CmdletName": cmdlet, "Parameters": dict(parameters)}}
        headers = {"X-AnchorMailbox": self._anchor, "X-CmdletName": cmdlet, "Prefer": "odata.maxpagesize=1000"}
        send = self._api.read if repeat else self._api.once
        answer = await send("POST", self._path, body, headers)
        if not answer.is_success:
            not_found = answer.status == 404 and "objectnotfound" in answer.text.casefold()
            if answer.status == 404 and not not_found:
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "HTTP 404 that is not the cmdlet's")
            raise CmdletFailed(_words_of(answer), not_found=not_found)
        return _rows_of(answer, reads=repeat)


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
            # The filter is not trusted: some cmdlets answer with everything when they do not understand it.
            entries += [entry for entry in listing.entries if entry.address.casefold() == address.casefold()]
        return RestrictedList(entries=tuple(entries), complete=True, read_at=self._clock.now())

    async def unblock(self, address: str, note: str) -> Removal:
        # `-Reason` is the entry's own reason, not a note: it is left out.
        # https://learn.microsoft.com/powershell/module/exchangepowershell/remove-blockedsenderaddress
        return await removed_by(self._cmdlets, _REMOVE, {"SenderAddress": address})

    async def ping(self) -> None:
        """Reads the list. That Remove is permitted shows only when it is called."""
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
    """What one call of a Remove cmdlet came to. Never repeated: each may spend something that is limited."""
    try:
        await cmdlets.run(cmdlet, parameters, repeat=False)
    except CmdletFailed as failed:
        # Not there any more: the checks that follow will say so, or not.
        return RemovalDone() if failed.not_found else RemovalRefused(error=str(failed))
    except Unavailable as trouble:
        if trouble.reason in (UnknownReason.NO_PERMISSION, UnknownReason.NO_LICENCE):
            return RemovalRefused(error=str(trouble))
        return RemovalUnclear(error=str(trouble)) if trouble.may_have_arrived else RemovalNotBegun(error=str(trouble))
    return RemovalDone()


def _entry(row: Mapping[str, Any]) -> Restriction | None:
    """One row of the list; whatever else is odd, an address is enough to know somebody is on it."""
    address = row.get("SenderAddress")
    if not isinstance(address, str) or not address.strip():
        return None
    reason = row.get("Reason")
    reason = reason if isinstance(reason, str) else ""
    verdict = read_reason(reason)
    return Restriction(
        address=address.strip(),
        cause=verdict.cause,
        limit=verdict.limit,
        counts=verdict.counts,
        since=since_of(row),
        temporary=row.get("TemporaryBlock") in (True, "True", "true"),
        reason=reason[:1_000],
    )


def since_of(row: Mapping[str, Any]) -> datetime | None:
    """When an entry was made, or last changed."""
    return read_moment(row.get("CreatedDatetime")) or read_moment(row.get("ChangedDatetime"))


def _rows_of(answer: Response, *, reads: bool) -> Rows:
    """A write answers with no rows, or with no body at all; a read without `value` says nothing, least of all that
    nobody is listed."""
    if reads and not (isinstance(answer.json, dict) and "value" in answer.json):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {answer.status} without rows")
    if not isinstance(answer.json, dict):
        if answer.text.strip():
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {answer.status} without JSON")
        return Rows(rows=(), complete=True)
    value = answer.json.get("value", [])
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "rows of no known shape")
    warnings = str(answer.json.get("@adminapi.warnings") or "").casefold()
    # A skip token is bound to one server and cannot be followed app-only: more is out there, out of reach.
    complete = "@odata.nextLink" not in answer.json and "more results" not in warnings
    return Rows(rows=tuple(value), complete=complete)


def _words_of(answer: Response) -> str:
    """Exchange's own sentence: the detail after its type prefix, the inner exception, the headline, the text."""
    error = answer.json.get("error") if isinstance(answer.json, dict) else None
    candidates: list[object] = []
    if isinstance(error, dict):
        details = error.get("details")
        candidates += [detail.get("message") for detail in details or [] if isinstance(detail, dict)]
        inner = error.get("innererror")
        internal = inner.get("internalexception") if isinstance(inner, dict) else None
        candidates.append(internal.get("message") if isinstance(internal, dict) else None)
        candidates.append(error.get("message"))
    elif isinstance(answer.json, dict):
        records = answer.json.get("ErrorRecords")
        candidates += [record.get("Message") for record in records or [] if isinstance(record, dict)]
        candidates.append(answer.json.get("Message"))
    words = next((text for text in candidates if isinstance(text, str) and _says_something(text)), answer.text)
    return " ".join(words.rsplit("|", 1)[-1].split())[:_ERROR_AT_MOST] or f"HTTP {answer.status}"


def _says_something(text: str) -> bool:
    return bool(text.strip()) and not text.startswith("Exception of type")
