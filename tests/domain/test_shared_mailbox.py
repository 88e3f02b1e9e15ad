"""Who can send from a mailbox, and when all of them are proven."""

from dataclasses import replace

from services.domain.case.status import Status
from services.domain.people import PersonId
from services.domain.proofs.securing import ApprovalCondition, MfaFinding, MfaProof
from services.domain.proofs.shared_mailbox import Holder, SecuredHolder, SendRight, SharedMailbox
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import ANA, CASES, PROVEN_MFA, PROVEN_PASSWORD, UNPROVEN_PASSWORD

DAN, KIM = PersonId("dan"), PersonId("kim")


def _holder(person: PersonId, right: SendRight = SendRight.SEND_AS) -> Holder:
    return Holder(person=person, name=person, upn="", right=right)


SALES = SharedMailbox(
    address="sales@contoso.example", name="Sales", addresses=(), holders=(_holder(ANA), _holder(DAN), _holder(KIM))
)
PROVEN = tuple(SecuredHolder(holder=h, password=PROVEN_PASSWORD, mfa=PROVEN_MFA) for h in SALES.other_senders(ANA))
CASE = replace(
    CASES[Status.WAITING],
    sender=replace(CASES[Status.WAITING].sender, mailbox=SALES),
    proofs=replace(CASES[Status.WAITING].proofs, other_senders=PROVEN),
)


def test_nobody_is_looked_at_twice_for_two_rights() -> None:
    twice = replace(SALES, holders=(*SALES.holders, _holder(DAN, SendRight.ON_BEHALF)))
    assert [other.person for other in twice.other_senders(ANA)] == [DAN, KIM]


def test_no_right_is_known_only_where_everything_was_read() -> None:
    assert SALES.right_of(DAN) == _holder(DAN)
    assert SALES.right_of(PersonId("pat")) is None
    assert replace(SALES, unread=("x",)).right_of(PersonId("pat")) == Unknown(reason=UnknownReason.INCOMPLETE)


def test_every_other_sender_must_be_proven_or_another_route_is_needed() -> None:
    assert CASE.conditions == CASES[Status.WAITING].conditions
    unproven = replace(PROVEN[1], mfa=MfaProof(finding=MfaFinding.NEW))
    unchanged = replace(PROVEN[1], password=UNPROVEN_PASSWORD)
    for others in (None, PROVEN[:1], (PROVEN[0], unproven), (PROVEN[0], unchanged)):
        assert (
            ApprovalCondition.OTHERS_NOT_PROVEN
            in replace(CASE, proofs=replace(CASE.proofs, other_senders=others)).conditions
        )
    assert (
        ApprovalCondition.OTHERS_NOT_PROVEN
        in replace(CASE, sender=replace(CASE.sender, mailbox=replace(SALES, unread=("x",)))).conditions
    )


def test_a_right_that_could_not_be_read_is_a_condition() -> None:
    assert ApprovalCondition.RIGHT_NOT_CHECKED not in CASE.conditions
    unsure = replace(SALES, holders=SALES.holders[1:], unread=("x",))
    assert ApprovalCondition.RIGHT_NOT_CHECKED in replace(CASE, sender=replace(CASE.sender, mailbox=unsure)).conditions
