"""A click on what the list does not say any more decides nothing, over the real wire."""

from sandbox import texts
from tests.stories.world import World

SELDOM = {"SENDWELL_CHECK_EVERY": "600s"}
"""So that nobody but the click itself reads the list."""


async def test_an_approval_of_a_limit_does_not_let_go_a_spam_verdict(unstarted: World) -> None:
    world = unstarted
    await world.start(**SELDOM)
    await world.ana_has_sent("limit")
    (entry,) = world.tenant.entries
    world.tenant.restrict("ana", "spam", since=entry.since)
    answer = await world.bo_approves()
    assert "Nothing was decided" in texts(answer.card)
    assert world.removals() == []
    # The card tells of the new verdict, and asks for what it takes.
    await world.until(lambda: world.on_the_card("or met them"))
    assert not world.approvers_see("Approved by")


async def test_one_click_on_try_again_does_not_let_go_who_was_restricted_anew(unstarted: World) -> None:
    world = unstarted
    await world.start(**SELDOM)
    await world.fails()
    world.tenant.accounts["ana"].unblocks_spent = False
    world.tenant.restrict("ana", "spam")
    answer = await world.decides("bo", "retry")
    assert "Nothing was decided" in texts(answer.card)
    assert world.removals() == ["refused"]
    assert world.tenant.is_restricted("ana")
