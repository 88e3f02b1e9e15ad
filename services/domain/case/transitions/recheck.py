"""What was read at the click of an approval, taken into the case."""

from dataclasses import replace

from services.domain.case.case import Case
from services.domain.case.rechecked import Rechecked


def rechecked(case: Case, fresh: Rechecked) -> Case:
    """The case with these proofs and this entry; without one the former stays: "off the list" takes two reads."""
    return replace(
        case,
        restriction=fresh.restriction or case.restriction,
        proofs=replace(case.proofs, password=fresh.password, mfa=fresh.mfa, other_senders=fresh.other_senders),
    )
