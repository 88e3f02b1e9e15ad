"""A trouble without a restriction, over the real wire: told to the admins, done, and followed until it works."""

from sandbox.bounces import bounce
from tests.stories.world import World


async def test_a_blocked_organisation_is_told_to_the_admins_and_followed_until_it_works(world: World) -> None:
    await world.ana_asks(bounce("ana", "5.7.705"))
    assert (await world.ana_presses("report")).status == 200
    await world.until(world.posts)
    await world.until(lambda: world.approvers_see("the whole organisation is blocked"))
    assert not world.on_the_card('"verb": "approve"')
    await world.decides("bo", "looking")
    await world.until(lambda: world.approvers_see("Bo Larsen is handling it"))
    await world.decides("bo", "done", done="Microsoft lifted the block")
    await world.until(lambda: world.person_sees("Microsoft lifted the block"))
    await world.ana_presses("works")
    await world.until(lambda: world.approvers_see("Solved"))
    assert world.removals() == []
