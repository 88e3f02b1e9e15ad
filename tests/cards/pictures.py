"""Every card the bot can draw, by name: for the judges, the golden files and the screenshots."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

from cards.approver.approver_card import approver_card
from cards.approver.call_code import code_notice
from cards.approver.digest_card import digest_card
from cards.approver.history_card import history_card
from cards.approver.report_card import NamedRepeat, report_card
from cards.mentions import mentioning
from cards.notices import (
    Checked,
    cases_card,
    channel_help_card,
    collapsed_card,
    help_card,
    not_restricted_card,
    one_line,
    restricted_card,
    thread_card,
)
from cards.person.end_card import end_card
from cards.person.joined_card import card_for
from cards.person.person_card import person_card
from cards.view import Links, View
from cards.words import Words, words_for
from services.domain.bounce.bounce import Bounce, Trouble
from services.domain.bounce.table import ALL as TROUBLES
from services.domain.bounce.table import NAMED
from services.domain.card import Card
from services.domain.case.call_codes import CallCode
from services.domain.case.case import Case
from services.domain.case.connectors import new_connector_case
from services.domain.case.parts import CaseNumber, EntryProgress, Question
from services.domain.case.status import Status
from services.domain.checks.checks import CameBack, MailboxHome, OwnReads
from services.domain.containment.after_steps import AccountRead, AfterSteps, Delegate
from services.domain.containment.containment import (
    Containment,
    ContainmentStep,
    NamedRule,
    StepOutcome,
    StepResult,
    WantedBack,
)
from services.domain.delivery.traced import ReturnedMail, ReturnedMessage
from services.domain.evidence.report import (
    AccountChange,
    Change,
    Forwarding,
    InboxRule,
    Listing,
    Risk,
    RiskEvent,
    RiskLevel,
    RuleDeed,
    SentHour,
    SentMail,
    SignIn,
)
from services.domain.limits.change import LimitChange, Stage
from services.domain.limits.outbound_policy import (
    AutoForwarding,
    Membership,
    OutboundPolicy,
    OutboundRule,
    PolicySnapshot,
    SendingLimits,
    ThresholdAction,
)
from services.domain.limits.policy_plan import Obstacle, Strategy, plan
from services.domain.limits.sending_limits import STANDARD, NoHelp
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.mention import Mention
from services.domain.people import AuthenticationMethod, MethodKind, PersonId, SignOff
from services.domain.proofs.securing import (
    Mailing,
    MfaFinding,
    MfaProof,
    PasswordFinding,
    PasswordProof,
    Says,
    SentMailing,
)
from services.domain.proofs.shared_mailbox import Holder, SecuredHolder, SendRight, SharedMailbox
from services.domain.reporting.period import PeriodReport, Spread, Waiting, spans_of
from services.domain.restriction import Cause, RestrictedList, Restriction
from services.domain.unknown import Unknown, UnknownReason
from tests.cards.asked_again import asked_again
from tests.cards.decisions import decisions
from tests.cases import (
    ADDRESSES,
    ANA,
    BO,
    CASES,
    HOUR,
    LIMIT_REASON,
    MINUTE,
    NOW,
    PROVEN_MFA,
    PROVEN_PASSWORD,
    RATE_REASON,
    SPAM_REASON,
    TIMING,
    after_steps,
    report,
    restriction,
)

HOSTILE = (
    "**bold** [link](https://evil.example) {{DATE(2020-01-01T00:00:00Z)}} \u202egpj.exe <b>x</b>\n✅ Sending works"
)
LINKS = Links(
    password_reset="https://passwordreset.example",
    security_info="https://security.example",
    helpdesk="IT desk, ext. 100",
)
MENTIONS = (
    Mention(id=BO.id, name=BO.name),
    Mention(id="2", name=f"{HOSTILE}</at> <at>everyone</at>"),
    Mention(id="c2FuZGJveA==", name="On duty", is_tag=True),
)
ALSO_LISTED = replace(restriction(), address=ADDRESSES[1])
VIEW = View(words=words_for("en-GB"), now=NOW, timing=TIMING, links=LINKS, contains=True)
MAILBOX = SharedMailbox(
    address="sales@contoso.example",
    name="Sales",
    addresses=("sales@contoso.example", "offers@contoso.example"),
    holders=(
        Holder(person=ANA, name="Ana Soto", upn=ADDRESSES[0], right=SendRight.SEND_AS),
        *(
            Holder(person=PersonId(name), name=name, upn="", right=SendRight.SEND_AS, through="Sales team")
            for name in ("Dan Reyes", "Kim Abara", "Pat Hall")
        ),
    ),
    unread=("Old distribution list",),
)
SECURED = tuple(
    SecuredHolder(holder=holder, password=PROVEN_PASSWORD, mfa=mfa)
    for holder, mfa in zip(MAILBOX.other_senders(ANA), (PROVEN_MFA, MfaProof(finding=MfaFinding.NONE)), strict=False)
)
CONNECTOR = Restriction(
    address="5e0c0000-0000-4000-8000-00000000c0de", since=NOW - 3 * HOUR, reason="Spam=212;AS(2204)"
)
CONNECTORS = RestrictedList(entries=(CONNECTOR,), complete=True, read_at=NOW)
CONNECTOR_CASE = replace(
    new_connector_case(CONNECTOR.address, CONNECTOR, NOW - HOUR),
    number=CaseNumber(21),
    status=Status.WAITING,
    request=replace(
        new_connector_case(CONNECTOR.address, CONNECTOR, NOW - HOUR).request,
        sent_at=NOW - HOUR,
        requested_by=SignOff(by=BO.id, name=BO.name, at=NOW - HOUR, text="The scanner on floor 2 is clean again."),
    ),
)
DAY = timedelta(days=1)
SENT = SentMail(
    hours=(
        *(SentHour(start=NOW - n * DAY, recipients=6 + 9 * n, messages=6) for n in range(9, 0, -1)),
        SentHour(start=NOW - timedelta(hours=4), recipients=1_200, messages=24),
    ),
    subjects=14,
    complete=False,
)
STOLEN = report(
    forwarding=Forwarding(to="collector@mail.example", keeps_copy=True, external=True),
    rules=(
        InboxRule(
            id="1",
            name=".",
            enabled=True,
            hidden=True,
            deeds=(RuleDeed.FORWARDS, RuleDeed.DELETES),
            targets=("collector@mail.example",),
            external=True,
        ),
        InboxRule(id="2", name="tidy", enabled=True, hidden=False, deeds=(RuleDeed.DELETES,), external=False),
    ),
    sign_ins=(
        *(SignIn(at=NOW - timedelta(minutes=200 + n), succeeded=False, place="NG") for n in range(12)),
        SignIn(at=NOW - timedelta(minutes=190), succeeded=True, place="NG"),
        SignIn(at=NOW - 5 * DAY, succeeded=True, place="ES"),
    ),
    risk=Risk(level=RiskLevel.HIGH, events=(RiskEvent(at=NOW, kind="suspiciousSendingPatterns"),)),
    changes=tuple(
        AccountChange(at=NOW - timedelta(hours=hours), what=what, by=ADDRESSES[0], detail=detail)
        for hours, what, detail in (
            (1, Change.APP_CONSENTED, "Mail Sync Pro"),
            (5, Change.METHOD_ADDED, "Authenticator App"),
            (6, Change.PASSWORD_CHANGED, ""),
        )
    ),
    sent=SENT,
)
NIGHT = replace(
    STOLEN,
    sign_ins=(
        *(SignIn(at=NOW - days * DAY - 5 * HOUR, succeeded=True, place="ES") for days in range(1, 10)),
        SignIn(at=NOW - HOUR, succeeded=True, place="ES"),
        *(SignIn(at=NOW - timedelta(hours=15, minutes=40 + n), succeeded=False, place="NG") for n in range(12)),
        *(SignIn(at=NOW - timedelta(hours=hours), succeeded=True, place="NG") for hours in (15, 14, 9)),
    ),
    sent=SentMail(
        hours=(
            *(SentHour(start=NOW - n * DAY, recipients=6 + 9 * n, messages=6) for n in range(9, 0, -1)),
            *(SentHour(start=NOW - n * HOUR, recipients=40 * (14 - n) ** 2, messages=24) for n in range(10, 3, -1)),
        ),
        subjects=4,
    ),
)
"""A thief's night, hour by hour: guessed at, let in, and sending until a limit stopped it."""
WEAK = report(
    sign_ins=tuple(SignIn(at=NOW - timedelta(minutes=n), succeeded=False, place="NG") for n in range(10)),
    risk=Risk(level=RiskLevel.LOW),
    sent=SentMail(hours=(SentHour(start=NOW, recipients=90_000, messages=900),), subjects=1),
)
UNREAD_REPORT = report(
    forwarding=Unknown(reason=UnknownReason.NO_PERMISSION),
    rules=Unknown(reason=UnknownReason.NO_PERMISSION),
    sign_ins=Unknown(reason=UnknownReason.NO_LICENCE),
    risk=Unknown(reason=UnknownReason.NO_LICENCE),
    changes=Unknown(reason=UnknownReason.TIMED_OUT),
    sent=Unknown(reason=UnknownReason.THROTTLED),
)
WAITING, SECURING, OFF = CASES[Status.WAITING], CASES[Status.SECURING], CASES[Status.OFF_LIST]
CANNOT_PASSWORD = PasswordProof(says=Says.CANNOT, finding=PasswordFinding.ON_PREMISES)


