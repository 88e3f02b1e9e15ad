"""What was read at the click of an approval, taken into the case."""

from dataclasses import replace

from services.domain.case.case import Case
from services.domain.case.listed import with_entries_seen
from services.domain.case.rechecked import Rechecked


def rechecked(case: Case, fresh: Rechecked) -> Case:
    """The case with these proofs and entries; what the list does not show stays: "off the list" takes two reads."""
    return replace(
        with_entries_seen(case, fresh.entries),
        proofs=replace(case.proofs, password=fresh.password, mfa=fresh.mfa, other_senders=fresh.other_senders),
    )
