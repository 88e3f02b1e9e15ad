"""Starting the bot: each fault is reported in one sentence, with an exit code."""

import asyncio
import os
import subprocess
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from app import doctor, main
from sandbox import Sandbox
from sandbox.people import APP_ID
from services.settings import read_settings

ROOT = Path(__file__).parents[1]


async def started(environment: dict[str, str], folder: Path, *arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "app.py"), *arguments, env=environment, cwd=folder, stdout=PIPE, stderr=PIPE
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_faulty_settings_are_all_told(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MicrosoftAppId=nobody\nPORT=x\n", encoding="utf-8")
    code, _, err = await started({"PYTHONPATH": str(ROOT)}, tmp_path)
    assert code == 2
    assert {"MicrosoftAppId", "MicrosoftAppTenantId", "PORT", "SENDWELL_APPROVERS_GROUP_ID"} <= set(
        err.replace(" ", "\n").split("\n")
    )
    assert "Traceback" not in err


async def test_a_misspelt_setting_is_said_with_the_nearest_one(tmp_path: Path) -> None:
    _, _, err = await started({"PYTHONPATH": str(ROOT), "SENDWELL_CHEK_EVERY": "5m"}, tmp_path)
    assert "SENDWELL_CHEK_EVERY is no setting of Sendwell: is SENDWELL_CHECK_EVERY meant?" in err


@pytest.mark.parametrize(("given", "meant"), [("bounce", "bounces"), ("setings", "settings"), ("--hlep", "--help")])
def test_a_misspelt_command_is_said_with_the_nearest_one(
    given: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main({}, [given])
    assert (ended.value.code, f"did you mean {meant}?" in capsys.readouterr().err) == (2, True)


async def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    async with Sandbox(data=tmp_path) as box:
        server = await asyncio.start_server(lambda *_: None, "127.0.0.1", box.bot_port)
        async with server:
            code, _, err = await started({**box.environment, "PYTHONPATH": str(ROOT)}, tmp_path)
    assert code == 1
    assert "Is the port in use?" in err
    assert "Traceback" not in err


def test_a_reader_that_read_enough_is_no_fault(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)  # as `| head` does once it has its lines
    command = (sys.executable, str(ROOT / "app.py"), "settings")
    ended = subprocess.run(command, cwd=tmp_path, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert not ended.stderr


async def test_a_group_of_approvers_that_anybody_can_join_is_refused_at_the_start(tmp_path: Path) -> None:
    async with Sandbox(data=tmp_path) as box:
        box.tenant.groups.approvers.becomes_public()
        code, _, err = await started({**box.environment, "PYTHONPATH": str(ROOT)}, tmp_path)
    assert code == 2
    assert "SENDWELL_APPROVERS_GROUP_ID" in err
    assert "everybody in the organisation can join it" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("content", [b"no database " * 1000])
async def test_a_damaged_database_is_told(tmp_path: Path, content: bytes) -> None:
    async with Sandbox(data=tmp_path) as box:
        (tmp_path / "sendwell.db").write_bytes(content)
        code, _, err = await started({**box.environment, "PYTHONPATH": str(ROOT)}, tmp_path)
    assert code == 1
    assert "restore a backup" in err
    assert "Traceback" not in err


async def test_a_recording_is_made_from_the_command_line(tmp_path: Path) -> None:
    async with Sandbox(data=tmp_path) as box:
        box.tenant.restrict("ana", "limit")
        environment = {**box.environment, "PYTHONPATH": str(ROOT)}
        code, out, err = await started(environment, tmp_path, "record", "recording")
    assert (code, err) == (0, "")
    assert "Look through recording before you send it" in out
    assert len(list((tmp_path / "recording").glob("*-Get-BlockedSenderAddress.json"))) > 1


async def test_the_doctor_says_that_nothing_is_missing_and_makes_no_database(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Sandbox(data=tmp_path) as box:
        assert await doctor(read_settings(box.environment)) == 0
    assert "Missing" not in capsys.readouterr().out
    assert not (tmp_path / "sendwell.db").exists()


REFUSED = {
    "the secret's value, not its id": {"MicrosoftAppPassword": "not the secret"},
    "no app with this id": {"MicrosoftAppId": "5a4d8f2e-0000-4000-8000-00000000dead"},
    "no such tenant": {"MicrosoftAppTenantId": "5a4d8f2e-0000-4000-8000-00000000dead"},
    "has expired. Create a new one": {"MicrosoftAppPassword": "the secret of last year"},
}
"""By what the doctor says to do."""


async def test_the_doctor_says_why_the_login_refuses_and_blames_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with Sandbox(data=tmp_path) as box:
        box.tenant.apps[APP_ID].add_secret("the secret of last year", ends=1.0)
        for said, changed in REFUSED.items():
            assert await doctor(read_settings({**box.environment, **changed})) == 1
            out = capsys.readouterr().out
            assert said in out
            assert {line for line in out.splitlines() if line.startswith("Missing")} <= {
                "Missing          The login: Sendwell",
                "Missing          The login: Sendwell Responder",
            }
