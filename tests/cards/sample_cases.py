"""Cases that pictures begin with."""

from dataclasses import replace

from services.domain.case.case import Case
from services.domain.case.connectors import new_connector_case
from services.domain.case.parts import CaseNumber, Question
from services.domain.case.status import Status
from services.domain.evidence.report import SentMail
from services.domain.people import PersonId, SignOff
from services.domain.proofs.securing import MfaFinding, MfaProof, PasswordFinding, PasswordProof, Says
from services.domain.proofs.shared_mailbox import Holder, SecuredHolder, SendRight, SharedMailbox
from services.domain.restriction import RestrictedList, Restriction
from tests.cards.sample_evidence import SENT
from tests.cases import ADDRESSES, ANA, BO, CASES, HOUR, NOW, PROVEN_MFA, PROVEN_PASSWORD, report, restriction

ALSO_LISTED = replace(restriction(), address=ADDRESSES[1])
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
WAITING, SECURING, OFF = CASES[Status.WAITING], CASES[Status.SECURING], CASES[Status.OFF_LIST]
CANNOT_PASSWORD = PasswordProof(says=Says.CANNOT, finding=PasswordFinding.ON_PREMISES)


def for_sales(case: Case) -> Case:
    listed = replace(restriction(), address=MAILBOX.address)
    return replace(
        case,
        sender=replace(case.sender, mailbox_address=MAILBOX.address, mailbox=MAILBOX, addresses=MAILBOX.addresses),
        restriction=listed,
    )


def with_right(right: SendRight, through: str = "") -> Case:
    ana = replace(MAILBOX.holders[0], right=right, through=through)
    return replace(
        for_sales(WAITING),
        sender=replace(for_sales(WAITING).sender, mailbox=replace(MAILBOX, holders=(ana,), unread=())),
    )


def asked_for() -> Case:
    asked = SignOff(by=BO.id, name=BO.name, at=NOW, text="She called: no laptop with her.")
    return replace(
        WAITING,
        request=replace(WAITING.request, requested_by=asked),
        proofs=replace(WAITING.proofs, password=PasswordProof(), mfa=MfaProof(), mailing=None),
    )


def replied() -> Question:
    question = CASES[Status.NEEDS_INFO].request.question
    assert question is not None
    return replace(question, reply="Our own tool.", replied_at=NOW)


HONEST = replace(WAITING, evidence=report(sent=SentMail(hours=SENT.hours[-1:], subjects=1)))
