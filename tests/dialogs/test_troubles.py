"""Troubles that the restricted list does not explain: told to the admins, followed until the person says it works."""

import pytest

from dialogs.conversations.inbound import Clicked, ConversationKind
from sandbox import texts
from services.domain.case.status import Status
from services.domain.people import PersonId, TeamsUser
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from services.ports.microsoft365 import RemovalRefused
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, person
from tests.dialogs.test_mailbox_identity import ANAS
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, DAN, LONG_DAYS, World, button_data

BOUNCE = "550 5.1.8 Access denied, bad outbound sender"
TENANT = "550 5.7.705 Access denied, tenant has exceeded threshold"
DEVICE = "550 5.7.30 Basic authentication is not supported for Client Submission"
SALES = "sales@contoso.example"
CHAT = ConversationKind.PERSONAL
ELI = TeamsUser(id=PersonId("00000000-0000-4000-8000-000000000005"), name="Eli Park")
FAY = TeamsUser(id=PersonId("00000000-0000-4000-8000-000000000006"), name="Fay Ito")


def _chat(w: World, who: TeamsUser = ANA_CLICKS) -> str:
    """What stands in somebody's chat now."""
    return "\n".join(texts(sheet.card) for sheet in w.sheets(who))


def _knows(w: World, who: TeamsUser) -> None:
    """The directory has an account of theirs."""
    address = f"{who.name.replace(' ', '').casefold()}@contoso.example"
    w.directory.people[who.id] = person(id=who.id, name=who.name, upn=address, addresses=(address,))


async def _tells(w: World, who: TeamsUser, bounce: str) -> str:
    """Somebody pastes a bounce and presses the button of the answer."""
    await w.says(who, bounce)
    data = button_data([sheet.card for sheet in reversed(w.messenger.sheets)], "report")
    assert data is not None, "the answer has no way to the admins"
    return await w.presses(who, "report", 0, CHAT, **data)


async def test_a_bounce_goes_on_although_nothing_is_listed_and_ends_with_microsoft_and_a_word(w: World) -> None:
    await _tells(w, ANA_CLICKS, BOUNCE)
    assert (await w.case()).status is Status.LAGGING
    assert not w.posts(), "the admins hear nothing while it may be the list's lag"
    await w.passes(HOUR)
    assert "tell the admins" in _chat(w)
    await w.presses(ANA_CLICKS, "tell")
    asked = texts(w.posts()[-1].card)
    assert "Ana Soto is not restricted, but mail still bounces" in asked
    assert "5.1.8" in asked
    assert button_data(w.posts()[-1].card, "approve") is None
    await w.presses(BO, "looking")
    await w.presses(BO, "ticket", reference="26112400")
    assert "26112400" in _chat(w)
    await w.presses(BO, "done", done="Microsoft took a second entry away")
    assert "Microsoft took a second entry away" in _chat(w)
    await w.presses(ANA_CLICKS, "bouncing")
    assert (await w.case()).status is Status.REPORTED
    await w.presses(BO, "done", done="now really")
    await w.presses(ANA_CLICKS, "works")
    assert (await w.case()).status is Status.SOLVED
    assert not w.mail.unblocked


async def test_before_the_lag_is_over_the_admins_are_not_told(w: World) -> None:
    await _tells(w, ANA_CLICKS, BOUNCE)
    said = await w.presses(ANA_CLICKS, "tell")
    assert (await w.case()).status is Status.LAGGING, said
    assert not w.posts()


async def test_said_again_it_is_the_same_case_and_says_how_often(w: World) -> None:
    await _tells(w, ANA_CLICKS, BOUNCE)
    await w.passes(2 * HOUR)
    await w.says(ANA_CLICKS, BOUNCE)
    await w.says(ANA_CLICKS, BOUNCE)
    await w.presses(ANA_CLICKS, "tell")
    assert "Reported 3 times" in texts(w.posts()[-1].card)
    assert len(await w.cases.many([1, 2])) == 1  # type: ignore[list-item]  # plain numbers, as a test writes them


async def test_nothing_in_it_can_lead_to_an_unblock(w: World) -> None:
    await _tells(w, ANA_CLICKS, TENANT)
    for verb in ("approve", "retry", "deny", "stop", "ask_for", "contain", "limits"):
        await w.presses(BO, verb, facts="1", reason="yes", ground="yes", by_another_route="true")
    await w.commands(BO, "approve 1 called: it is her")
    await w.passes(HOUR)
    assert (await w.case()).status is Status.REPORTED
    assert not w.mail.unblocked


async def test_an_approvers_own_trouble_is_for_another_approver(w: World) -> None:
    w.directory.people[BO.id] = person(
        id=BO.id, name=BO.name, upn="bo@contoso.example", addresses=("bo@contoso.example",)
    )
    await _tells(w, BO, "550 5.7.60 Client does not have permissions to send as this sender")
    for verb, inputs in (("done", {"done": "x"}), ("close", {"close_reason": "x"}), ("ask", {"words": "x"})):
        await w.presses(BO, verb, 1, None, **inputs)
    assert (await w.case()).status is Status.REPORTED
    await w.presses(CLEO, "close", 1, None, close_reason="Not your mailbox.")
    assert (await w.case()).status is Status.CLOSED


