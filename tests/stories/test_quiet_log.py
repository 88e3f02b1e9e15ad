"""The log says what happened, without names, addresses or anybody's words."""

from sandbox.people import APP_SECRET
from tests.stories.world import World

PRIVATE = ("xyzzy", APP_SECRET, "eyJ", "ana.soto", "hello@", "Ana Soto", "Bo Larsen", "+34 600", "BEGIN ")


async def test_no_secret_token_name_address_or_word_is_logged(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    await world.ana_asks("xyzzy-bounce 550 5.1.8 Access denied, bad outbound sender")
    await world.ana_secures()
    world.tenant.faults.fail("teams", "503", times=2)
    await world.ana_sends("xyzzy-note")
    await world.decides("bo", "ask", words="xyzzy-question")
    await world.until(lambda: world.person_sees("xyzzy-question"))
    await world.ana_presses("reply", words="xyzzy-reply")
    world.tenant.faults.fail("exchange.list", "500")
    await world.decides("bo", "approve")  # nothing is decided while the list cannot be read
    world.tenant.faults.heal()
    world.tenant.faults.fail("login", "401", times=1)
    world.tenant.faults.fail("exchange.remove", "503", times=1)
    await world.decides("bo", "approve")
    await world.until_off_list()
    await world.ana_presses("works")
    assert (await world.teams.post_activity(b"xyzzy{", world.teams.mint()))[0] == 400
    assert (await world.teams.post_activity(world.teams.activity("bo", type="message", text="xyzzy")))[0] == 401
    await world.stop()
    log = world.log()
    assert "turned away with 401" in log
    assert "503" in log  # the failure is logged
    assert [private for private in PRIVATE if private in log] == []
