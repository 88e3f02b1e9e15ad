"""Subject and asker are two: who decides about a mailbox, whose number is called, whose account is contained."""

from dataclasses import replace

import pytest

from services.domain.case.status import Status
from services.domain.evidence.findings import Found
from services.domain.evidence.report import Risk, RiskLevel
from services.domain.people import PersonId, TeamsUser
from services.domain.proofs.securing import ApprovalCondition
from services.domain.proofs.shared_mailbox import HOLDERS_AT_MOST, Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, LIMIT_REASON, MINUTE, person, report
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, DAN, World

SALES, BOS, DANS = "sales@contoso.example", "bo@contoso.example", "dan@contoso.example"


def holder(who: TeamsUser, right: SendRight = SendRight.SEND_AS, through: str = "") -> Holder:
    address = f"{who.name.split()[0].casefold()}@contoso.example"
    return Holder(person=who.id, name=who.name, upn=address, right=right, through=through)


def is_known(w: World, address: str, *holders: Holder) -> None:
    w.mailboxes.known[address] = SharedMailbox(
        address=address, name=address.partition("@")[0].title(), addresses=(address,), holders=holders
    )


@pytest.fixture
def w(w: World) -> World:
    w.directory.people[DAN.id] = person(
        id=DAN.id, name="Dan Reyes", upn=DANS, addresses=(DANS,), phone="+34 999", manager="Eve Duarte"
    )
    return w


async def dan_has_sent_for(w: World, address: str) -> None:
    w.mail.restrict(address)
    await w.says(DAN, f"mailbox {address}")
    await w.presses(DAN, "tell", 1)


async def approves(w: World, who: TeamsUser) -> str:
    return await w.presses(who, "approve", by_another_route="true", ground="called the owner")


@pytest.mark.parametrize(("verb", "inputs"), [("approve", {"by_another_route": "true"}), ("deny", {}), ("limits", {})])
async def test_an_approver_does_not_decide_about_their_own_mailbox_that_a_delegate_asked_for(
    w: World, verb: str, inputs: dict[str, str]
) -> None:
    is_known(w, BOS, holder(BO, SendRight.OWNER), holder(DAN))
    await dan_has_sent_for(w, BOS)
    assert "You can't decide your own case" in await w.presses(BO, verb, **{"ground": "x", "reason": "x", **inputs})  # type: ignore[arg-type]  # the inputs of a form
    assert (await w.status(), (await w.case()).decision) == (Status.WAITING, None)
    await approves(w, CLEO)
    assert (await w.case()).decision is not None


async def test_nor_about_a_mailbox_that_they_may_send_from_directly(w: World) -> None:
    is_known(w, SALES, holder(DAN), holder(BO))
    await dan_has_sent_for(w, SALES)
    assert "may send from this mailbox" in await approves(w, BO)
    assert await w.status() is Status.WAITING


async def test_nor_about_a_persons_mailbox_that_they_may_send_from_as_the_evidence_says(w: World) -> None:
    is_known(w, ANAS_ADDRESS, holder(ANA_CLICKS, SendRight.OWNER), holder(BO))
    await w.ana_has_sent(LIMIT_REASON)
    assert "Others who can send from this mailbox: Bo Larsen" in w.approvers_see()
    assert "may send from this mailbox" in await w.presses(BO, "approve")
    await w.presses(CLEO, "approve")
    assert (await w.case()).decision is not None


async def test_who_may_send_through_a_group_is_not_enough_alone(w: World) -> None:
    is_known(w, SALES, holder(DAN), holder(BO, through="Everybody"))
    await dan_has_sent_for(w, SALES)
    await approves(w, BO)
    assert await w.status() is Status.WAITING
    assert "Bo Larsen" in w.approvers_see().split("👥")[1]
    await approves(w, CLEO)
    assert (await w.case()).decision is not None


async def test_somebody_who_has_nothing_to_do_with_it_decides_alone(w: World) -> None:
    is_known(w, SALES, holder(DAN), holder(BO, through="Everybody"))
    await dan_has_sent_for(w, SALES)
    await approves(w, CLEO)
    assert (await w.case()).decision is not None


async def test_under_the_owners_name_stand_the_owners_number_and_manager(w: World) -> None:
    is_known(w, ANAS_ADDRESS, holder(ANA_CLICKS, SendRight.OWNER), holder(DAN))
    await dan_has_sent_for(w, ANAS_ADDRESS)
    seen = w.approvers_see()
    assert "Ana Soto: Manager: Dan Reyes" in seen
    assert "+34 600 000 001" in seen
    assert "+34 999" not in seen
    assert "Eve Duarte" not in seen


async def test_an_owner_who_cannot_be_read_has_no_number_and_not_that_of_who_asks(w: World) -> None:
    is_known(w, ANAS_ADDRESS, holder(ANA_CLICKS, SendRight.OWNER), holder(DAN))
    del w.directory.people[ANA]
    await dan_has_sent_for(w, ANAS_ADDRESS)
    assert "+34 999" not in w.approvers_see()


