"""What a person's card shows, by name."""

from dataclasses import replace
from datetime import timedelta

from cards.approver.approver_card import approver_card
from cards.person.end_card import end_card
from cards.person.joined_card import card_for
from cards.person.person_card import person_card
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.people import MethodKind, PersonId, SignOff
from services.domain.proofs.securing import (
    Mailing,
    MfaFinding,
    MfaProof,
    PasswordFinding,
    PasswordProof,
    Says,
    SentMailing,
)
from services.domain.unknown import UnknownReason
from tests.cards.sample_cases import CANNOT_PASSWORD, MAILBOX, OFF, SECURING, WAITING, asked_for, for_sales, replied
from tests.cases import CASES, NOW, PROVEN_MFA, PROVEN_PASSWORD, RATE_REASON, SPAM_REASON, restriction


def person_cases() -> dict[str, Case]:
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
            request=replace(CASES[Status.NEEDS_INFO].request, question=replied()),
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
        "asked-for-contacted-first": replace(asked_for(), contact=replace(asked_for().contact, contacted_first=True)),
        "shared-mailbox": for_sales(SECURING),
        "not-their-mailbox": replace(
            CASES[Status.NOT_RESTRICTED],
            sender=replace(CASES[Status.NOT_RESTRICTED].sender, mailbox_address=MAILBOX.address),
        ),
        "asked-for": asked_for(),
        "denied-pause-over": replace(CASES[Status.DENIED], ended_at=NOW - timedelta(hours=2)),
    }


def joined_cards(view: View) -> dict[str, Card]:
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
        "person-end-owner": end_card(for_sales(CASES[Status.DENIED]), dan.by, view),
        "person-not-restricted-bounced": person_card(
            replace(CASES[Status.NOT_RESTRICTED], bounce_code="5.7.705", bounce_cause="tenant_blocked"), view
        ),
    }
