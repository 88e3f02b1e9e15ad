"""Over HTTPS: who withdraws, tidies up and asks again finds the same restriction, with all that was seen of it."""

from sandbox import texts
from tests.stories.world import World


async def test_withdrawing_tidying_up_and_asking_again_does_not_get_a_mailbox_released_by_one_click(
    world: World,
) -> None:
    world.tenant.restrict("ana", "limit")
    world.tenant.investigate("ana", "forwarding")
    await world.ana_asks()
    world.tenant.add_method("ana", "fido2")
    await world.ana_secures()
    await world.ana_sends()
    await world.until(lambda: world.on_the_card("collector@mail.example"))
    await world.ana_presses("withdraw")
    # The thief tidies up before asking again, and the method is there at the second look.
    world.tenant.investigate("ana", "no forwarding")
    world.tenant.audits.clear()
    await world.ana_presses("again")
    await world.ana_secures()
    posts = len(world.posts())
    await world.ana_presses("send", note="")
    await world.until(lambda: len(world.posts()) > posts)
    await world.evidence_is_there()
    assert world.approvers_see("ound earlier in this restriction")
    assert world.approvers_see("new since the restriction")
    await world.decides("bo", "approve", by_another_route="true", ground="called her")
    assert world.removals() == []
    await world.until(lambda: world.approvers_see("One of two approvals: Bo Larsen"))
    answer = await world.decides("bo", "approve", by_another_route="true", ground="called her again")
    assert "You have approved already" in texts(answer.card)
    assert world.tenant.is_restricted("ana")


async def test_who_sees_after_the_relapse_that_it_was_the_thief_stops_it_and_two_must_approve_what_follows(
    world: World,
) -> None:
    await world.is_off_list()
    released = world.approvers_card()
    world.tenant.restrict("ana", "limit")
    await world.until(lambda: len(world.posts()) > 1)
    answer = await world.teams.press("cleo", released, "stop", {"stop_reason": "that was the thief on the phone"})
    assert "Stopped by Cleo Marsh" in texts(answer.card)
    await world.until(lambda: world.channel_reads("Cleo Marsh stopped the unblock in the previous case"))
    await world.ana_presses("steps")
    await world.ana_secures()
    posts = len(world.posts())
    await world.ana_presses("send", note="")
    await world.until(lambda: len(world.posts()) > posts)
    await world.decides("bo", "approve", by_another_route="true", ground="called her")
    await world.until(lambda: world.approvers_see("One of two approvals: Bo Larsen"))
    assert world.tenant.is_restricted("ana")
