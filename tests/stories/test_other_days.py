"""Every other day over HTTPS: questions, denials, failures, tickets, bounces that stay, relapses."""

import asyncio

from sandbox import texts
from tests.stories.world import World


async def test_a_question_is_answered_and_the_request_decided(world: World) -> None:
    await world.ana_has_sent()
    await world.decides("bo", "looking")
    await world.until(lambda: world.approvers_see("Bo Larsen has been looking into it"))
    await world.decides("bo", "ask", words="Which mailing tool?")
    await world.until(lambda: world.person_sees("Which mailing tool?"))
    await world.ana_asks("our own tool")
    await world.ana_presses("reply", words="our own tool")
    await world.until(lambda: world.approvers_see("our own tool"))
    await world.bo_approves()
    await world.until_off_list()


async def test_a_question_can_be_decided_without_an_answer(world: World) -> None:
    await world.ana_has_sent()
    await world.decides("bo", "ask", words="Which mailing tool?")
    await world.until(lambda: world.approvers_see("Waiting for Ana Soto's reply"))
    await world.decides("cleo", "deny", reason="come by")
    await world.until(lambda: world.person_sees("come by"))


async def test_withdrawn_and_asked_again(world: World) -> None:
    await world.ana_has_sent()
    await world.decides("bo", "ask", words="Which mailing tool?")
    await world.until(lambda: world.person_sees("Which mailing tool?"))
    await world.ana_presses("withdraw")
    await world.until(lambda: world.approvers_see("Withdrawn by Ana Soto"))
    await world.ana_presses("again")
    await world.until(lambda: world.person_sees("Step 1 of 3"))
    await world.ana_presses("withdraw")
    await world.until(lambda: world.person_sees("Withdrawn"))
    assert len(world.posts()) == 1


async def test_after_a_denial_asking_again_waits_for_its_pause(unstarted: World) -> None:
    world = unstarted
    await world.start(SENDWELL_ASK_AGAIN_AFTER="2s")
    await world.ana_has_sent()
    await world.decides("bo", "deny", reason="come by")
    await world.until(lambda: world.person_sees("come by"))
    assert "too soon" in texts((await world.ana_presses("again")).card)
    assert world.person_sees("Ask again")
    async with asyncio.timeout(20):
        while not world.person_sees("Step 1 of 3"):
            if world.person_sees("Ask again"):
                await world.ana_presses("again")
            await asyncio.sleep(0.3)  # a person who tries now and then
    assert len(world.posts()) == 1


async def test_reminded_and_expired(unstarted: World) -> None:
    world = unstarted
    await world.start(SENDWELL_REMIND_AFTER="500ms", SENDWELL_EXPIRE_AFTER="3s")
    await world.ana_has_sent()
    await world.until(
        lambda: any("Case 1 (Ana Soto) is still waiting for a decision" in texts(m.card) for m in world.teams.channel())
    )
    await world.until(lambda: world.approvers_see("Expired without a decision"))
    await world.until(lambda: world.person_sees("Expired"))
    assert world.removals() == []
    assert world.tenant.is_restricted("ana")
    await world.ana_presses("again")
    await world.until(lambda: world.person_sees("Step 1 of 3"))
    await world.until(lambda: world.person_sees("Expired"))
    assert len(world.posts()) == 1


