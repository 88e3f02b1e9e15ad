"""What the approvers' card shows, by name."""

from dataclasses import replace
from datetime import timedelta

from services.domain.case.call_codes import CallCode
from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber, EntryProgress
from services.domain.case.status import Status
from services.domain.evidence.report import AccountChange, Change, Risk, RiskLevel, SentMail
from services.domain.people import MethodKind, SignOff
from services.domain.proofs.securing import (
    Mailing,
    MfaFinding,
    MfaProof,
    PasswordFinding,
    PasswordProof,
    Says,
    SentMailing,
)
from services.domain.proofs.shared_mailbox import SendRight
from services.domain.unknown import Unknown, UnknownReason
from tests.cards.contained_pictures import contained_cases
from tests.cards.decisions import decisions
from tests.cards.limit_pictures import limit_cases
from tests.cards.sample_cases import (
    ALSO_LISTED,
    CANNOT_PASSWORD,
    CONNECTOR_CASE,
    HONEST,
    MAILBOX,
    OFF,
    SECURED,
    SECURING,
    WAITING,
    asked_for,
    for_sales,
    replied,
    with_right,
)
from tests.cards.sample_evidence import NIGHT, SENT, STOLEN, UNREAD_REPORT, WEAK
from tests.cards.sample_view import HOSTILE
from tests.cases import (
    ADDRESSES,
    ANA,
    BO,
    CASES,
    HOUR,
    LIMIT_REASON,
    MINUTE,
    NOW,
    RATE_REASON,
    SPAM_REASON,
    report,
    restriction,
)


