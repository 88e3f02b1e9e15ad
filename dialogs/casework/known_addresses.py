"""The addresses of a case's mailbox, read again before it is believed that none of them is listed."""

from datetime import datetime

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.lookups import Lookups
from services.domain.case.case import Case
from services.domain.case.commands.clock import AddressesRead
from services.domain.case.timing import Timing


def confirms_absence(case: Case, read_at: datetime, timing: Timing) -> bool:
    """Whether a read of that time that shows no entry would be the second one, after which the case is off the list."""
    absent_at = case.list_reads.absent_at
    return absent_at is not None and read_at - absent_at >= timing.reads_apart


class KnownAddresses:
    """Reads the addresses of mailboxes: one may have been renamed, or has an alias that only Exchange knows."""

    def __init__(self, *, writer: CaseWriter, lookups: Lookups) -> None:
        self._writer = writer
        self._lookups = lookups

    async def read_again(self, case: Case) -> Case:
        """The case with every address of its mailbox; saved, if any is new or gone.

        Raises:
            Unavailable: they cannot be read now, and no absence is proven.
            ChangedMeanwhile: somebody else changed the case.
        """
        addresses = await self._lookups.addresses(case)
        if {one.casefold() for one in addresses} == {one.casefold() for one in case.sender.addresses}:
            return case
        return await self._writer.apply_for_worker(case, AddressesRead(addresses=addresses))