def _both(view: View) -> dict[str, Card]:
    drawn = {f"person-{status.name.lower()}": person_card(case, view) for status, case in CASES.items()}
    return drawn | {f"approver-{status.name.lower()}": approver_card(case, view) for status, case in CASES.items()}


def _persons() -> dict[str, Case]:
    contradicted = PasswordProof(says=Says.DONE, finding=PasswordFinding.CHANGED_BEFORE, changed_at=NOW)
    unchecked = PasswordProof(says=Says.DONE, not_checked=UnknownReason.TIMED_OUT)
    return {
        "still-looking": replace(CASES[Status.LOOKING], look_failed=None),
        "looking-told": replace(
            CASES[Status.LOOKING], request=replace(CASES[Status.LOOKING].request, admins_told_at=NOW)
        ),
        "no-self-service": replace(
            SECURING,
            sender=replace(SECURING.sender, self_service_reset=False),
            restriction=restriction("odd", since=None),
        ),
        "password-again": replace(
            SECURING, proofs=replace(SECURING.proofs, password=contradicted), restriction=restriction(temporary=True)
        ),
        "mfa": replace(
            SECURING, proofs=replace(SECURING.proofs, password=PROVEN_PASSWORD), restriction=restriction(SPAM_REASON)
        ),
        "password-on-premises": replace(
            SECURING, proofs=replace(SECURING.proofs, password=PasswordProof(finding=PasswordFinding.ON_PREMISES))
        ),
        "password-federated": replace(
            SECURING, proofs=replace(SECURING.proofs, password=PasswordProof(finding=PasswordFinding.FEDERATED))
        ),
        "mfa-unchecked": replace(
            SECURING, proofs=replace(SECURING.proofs, password=unchecked), restriction=restriction(RATE_REASON)
        ),
        "mfa-cannot": replace(SECURING, proofs=replace(SECURING.proofs, password=CANNOT_PASSWORD)),
        "mfa-none": replace(
            SECURING,
            proofs=replace(
                SECURING.proofs, password=PROVEN_PASSWORD, mfa=MfaProof(says=Says.DONE, finding=MfaFinding.NONE)
            ),
        ),
        "mailing": replace(
            SECURING,
            proofs=replace(SECURING.proofs, password=PROVEN_PASSWORD, mfa=PROVEN_MFA),
            past=replace(SECURING.past, previous=CaseNumber(3)),
        ),
        "mailing-new-method": replace(
            SECURING,
            proofs=replace(
                SECURING.proofs,
                password=PROVEN_PASSWORD,
                mfa=MfaProof(
                    says=Says.DONE, finding=MfaFinding.NEW, kinds=(MethodKind.ONE_TIME_CODE, MethodKind.WINDOWS_HELLO)
                ),
            ),
        ),
        "send": replace(
            SECURING,
            proofs=replace(
                SECURING.proofs,
                password=replace(PROVEN_PASSWORD, changed_by=None),
                mfa=MfaProof(says=Says.CANNOT),
                mailing=Mailing(sent=SentMailing.UNSURE),
            ),
        ),
        "waiting-open": replace(WAITING, proofs=replace(WAITING.proofs, mfa=MfaProof(), mailing=None)),
        "waiting-replied": replace(
            CASES[Status.NEEDS_INFO],
            status=Status.WAITING,
            request=replace(CASES[Status.NEEDS_INFO].request, question=_replied()),
        ),
        "bouncing": replace(OFF, bouncing_at=NOW),
        "bouncing-late": replace(
            OFF, list_reads=replace(OFF.list_reads, off_list_at=NOW - timedelta(hours=2)), bouncing_at=NOW
        ),
        "contacted-first": replace(SECURING, contact=replace(SECURING.contact, contacted_first=True)),
        "contacted-first-again": replace(
            SECURING,
            contact=replace(SECURING.contact, contacted_first=True),
            past=replace(SECURING.past, previous=CaseNumber(3)),
        ),
        "asked-for-contacted-first": replace(_asked_for(), contact=replace(_asked_for().contact, contacted_first=True)),
        "shared-mailbox": _for_sales(SECURING),
        "not-their-mailbox": replace(
            CASES[Status.NOT_RESTRICTED],
            sender=replace(CASES[Status.NOT_RESTRICTED].sender, mailbox_address=MAILBOX.address),
        ),
        "asked-for": _asked_for(),
        "denied-pause-over": replace(CASES[Status.DENIED], ended_at=NOW - timedelta(hours=2)),
    }