async def test_containing_acts_on_the_owners_account_and_names_it(w: World) -> None:
    is_known(w, ANAS_ADDRESS, holder(ANA_CLICKS, SendRight.OWNER), holder(DAN))
    await dan_has_sent_for(w, ANAS_ADDRESS)
    seen = await w.presses(BO, "contain", sessions="true")
    assert f"Account: Ana Soto ({ANAS_ADDRESS})" in seen
    await w.presses(BO, "contain_confirm", plan="1")
    assert w.containing.accounts == [ANA]


async def test_of_a_mailbox_that_nobody_owns_it_is_said_whose_account_is_meant(w: World) -> None:
    is_known(w, SALES, holder(DAN), holder(ANA_CLICKS))
    await dan_has_sent_for(w, SALES)
    assert "whose account" in await w.presses(BO, "contain", sessions="true")
    assert (await w.case()).containment is None
    assert "Account: Ana Soto" in await w.presses(BO, "contain", sessions="true", account=ANA)
    await w.presses(BO, "contain_confirm", plan="1")
    assert w.containing.accounts == [ANA]
    assert "whose account" in await w.presses(BO, "contain", sessions="true", account="somebody else")
    assert "Another account" in await w.presses(BO, "contain", sessions="true", account=DAN.id)


async def test_a_typed_containment_names_the_account_by_its_address(w: World) -> None:
    is_known(w, SALES, holder(DAN), holder(ANA_CLICKS))
    await dan_has_sent_for(w, SALES)
    await w.commands(BO, "contain 1 sessions")
    assert (await w.case()).containment is None
    await w.commands(BO, f"contain 1 {ANAS_ADDRESS} sessions")
    await w.commands(BO, "contain 1 yes 1")
    assert w.containing.accounts == [ANA]


async def test_who_is_restricted_does_not_respond_for_others_and_a_list_that_fails_holds_nothing_up(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.mail.restrict(BOS)
    await w.passes(MINUTE)
    assert "You yourself are restricted from sending" in await w.presses(BO, "contain", sessions="true")
    assert (await w.case()).containment is None
    await w.passes(MINUTE)
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.presses(BO, "contain", sessions="true")
    assert (await w.case()).containment is not None


async def test_the_evidence_names_the_account_of_another_sender_that_looks_stolen(w: World) -> None:
    is_known(w, ANAS_ADDRESS, holder(ANA_CLICKS, SendRight.OWNER), holder(DAN))
    w.traces.reports[DAN.id] = report(risk=Risk(level=RiskLevel.HIGH))
    await w.ana_has_sent(LIMIT_REASON)
    case = await w.case()
    named = [(finding.account, finding.found) for finding in case.judgement.findings if finding.account]
    assert named == [(DANS, Found.HIGH_RISK)]
    assert case.looks_stolen
    assert f"Risk · {DANS}" in w.approvers_see()


async def test_weak_signs_of_two_people_are_no_stolen_account(w: World) -> None:
    is_known(w, ANAS_ADDRESS, holder(ANA_CLICKS, SendRight.OWNER), holder(DAN))
    """Ana says that she sent no mailing, and Dan's account shows some risk."""
    w.traces.reports[DAN.id] = report(risk=Risk(level=RiskLevel.LOW))
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(ANA_CLICKS, "mailing_no")
    case = await w.case()
    assert {finding.found for finding in case.judgement.findings if finding.found} == {
        Found.NO_MAILING_SAID,
        Found.SOME_RISK,
    }
    assert not case.looks_stolen


async def test_more_senders_than_are_looked_at_are_a_condition(w: World) -> None:
    many = [replace(holder(DAN), person=PersonId(f"colleague {n}")) for n in range(HOLDERS_AT_MOST + 1)]
    is_known(w, ANAS_ADDRESS, holder(ANA_CLICKS, SendRight.OWNER), *many)
    await w.ana_has_sent(LIMIT_REASON)
    case = await w.case()
    assert case.evidence is not None
    assert len(case.evidence.others) == HOLDERS_AT_MOST
    assert ApprovalCondition.TOO_MANY_SENDERS in case.conditions
    assert "called or met" in await w.presses(BO, "approve")


@pytest.mark.parametrize(
    ("reason", "is_condition"), [(UnknownReason.TIMED_OUT, True), (UnknownReason.NO_PERMISSION, False)]
)
async def test_senders_that_cannot_be_read_are_a_condition_unless_we_may_not_ask(
    w: World, reason: UnknownReason, is_condition: bool
) -> None:
    w.mailboxes.trouble = reason
    await w.ana_has_sent(LIMIT_REASON)
    assert (ApprovalCondition.SENDERS_NOT_CHECKED in (await w.case()).conditions) is is_condition
