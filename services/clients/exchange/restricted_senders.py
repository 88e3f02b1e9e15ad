"""Exchange Online's restricted list. Only Exchange cmdlets can read it and remove entries."""

from collections.abc import Mapping, Sequence

from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets, Rows, unexpected
from services.clients.exchange.list_rows import KnownRows
from services.domain.restriction import RestrictedList, Restriction
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
        self._known = KnownRows()

    async def restricted(self) -> RestrictedList:
        try:
            rows = await self._cmdlets.run(_LIST, {}, repeat=True)
        except CmdletFailed as failed:
            raise unexpected(failed) from failed
        return await self._listing(rows, self._known)

    async def restricted_among(self, addresses: Sequence[str]) -> RestrictedList:
        wanted = {address.casefold() for address in addresses}
        entries: dict[Restriction, None] = {}
        for address in addresses:
            listing = await self._one(address)
            if not listing.complete:
                raise Unavailable(UnknownReason.INCOMPLETE, "the entries of one sender")
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
            rows = await self._cmdlets.run(_LIST, {"SenderAddress": address}, repeat=True)
        except CmdletFailed as failed:
            if failed.not_found:
                return RestrictedList(entries=(), complete=True, read_at=self._clock.now())
            raise unexpected(failed) from failed

        return await self._listing(rows, KnownRows())

    async def _listing(self, rows: Rows, known: KnownRows) -> RestrictedList:
        """Rows that are the same in all count once; two entries of one address are both kept."""
        now = self._clock.now()
        entries = await known.entries(rows.rows, now)
        complete = rows.complete and len(entries) == len(rows.rows)
        return RestrictedList(entries=_once(entries), complete=complete, read_at=now)


def _once(entries: Sequence[Restriction]) -> tuple[Restriction, ...]:
    """Each entry once. Where each has another address none are the same, and comparing them in all takes long."""
    if len({entry.address for entry in entries}) == len(entries):
        return tuple(entries)
    return tuple(dict.fromkeys(entries))


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
        not_done = RemovalUnclear if trouble.may_have_arrived else RemovalNotBegun
        return not_done(error=str(trouble), wait=trouble.retry_after, reason=trouble.reason)
    return RemovalDone()