def _for_sales(case: Case) -> Case:
    listed = replace(restriction(), address=MAILBOX.address)
    return replace(
        case,
        sender=replace(case.sender, mailbox_address=MAILBOX.address, mailbox=MAILBOX, addresses=MAILBOX.addresses),
        restriction=listed,
    )


def _with_right(right: SendRight, through: str = "") -> Case:
    ana = replace(MAILBOX.holders[0], right=right, through=through)
    return replace(
        _for_sales(WAITING),
        sender=replace(_for_sales(WAITING).sender, mailbox=replace(MAILBOX, holders=(ana,), unread=())),
    )


def _asked_for() -> Case:
    asked = SignOff(by=BO.id, name=BO.name, at=NOW, text="She called: no laptop with her.")
    return replace(
        WAITING,
        request=replace(WAITING.request, requested_by=asked),
        proofs=replace(WAITING.proofs, password=PasswordProof(), mfa=MfaProof(), mailing=None),
    )


def _replied() -> Question:
    question = CASES[Status.NEEDS_INFO].request.question
    assert question is not None
    return replace(question, reply="Our own tool.", replied_at=NOW)


def _approvers() -> dict[str, Case]:
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
            request=replace(CASES[Status.NEEDS_INFO].request, question=_replied()),
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
        "shared-mailbox": replace(
            _for_sales(WAITING), proofs=replace(_for_sales(WAITING).proofs, other_senders=SECURED)
        ),
        "shared-mailbox-on-behalf": _with_right(SendRight.ON_BEHALF, "Sales team"),
        "shared-mailbox-own": _with_right(SendRight.OWNER),
        "shared-mailbox-right-unread": replace(
            _for_sales(WAITING), sender=replace(_for_sales(WAITING).sender, mailbox=replace(MAILBOX, holders=()))
        ),
        "asked-for": _asked_for(),
        "counts-missing": replace(WAITING, restriction=restriction("RecipientRateLimitExceeded")),
        "spam-counts-missing": replace(WAITING, restriction=restriction("OutboundSpamLast24Hours=x")),
        "connector": CONNECTOR_CASE,
        **contained_cases(),
        **_with_limits(),
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


