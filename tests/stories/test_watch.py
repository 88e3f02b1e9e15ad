"""Over HTTPS: the list monitor contacts a person who never had the app, and does nothing twice."""

from sandbox import texts
from tests.stories.world import World


async def test_who_did_not_ask_is_written_to_and_asks_in_the_end(world: World) -> None:
    world.tenant.accounts["dan"].installed = False
    await world.watches()
    world.tenant.restrict("dan", "limit")
    await world.until(
        lambda: world.told("dan") and "To check that this message is real" in texts(world.card_of("dan").card), 40
    )
    assert world.tenant.accounts["dan"].installed
    await world.until(lambda: world.posts() and world.approvers_see("has not replied yet"))
    await world.teams.press("dan", world.card_of("dan"), "tell")
    await world.until(lambda: world.approvers_see("Waiting for a decision") and len(world.posts()) == 2)
    await world.decides("bo", "approve", by_another_route="true", ground="called him")
    await world.until(lambda: world.approvers_see("Off the list"))


async def test_a_list_that_cannot_be_read_is_told_once(world: World) -> None:
    await world.watches()
    world.tenant.truncated = True
    await world.until(lambda: world.posts() and world.approvers_see("could not be read several times"), 40)
    world.tenant.truncated = False
    await world.until(lambda: world.approvers_see("The restricted list can be read again"), 40)
    assert len(world.posts()) == 2
