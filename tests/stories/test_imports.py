"""What a start loads: no more than is needed, and all of it before anybody is heard."""

import asyncio
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.stories.process import ROOT
from tests.stories.world import World

_IMPORTED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+([\w.]+)$", re.MULTILINE)
"""What `python -X importtime` says of each module."""
OF_COMMANDS = (
    *("services.setup", "services.recording", "services.inspecting.commands", "services.inspecting.audit_trail"),
    *("services.bounce_files", "services.rules.said"),
    *("manifest", "alembic", "mako", "pygments", "opentelemetry", "psycopg"),
)
"""What only a command needs, a setting, or a database of before."""
OF_THE_BOT = (
    *("bot", "cards", "dialogs", "services.clients", "services.settings", "services.domain.case", "manifest"),
    *("aiohttp", "sqlalchemy", "alembic", "botbuilder", "botframework", "msrest", "requests", "msal", "cryptography"),
    *("jwt", "pydantic", "babel", "adaptivecards", "prometheus_client", "opentelemetry"),
)

LOOKED_FOR = {"msal_extensions"}
"""Msal looks whether it is installed, in the thread that asks for a token; it is not."""


def loaded(log: str, among: tuple[str, ...]) -> list[str]:
    return [name for name in _IMPORTED.findall(log) if any(name == one or name.startswith(f"{one}.") for one in among)]


class Program:
    """`python app.py`, typed: nothing of it was imported before. It says what it imports."""

    def __init__(self, environment: Mapping[str, str], log: Path, watched: Path | None) -> None:
        del watched
        command = (sys.executable, "-X", "importtime", "app.py")
        with log.open("ab") as file:
            self._process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=file, stderr=file)

    @property
    def returncode(self) -> int | None:
        return self._process.poll()

    def send_signal(self, which: signal.Signals) -> None:
        self._process.send_signal(which)

    async def wait(self) -> int:
        return await asyncio.to_thread(self._process.wait)


@pytest.mark.parametrize("asked", ["--version", "--help"])
def test_a_word_about_the_program_does_not_load_the_bot(asked: str) -> None:
    command = (sys.executable, "-X", "importtime", "app.py", asked)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert "services.command_line" in _IMPORTED.findall(done.stderr)
    assert loaded(done.stderr, OF_THE_BOT) == []


async def test_a_start_loads_nothing_for_commands_and_a_click_loads_nothing_at_all(unstarted: World) -> None:
    world = unstarted
    world.launch = Program
    await world.start()
    await world.ana_has_sent()
    await world.bo_approves()
    await world.until_off_list()
    for words in ("help", "cases", "history", "report", "doctor", "restricted"):
        assert await world.teams.say("bo", words) == 200
    await world.stop()
    before, heard, after = world.log().partition("listening on")
    assert heard
    assert loaded(before, ("sqlalchemy", "botbuilder", "cards"))
    assert loaded(before, OF_COMMANDS) == []
    assert set(_IMPORTED.findall(after)) <= LOOKED_FOR