def _called() -> Case:
    """One approver's code waits, and one's was written."""
    waits = CallCode(by=BO.id, name=BO.name, digest="x", made_at=NOW)
    written = CallCode(by=ANA, name="Cleo Marsh", digest="x", made_at=NOW, told_at=NOW)
    return replace(WAITING, restriction=restriction(SPAM_REASON), call_codes=(waits, written))


def contained_cases() -> dict[str, Case]:
    stolen = replace(WAITING, evidence=STOLEN)
    wanted = SignOff(by=BO.id, name=BO.name, at=NOW - 5 * MINUTE)
    every = Containment(
        requested=wanted,
        steps=tuple(ContainmentStep),
        rules=(NamedRule(id="1", name="."), NamedRule(id="2", name="tidy")),
        forwards_to="collector@mail.example",
    )
    outcomes = (StepOutcome.DONE, StepOutcome.ON_PREMISES, StepOutcome.FAILED, StepOutcome.ALREADY_SO, StepOutcome.DONE)
    results = tuple(
        StepResult(
            step=step,
            outcome=outcome,
            error="Insufficient privileges" if outcome is StepOutcome.FAILED else "",
            was=("x",) if step in (ContainmentStep.RULES_OFF, ContainmentStep.DISABLE) else (),
        )
        for step, outcome in zip(ContainmentStep, outcomes, strict=True)
    )
    done = replace(every, confirmed=wanted, results=results)
    held = tuple(StepResult(step=step, outcome=StepOutcome.DONE) for step in list(ContainmentStep)[:4])
    unread = replace(every, steps=every.steps[:4], confirmed=wanted, results=held)
    contained = replace(
        unread,
        results=tuple(replace(result, at=NOW) for result in held),
        after=after_steps(),
        rules_known=("1", "2"),
    )
    by_two = WantedBack(step=ContainmentStep.DISABLE, wanted=wanted)
    unclear = replace(done, results=(*results[:1], replace(results[1], outcome=StepOutcome.UNCLEAR), *results[2:]))
    off = StepResult(step=ContainmentStep.DISABLE, outcome=StepOutcome.DONE, at=NOW)
    backs = (
        StepResult(step=ContainmentStep.DISABLE, outcome=StepOutcome.DONE),
        StepResult(step=ContainmentStep.RULES_OFF, outcome=StepOutcome.FAILED, error="mailbox busy"),
    )
    return {
        "contain-to-confirm": replace(stolen, containment=every),
        "contain-needs-two": replace(stolen, containment=replace(every, privileged=True)),
        "contain-unsure": replace(stolen, containment=replace(every, privileged=True, unsure=True, forwards_to="")),
        "contain-running": replace(stolen, containment=replace(done, results=results[:2])),
        "contain-done": replace(stolen, containment=done, sender=replace(stolen.sender, phone=None)),
        "contain-put-back": replace(stolen, containment=replace(done, put_back=backs)),
        "contain-two-back": replace(stolen, containment=replace(done, wanted_back=(by_two,))),
        "contain-unclear": replace(stolen, containment=unclear),
        "contained": replace(stolen, containment=unread),
        "contained-read": replace(stolen, evidence=replace(STOLEN, changes=()), containment=contained),
        "contained-no-more": _no_more(replace(stolen, containment=contained)),
        "contained-not-read": replace(
            stolen,
            evidence=replace(STOLEN, changes=UNREAD),
            containment=replace(
                contained,
                after=AfterSteps(
                    read_at=NOW, account=UNREAD, methods=UNREAD, forwarding=UNREAD, rules=UNREAD, delegates=UNREAD
                ),
            ),
        ),
        "contained-not-seen": replace(
            stolen, containment=replace(contained, after=after_steps(account=AccountRead(enabled=True)))
        ),
        "contained-enabled-again": replace(
            stolen, containment=replace(contained, steps=(ContainmentStep.DISABLE,), results=(off,))
        ),
        "contained-on-premises": replace(
            stolen,
            containment=replace(contained, after=after_steps(account=AccountRead(enabled=True, synchronised=True))),
        ),
        "contain-cancelled": replace(stolen, containment=replace(every, steps=(), rules=())),
        "contain-on-premises": replace(
            stolen,
            proofs=replace(stolen.proofs, password=PasswordProof(says=Says.DONE, finding=PasswordFinding.ON_PREMISES)),
        ),
    }


