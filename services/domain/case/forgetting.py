"""What remains of a case when nobody needs to know any more whose it was."""

from dataclasses import replace

from services.domain.case.case import Case
from services.domain.people import PersonId, SignOff
from services.domain.restriction import Restriction

NOBODY = PersonId("")


def forgotten(case: Case) -> Case:
    """The case without names, addresses, telephone, sign-in methods or anybody's words. Status, times, causes and
    counts stay."""
    return replace(
        case,
        person=NOBODY,
        name="",
        upn="",
        addresses=(),
        phone=None,
        manager=None,
        snapshot=None,
        restriction=_nobodys(case.restriction),
        password=replace(case.password, changed_by=None, changed_from=None),
        mailing=None,
        note="",
        question=None,
        reviewing=None,
        decision=replace(case.decision, by=NOBODY, name="", reason="", internal="") if case.decision else None,
        closed=SignOff(by=NOBODY, name="", at=case.closed.at) if case.closed else None,
        unreachable=None,
        unblock_error=None,
        ticket=None,
        evidence_wanted_at=None,
        evidence=None,
        mailbox_address="",
        connector_id="",
        containment=None,
        limit_change=None,
        mailbox=None,
        other_senders=None,
        requested_by=None,
        first_approval=None,
    )


def _nobodys(restriction: Restriction | None) -> Restriction | None:
    return replace(restriction, address="", reason="") if restriction else None
