"""The bot with the PowerShell route, as a process of its own; a stand-in takes the place of `pwsh`."""

import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
import trustme

from tests.clients.certificates import write_certificate
from tests.clients.pwsh import STAND_IN, Pwsh, connects, finds, until
from tests.stories.process import BotProcess

SECRETS = ("the-databases-password", "the-keys-password")
GUID = "5a4d8f2e-0000-4000-8000-00000000c0de"


class Deployed:
    """The bot beside the stand-in. It reaches neither a login nor Graph; the watch asks Exchange by itself."""

    def __init__(self, folder: Path) -> None:
        self.pwsh = Pwsh(folder)
        self.pwsh.lives([connects("Get-BlockedSenderAddress"), finds()])
        self._log = folder / "bot.log"
        write_certificate(folder / "app.pem", SECRETS[1], trustme.KeyType.RSA)
        program = folder / "pwsh"
        run = f"sys.argv[1:] = [{str(folder)!r}]; runpy.run_path({str(STAND_IN)!r}, run_name='__main__')"
        program.write_text(f"#!{sys.executable} -IS\nimport runpy, sys; {run}\n", encoding="utf-8")
        program.chmod(0o700)
        self.bot = BotProcess(self._environment(folder, program), self._log)

    def log(self) -> str:
        return self._log.read_text(encoding="utf-8")

    async def ends(self, how: signal.Signals) -> int:
        self.bot.send_signal(how)
        return await self.bot.wait()

    @staticmethod
    def _environment(folder: Path, program: Path) -> dict[str, str]:
        nobody = "https://127.0.0.1:9"
        return {
            **os.environ,
            "SENDWELL_ANONYMOUS": "loopback",
            "HOST": "127.0.0.1",
            "PORT": str(free_port()),
            "MicrosoftAppTenantId": GUID,
            "SENDWELL_APPROVERS_GROUP_ID": GUID,
            "SENDWELL_RESPONDERS_GROUP_ID": GUID,
            "SENDWELL_DATABASE_URL": f"sqlite+aiosqlite:///{folder}/sendwell.db?{SECRETS[0]}",
            "SENDWELL_LOGIN_URL": nobody,
            "SENDWELL_GRAPH_URL": nobody,
            "SENDWELL_WATCH_EVERY": "100ms",
            "SENDWELL_EXCHANGE_ROUTE": "powershell",
            "SENDWELL_EXCHANGE_ORGANIZATION": "contoso.onmicrosoft.com",
            "SENDWELL_CERTIFICATE_FILE": str(folder / "app.pem"),
            "SENDWELL_CERTIFICATE_PASSWORD": SECRETS[1],
            "SENDWELL_PWSH": str(program),
        }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest_asyncio.fixture
async def deployed(tmp_path: Path) -> AsyncIterator[Deployed]:
    deployed = Deployed(tmp_path)
    yield deployed
    await deployed.ends(signal.SIGKILL)


async def test_the_list_is_watched_through_powershell_and_no_secret_or_process_is_left_behind(
    deployed: Deployed,
) -> None:
    pwsh = deployed.pwsh
    await until(lambda: len(pwsh.asked) > 1)
    born, hello = pwsh.born(), pwsh.heard[0]
    assert "PRIVATE KEY" in hello["key"]
    assert "Set-Mailbox" in hello["cmdlets"]
    assert "PATH" in born["environment"]
    assert [name for name in born["environment"] if name.startswith(("SENDWELL", "Microsoft"))] == []
    assert [secret for secret in (*SECRETS, "PRIVATE KEY") if secret in str(born)] == []
    assert await deployed.ends(signal.SIGTERM) == 0, deployed.log()
    assert "connected to Exchange: module 3.9.2, PowerShell 7.4.6" in deployed.log()
    assert pwsh.starts == 1, "the bot's own app contains accounts too: one session serves both"
    assert pwsh.ended_in_order()
    assert pwsh.is_gone()


async def test_where_the_bot_is_killed_the_process_ends_by_itself(deployed: Deployed) -> None:
    await until(lambda: deployed.pwsh.asked)
    await deployed.ends(signal.SIGKILL)
    await until(deployed.pwsh.ended_in_order)