UNREAD = Unknown(reason=UnknownReason.NO_PERMISSION)


def _no_more(case: Case) -> Case:
    """Everything that may open it again, as an hour later shows it."""
    later, end = NOW + HOUR, replace(STOLEN, changes=())
    got_in = SignIn(at=NOW + 30 * MINUTE, succeeded=True, place="NG", address="198.51.100.23")
    hidden = InboxRule(id="9", name=HOSTILE, enabled=True, hidden=True, deeds=(RuleDeed.DELETES,), external=False)
    second = Forwarding(to="second@mail.example", keeps_copy=True, external=None)
    consent = AccountChange(at=NOW, what=Change.APP_CONSENTED, detail="Mail Sync Pro")
    found = replace(end, gathered_at=later, forwarding=second, rules=(hidden,), sign_ins=(got_in,), changes=(consent,))
    account = AccountRead(enabled=True, sessions_valid_from=NOW, password_changed_at=later)
    method = AuthenticationMethod(id="new", kind=MethodKind.PHONE, added_at=NOW - HOUR)
    kim = Delegate(person=PersonId("kim"), name="Kim Abara")
    after = after_steps(read_at=NOW + MINUTE, account=account, methods=(method,), delegates=(kim,))
    return replace(
        case,
        evidence=found,
        episode=replace(case.episode, baseline=replace(case.episode.baseline, methods=("first",))),
        containment=replace(case.containment, after=after) if case.containment else None,
    )


HONEST = replace(WAITING, evidence=report(sent=SentMail(hours=SENT.hours[-1:], subjects=1)))
BULK = OutboundPolicy(
    name="Bulk senders",
    limits=SendingLimits(external_per_hour=1_500, internal_per_hour=1_500, per_day=3_000),
    forwarding=AutoForwarding.OFF,
    notify=True,
    notify_to=("mail-admins@contoso.example",),
)
SNAPSHOT = PolicySnapshot(
    policies=(OutboundPolicy(name="Default", limits=STANDARD, action=ThresholdAction.RESTRICT, is_default=True), BULK),
    rules=(
        OutboundRule(name="Bulk", policy="Bulk senders", priority=0, senders=("n@contoso.example",)),
        OutboundRule(
            name="Old pilot", policy="Bulk senders", priority=1, senders=ADDRESSES[:1], except_groups=("Interns",)
        ),
    ),
    primary=ADDRESSES[0],
    memberships=(Membership(group="Interns", belongs=False),),
    domains=("contoso.example",),
)


GROUP = "team@contoso.example"