def approver_cases() -> dict[str, Case]:
    return {
        **decisions(),
        "spam": replace(WAITING, restriction=restriction(SPAM_REASON)),
        "who-to-call": replace(
            WAITING,
            sender=replace(WAITING.sender, business_phone="+34 910 000 001"),
            restriction=restriction(SPAM_REASON),
            evidence=report(changes=(AccountChange(at=NOW, what=Change.NUMBER_CHANGED, detail="mobile"),)),
        ),
        "answer-changed": replace(
            HONEST,
            proofs=replace(
                HONEST.proofs, first_mailing=Mailing(sent=SentMailing.NO), mailing_changed_at=NOW - 5 * MINUTE
            ),
        ),
        "spam-and-limit": replace(WAITING, restriction=restriction(SPAM_REASON), also_listed=(ALSO_LISTED,)),
        "failed-partly": replace(
            CASES[Status.FAILED],
            also_listed=(ALSO_LISTED,),
            unblock=replace(
                CASES[Status.FAILED].unblock,
                entries=(
                    EntryProgress(address=ADDRESSES[0], calls=1, tried_at=NOW, error="Unblocked too often", ended=True),
                    EntryProgress(address=ADDRESSES[1], calls=1, tried_at=NOW, done_at=NOW),
                ),
            ),
        ),
        "rate": replace(WAITING, restriction=restriction(RATE_REASON)),
        "unknown": replace(WAITING, restriction=restriction("Strange=1", since=None)),
        "no-entry": replace(WAITING, restriction=None),
        "temporary-soon": replace(WAITING, restriction=restriction(temporary=True, since=NOW - timedelta(hours=10))),
        "internal-limit": replace(
            WAITING,
            restriction=restriction(LIMIT_REASON.replace("External;", "Internal;")),
            proofs=replace(WAITING.proofs, password=CANNOT_PASSWORD, mfa=MfaProof(), mailing=None),
        ),
        "federated": replace(
            WAITING,
            restriction=restriction("EmailSendingLimitExceeded"),
            proofs=replace(
                WAITING.proofs,
                password=PasswordProof(says=Says.DONE, finding=PasswordFinding.FEDERATED),
                mfa=MfaProof(says=Says.DONE, finding=MfaFinding.NEW, kinds=(MethodKind.PASSKEY,)),
            ),
        ),
        "hostile": replace(
            WAITING,
            sender=replace(WAITING.sender, name=HOSTILE, phone=None, manager=None),
            request=replace(WAITING.request, note=HOSTILE * 20),
        ),
        "being-looked-at": replace(
            WAITING,
            request=replace(WAITING.request, reviewing=SignOff(by=BO.id, name=BO.name, at=NOW), sole_approver=True),
            contact=replace(WAITING.contact, unreachable="403 blocked"),
        ),
        "replied": replace(
            CASES[Status.NEEDS_INFO],
            status=Status.WAITING,
            request=replace(CASES[Status.NEEDS_INFO].request, question=replied()),
            past=replace(CASES[Status.NEEDS_INFO].past, previous=CaseNumber(3)),
        ),
        "unclear": replace(
            CASES[Status.APPROVED],
            unblock=replace(CASES[Status.APPROVED].unblock, calls=1, tried_at=NOW, error="timed out: HTTP 504"),
        ),
        "not-begun": replace(
            CASES[Status.APPROVED],
            unblock=replace(CASES[Status.APPROVED].unblock, error="throttled: HTTP 429", waits_until=NOW),
        ),
        "bouncing": replace(OFF, bouncing_at=NOW),
        "checked-once": replace(
            CASES[Status.UNBLOCKED], list_reads=replace(CASES[Status.UNBLOCKED].list_reads, checks=1, checked_at=NOW)
        ),
        "checked-absent": replace(
            CASES[Status.UNBLOCKED],
            list_reads=replace(CASES[Status.UNBLOCKED].list_reads, checks=3, checked_at=NOW, absent_at=NOW),
        ),
        "third-time": replace(WAITING, past=replace(WAITING.past, restrictions=2, unblocks=1, times_asked=3)),
        "weak-signs": replace(
            WAITING, evidence=WEAK, proofs=replace(WAITING.proofs, mailing=Mailing(sent=SentMailing.NO))
        ),
        "one-sign": replace(WAITING, evidence=replace(WEAK, risk=Risk(level=RiskLevel.NONE), sent=SENT)),
        "more-than-said": replace(WAITING, evidence=WEAK),
        "spam-nothing-found": replace(WAITING, restriction=restriction(SPAM_REASON), evidence=report()),
        "unknown-nothing-found": replace(WAITING, restriction=restriction("Odd=1"), evidence=report()),
        "no-mailing": replace(WAITING, evidence=report(), proofs=replace(WAITING.proofs, mailing=None)),
        "noticed-told": replace(
            SECURING, contact=replace(SECURING.contact, found_by_monitor_at=NOW, contacted_first=True)
        ),
        "noticed-not-told": replace(
            SECURING,
            contact=replace(SECURING.contact, found_by_monitor_at=NOW, unreachable="no chat with this person is known"),
        ),
        "gathering": replace(WAITING, evidence_wanted_at=NOW),
        "honest": replace(WAITING, evidence=report(sent=SENT)),
        "searching": replace(WAITING, evidence=report(sent=SENT, listings=Unknown(reason=UnknownReason.NOT_YET))),
        "not-searched": replace(
            WAITING,
            evidence=report(sent=SENT, listings=Unknown(reason=UnknownReason.TIMED_OUT)),
            proofs=replace(WAITING.proofs, mfa=replace(WAITING.proofs.mfa, kinds=(MethodKind.EXTERNAL,))),
        ),
        "stolen": replace(WAITING, restriction=restriction(SPAM_REASON), evidence=STOLEN),
        "timeline": replace(WAITING, restriction=restriction(SPAM_REASON), evidence=NIGHT),
        "one-of-two": replace(WAITING, evidence=STOLEN, first_approval=SignOff(by=BO.id, name=BO.name, at=NOW)),
        "not-checked": replace(WAITING, evidence=UNREAD_REPORT),
        "trace-not-set-up": replace(WAITING, evidence=report(sent=Unknown(reason=UnknownReason.NOT_SET_UP))),
        "trace-waits": replace(
            WAITING, evidence=report(sent=Unknown(reason=UnknownReason.THROTTLED), ask_again_at=NOW + HOUR)
        ),
        "trace-empty": replace(WAITING, evidence=report(sent=SentMail(hours=(), subjects=0))),
        "off-list-with-evidence": replace(OFF, evidence=STOLEN),
        "keeps-happening": replace(WAITING, past=replace(WAITING.past, restrictions=3, unblocks=2)),
        "shared-mailbox": replace(for_sales(WAITING), proofs=replace(for_sales(WAITING).proofs, other_senders=SECURED)),
        "shared-mailbox-on-behalf": with_right(SendRight.ON_BEHALF, "Sales team"),
        "shared-mailbox-own": with_right(SendRight.OWNER),
        "shared-mailbox-right-unread": replace(
            for_sales(WAITING), sender=replace(for_sales(WAITING).sender, mailbox=replace(MAILBOX, holders=()))
        ),
        "asked-for": asked_for(),
        "counts-missing": replace(WAITING, restriction=restriction("RecipientRateLimitExceeded")),
        "spam-counts-missing": replace(WAITING, restriction=restriction("OutboundSpamLast24Hours=x")),
        "connector": CONNECTOR_CASE,
        **contained_cases(),
        **limit_cases(),
        "connector-looked-at": replace(
            CONNECTOR_CASE, request=replace(CONNECTOR_CASE.request, reviewing=CONNECTOR_CASE.request.requested_by)
        ),
        "connector-off-list": replace(
            CONNECTOR_CASE,
            status=Status.OFF_LIST,
            decision=OFF.decision,
            unblock=replace(CONNECTOR_CASE.unblock, done_at=NOW),
            list_reads=replace(CONNECTOR_CASE.list_reads, off_list_at=NOW),
        ),
    }


def called() -> Case:
    """One approver's code waits, and one's was written."""
    waits = CallCode(by=BO.id, name=BO.name, digest="x", made_at=NOW)
    written = CallCode(by=ANA, name="Cleo Marsh", digest="x", made_at=NOW, told_at=NOW)
    return replace(WAITING, restriction=restriction(SPAM_REASON), call_codes=(waits, written))
