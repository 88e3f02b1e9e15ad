"""The entries that a case is about, as the reads of the list show them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from services.domain.case.case import Case
from services.domain.restriction import Restriction, worst_first


def with_entries(case: Case, entries: Iterable[Restriction]) -> Case:
    """The case about these entries, of which there is at least one: the worst one judges."""
    order = {address.casefold(): place for place, address in enumerate(case.sender.addresses)}
    judging, *others = worst_first(entries, order)
    return replace(case, restriction=judging, also_listed=tuple(others))


def with_entries_seen(case: Case, seen: tuple[Restriction, ...]) -> Case:
    """The case with what a single read shows, which may be two entries of one address. An address that it does not show
    stays: being gone takes two reads."""
    shown = {one.address.casefold() for one in seen}
    entries = (*(one for one in case.entries if one.address.casefold() not in shown), *seen)
    return with_entries(case, entries) if entries else case


def followed(case: Case, seen: tuple[Restriction, ...], read_at: datetime, apart: timedelta) -> Case:
    """The case after a complete read that shows some entry of its mailbox.

    While nothing is decided, an entry that two reads apart do not show is none of its entries any more. After that all
    of them stay, as what was decided on, and `ListReads.missing` names those that have left the list."""
    shown = {one.address.casefold() for one in seen}
    missing = tuple(sorted(one.address.casefold() for one in case.entries if one.address.casefold() not in shown))
    since = case.list_reads.missing_at if missing == case.list_reads.missing else read_at
    if missing and case.decision is None and since is not None and read_at - since >= apart:
        case, missing = with_entries(case, seen), ()
    reads = replace(case.list_reads, missing=missing, missing_at=since if missing else None)
    return with_entries_seen(replace(case, list_reads=reads), seen)
