"""What a report counts of one case: kept beside the case, so that no report has to read cases one by one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.restriction import Cause


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFigures:
    """Nothing of it tells who somebody is.

    `restricted_at`: when the restriction was first seen, the same in every case about it. `decided_after` and
    `works_after`: from the request to its decision, and until it was known that mail flows; `None`: not so far."""

    cause: Cause | None
    restricted_at: datetime | None
    decided_after: timedelta | None
    works_after: timedelta | None


def figures_of(case: Case) -> CaseFigures:
    begun = case.request.sent_at or case.opened_at
    works_at = case.delivery.proven_at or (case.ended_at if case.status is Status.WORKS else None)
    is_about_a_restriction = case.restriction is not None
    return CaseFigures(
        cause=case.restriction.cause if case.restriction else None,
        restricted_at=(case.episode.began_at or case.opened_at) if is_about_a_restriction else None,
        decided_after=_after(begun, case.decision.at if case.decision else None),
        works_after=_after(begun, works_at) if is_about_a_restriction else None,
    )


def main_address(case: Case) -> str:
    """The address that names the mailbox of the case; empty once it is forgotten."""
    if case.sender.mailbox:
        return case.sender.mailbox.address
    return case.sender.mailbox_address or (case.restriction.address if case.restriction else case.sender.upn)


def _after(begun: datetime, at: datetime | None) -> timedelta | None:
    """Clocks of several machines wrote both: what came before its begin came at once."""
    return None if at is None else max(at - begun, timedelta())
