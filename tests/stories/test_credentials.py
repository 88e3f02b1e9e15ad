"""A bot with a certificate, against a login that verifies it, from the first message to a rotation."""

from pathlib import Path

from sandbox import texts
from sandbox.people import APP_ID
from tests.certificates import app_certificate
from tests.stories.world import World


async def test_a_certificate_is_rotated_while_the_bot_runs(unstarted: World, tmp_path: Path) -> None:
    world, file = unstarted, tmp_path / "app.pem"
    old, new = app_certificate("sendwell-2026"), app_certificate("sendwell-2027")
    app = world.tenant.apps[APP_ID]
    app.take_credentials_away()
    file.write_bytes(old.pem)
    await world.start(MicrosoftAppPassword="", SENDWELL_CERTIFICATE_FILE=str(file))
    await world.teams.say("bo", "help")
    await world.until(lambda: "AADSTS700027" in world.log())  # nobody has uploaded it yet
    status, answer = await world.ready()
    assert status == 503
    assert "SENDWELL_CERTIFICATE_FILE is not registered" in str(answer)
    app.add_certificate(old.certificate)
    assert (await world.ready())[0] == 200
    world.tenant.restrict("ana", "limit")
    assert "2,000" in texts((await world.ana_asks()).card)

    file.write_bytes(new.pem)
    app.take_credentials_away()
    app.add_certificate(new.certificate)
    world.box.login.revoke_tokens()
    await world.ana_presses("tell")
    await world.until(world.posts)
    assert "BEGIN" not in world.log()
