"""A bounce dropped into the chat as a file, over HTTPS."""

from sandbox import texts
from sandbox.files import saved_bounce
from tests.stories.world import World


async def test_a_dropped_bounce_is_fetched_and_read(world: World) -> None:
    before = len(world.told("ana"))
    assert await world.teams.drop("ana", "Undeliverable.eml", saved_bounce("ana", "5.7.705")) == 200
    await world.until(lambda: len(world.told("ana")) > before)
    assert "whole organisation" in texts(world.card_of("ana").card)
    assert world.box.files.fetched == ["Undeliverable.eml"]
    assert "tempauth" not in world.log()


async def test_a_file_that_is_gone_and_a_screenshot_hold_up_no_look(world: World) -> None:
    world.box.files.refuses = 404
    assert await world.teams.drop("ana", "Undeliverable.eml", saved_bounce("ana")) == 200
    await world.until(lambda: world.person_sees("couldn't open that file"))
    assert "not restricted" in texts(world.told("ana")[-2].card)
    world.tenant.restrict("ana", "limit")
    await world.teams.paste_picture("ana")
    await world.until(lambda: world.person_sees("Step 1 of 3"))
    assert "Traceback" not in world.log()