async def test_not_ours_needs_a_reason_and_the_person_reads_it(w: World) -> None:
    await _tells(w, ANA_CLICKS, TENANT)
    await w.presses(BO, "close")
    assert (await w.case()).status is Status.REPORTED
    await w.presses(BO, "close", close_reason="Ask your partner's help desk")
    assert "Ask your partner's help desk" in _chat(w)


async def test_a_question_and_its_reply(w: World) -> None:
    await _tells(w, ANA_CLICKS, TENANT)
    await w.presses(BO, "ask", words="Since when?")
    assert "Since when?" in _chat(w)
    await w.presses(ANA_CLICKS, "reply", words="Since noon")
    assert "Since noon" in texts(w.posts()[-1].card) or any("Since noon" in texts(c) for c in w.cards_shown())
    assert (await w.case()).status is Status.REPORTED


async def test_a_whole_organisations_trouble_is_one_case_that_people_join_and_each_is_told(w: World) -> None:
    _knows(w, ELI)
    _knows(w, FAY)
    await _tells(w, ANA_CLICKS, TENANT)
    await _tells(w, ELI, TENANT)
    await _tells(w, FAY, TENANT)
    assert len(w.posts()) == 1
    assert "2 more people have the same problem: Eli Park, Fay Ito" in texts(w.posts()[-1].card)
    await w.presses(BO, "done", done="Microsoft lifted the block")
    for who in (ANA_CLICKS, ELI, FAY):
        chat = [texts(sheet.card) for sheet in w.sheets(who)]
        assert sum("Microsoft lifted the block" in text for text in chat) == 1, who.name
    await w.presses(ELI, "works", 1, CHAT)
    await w.presses(ANA_CLICKS, "works")
    assert (await w.case()).status is Status.MENDED, "Fay waits still"
    await w.presses(FAY, "bouncing", 1, CHAT)
    assert (await w.case()).status is Status.REPORTED
    await w.presses(BO, "done", done="and now the rest")
    await w.presses(FAY, "works", 1, CHAT)
    assert (await w.case()).status is Status.SOLVED


async def test_a_restriction_that_begins_meanwhile_goes_first(w: World) -> None:
    await _tells(w, ANA_CLICKS, "550 5.7.520 Access denied, Your organization does not allow external forwarding")
    w.mail.restrict(ANAS_ADDRESS)
    await w.passes(2 * LONG_DAYS.check_every)
    over, goes_on = await w.case(1), await w.case(2)
    assert (over.status, over.past.followed_by) == (Status.CLOSED, 2)
    assert goes_on.restriction is not None
    assert "Case 2" in _chat(w)


async def test_who_reported_it_asks_in_the_case_that_somebody_else_opened_about_the_restriction(w: World) -> None:
    w.mailboxes.known = {ANAS_ADDRESS: ANAS}
    w.directory.people[DAN.id] = person(id=DAN.id, name=DAN.name, addresses=("dan@contoso.example",))
    await _tells(w, ANA_CLICKS, "550 5.7.520 Access denied, Your organization does not allow external forwarding")
    w.mail.restrict(ANAS_ADDRESS)
    await w.says(DAN, f"mailbox {ANAS_ADDRESS}")
    await w.passes(2 * LONG_DAYS.check_every)
    assert (await w.case(1)).status is Status.CLOSED
    assert "Ana Soto asked about this mailbox too" in w.approvers_see()


async def test_a_click_of_somebody_who_is_restricted_by_now_opens_the_case_about_that(w: World) -> None:
    await w.says(ANA_CLICKS, TENANT)
    data = button_data([sheet.card for sheet in reversed(w.messenger.sheets)], "report")
    assert data is not None
    w.mail.restrict(ANAS_ADDRESS)
    await w.passes(HOUR)
    await w.presses(ANA_CLICKS, "report", 0, CHAT, **data)
    case = await w.case()
    assert case.trouble is None
    assert case.restriction is not None


async def test_nobody_takes_it_and_the_admins_are_reminded_until_silence_ends_it(w: World) -> None:
    await _tells(w, ANA_CLICKS, TENANT)
    await w.passes(HOUR)
    assert any("still needs an admin" in texts(card) for card in w.cards_shown())
    await w.passes(24 * HOUR)
    assert (await w.case()).status is Status.EXPIRED
    assert not w.mail.unblocked


async def test_what_somebody_took_is_called_to_mind_only_when_it_is_due(w: World) -> None:
    await _tells(w, ANA_CLICKS, TENANT)
    await w.presses(BO, "looking")
    await w.passes(11 * HOUR)
    assert not any("still needs an admin" in texts(card) for card in w.cards_shown())


