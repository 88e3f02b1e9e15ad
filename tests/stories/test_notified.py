"""A request reaches somebody, whatever Teams does to the messages on the way."""

import asyncio

from sandbox import texts
from tests.stories.world import World

PASTED = "my mail to Kim <kim.abara@contoso.example> came back: <mail.example #5.1.8 smtp;550 5.1.8 Access denied>"


async def test_a_pasted_bounce_a_mention_one_card_and_a_channel_that_becomes_private(world: World) -> None:
    await world.ana_asks(PASTED)
    assert world.person_sees("5.1.8")
    await world.ana_has_sent()
    await world.until(world.posts)
    faults = world.tenant.faults
    faults.fail("teams.update", "404", times=1)
    faults.fail("teams.post", "412", times=1)
    await world.bo_approves()
    await world.until_off_list()
    await world.until(lambda: not faults.active)
    assert [message.notified for message in world.posts()] == [["bo", "cleo"]]
    await world.teams.say("bo", "help")
    world.box.chats.channel_is_private = True
    assert await world.teams.say_in_channel("bo", "use this channel") == 200
    await world.until(lambda: "Bots may not write in private channels" in texts(world.card_of("bo").card))
    await world.ana_presses("works")
    assert "It must be a standard channel" in await complaint(world)


async def complaint(world: World) -> str:
    """What /readyz complains of first, once it complains."""
    async with asyncio.timeout(20):
        while not (answer := await world.ready())[1]["complaints"]:  # noqa: ASYNC110 - a lost channel sets no event
            await asyncio.sleep(0.05)
    assert answer[0] == 200  # what mends it is a message, which must reach the bot
    return str(answer[1]["complaints"][0])
