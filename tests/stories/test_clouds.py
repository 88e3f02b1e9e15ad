"""Over HTTPS, with authentication on: a tenant of another cloud, whose Bot Connector has other names."""

from pathlib import Path

from sandbox import Sandbox
from tests.stories.world import World

WORLDWIDE, GCC_HIGH = "https://api.botframework.com", "https://api.botframework.us"


async def test_a_request_in_gcc_high_goes_from_the_bounce_to_the_unblock(tmp_path: Path) -> None:
    async with Sandbox(data=tmp_path, cloud="gcchigh") as box:
        world = World(box, tmp_path)
        try:
            await world.start()
            await world.ana_has_sent()
            # Message trace, which is asked for in no national cloud.
            await world.until(lambda: world.on_the_card("the organisation has no licence for it"), 40)
            assert not world.on_the_card("an unexpected answer")
            for page in ("https://gov.teams.microsoft.us/l/chat/", "https://security.microsoft.us/restrictedentities"):
                assert world.on_the_card(page)
            await world.bo_approves()
            await world.until_off_list()
            assert world.removals() == ["done"]
            await only_its_own_cloud_is_heard(world)
        finally:
            await world.stop()


async def only_its_own_cloud_is_heard(world: World) -> None:
    said = world.teams.activity("ana", type="message", id="another", text="status")
    for issuer, status in ((WORLDWIDE, 403), (GCC_HIGH, 200)):
        assert (await world.teams.post_activity(said, world.teams.mint(iss=issuer)))[0] == status, issuer