def _with_limits() -> dict[str, Case]:
    mark = SignOff(by=BO.id, name=BO.name, at=NOW - 2 * HOUR)
    other = SignOff(by=ANA, name="Cleo Marsh", at=NOW - HOUR)
    plain = replace(SNAPSHOT, policies=SNAPSHOT.policies[:1], rules=())
    wanted = SendingLimits(external_per_hour=2_500, internal_per_hour=1_000, per_day=0)
    own = plan(Strategy.OWN_LIMITS, SNAPSHOT, ADDRESSES, wanted, "Sendwell ana@contoso.example")
    recipe = plan(Strategy.PUBLISHED_RECIPE, plain, ADDRESSES, wanted, "Sendwell ana@contoso.example")
    excepted = plan(Strategy.PUBLISHED_RECIPE, SNAPSHOT, ADDRESSES, wanted, "Sendwell ana@contoso.example")
    proposed = LimitChange(stage=Stage.PROPOSED, strategy=Strategy.OWN_LIMITS, requested=mark, plan=own)
    team = replace(plain, memberships=(Membership(group=GROUP, belongs=True),), group=GROUP)
    grouped = replace(
        proposed, group=GROUP, plan=plan(Strategy.OWN_LIMITS, team, ADDRESSES, wanted, f"Sendwell {GROUP}")
    )
    applied = replace(proposed, stage=Stage.APPLIED, approved=other, applied_at=NOW, ends_at=NOW + 30 * DAY)
    works = {
        "wanted": replace(proposed, stage=Stage.REQUESTED, plan=None),
        "proposed": proposed,
        "proposed-group": grouped,
        "applied-group": replace(grouped, stage=Stage.APPLIED, approved=other, applied_at=NOW),
        "proposed-recipe": replace(proposed, strategy=Strategy.PUBLISHED_RECIPE, plan=recipe, requested=None),
        "proposed-excepted": replace(proposed, strategy=Strategy.PUBLISHED_RECIPE, plan=excepted, planned_again=True),
        "approved": replace(proposed, stage=Stage.APPROVED, approved=other),
        "applied": replace(applied, differs=("Old pilot",), by_sole_approver=True),
        "applied-ended": replace(applied, has_ended=True),
        "failed": replace(
            proposed, stage=Stage.FAILED, error="Access denied.", left_behind=tuple(f"Policy {n}" for n in range(8))
        ),
        "taking-back": replace(applied, stage=Stage.REVERTING, reverted_by=mark),
        "taken-back": replace(applied, stage=Stage.REVERTED, reverted_by=mark),
        "dismissed": replace(proposed, stage=Stage.DISMISSED),
        **{f"no-help-{why.name.lower()}": replace(_nothing(), no_help=why) for why in NoHelp},
        **{f"obstacle-{why.name.lower()}": replace(_nothing(), obstacle=why) for why in Obstacle},
    }
    return {"honest": HONEST} | {f"limits-{name}": replace(HONEST, limit_change=work) for name, work in works.items()}


def _nothing() -> LimitChange:
    return LimitChange(stage=Stage.NO_HELP, strategy=Strategy.OWN_LIMITS)


def _bounces() -> dict[str, Bounce]:
    """One cause for each who can put it right, and every shape of the lines. The sentences of the other causes stand
    in the catalogue alone."""
    causes = {cause.fixer: cause for cause in reversed(TROUBLES)}
    bounces = {cause.name: Bounce(troubles=(Trouble(code="5.7.1", cause=cause),)) for cause in causes.values()}
    lost = Trouble(code="5.1.1", cause=NAMED["recipient_unknown"], recipients=("kim@fabrikam.example",))
    full = Trouble(
        code=None, cause=NAMED["full_in_words"], recipients=tuple(f"lee{n}@fabrikam.example" for n in "1234")
    )
    return bounces | {
        "restricted_sender": Bounce(troubles=(Trouble(code="5.1.8", cause=NAMED["sender_restricted"]),)),
        "phishing": Bounce(troubles=(Trouble(code=None, cause=NAMED["phishing"]),)),
        "by-class": Bounce(troubles=(Trouble(code="5.7.999", cause=NAMED["class_policy"]),)),
        "many": Bounce(troubles=(lost, full), sender=ADDRESSES[0]),
        "incoming": Bounce(troubles=(replace(lost, recipients=ADDRESSES),), sender="kim@fabrikam.example"),
        "someone-else": Bounce(troubles=(lost,), sender="sales@contoso.example"),
    }


