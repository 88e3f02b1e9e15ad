"""The bot with the PowerShell route, over HTTPS: a stand-in for `pwsh` asks the sandbox's Exchange."""

import sys
from pathlib import Path

import pytest

from sandbox.people import APP_ID, TENANT
from services.domain.exchange_roles import BOT, RESPONDER, cmdlets_of
from tests.certificates import app_certificate
from tests.clients.pwsh import STAND_IN, Pwsh, Turn, connects, until
from tests.stories.world import World

CERTIFICATE = app_certificate("sendwell-2026")


@pytest.fixture
def pwsh(unstarted: World, tmp_path: Path) -> Pwsh:
    """PowerShell on the machine, connected to the sandbox's tenant by whoever has the app's certificate."""
    folder = tmp_path / "powershell"
    folder.mkdir()
    pwsh = Pwsh(folder)
    pwsh.lives([connects(*sorted(cmdlets_of(BOT) | cmdlets_of(RESPONDER))), relays(unstarted)])
    run = f"sys.argv[1:] = [{str(folder)!r}]; runpy.run_path({str(STAND_IN)!r}, run_name='__main__')"
    program = folder / "pwsh"
    program.write_text(f"#!{sys.executable} -IS\nimport runpy, sys; {run}\n", encoding="utf-8")
    program.chmod(0o700)
    return pwsh


def relays(world: World) -> Turn:
    exchange = world.box.environment["SENDWELL_EXCHANGE_URL"]
    token = world.box.login.token_for(world.tenant.apps[APP_ID], exchange)
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "application/json",
        "Content-Type": "application/json",
        "X-AnchorMailbox": f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{TENANT}",
    }
    url = f"{exchange}/adminapi/beta/{TENANT}/InvokeCommand"
    return [("relay", {"url": url, "headers": headers, "trusted": world.box.environment["SENDWELL_CA_FILE"]})]


def settings(world: World, folder: Path) -> dict[str, str]:
    (folder / "app.pem").write_bytes(CERTIFICATE.pem)
    world.tenant.apps[APP_ID].add_certificate(CERTIFICATE.certificate)
    return {
        **dict.fromkeys(("MicrosoftAppPassword", "SENDWELL_RESPONDER_APP_ID", "SENDWELL_RESPONDER_APP_PASSWORD"), ""),
        "SENDWELL_CERTIFICATE_FILE": str(folder / "app.pem"),
        "SENDWELL_EXCHANGE_URL": "https://localhost:9",  # nobody is there: nothing goes over REST
        "SENDWELL_EXCHANGE_ROUTE": "powershell",
        "SENDWELL_EXCHANGE_ORGANIZATION": "contoso.onmicrosoft.com",
        "SENDWELL_PWSH": str(folder / "powershell" / "pwsh"),
    }


async def test_the_good_day_through_powershell_with_a_kill_in_the_middle(
    unstarted: World, pwsh: Pwsh, tmp_path: Path
) -> None:
    world, given = unstarted, settings(unstarted, tmp_path)
    await world.start(**given)
    await world.ana_has_sent()
    await world.evidence_is_there()
    await world.kill()
    await until(pwsh.ended_in_order)
    await world.start(**given)
    await world.bo_approves()
    await world.until_off_list()
    assert world.removals() == ["done"]
    await world.stop()
    assert "connected to Exchange: module 3.9.2, PowerShell 7.4.6" in world.log()
    assert pwsh.starts == 2, "one for each start of the bot: its own app contains accounts too"
    assert pwsh.is_gone(1)


async def test_no_secret_is_on_the_command_line_or_in_the_environment(
    unstarted: World, pwsh: Pwsh, tmp_path: Path
) -> None:
    await unstarted.start(**settings(unstarted, tmp_path))
    await until(lambda: pwsh.heard)
    born, hello = pwsh.born(), pwsh.heard[0]
    assert "PRIVATE KEY" in hello["key"]
    assert "PRIVATE KEY" not in str(born)
    assert "Set-Mailbox" in hello["cmdlets"]
    assert "PATH" in born["environment"]
    assert [name for name in born["environment"] if name.startswith(("SENDWELL", "Microsoft"))] == []
