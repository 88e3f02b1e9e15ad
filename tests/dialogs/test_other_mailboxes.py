"""A shared mailbox is asked for by somebody who sends from it; an approver asks on somebody's behalf."""

from dataclasses import replace

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.people import AuthenticationMethod, MethodKind, PersonId
from services.domain.proofs.securing import ApprovalCondition
from services.domain.proofs.shared_mailbox import HOLDERS_AT_MOST, Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, MINUTE, NOW, person
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, DAN, World

SALES = "sales@contoso.example"
ANAS_RIGHT = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.SEND_AS)
DANS_RIGHT = Holder(
    person=DAN.id, name="Dan Reyes", upn="dan@contoso.example", right=SendRight.SEND_AS, through="Sales team"
)
MAILBOX = SharedMailbox(
    address=SALES, name="Sales", addresses=(SALES, "offers@contoso.example"), holders=(ANAS_RIGHT, DANS_RIGHT)
)
OWN = SharedMailbox(
    address=ANAS_ADDRESS,
    name="Ana Soto",
    addresses=(ANAS_ADDRESS,),
    holders=(Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER),),
)
APP = AuthenticationMethod(id="app", kind=MethodKind.AUTHENTICATOR, added_at=None)


def _shared(w: World, mailbox: SharedMailbox = MAILBOX) -> None:
    w.mailboxes.known = {SALES: mailbox, "offers@contoso.example": mailbox, ANAS_ADDRESS: OWN}
    w.mail.restrict(SALES)
    dans = "dan@contoso.example"
    w.directory.people[DAN.id] = person(id=DAN.id, name="Dan Reyes", upn=dans, addresses=(dans,))


async def _ana_sends_for_sales(w: World) -> None:
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")


@pytest.mark.parametrize("words", [f"mailbox {SALES}", f"I can't send from {SALES}", f"why can't {SALES} send?"])
async def test_a_shared_mailbox_is_looked_up_by_whoever_sends_from_it(w: World, words: str) -> None:
    _shared(w)
    await w.says(ANA_CLICKS, words)
    assert await w.status() is Status.SECURING
    assert f"About the mailbox Sales ({SALES})" in w.ana_sees()
    assert "1 other person can send from it too" in w.ana_sees()
    assert "2,001" in w.ana_sees()


async def test_the_approvers_see_who_asked_for_whom_and_who_else_can_send(w: World) -> None:
    _shared(w)
    await _ana_sends_for_sales(w)
    seen = w.approvers_see()
    assert f"Sales |   {SALES}" in seen
    assert "Requested by Ana Soto" in seen
    assert "right to send: send as." in seen
    assert "1 other person can send from it" in seen
    assert "Dan Reyes" in seen
    assert ApprovalCondition.OTHERS_NOT_PROVEN in (await w.case()).conditions
    assert "called or met" in await w.presses(BO, "approve")


async def test_of_very_many_who_can_send_some_are_looked_at_and_the_others_are_not_proven(w: World) -> None:
    many = tuple(replace(DANS_RIGHT, person=PersonId(f"colleague {n}")) for n in range(HOLDERS_AT_MOST + 1))
    _shared(w, replace(MAILBOX, holders=(ANAS_RIGHT, *many)))
    for holder in many:
        w.directory.people[holder.person] = person(id=holder.person, password_changed_at=NOW)
        w.directory.methods_of[holder.person] = (replace(APP, added_at=NOW.replace(year=2025)),)
    await _ana_sends_for_sales(w)
    case = await w.case()
    assert len(case.proofs.other_senders or ()) == HOLDERS_AT_MOST
    assert ApprovalCondition.OTHERS_NOT_PROVEN in case.conditions


async def test_where_everybody_is_proven_no_other_route_is_needed(w: World) -> None:
    _shared(w)
    w.directory.people[DAN.id] = person(id=DAN.id, name="Dan Reyes", password_changed_at=NOW)
    w.directory.methods_of[DAN.id] = (replace(APP, added_at=NOW.replace(year=2025)),)
    await _ana_sends_for_sales(w)
    assert (await w.case()).conditions == ()
    await w.presses(BO, "approve")
    await w.passes(5 * w.timing.reads_apart)
    assert await w.status() is Status.OFF_LIST
    assert w.mail.entries == {}