def _own_reads() -> dict[str, OwnReads]:
    """What was looked up of somebody who pasted no bounce."""
    to = (HOSTILE, *(f"r{n}@x.example" for n in range(4)))
    older = ReturnedMessage(at=NOW - 5 * HOUR, subject="Offer", recipients=to[1:2])
    mail = ReturnedMail(messages=(older, replace(older, at=NOW - HOUR, recipients=to)))
    well = OwnReads(
        enabled=True,
        mailbox=MailboxHome.HERE,
        came_back=CameBack(mail=ReturnedMail()),
        tenant=TenantLimit(observed=120, threshold=10_000),
    )
    blocked = Bounce(troubles=(Trouble(code="5.7.705", cause=NAMED["tenant_blocked"], recipients=("r0@x.example",)),))
    over = Bounce(troubles=(Trouble(code="5.1.8", cause=NAMED["sender_restricted"]),))
    late, denied = Unknown(reason=UnknownReason.TIMED_OUT), Unknown(reason=UnknownReason.NO_PERMISSION)
    return {
        "nothing-found": well,
        "came-back": replace(well, came_back=CameBack(mail=mail, bounce=blocked)),
        "came-back-restricted": replace(well, came_back=CameBack(mail=mail, bounce=over)),
        "came-back-untold": replace(well, came_back=CameBack(mail=replace(mail, complete=False))),
        "no-mailbox": replace(well, mailbox=MailboxHome.NONE, came_back=late),
        "mailbox-elsewhere": replace(well, mailbox=MailboxHome.ELSEWHERE, came_back=denied),
        "tenant-limit": replace(well, tenant=TenantLimit(observed=10_000, threshold=10_000)),
        "disabled": replace(well, enabled=False, mailbox=denied, came_back=denied),
    }


def _small(view: View) -> dict[str, Card]:
    checked = Checked(addresses=ADDRESSES, read_at=NOW)
    listing = RestrictedList(entries=(restriction(), restriction("x", since=None)), complete=False, read_at=NOW)
    bounces = {f"bounce-{name}": not_restricted_card(checked, bounce, view) for name, bounce in _bounces().items()}
    return bounces | {
        "not-restricted": not_restricted_card(checked, None, view),
        **{
            f"not-restricted-{name}": not_restricted_card(replace(checked, own=own), None, view)
            for name, own in _own_reads().items()
        },
        "help": help_card(view),
        "channel-help": channel_help_card(view),
        "collapsed": collapsed_card(WAITING, view),
        "one-line": one_line("A sentence."),
        "cases": cases_card([WAITING, OFF], view),
        "cases-none": cases_card([], view),
        "restricted": restricted_card(listing, CONNECTORS, view),
        "restricted-one": restricted_card(
            replace(listing, entries=listing.entries[:1], complete=True), replace(CONNECTORS, entries=()), view
        ),
        "restricted-unread": restricted_card(
            Unknown(reason=UnknownReason.TIMED_OUT), Unknown(reason=UnknownReason.NO_PERMISSION), view
        ),
        "digest": digest_card(_digest_cards(12), view),
        "digest-noticed": digest_card(_digest_cards(12), _noticed(view)),
        "digest-long": digest_card(_digest_cards(45), view),
        "digest-settled": digest_card([CASES[Status.WORKS], CASES[Status.DENIED]], view),
        "help-approver": help_card(view, for_approver=True),
        "history": history_card(ADDRESSES[0], [_listed_before(), CASES[Status.DENIED], CASES[Status.WORKS]], view),
        "history-none": history_card(ADDRESSES[0], [], view),
        **_reports(view),
        "tell": thread_card("waiting for a decision", view),
        "tell-mentioning": mentioning(thread_card("waiting for a decision", view), MENTIONS, view),
    }


def _reports(view: View) -> dict[str, Card]:
    """A busy quarter, one in which nothing happened, and the longest that can be asked for."""
    spans = spans_of(90, NOW)
    busy = PeriodReport(
        spans=spans,
        until=NOW,
        by_span=tuple(n * 5 % 4 for n in range(len(spans))),
        by_cause=((Cause.POLICY_LIMIT, 12), (Cause.SPAM, 6), (Cause.UNKNOWN, 1)),
        decided=Spread(many=14, half=40 * MINUTE, most=5 * HOUR),
        works=Spread(many=11, half=3 * HOUR, most=26 * HOUR),
        requests=17,
        outcomes=((Status.WORKS, 11), (Status.EXPIRED, 2), (Status.WAITING, 2), (Status.DENIED, 2)),
        repeated=(),
        waiting=(
            Waiting(status=Status.WAITING, many=2, oldest=NOW - HOUR),
            Waiting(status=Status.UNBLOCKED, many=1, oldest=NOW - 2 * HOUR),
            Waiting(status=Status.FAILED, many=1, oldest=NOW - DAY),
        ),
    )
    nothing = replace(busy, by_span=(0,) * len(spans), by_cause=(), decided=None, works=None, requests=0, waiting=())
    year = spans_of(366, NOW)
    long = replace(busy, spans=year, by_span=tuple(range(len(year))))
    repeated = [NamedRepeat(address=address, newest=CaseNumber(17), times=3) for address in ADDRESSES]
    many = [replace(repeated[0], address=f"{HOSTILE}{n}@contoso.example") for n in range(40)]
    unread = Unknown(reason=UnknownReason.NO_PERMISSION)
    return {
        "report": report_card(busy, repeated, TenantLimit(observed=8_200, threshold=10_000), view),
        "report-nothing": report_card(nothing, [], TenantLimit(observed=0, threshold=10_000, enforced=False), view),
        "report-long": report_card(long, many, unread, view),
    }


