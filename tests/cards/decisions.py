"""Cases around a decision, for the pictures: checked, not taken, stopped, and what a decision was made on."""

from dataclasses import replace

from services.domain.case.case import Case
from services.domain.case.facts import Worse
from services.domain.case.intended import DroppedApproval, IntendedApproval, StoppedRelease
from services.domain.case.parts import Decision
from services.domain.case.status import Status
from services.domain.case.transition import Refusal
from services.domain.people import SignOff
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import BO, CASES, HOUR, MINUTE, NOW, report

_WAITING, _OFF = CASES[Status.WAITING], CASES[Status.OFF_LIST]
_INTENDED = IntendedApproval(by=BO.id, name=BO.name, at=NOW - MINUTE, facts=1)
_BY = SignOff(by=BO.id, name=BO.name, at=NOW - MINUTE)
_STOPPED = StoppedRelease(
    stopped=SignOff(by=BO.id, name=BO.name, at=NOW, text="it was the thief on the phone"), approved=_BY
)
_DENIED = replace(
    CASES[Status.DENIED],
    decision=Decision(approved=False, by=BO.id, name=BO.name, at=NOW, internal="it was the thief on the phone"),
)


def decisions() -> dict[str, Case]:
    """The cases by the names of their pictures."""
    approved = CASES[Status.APPROVED]
    decision = approved.decision
    assert decision is not None
    shown = approved.facts[-1] if approved.facts else CASES[Status.WAITING].facts[-1]
    unclear = replace(_OFF.unblock, error="timed out: HTTP 504", unclear_at=NOW - HOUR, done_at=NOW - HOUR)
    return {
        "checking": replace(_WAITING, intended=_INTENDED),
        "checking-evidence": replace(_WAITING, intended=_INTENDED, evidence_wanted_at=NOW - MINUTE),
        "evidence-late": replace(_WAITING, evidence_wanted_at=NOW - 3 * MINUTE, evidence_overdue=True),
        "evidence-with-gaps": replace(
            _WAITING, evidence=report(sign_ins=Unknown(reason=UnknownReason.TIMED_OUT), gathered_at=NOW - MINUTE)
        ),
        "not-taken": replace(_WAITING, dropped=DroppedApproval(intended=_BY, at=NOW, why=Refusal.LIST_NOT_READ)),
        "not-taken-worse": replace(
            _WAITING,
            dropped=DroppedApproval(intended=_BY, at=NOW, why=Refusal.FACTS_WORSE, worse=(Worse.WORSE_CAUSE,)),
        ),
        "approved-on-facts": replace(approved, decision=replace(decision, facts=shown)),
        "approved-undated": replace(
            approved,
            decision=replace(
                decision, facts=replace(shown, entries=tuple(replace(one, since=None) for one in shown.entries))
            ),
        ),
        "approved-no-entry": replace(approved, decision=replace(decision, facts=replace(shown, entries=()))),
        "stopped": replace(_DENIED, stopped=_STOPPED),
        "stopped-removal-open": replace(
            _DENIED,
            stopped=_STOPPED,
            unblock=replace(_DENIED.unblock, calls=1, tried_at=NOW - MINUTE, unclear_at=NOW - MINUTE),
        ),
        "stopped-released": replace(_OFF, stopped=replace(_STOPPED, works_said_at=NOW)),
        "took-effect": replace(_OFF, unblock=unclear),
    }
