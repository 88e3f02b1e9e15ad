"""Cases in every status, for the tests of the domain and the cards."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from services.domain.case.case import Case
from services.domain.case.episode import Baseline, Episode
from services.domain.case.noted_facts import noted
from services.domain.case.parts import CaseNumber, Contact, Decision, Question, Request, Sender
from services.domain.case.status import Status
from services.domain.case.timing import Timing
from services.domain.containment.after_steps import AccountRead, AfterSteps
from services.domain.evidence.report import Report, Risk, RiskLevel, SentHour, SentMail
from services.domain.people import MethodKind, Person, PersonId, SignOff, TeamsUser
from services.domain.proofs.securing import (
    Mailing,
    MfaFinding,
    MfaProof,
    PasswordFinding,
    PasswordProof,
    Says,
    SentMailing,
)
from services.domain.restriction import Restriction, read_reason
from services.domain.trouble.trouble import Report as TroubleReport
from services.domain.trouble.trouble import Trouble, TroubleKind
from services.domain.unknown import UnknownReason

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)

TIMING = Timing(
    check_after=(MINUTE, 3 * MINUTE, 10 * MINUTE),
    check_every=5 * MINUTE,
    support_after=HOUR,
    lag_window=HOUR,
    unblock_grace=15 * MINUTE,
    remind_after=30 * MINUTE,
    expire_after=72 * HOUR,
    watch_for=24 * HOUR,
    ask_again_after=HOUR,
    digest_over=10,
    digest_within=10 * MINUTE,
    requests_a_day=5,
    messages_a_minute=20,
    keep_details_for=365 * 24 * HOUR,
    watch_every=5 * MINUTE,
    approval_lasts=2 * HOUR,
    lease=MINUTE,
    slow_read=MINUTE / 4,
)

ANA = PersonId("00000000-0000-4000-8000-000000000001")
BO = TeamsUser(id=PersonId("00000000-0000-4000-8000-000000000002"), name="Bo Larsen")
ANA_HERSELF = TeamsUser(id=ANA, name="Ana Soto")
ADDRESSES = ("ana@contoso.example", "a.soto@contoso.example")
SINCE = NOW - 3 * HOUR

LIMIT_REASON = (
    "EmailSendingLimitExceeded;InternalRecipientCountToday=5;ExternalRecipientCountToday=2001;"
    "ExceedingLimitType=External;LastMessageRcptCount=9;"
)
SPAM_REASON = "OutboundSpamLast24Hours=12;OutboundMailLast24Hours=40;OutboundSpamPercent=30"
RATE_REASON = "RecipientRateLimitExceeded;RecipientCountLast24Hours=10100;RcptRateLimit=10000"


def restriction(reason: str = LIMIT_REASON, *, temporary: bool = False, since: datetime | None = SINCE) -> Restriction:
    verdict = read_reason(reason)
    return Restriction(
        address=ADDRESSES[0],
        cause=verdict.cause,
        limit=verdict.limit,
        counts=verdict.counts,
        since=since,
        temporary=temporary,
        reason=reason,
    )


def report(**changes: object) -> Report:
    """A report in which every source answered and nothing was found; 2,001 recipients in one hour."""
    clean = Report(
        gathered_at=NOW,
        forwarding=None,
        rules=(),
        sign_ins=(),
        risk=Risk(level=RiskLevel.NONE),
        changes=(),
        sent=SentMail(hours=(SentHour(start=SINCE - HOUR, recipients=2001, messages=41),), subjects=1),
        listings=(),
    )
    return replace(clean, **changes)  # type: ignore[arg-type]  # the tests name real fields


def after_steps(**changes: object) -> AfterSteps:
    """Reads after the steps: every source answered, signed out, another password, and nothing found."""
    account = AccountRead(enabled=True, sessions_valid_from=NOW, password_changed_at=NOW)
    clean = AfterSteps(read_at=NOW, account=account, methods=(), forwarding=None, rules=(), delegates=())
    return replace(clean, **changes)  # type: ignore[arg-type]  # the tests name real fields


def person(**changes: object) -> Person:
    ana = Person(
        id=ANA,
        name="Ana Soto",
        upn=ADDRESSES[0],
        addresses=ADDRESSES,
        phone="+34 600 000 001",
        business_phone="+34 910 000 001",
        manager="Dan Reyes",
        password_changed_at=NOW - HOUR,
    )
    return replace(ana, **changes)  # type: ignore[arg-type]  # the tests name real fields


PROVEN_PASSWORD = PasswordProof(
    says=Says.DONE,
    finding=PasswordFinding.CHANGED_SINCE,
    changed_at=NOW - HOUR,
    changed_by=ADDRESSES[0],
    changed_from="192.0.2.10",
    checked_at=NOW,
)
PROVEN_MFA = MfaProof(
    says=Says.DONE,
    finding=MfaFinding.REGISTERED_BEFORE,
    kinds=(MethodKind.AUTHENTICATOR, MethodKind.PHONE),
    checked_at=NOW,
)
UNPROVEN_PASSWORD = PasswordProof(
    says=Says.CANNOT, finding=PasswordFinding.CHANGED_BEFORE, changed_at=NOW - 90 * 24 * HOUR
)

_FRESH = Case(
    number=CaseNumber(17),
    version=1,
    sender=Sender(
        person=ANA,
        name="Ana Soto",
        upn=ADDRESSES[0],
        addresses=ADDRESSES,
        phone="+34 600 000 001",
        manager="Dan Reyes",
    ),
    status=Status.SECURING,
    restriction=restriction(),
    episode=Episode(began_at=NOW - 2 * HOUR, baseline=Baseline(methods=("m1",))),
    opened_at=NOW - 2 * HOUR,
    contact=Contact(person_spoke_at=NOW - HOUR),
)
_LOOKING = replace(
    _FRESH,
    status=Status.LOOKING,
    restriction=None,
    episode=Episode(),
    sender=replace(_FRESH.sender, addresses=(), upn=""),
)
_SENT = replace(
    _FRESH,
    status=Status.WAITING,
    proofs=replace(
        _FRESH.proofs,
        password=PROVEN_PASSWORD,
        mfa=PROVEN_MFA,
        mailing=Mailing(
            sent=SentMailing.YES, recipients="1,200", to_whom="customers", how_often="monthly", until="May"
        ),
    ),
    request=replace(_FRESH.request, note="It was our newsletter.", sent_at=NOW - 45 * MINUTE),
)
_ASKED = replace(
    _SENT,
    status=Status.NEEDS_INFO,
    request=replace(
        _SENT.request,
        question=Question(asked=SignOff(by=BO.id, name=BO.name, at=NOW - 20 * MINUTE, text="Which mailing tool?")),
    ),
)
_DECISION = Decision(
    approved=True, by=BO.id, name=BO.name, at=NOW - 30 * MINUTE, internal="called her", by_another_route=True
)
_APPROVED = replace(_SENT, status=Status.APPROVED, decision=_DECISION)
_FAILED = replace(
    _APPROVED,
    status=Status.FAILED,
    unblock=replace(
        _APPROVED.unblock, calls=1, tried_at=NOW - 20 * MINUTE, error="The sender was unblocked too often."
    ),
)
_UNBLOCKED = replace(
    _APPROVED,
    status=Status.UNBLOCKED,
    unblock=replace(_APPROVED.unblock, calls=1, tried_at=NOW - 25 * MINUTE, done_at=NOW - 25 * MINUTE),
)
_OFF = replace(
    _UNBLOCKED, status=Status.OFF_LIST, list_reads=replace(_UNBLOCKED.list_reads, off_list_at=NOW - 10 * MINUTE)
)
_DENIED = replace(
    _SENT,
    status=Status.DENIED,
    decision=replace(_DECISION, approved=False, reason="Please come to the help desk.", internal="looks odd"),
    ended_at=NOW - 5 * MINUTE,
)


def _ended(status: Status, of: Case) -> Case:
    return replace(of, status=status, ended_at=NOW - 5 * MINUTE)


_CASES: dict[Status, Case] = {
    Status.LOOKING: replace(_LOOKING, look_failed=UnknownReason.TIMED_OUT),
    Status.SECURING: _FRESH,
    Status.WAITING: _SENT,
    Status.NEEDS_INFO: _ASKED,
    Status.APPROVED: _APPROVED,
    Status.FAILED: _FAILED,
    Status.UNBLOCKED: _UNBLOCKED,
    Status.OFF_LIST: _OFF,
    Status.NEEDS_TICKET: replace(_UNBLOCKED, status=Status.NEEDS_TICKET),
    Status.WITH_MICROSOFT: replace(_UNBLOCKED, status=Status.WITH_MICROSOFT, ticket="2611240050000001"),
    Status.WORKS: _ended(Status.WORKS, _OFF),
    Status.ALREADY_LIFTED: _ended(Status.ALREADY_LIFTED, _SENT),
    Status.CLOSED_UNCONFIRMED: _ended(Status.CLOSED_UNCONFIRMED, _OFF),
    Status.CLOSED: replace(
        _ended(Status.CLOSED, _FAILED), closed=SignOff(by=BO.id, name=BO.name, at=NOW, text="moved to a new mailbox")
    ),
    Status.DENIED: _DENIED,
    Status.WITHDRAWN: _ended(Status.WITHDRAWN, _SENT),
    Status.EXPIRED: _ended(Status.EXPIRED, _SENT),
    Status.RELAPSED: replace(
        _ended(Status.RELAPSED, _OFF), past=replace(_ended(Status.RELAPSED, _OFF).past, followed_by=CaseNumber(18))
    ),
    Status.NOT_RESTRICTED: _ended(Status.NOT_RESTRICTED, _LOOKING),
}
_TROUBLE = Trouble(
    kind=TroubleKind.STILL_BOUNCING,
    reports=(TroubleReport(person=ANA, name="Ana Soto", at=NOW - 2 * HOUR, code="5.1.8", cause="sender_restricted"),),
    checked_at=NOW - 2 * HOUR,
    moved_at=NOW - HOUR,
)
_REPORTED = Case(
    number=CaseNumber(17),
    version=1,
    sender=Sender(
        person=ANA, name="Ana Soto", upn=ADDRESSES[0], addresses=ADDRESSES, trouble_key=f"trouble still_bouncing {ANA}"
    ),
    status=Status.REPORTED,
    opened_at=NOW - 2 * HOUR,
    contact=Contact(person_spoke_at=NOW - HOUR),
    bounce_code="5.1.8",
    request=Request(sent_at=NOW - HOUR),
    trouble=_TROUBLE,
)
_DONE = SignOff(by=BO.id, name=BO.name, at=NOW - 20 * MINUTE, text="Microsoft took the old entry away.")
_CASES |= {
    Status.LAGGING: replace(_REPORTED, status=Status.LAGGING, request=Request()),
    Status.REPORTED: _REPORTED,
    Status.ASKED_BACK: replace(_REPORTED, status=Status.ASKED_BACK, request=replace(_ASKED.request, note="")),
    Status.MENDED: replace(_REPORTED, status=Status.MENDED, trouble=replace(_TROUBLE, done=_DONE)),
    Status.ESCALATED: replace(_REPORTED, status=Status.ESCALATED, ticket="2611240050000001"),
    Status.SOLVED: _ended(Status.SOLVED, _REPORTED),
}
CASES = {status: noted(case, NOW) for status, case in _CASES.items()}
"""With the facts that their approvers' cards show."""