async def test_whoever_may_not_send_from_it_learns_nothing_of_it(w: World) -> None:
    _shared(w, replace(MAILBOX, holders=(DANS_RIGHT,)))
    refused = await w.says(ANA_CLICKS, f"mailbox {SALES}")
    unknown = await w.says(ANA_CLICKS, "mailbox nobody@contoso.example")
    assert refused.replace(SALES, "") == unknown.replace("nobody@contoso.example", "")
    assert await w.cases.latest_of(ANA) is None


async def test_rights_that_cannot_be_read_are_not_checked_and_never_taken_for_given(w: World) -> None:
    _shared(w, replace(MAILBOX, holders=(), unread=("Get-RecipientPermission: no permission",)))
    await _ana_sends_for_sales(w)
    assert "right to send: not checked" in w.approvers_see()
    assert "Not checked: Get-RecipientPermission" in w.approvers_see()
    assert {ApprovalCondition.RIGHT_NOT_CHECKED, ApprovalCondition.OTHERS_NOT_PROVEN} <= set(
        (await w.case()).conditions
    )


UNREAD = replace(MAILBOX, holders=(DANS_RIGHT,), unread=("Get-RecipientPermission: no permission",))


async def test_where_rights_cannot_be_read_who_asked_learns_nothing_and_the_approvers_see_it(w: World) -> None:
    _shared(w, UNREAD)
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    assert await w.status() is Status.SECURING
    shown = [w.ana_sees()]
    assert "I can say nothing about that mailbox" in shown[0]
    shown.append(await w.presses(ANA_CLICKS, "tell"))
    await w.passes(MINUTE)
    shown.append(w.ana_sees())
    assert "With the admins" in shown[-1]
    for told in ("2,001", "Sales", "Dan Reyes", "1 other person", "limit", "restricted since", "Secure"):
        assert [text for text in shown if told in text] == [], told
    seen = w.approvers_see()
    assert f"Sales |   {SALES}" in seen
    assert "right to send: not checked" in seen
    assert "2,001" in seen
    await w.bo_approves()
    await w.passes(5 * w.timing.reads_apart)
    assert await w.status() is Status.OFF_LIST
    assert "Unblocked: please test" in w.ana_sees()


async def test_where_rights_cannot_be_read_a_mailbox_that_is_not_restricted_is_answered_alike(w: World) -> None:
    _shared(w, UNREAD)
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    restricted = w.ana_sees()
    w.mail.entries.clear()
    w.mailboxes.known["box@contoso.example"] = replace(UNREAD, address="box@contoso.example", addresses=())
    free = await w.says(ANA_CLICKS, "mailbox box@contoso.example")
    assert "I can say nothing about that mailbox" in free
    assert free.replace("box@contoso.example", SALES) in restricted


async def test_where_rights_cannot_be_read_that_it_is_off_the_list_again_is_told_to_nobody_who_asked(w: World) -> None:
    _shared(w, UNREAD)
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    w.mail.entries.clear()
    for _ in range(3):
        await w.passes(w.timing.check_every)
    assert await w.status() is Status.ALREADY_LIFTED
    assert "I can say nothing about that mailbox" in w.ana_sees()
    assert "Not restricted any more" not in w.ana_sees()


async def test_a_mailbox_that_cannot_be_looked_up_goes_on_being_looked_for(w: World) -> None:
    _shared(w)
    w.mailboxes.trouble = UnknownReason.UNREACHABLE
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    assert await w.status() is Status.LOOKING
    w.mailboxes.trouble = None
    await w.passes(w.timing.check_every)
    assert await w.status() is Status.SECURING
    assert (await w.case()).sender.addresses == MAILBOX.addresses


async def test_a_late_answer_that_the_mailbox_is_not_theirs_ends_the_look(w: World) -> None:
    _shared(w, replace(MAILBOX, holders=(DANS_RIGHT,)))
    w.mailboxes.trouble = UnknownReason.UNREACHABLE
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    w.mailboxes.trouble = None
    await w.passes(w.timing.check_every)
    assert await w.status() is Status.NOT_RESTRICTED
    assert f"I can't help with {SALES}" in w.ana_sees()
    assert (await w.case()).restriction is None


async def test_own_and_shared_mailbox_are_two_cases_and_each_is_shown_again(w: World) -> None:
    _shared(w)
    w.mail.restrict(ANAS_ADDRESS)
    await w.says(ANA_CLICKS, "why can't I send email?")
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    await w.says(ANA_CLICKS, f"mailbox {ANAS_ADDRESS}")
    assert [case.sender.mailbox_address for case in await w.cases.open_cases()] == ["", SALES]


