"""Exchange Online's restricted connectors. The cmdlet's output is not documented, so no field is relied on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets, unexpected
from services.clients.exchange.list_rows import dates_of, other_fields
from services.clients.exchange.restricted_senders import removed_by
from services.clients.wire_values import text_of
from services.domain.restriction import RestrictedList, Restriction
from services.domain.unknown import UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.microsoft365 import Removal

_LIST = "Get-BlockedConnector"
_REMOVE = "Remove-BlockedConnector"
_NAMES = ("ConnectorId", "Identity", "Guid", "Id")
_NOTE_AT_MOST = 256


class RestrictedConnectors:
    """Implements the port `MailSystem`, for connectors."""

    def __init__(self, cmdlets: Cmdlets, clock: Clock) -> None:
        self._cmdlets = cmdlets
        self._clock = clock

    async def restricted(self) -> RestrictedList:
        # https://learn.microsoft.com/powershell/module/exchangepowershell/get-blockedconnector
        try:
            rows = await self._cmdlets.run(_LIST, {}, repeat=True)
        except CmdletFailed as failed:
            raise unexpected(failed) from failed
        now = self._clock.now()
        entries = [entry for row in rows.rows if (entry := _entry(row, now))]
        complete = rows.complete and len(entries) == len(rows.rows)
        return RestrictedList(entries=tuple(dict.fromkeys(entries)), complete=complete, read_at=now)

    async def restricted_among(self, addresses: Sequence[str]) -> RestrictedList:
        """Reads the whole list, since the cmdlet's filter is not documented either."""
        listing = await self.restricted()
        if not listing.complete:
            raise Unavailable(UnknownReason.INCOMPLETE, "connectors")
        return listing

    async def unblock(self, address: str, note: str) -> Removal:
        # Here `-Reason` is a free comment.
        # https://learn.microsoft.com/powershell/module/exchangepowershell/remove-blockedconnector
        return await removed_by(self._cmdlets, _REMOVE, {"ConnectorId": address, "Reason": note[:_NOTE_AT_MOST]})

    async def ping(self) -> None:
        """Read the list. Whether Remove is permitted shows only when it is called."""
        await self.restricted()


def _entry(row: Mapping[str, Any], now: datetime) -> Restriction | None:
    """The entry of one row; `None` if it has none of the fields that may hold the connector's id."""
    named = next(((name, text) for name in _NAMES if (text := text_of(row.get(name)))), None)
    if named is None:
        return None
    name, address = named
    dates = dates_of(row, now)
    return Restriction(
        address=address,
        since=dates.since,
        changed=dates.changed,
        reason=(text_of(row.get("Reason")) or "")[:1_000],
        other_fields=other_fields(row, name, "Reason", *dates.read),
    )
