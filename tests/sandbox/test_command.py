"""`python -m sandbox`, as somebody types it."""

import asyncio
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import aiohttp
import pytest

from sandbox.box import _free_port

ROOT = Path(__file__).parents[2]


async def run(*arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        *arguments,
        cwd=ROOT,
        stdout=PIPE,
        stderr=PIPE,
    )


async def ended(process: Process) -> tuple[int, str, str]:
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def until_printed(process: Process, words: str) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while line := (await process.stdout.readline()).decode():
            if words in line:
                return line
    raise AssertionError(f"{words!r} was never printed: {await process.communicate()}")


async def test_help_says_what_it_is() -> None:
    code, out, _ = await ended(await run("--help"))
    assert code == 0
    assert "small Microsoft 365" in out
    assert "--list-lag" in out


async def test_it_starts_the_bot_says_where_to_look_and_ends_with_it(tmp_path: Path) -> None:
    ports = ["--port", str(free_block()), "--bot-port", str(_free_port())]
    process = await run(*ports, "--data", str(tmp_path), "--", sys.executable, "app.py")
    line = await until_printed(process, "Open http")
    async with aiohttp.ClientSession() as session, session.get(line.split()[1]) as response:
        assert "Sendwell sandbox" in await response.text()
    process.send_signal(signal.SIGINT)
    code, _, err = await ended(process)
    assert code == 0
    assert "Traceback" not in err


async def test_without_a_bot_it_prints_the_settings(tmp_path: Path) -> None:
    process = await run("--port", str(free_block()), "--data", str(tmp_path))
    assert "5a4d8f2e" in await until_printed(process, "export MicrosoftAppId=")
    await until_printed(process, "# Open http")
    process.terminate()
    assert (await ended(process))[0] == 0


async def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    base = free_block()
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", base + 2)
    async with server:
        code, _, err = await ended(await run("--port", str(base), "--data", str(tmp_path)))
    assert code == 2
    assert "--port" in err
    assert "Traceback" not in err


async def test_a_bot_that_cannot_start_ends_it_with_the_bots_own_words(tmp_path: Path) -> None:
    (tmp_path / "sendwell.db").write_bytes(b"no database " * 1000)
    ports = ["--port", str(free_block()), "--bot-port", str(_free_port())]
    code, _, err = await ended(await run(*ports, "--data", str(tmp_path), "--", sys.executable, "app.py"))
    assert code == 1
    assert "cannot be used" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("wrong", [["--port", "x"], ["--nonsense"]])
async def test_a_wrong_option_is_explained(wrong: list[str]) -> None:
    code, _, err = await ended(await run(*wrong))
    assert code == 2
    assert "usage: python -m sandbox" in err


def free_block() -> int:
    """A port whose four followers are likely to be free as well."""
    return min(_free_port(), 65_000)
