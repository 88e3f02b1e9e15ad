"""`python -m sandbox`, as somebody types it."""

import asyncio
import os
import random
import signal
import socket
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Mapping
from pathlib import Path

import aiohttp
import pytest

from sandbox.box import free_port

ROOT = Path(__file__).parents[2]


async def run(*arguments: str, stdin: int | None = None, environment: Mapping[str, str] | None = None) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "sandbox",
        *arguments,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=stdin,
        stdout=PIPE,
        stderr=PIPE,
    )


async def ended(process: Process) -> tuple[int, str, str]:
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


def refused(done: tuple[int, str, str], *words: str) -> None:
    """One helpful line, and no traceback."""
    code, _, err = done
    assert code == 2
    assert len(err.strip().splitlines()) == 1, err
    for word in words:
        assert word in err


async def until_printed(process: Process, words: str) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while line := (await process.stdout.readline()).decode():
            if words in line:
                return line
    raise AssertionError(f"{words!r} was never printed: {await process.communicate()}")


async def until(predicate: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not predicate():  # noqa: ASYNC110 - a file sets no event
            await asyncio.sleep(0.05)


async def test_help_says_what_it_is() -> None:
    code, out, _ = await ended(await run("--help"))
    assert code == 0
    assert "small Microsoft 365" in out
    assert "--list-lag" in out
    assert "python -m sandbox -- python app.py" in out


async def test_it_says_where_to_look_starts_the_bot_and_again_with_nothing_remembered(tmp_path: Path) -> None:
    ports = ["--port", str(free_block()), "--bot-port", str(free_port())]
    process = await run(*ports, "--data", str(tmp_path), "--", sys.executable, "app.py")
    assert process.stdout is not None
    assert not (await process.stdout.readline()).strip()
    page = (await process.stdout.readline()).decode().split()[1]  # before anything that the bot says
    async with aiohttp.ClientSession(page) as session:
        async with session.get("/") as response:
            assert "Sendwell sandbox" in await response.text()
        await until_printed(process, "Sendwell is ready")
        before = (tmp_path / "sendwell.db").stat().st_ino
        async with session.post("/tenant", json={"do": "later", "hours": 24}) as response:
            assert response.status == 200
        assert (tmp_path / "clock").read_text() == "86400"
        async with session.post("/again", json={"story": "stolen"}) as response:
            assert await response.json() == {"done": True}
        await until(lambda: (tmp_path / "sendwell.db").exists() and (tmp_path / "sendwell.db").stat().st_ino != before)
        async with session.get("/state") as response:
            state = await response.json()
        assert (state["tour"]["story"], state["run"], state["tenant"]["ahead"]) == ("stolen", 1, 0)
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


async def test_for_a_rehearsal_it_prints_where_the_tenant_is_and_nothing_that_setup_makes(tmp_path: Path) -> None:
    ports = ["--port", str(free_block()), "--bot-port", str(free_port())]
    process = await run(*ports, "--data", str(tmp_path), "--bare", "--front", str(free_port()))
    assert "https://localhost:" in await until_printed(process, "export SENDWELL_AZURE_URL=")
    process.terminate()
    code, out, _ = await ended(process)
    assert (code, "# Open http" in out) == (0, True)


async def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    base = free_block()
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", base + 2)
    async with server:
        refused(await ended(await run("--port", str(base), "--data", str(tmp_path))), f"port {base + 2} (Graph)")


async def test_the_bots_port_in_use_is_said_before_anything_starts(tmp_path: Path) -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    taken = str(server.sockets[0].getsockname()[1])
    ports = ["--port", str(free_block()), "--bot-port", taken]
    async with server:
        done = await ended(await run(*ports, "--data", str(tmp_path), "--", sys.executable, "app.py"))
    refused(done, f"port {taken}, where the bot is to listen", "--bot-port")


async def test_a_second_one_is_pointed_to_the_first(tmp_path: Path) -> None:
    base = str(free_block())
    first = await run("--port", base, "--data", str(tmp_path))
    try:
        await until_printed(first, "# Open http")
        refused(await ended(await run("--port", base)), f"a sandbox runs already: http://localhost:{base}")
        other = ["--port", str(free_block()), "--data", str(tmp_path)]
        refused(await ended(await run(*other)), "another sandbox uses", "--data")
    finally:
        first.terminate()
        await first.wait()


async def test_what_is_no_recording_is_said(tmp_path: Path) -> None:
    done = await ended(await run("--port", str(free_block()), "--data", str(tmp_path), "--replay", str(tmp_path)))
    refused(done, "the recording's", "about.json")


async def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = await ended(await run("--port", str(free_block()), "--data", str(tmp_path / "file")))
    refused(done, "the data folder", "--data")


async def test_a_bot_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = await ended(await run("--port", str(free_block()), "--data", str(tmp_path), "--", "no-such-bot"))
    refused(done, "no program 'no-such-bot'")


async def test_a_bot_that_cannot_start_ends_it_with_the_bots_own_words(tmp_path: Path) -> None:
    (tmp_path / "sendwell.db").write_bytes(b"no database " * 1000)
    ports = ["--port", str(free_block()), "--bot-port", str(free_port())]
    code, _, err = await ended(await run(*ports, "--data", str(tmp_path), "--", sys.executable, "app.py"))
    assert code == 1
    assert "cannot be used" in err
    assert f"Begin anew with --fresh, or delete {tmp_path}" in err
    assert "Traceback" not in err


async def test_a_database_of_a_newer_version_is_explained_and_fresh_begins_again(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "sendwell.db") as database:
        database.execute("create table alembic_version (version_num varchar(32) not null)")
        database.execute("insert into alembic_version values ('9999')")
    database.close()
    command = ["--port", str(free_block()), "--bot-port", str(free_port()), "--data", str(tmp_path)]
    bot = ["--", sys.executable, "app.py"]
    code, out, err = await ended(await run(*command, *bot))
    assert code == 1
    assert "remembers an earlier run" in out
    assert "--fresh" in err
    assert "Traceback" not in err
    process = await run(*command, "--fresh", *bot)
    await until_printed(process, "Sendwell is ready")
    process.send_signal(signal.SIGINT)
    assert (await ended(process))[0] == 0


async def test_a_bot_that_ends_later_ends_it_with_a_word(tmp_path: Path) -> None:
    port = str(free_port())
    answering_once = (
        "import http.server, os, sys\n"
        "class Door(http.server.BaseHTTPRequestHandler):\n"
        "    def do_GET(self): self.send_response(200); self.end_headers()\n"
        f"http.server.HTTPServer(('127.0.0.1', {port}), Door).handle_request()\n"
        "sys.stdin.read(); os._exit(7)\n"
    )
    ports = ["--port", str(free_block()), "--bot-port", port]
    process = await run(*ports, "--data", str(tmp_path), "--", sys.executable, "-c", answering_once, stdin=PIPE)
    await until_printed(process, "Open http")
    assert process.stdin is not None
    process.stdin.close()
    code, _, err = await ended(process)
    assert code == 7
    assert "The bot ended with code 7" in err


async def test_without_a_browser_the_address_is_left_to_the_person(tmp_path: Path) -> None:
    nobody = {"BROWSER": "/bin/false %s", "PATH": str(tmp_path), "DISPLAY": ""}
    ports = ["--port", str(free_block()), "--bot-port", str(free_port())]
    process = await run(*ports, "--data", str(tmp_path), "--open", "--", sys.executable, "app.py", environment=nobody)
    await until_printed(process, "No browser could be opened")
    process.send_signal(signal.SIGINT)
    assert (await ended(process))[0] == 0


@pytest.mark.parametrize(
    "wrong", [["--port", "x"], ["--port", "65534"], ["--bot-port", "0"], ["--list-lag", "-1"], ["--nonsense"]]
)
async def test_a_wrong_option_is_explained(wrong: list[str]) -> None:
    code, _, err = await ended(await run(*wrong))
    assert code == 2
    assert "usage: python -m sandbox" in err


def free_block() -> int:
    """The first of seven free ports, below those that the system hands out by itself."""
    while True:
        base = random.randrange(10_000, 14_988)  # no `free_port` is among them
        if all(is_free(port) for port in range(base, base + 7)):
            return base


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