@pytest.mark.parametrize("data", [{}, {"cause": "nonsense", "code": "5.1.8"}, {"cause": "phishing", "code": "x"}])
async def test_a_button_that_carries_anything_else_tells_nobody_anything(w: World, data: dict[str, str]) -> None:
    await w.says(ANA_CLICKS, "hello")
    await w.presses(ANA_CLICKS, "report", 0, CHAT, **data)
    assert not await w.cases.many([1])  # type: ignore[list-item]  # plain numbers, as a test writes them


async def test_taken_back_by_the_one_who_told_it_goes_on_for_those_who_joined(w: World) -> None:
    w.directory.people[ELI.id] = person(
        id=ELI.id, name=ELI.name, upn="eli@contoso.example", addresses=("eli@contoso.example",)
    )
    await _tells(w, ANA_CLICKS, TENANT)
    await _tells(w, ELI, TENANT)
    await w.presses(ANA_CLICKS, "withdraw")
    assert (await w.case()).status is Status.REPORTED
    await w.presses(ELI, "works", 1, CHAT)
    assert (await w.case()).status is Status.SOLVED


async def test_approvers_see_that_the_organisation_is_blocked_beside_the_restriction(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS)
    await w.says(ANA_CLICKS, TENANT)
    await w.presses(ANA_CLICKS, "tell")
    shown = texts(w.posts()[-1].card)
    assert "Besides the restriction" in shown
    assert "5.7.705" in shown


async def test_the_only_approver_who_is_restricted_reads_that_nobody_else_can_decide(w: World) -> None:
    w.approvers.standings.clear()
    w.mail.restrict(ANAS_ADDRESS)
    await w.says(ANA_CLICKS, BOUNCE)
    said = await w.presses(ANA_CLICKS, "tell")
    assert "No one else can decide this here" in said


async def test_restricted_typed_by_somebody_who_is_no_approver_is_a_look_at_them(w: World) -> None:
    said = await w.says(ANA_CLICKS, "restricted")
    assert "Your address is not restricted" in said


async def test_where_exchange_refuses_another_unblock_approvers_read_its_words_and_can_hand_it_to_microsoft(
    w: World,
) -> None:
    w.mail.outcomes = [RemovalRefused(error="The sender was unblocked too often.")]
    await w.ana_has_sent()
    await w.bo_approves()
    assert "The sender was unblocked too often." in w.approvers_see()
    assert "did not unblock your address" in _chat(w)
    await w.presses(BO, "ticket", reference="26112401")
    assert "26112401" in w.ana_sees()


async def test_who_took_the_app_out_keeps_nobody_else_from_being_told(w: World) -> None:
    _knows(w, ELI)
    _knows(w, FAY)
    for who in (ANA_CLICKS, ELI, FAY):
        await _tells(w, who, TENANT)
    await w.uninstalls(ELI)
    await w.presses(BO, "done", done="Microsoft lifted the block")
    assert "Microsoft lifted the block" in _chat(w, FAY)


async def test_a_second_press_of_the_same_button_is_the_same_report(w: World) -> None:
    await w.says(ANA_CLICKS, TENANT)
    data = button_data([sheet.card for sheet in reversed(w.messenger.sheets)], "report")
    assert data is not None
    activity = w.activity(ANA_CLICKS)
    for _ in range(2):
        await w.router.clicked(
            Clicked(
                by=ANA_CLICKS,
                verb="report",
                number=0,
                inputs=data,
                kind=CHAT,
                conversation=w.conversation(ANA_CLICKS, CHAT),
                activity=activity,
            )
        )
    await w.passes()
    trouble = (await w.case()).trouble
    assert trouble is not None
    assert [one.times for one in trouble.reports] == [1]


async def test_where_the_list_cannot_be_read_the_admins_are_told_so_at_the_click(w: World) -> None:
    await w.says(ANA_CLICKS, TENANT)
    data = button_data([sheet.card for sheet in reversed(w.messenger.sheets)], "report")
    assert data is not None
    w.mail.trouble = UnknownReason.UNREACHABLE
    await w.presses(ANA_CLICKS, "report", 0, CHAT, **data)
    assert "Not checked: the restricted list could not be read" in w.approvers_see()


async def test_a_trouble_does_not_hide_a_request_about_a_restriction(w: World) -> None:
    """Of another mailbox than their own: both are open at once."""
    ana = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.SEND_AS)
    w.mailboxes.known[SALES] = SharedMailbox(address=SALES, name="Sales", addresses=(SALES,), holders=(ana,))
    w.mail.restrict(SALES, LIMIT_REASON)
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    await _tells(w, ANA_CLICKS, DEVICE)
    assert (await w.case(2)).trouble is not None
    newest = await w.cases.latest_of(ANA)
    assert newest is not None
    assert newest.number == 1
    await w.says(ANA_CLICKS, "withdraw")
    assert await w.status() is Status.WITHDRAWN
    assert not (await w.case(2)).status.is_ended
