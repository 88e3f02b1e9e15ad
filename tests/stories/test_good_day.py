"""The main job, from the bounce to "it works", and what a decision means."""

import asyncio

from sandbox import texts
from tests.databases import ON_BOTH
from tests.stories.world import World


@ON_BOTH
async def test_the_good_day(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    card = await world.ana_asks()
    assert "2,000" in texts(card.card)
    await world.ana_secures()
    approvers = await world.ana_sends("it was our newsletter")
    assert "it was our newsletter" in texts(approvers.card)
    assert "+34 600 000 001" in texts(approvers.card)
    assert "Approved" in texts((await world.bo_approves()).card)
    await world.until_off_list()
    assert world.removals() == ["done"]
    await world.ana_presses("works")
    await world.until(lambda: world.approvers_see("Works again"))
    await world.until(lambda: world.person_sees("Sending works"))
    assert len(world.posts()) == 1


async def test_each_stage_is_told_once(unstarted: World) -> None:
    world = unstarted
    await world.start(SENDWELL_CHECK_AFTER="1s,2s,3s")  # stages that follow within moments are notified as one
    await world.ana_has_sent()
    await world.bo_approves()
    await world.until_off_list()
    # The request, the approval, the list: three messages, of which the older ones are collapsed.
    assert len(world.told("ana")) == 3

    def folded() -> list[bool]:
        return ["continues below" in texts(message.card) for message in world.told("ana")]

    await world.until(lambda: folded() == [True, True, False])


async def test_a_denial_is_told_with_its_reason_and_without_the_internal_note(world: World) -> None:
    await world.ana_has_sent()
    await world.decides("bo", "deny", reason="Please come to the help desk", internal="looks odd")
    await world.until(lambda: world.person_sees("Please come to the help desk"))
    assert not world.person_sees("looks odd")
    await world.until(lambda: world.approvers_see("looks odd"))
    assert world.tenant.is_restricted("ana")
    assert world.removals() == []


@ON_BOTH
async def test_two_approvers_and_five_clicks_are_one_decision(world: World) -> None:
    card = await world.ana_has_sent()
    await world.evidence_is_there()
    clickers = ("bo", "cleo", "bo", "cleo", "bo")
    answers = await asyncio.gather(*(world.teams.click(key, card, "approve", world.approval()) for key in clickers))
    assert [answer.status for answer in answers] == [200] * 5
    await world.until_off_list()
    assert world.removals() == ["done"]
    assert texts(world.approvers_card().card).count("Approved by") == 1


async def test_approve_against_deny_leaves_one_decision(world: World) -> None:
    card = await world.ana_has_sent()
    deny = {"case": 1, "reason": "no"}
    await asyncio.gather(
        world.teams.click("bo", card, "approve", world.approval()), world.teams.click("cleo", card, "deny", deny)
    )
    await world.until(lambda: world.approvers_see("Denied by") or world.approvers_see("Approved by"))
    assert not (world.approvers_see("Denied by") and world.approvers_see("Approved by"))
    if world.approvers_see("Denied by"):
        assert world.removals() == []


async def test_only_active_approvers_who_are_not_the_person_may_decide(world: World) -> None:
    world.tenant.approvers.add("ana")
    card = await world.ana_has_sent()
    expected = {
        "dan": "Only approvers",
        "gil": "Guests",
        "fay": "disabled",
        "eli": "not active",
        "ana": "your own case",
    }
    for key, sentence in expected.items():
        for verb in ("approve", "deny"):
            answer = await world.teams.click(key, card, verb, {"case": 1, "reason": "x"})
            assert sentence in texts(answer.card), key
    assert "Waiting for a decision" in texts(card.card)
    assert world.removals() == []


async def test_a_former_approver_is_refused_at_the_click(world: World) -> None:
    card = await world.ana_has_sent()
    world.tenant.approvers.discard("bo")
    assert "Only approvers" in texts((await world.teams.click("bo", card, "approve", world.approval())).card)


async def test_rights_that_cannot_be_checked_decide_nothing(world: World) -> None:
    await world.ana_has_sent()
    world.tenant.faults.fail("graph", "503")
    assert "could not be checked" in texts((await world.bo_approves()).card)
    world.tenant.faults.heal()
    assert "Approved by" in texts((await world.bo_approves()).card)


async def test_a_spam_verdict_needs_word_by_another_route(world: World) -> None:
    await world.ana_has_sent("spam")
    await world.evidence_is_there()
    forged = await world.teams.click("bo", world.approvers_card(), "approve", world.approval())
    assert "called or met" in texts(forged.card)
    assert world.tenant.is_restricted("ana")
    await world.decides("bo", "approve", by_another_route="true", ground="called her mobile")
    await world.until_off_list()


async def test_a_list_that_lags_is_watched_until_it_is_empty(world: World) -> None:
    world.tenant.list_lag = 0.7
    await world.ana_has_sent()
    await world.bo_approves()
    await world.until(lambda: world.approvers_see("Exchange accepted the unblock"))
    assert world.approvers_see("checking the list")
    await world.until_off_list()
    assert world.removals() == ["done"]


async def test_a_sender_lifted_in_defender_before_the_call_is_not_unblocked_again(world: World) -> None:
    await world.ana_has_sent()
    # The read before the call is still under way when the click is answered.
    world.tenant.faults.fail("exchange.list", "slow", seconds=1.5)
    await world.bo_approves()
    world.tenant.lift("ana")
    world.tenant.faults.heal()
    await world.until_off_list()
    assert world.removals() == []


async def test_many_addresses_are_one_person(world: World) -> None:
    world.tenant.restrict("ana", "limit", address="HELLO@contoso.example")
    await world.ana_asks()
    await world.ana_secures()
    await world.ana_sends()
    await world.bo_approves()
    await world.until_off_list()
    assert [address for _, address, _ in world.tenant.removals] == ["HELLO@contoso.example"]
