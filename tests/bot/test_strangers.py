"""What strangers send stands in no log: one line each, without their content, and not more lines than are read."""

import asyncio
import logging

import pytest

from bot.quiet_log import FewLines
from tests.bot.door import Doorway, doorway, token

SECRET = "eyJsecret"
HEAD = b"POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
END = b"\r\n\r\n{}"


async def answered(door: Doorway, raw: bytes) -> bytes:
    """Sends these bytes on a connection of their own; returns the first line of the answer."""
    host, port = door.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(raw)
    line = await reader.readline()
    writer.close()
    await writer.wait_closed()
    return line.strip()


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (HEAD + b"Authorization: Bearer \xff\xfe" + SECRET.encode() + END, 403),
        (HEAD + b"Authorization: \xff " + SECRET.encode() + END, 403),
        (HEAD + b"Authorization: Bearer " + SECRET.encode() * 2_000 + END, 400),
        (HEAD + b"Authorization\x00: Bearer " + SECRET.encode() + END, 400),
        (HEAD + b"Authorization : Bearer " + SECRET.encode() + END, 400),
        (b"POST /api/messages?" + SECRET.encode() + b" NOTHTTP\r\n\r\n", 400),
        (b"POST /" + SECRET.encode() * 2_000 + b" HTTP/1.1\r\n\r\n", 400),
        (HEAD.replace(b"Content-Length: 2", b"Content-Length: " + SECRET.encode()) + END, 400),
        (HEAD.replace(b"application/json", b"application/\xff" + SECRET.encode()) + END, 400),
        (b"\x16\x03\x01 " + SECRET.encode() + b"\r\n\r\n", 400),
    ],
)
async def test_a_request_that_cannot_be_read_is_one_line_without_its_content(
    raw: bytes, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with doorway() as door:
        assert (await answered(door, raw)).split()[1] == str(status).encode()
        lines = [record for record in caplog.records if record.name.startswith(("sendwell", "aiohttp"))]
        assert len(lines) <= 1
        assert "Traceback" not in caplog.text
        assert SECRET not in caplog.text
        assert SECRET[:4] not in caplog.text
        # And whoever is somebody is served as before.
        assert await door.post(authorization=f"Bearer {token()}") == (200, b"")


async def test_a_token_of_other_letters_is_turned_away_with_one_line(caplog: pytest.LogCaptureFixture) -> None:
    async with doorway() as door:
        await answered(door, HEAD + b"Authorization: Bearer \xff" + END)
    assert [record.getMessage() for record in caplog.records] == ["turned away with 403: no bearer token"]


def test_a_crowd_writes_some_lines_and_is_counted(caplog: pytest.LogCaptureFixture) -> None:
    now = [0.0]
    lines = FewLines(most=3, within=60, monotonic=lambda: now[0])
    for number in range(50):
        lines.warning("turned away with %d", number)
    assert [record.getMessage() for record in caplog.records] == [f"turned away with {n}" for n in range(3)]
    now[0] = 60.0
    lines.warning("turned away once more")
    assert [record.getMessage() for record in caplog.records][3:] == [
        "47 more were turned away",
        "turned away once more",
    ]