async def test_lifted_in_defender_before_a_decision(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    world.tenant.lift("ana")
    await world.until(lambda: world.person_sees("Not restricted any more"))
    await world.ana_has_sent()
    await world.decides("bo", "ask", words="?")
    world.tenant.lift("ana")
    await world.until(
        lambda: world.approvers_see("Not restricted any more") and world.person_sees("Not restricted any more")
    )
    assert world.removals() == []


async def test_a_refused_unblock_is_retried_by_an_approver(world: World) -> None:
    await world.fails()
    assert world.approvers_see("unblocked too often")
    await world.until(lambda: any("the unblock failed" in texts(m.card) for m in world.teams.channel()))
    await world.until(lambda: world.person_sees("The unblock is delayed"))
    assert "Only approvers" in texts((await world.decides("dan", "retry")).card)
    world.tenant.accounts["ana"].unblocks_spent = False
    await world.decides("bo", "retry")
    await world.until_off_list()
    assert world.removals() == ["refused", "done"]


async def test_a_refused_unblock_goes_to_microsoft_and_is_watched(world: World) -> None:
    await world.fails()
    await world.decides("bo", "ticket", reference="2611250001")
    await world.until(lambda: world.person_sees("2611250001"))
    world.tenant.lift("ana")
    await world.until(lambda: world.person_sees("Unblocked: please test"), 60)
    assert world.removals() == ["refused"]


async def test_a_refused_unblock_lifts_by_itself(world: World) -> None:
    await world.fails()
    world.tenant.lift("ana")
    await world.until_off_list()
    await world.ana_presses("works")
    await world.until(lambda: world.person_sees("Sending works"))


async def test_a_refused_unblock_is_closed_and_its_reason_stays_with_the_approvers(world: World) -> None:
    await world.fails()
    await world.decides("bo", "close", close_reason="new mailbox")
    await world.until(lambda: world.person_sees("Closed by the admins"))
    assert not world.person_sees("new mailbox")


async def test_three_calls_of_unknown_outcome_are_enough(unstarted: World) -> None:
    world = unstarted
    await world.start(SENDWELL_RELEASE_GRACE="300ms")
    world.tenant.faults.fail("exchange.remove", "503")
    await world.ana_has_sent()
    await world.bo_approves()
    await world.until(lambda: world.approvers_see("The unblock failed"), 30)
    assert world.approvers_see("Unblock attempt 3 of 3")
    assert world.tenant.is_restricted("ana")
    world.tenant.faults.heal()
    await world.decides("bo", "retry")
    await world.until_off_list()
    assert world.removals() == ["done"]


async def test_still_listed_needs_a_ticket_and_goes_to_microsoft(world: World) -> None:
    await world.needs_ticket()
    assert world.approvers_see("Support pack")
    assert world.approvers_see("Calls to Remove-BlockedSenderAddress")
    await world.until(lambda: any("Open a Microsoft support ticket" in texts(m.card) for m in world.teams.channel()))
    await world.decides("cleo", "ticket", reference="2611250001")
    await world.until(lambda: world.person_sees("2611250001"))
    await world.decides("bo", "close")
    await world.until(lambda: world.person_sees("Closed by the admins"))
    assert world.removals() == ["done"]


async def test_a_case_with_microsoft_goes_on_when_the_list_clears(world: World) -> None:
    await world.needs_ticket()
    await world.decides("bo", "ticket", reference="2611250001")
    world.tenant.list_lag = 0
    await world.until(lambda: world.person_sees("Unblocked: please test"), 60)


async def test_a_case_that_needs_a_ticket_is_closed_or_clears(world: World) -> None:
    await world.needs_ticket()
    world.tenant.list_lag = 0
    await world.until_off_list()
    await world.ana_presses("works")
    await world.until(lambda: world.person_sees("Sending works"))
    world.tenant.audits.clear()  # a password changed shortly before a restriction would be a sign
    await world.needs_ticket()
    await world.decides("bo", "close")
    await world.until(lambda: world.approvers_see("Closed by an admin"))


async def test_still_bouncing_is_first_lag_and_then_a_ticket(unstarted: World) -> None:
    world = unstarted
    await world.start(SENDWELL_LAG_WINDOW="3s")
    await world.is_off_list()
    await world.ana_presses("bouncing")
    await world.until(lambda: world.person_sees("Please wait until"))
    await world.until(lambda: world.person_sees("send another test message"))
    await world.ana_presses("bouncing")
    await world.until(lambda: world.approvers_see("Open a Microsoft support ticket"))
    await world.until(lambda: world.person_sees("looking into it"))


async def test_without_a_word_the_case_closes_unconfirmed(unstarted: World) -> None:
    world = unstarted
    await world.start(SENDWELL_WATCH_FOR="1500ms")
    await world.is_off_list()
    await world.until(lambda: world.approvers_see("Closed, not confirmed"))
    await world.until(lambda: world.person_sees("Ask again"))


async def test_listed_again_while_testing_and_after_it_worked(world: World) -> None:
    await world.is_off_list()
    world.tenant.audits.clear()  # a password changed shortly before a restriction would be a sign
    world.tenant.restrict("ana", "spam")
    await world.until(lambda: world.channel_reads("Restricted again"))
    assert world.channel_reads("Case 2 continues")
    await world.until(lambda: world.person_sees("This follows case 1"))
    await world.ana_presses("steps")  # she did not ask for that message: it carries no links until she does
    await world.ana_secures()
    await world.ana_presses("send", note="")
    await world.until(lambda: world.approvers_see("Follows case 1"))
    await world.decides("bo", "approve", by_another_route="true", ground="called her")
    await world.until_off_list()
    await world.ana_presses("works")
    await world.until(lambda: world.channel_reads("Works again"))
    world.tenant.restrict("ana", "limit")
    await world.until(lambda: world.channel_reads("Case 3 continues"))
    await world.until(lambda: world.person_sees("This follows case 2"))


async def test_typed_commands_do_what_the_buttons_do(world: World) -> None:
    await world.ana_has_sent()
    await world.teams.say("bo", "cases")
    await world.until(lambda: world.told("bo") and "1 open case" in texts(world.card_of("bo").card))
    await world.teams.say_in_channel("bo", "  Case 1 ")
    await world.until(lambda: len(world.posts()) == 2)
    await world.teams.say_in_channel("dan", "approve 1")
    await world.until(lambda: any("1:1 chat to learn why" in texts(m.card) for m in world.teams.channel()))
    await world.teams.say_in_channel("bo", "APPROVE 1 newsletter")
    await world.until(lambda: world.person_sees("Unblocked: please test"))
    assert world.removals() == ["done"]