async def test_an_approver_asks_for_somebody_and_both_cards_say_so(w: World) -> None:
    _shared(w)
    await w.installs(ANA_CLICKS)
    w.mail.restrict(ANAS_ADDRESS)
    await w.commands(BO, f"unblock {ANAS_ADDRESS} she called from the road")
    assert await w.status() is Status.WAITING
    assert "Bo Larsen requested this on behalf of Ana Soto" in w.approvers_see()
    assert "she called from the road" in w.approvers_see()
    assert "Bo Larsen asked the admins on your behalf" in w.ana_sees()
    await w.bo_approves()
    await w.passes(5 * w.timing.reads_apart)
    assert await w.status() is Status.OFF_LIST


async def test_an_approver_sends_what_the_person_has_begun(w: World) -> None:
    _shared(w)
    await w.ana_asks()
    await w.commands(CLEO, f"unblock {ANAS_ADDRESS} she has no phone")
    assert await w.status() is Status.WAITING
    await w.commands(BO, f"unblock {ANAS_ADDRESS} again")
    assert len(await w.cases.open_cases()) == 1
    asked = (await w.case()).request.requested_by
    assert asked is not None
    assert asked.name == "Cleo Marsh"


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (f"unblock {ANAS_ADDRESS}", "reason"),
        ("unblock", "unblock"),
        ("unblock nobody@contoso.example please", "No mailbox has the address"),
        (f"unblock {SALES} please", "is a shared mailbox"),
        (f"unblock {ANAS_ADDRESS} please", f"{ANAS_ADDRESS} is not restricted"),
    ],
)
async def test_an_approver_is_told_why_there_is_nothing_to_ask_for(w: World, words: str, answer: str) -> None:
    _shared(w)
    said = await w.says(BO, words, ConversationKind.PERSONAL)
    assert answer in said, said
    assert await w.cases.open_cases() == []


async def test_nobody_else_asks_in_somebodys_place_and_ones_own_address_means_oneself(w: World) -> None:
    _shared(w)
    w.mail.restrict(ANAS_ADDRESS)
    await w.says(DAN, f"unblock {ANAS_ADDRESS} please")
    assert await w.cases.open_cases() == []
    w.approvers.standings[ANA] = w.approvers.standings[BO.id]
    await w.says(ANA_CLICKS, f"unblock {ANAS_ADDRESS} please")
    assert await w.status() is Status.SECURING
    assert w.sheets() == []


@pytest.mark.parametrize("reason", list(UnknownReason))
async def test_a_source_that_fails_is_said_and_nothing_is_opened(w: World, reason: UnknownReason) -> None:
    _shared(w)
    w.mailboxes.trouble = reason
    assert "could not check" in await w.says(BO, f"unblock {ANAS_ADDRESS} please")
    w.mailboxes.trouble = None
    w.mail.trouble = reason
    assert "could not check" in await w.says(BO, f"unblock {ANAS_ADDRESS} please")
    assert await w.cases.latest_of(PersonId(ANA)) is None


async def test_the_history_of_a_sender_names_who_decided_what_and_why(w: World) -> None:
    _shared(w)
    await w.ana_has_sent()
    await w.bo_approves()
    await w.passes(5 * w.timing.reads_apart)
    said = await w.says(CLEO, f"history {ANAS_ADDRESS}", ConversationKind.PERSONAL)
    assert "Restricted 1 time in 90 days" in said
    assert "I have unblocked this sender 1 time before" in said
    assert "Approved by Bo Larsen" in said
    assert "called her" in said
    assert "is a shared mailbox" in await w.says(CLEO, f"history {SALES}", ConversationKind.PERSONAL)


async def test_history_is_for_approvers_and_says_what_it_could_not_find_out(w: World) -> None:
    _shared(w)
    await w.ana_has_sent()
    assert "Bo Larsen" not in await w.says(DAN, f"history {ANAS_ADDRESS}", ConversationKind.PERSONAL)
    assert "No mailbox has the address" in await w.says(BO, "history nobody@contoso.example", ConversationKind.PERSONAL)
    w.mailboxes.trouble = UnknownReason.UNREACHABLE
    assert "could not check" in await w.says(BO, f"history {ANAS_ADDRESS}", ConversationKind.PERSONAL)
