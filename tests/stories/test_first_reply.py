"""What the first reply needs is there before anybody can write."""

from tests.stories.world import World


async def test_the_first_reply_waits_for_no_login(world: World) -> None:
    before = world.tokens_asked()
    assert before
    assert await world.teams.say("ana", "help") == 200
    assert world.told("ana")
    assert world.tokens_asked() == before