def _listed_before() -> Case:
    """A history where the audit log shows more restrictions than our own records."""
    listings = tuple(Listing(at=NOW - n * 5 * DAY, listed=n % 2 == 1, reason="x") for n in range(1, 8))
    return replace(WAITING, evidence=report(listings=listings), restriction=None)


def _noticed(view: View) -> View:
    return replace(view, notice=view.words("refusal.not_approver"))


def _digest_cards(number: int) -> list[Case]:
    """A digest of many cases, some of them decided already."""
    kinds = (CASES[Status.WORKS], WAITING, replace(WAITING, restriction=restriction(SPAM_REASON)))
    return [
        replace(
            kinds[n % 3],
            number=CaseNumber(100 + n),
            sender=replace(kinds[n % 3].sender, name=f"Sample Person {n}"),
            version=1,
        )
        for n in range(number)
    ]


def _joined(view: View) -> dict[str, Card]:
    """What somebody sees who asked about a mailbox after somebody else had."""
    dan = SignOff(by=PersonId("dan"), name="Dan Reyes", at=NOW)
    gone = SignOff(by=WAITING.sender.person, name=WAITING.sender.name, at=NOW)
    asked = replace(WAITING, request=replace(WAITING.request, also_asked=(dan,)))
    alone = replace(asked, request=replace(asked.request, withdrew=(gone,), withdrawals=1))
    question = CASES[Status.NEEDS_INFO].request.question
    to_answer = replace(alone, status=Status.NEEDS_INFO, request=replace(alone.request, question=question))
    return {
        "person-joined": card_for(asked, dan.by, view),
        "person-joined-alone": card_for(alone, dan.by, view),
        "person-joined-asked": card_for(to_answer, dan.by, view),
        "person-withdrew-alone": card_for(alone, gone.by, view),
        "approver-one-withdrew": approver_card(alone, view),
        "person-end-asked": end_card(replace(asked, status=Status.WORKS), dan.by, view),
        "person-end-owner": end_card(_for_sales(CASES[Status.DENIED]), dan.by, view),
        "person-not-restricted-bounced": person_card(
            replace(CASES[Status.NOT_RESTRICTED], bounce_code="5.7.705", bounce_cause="tenant_blocked"), view
        ),
    }


@cache
def pictures(words: Words = VIEW.words) -> dict[str, Card]:
    """Returns every card in one language, by name: drawn once, since drawing them takes a second, so nobody changes
    them."""
    view = replace(VIEW, words=words)
    calling = replace(view, timing=replace(TIMING, call_code=True))
    noticed, bare = _noticed(view), replace(view, links=replace(LINKS, helpdesk=None))
    return (
        _both(view)
        | {f"person-{name}": person_card(case, view) for name, case in _persons().items()}
        | {f"approver-{name}": approver_card(case, view) for name, case in _approvers().items()}
        | _joined(view)
        | asked_again(view)
        | _small(view)
        | {
            "approver-noticed": approver_card(WAITING, noticed),
            "approver-alarms-keep-coming": approver_card(
                replace(WAITING, evidence=STOLEN, held_up=2, alarms_keep_coming=True), view
            ),
            "approver-call-code": approver_card(_called(), calling),
            "approver-call-code-told": approver_card(
                replace(_called(), call_codes=()),
                replace(calling, notice=code_notice(WAITING, "123456", view)),
            ),
            "person-noticed": person_card(WAITING, noticed),
            "person-denied-without-words": person_card(decisions()["stopped"], view),
            "person-drafted": person_card(CASES[Status.NEEDS_INFO], replace(view, draft="Our own tool.")),
            "person-no-helpdesk": person_card(
                replace(SECURING, proofs=replace(SECURING.proofs, password=CANNOT_PASSWORD)), bare
            ),
        }
    )
