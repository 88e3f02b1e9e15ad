"""Over HTTPS: a shared mailbox asked for by a sender, and an approver who asks on somebody's behalf."""

from sandbox import texts
from tests.stories.world import World

SALES = "sales@contoso.example"


async def test_a_shared_mailbox_from_the_question_to_the_unblock(world: World) -> None:
    world.tenant.restrict_shared()
    await world.teams.say("ana", f"I can't send from {SALES}")
    await world.until(lambda: world.told("ana") and world.person_sees("About the mailbox Sales"))
    await world.ana_presses("tell")
    await world.until(lambda: world.posts() and world.approvers_see("Requested by Ana Soto"))
    assert world.approvers_see("2 other people can send from it")
    assert world.approvers_see("Kim Abara")
    await world.decides("bo", "approve", by_another_route="true", ground="called all three")
    await world.until_off_list()
    assert [address for _, address, outcome in world.tenant.removals if outcome == "done"] == [SALES]


async def test_whoever_has_no_right_is_refused_and_unreadable_rights_are_not_checked(world: World) -> None:
    world.tenant.restrict_shared()
    await world.teams.say("cleo", f"mailbox {SALES}")
    await world.until(lambda: world.told("cleo") and "I can't help with" in texts(world.card_of("cleo").card))
    world.tenant.switch("unreadable", "mailbox rights", on=True)
    await world.teams.say("ana", f"mailbox {SALES}")
    await world.until(lambda: world.told("ana") and world.person_sees("I can say nothing about that mailbox"))
    await world.ana_presses("tell")
    await world.until(lambda: world.posts() and world.approvers_see("right to send: not checked"))
    assert world.approvers_see("Sales")
    assert not world.person_sees("About the mailbox Sales")


async def test_an_approver_asks_in_somebodys_place(world: World) -> None:
    world.tenant.restrict("dan")
    await world.teams.say_in_channel("bo", "unblock dan.reyes@contoso.example he called me")
    await world.until(lambda: world.posts() and world.approvers_see("Bo Larsen requested this on behalf of Dan Reyes"))
    assert world.approvers_see("he called me")
