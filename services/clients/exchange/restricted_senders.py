"""Exchange Online's restricted list. Only Exchange cmdlets can read it and remove entries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets, Rows
from services.clients.wire_values import read_moment
from services.domain.restriction import RestrictedList, Restriction, read_reason
from services.domain.unknown import UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.microsoft365 import Removal, RemovalDone, RemovalNotBegun, RemovalRefused, RemovalUnclear

_LIST = "Get-BlockedSenderAddress"
_REMOVE = "Remove-BlockedSenderAddress"


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
