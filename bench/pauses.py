"""`python -m bench.pauses [ENTRIES]`: the longest turn of the bot's event loop, what people write included.

The bot runs in this process, on a loop that times its turns; load, Bot Connector and sources in others, as in
`bench.compare`. Texts have up to 100 kB. The restricted list has 10,000 entries, of which the REST route gives a
thousand; what all of them cost, as the PowerShell route gives them, is played beside it with fakes around the real
database."""

import asyncio
import gc
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.compare.processes import Spoken, spoken
from bench.long_list import long_list
from bench.turns_of_loop import Pause, WatchedLoop, as_lines
from bot.composition import sendwell
from bot.listener import listening
from sandbox.box import free_port
from services.settings import read_settings

_PEOPLE, _LONG, _GOAL = 12, 100_000, 50.0
_BOUNCE = "Your message couldn't be delivered. 550 5.1.8 Access denied, bad outbound sender AS(42004). "
_SAID: Mapping[str, tuple[str, str]] = {
    "“help”": ("said", "help"),
    "first look": ("said", "why can't I send email?"),
    "a look at an open case": ("said", "why can't I send email?"),
    "100 kB of words": ("said", "my mail does not work at all, nobody gets what I send; " * (_LONG // 56)),
    "100 kB of one word": ("said", "a" * _LONG),
    "100 kB of signs": ("said", "<>\"'&*_[](){}|\\`~" * (_LONG // 17)),
    "100 kB of lines": ("said", "x\n" * (_LONG // 2)),
    "100 kB of addresses": ("said", "ana@contoso.example, " * (_LONG // 21)),
    "100 kB of a bounce": ("said", _BOUNCE * (_LONG // len(_BOUNCE))),
    "100 kB of headers": ("said", "Received: from a.example by b.example; Tue, 24 Nov 2026 14:00\n" * (_LONG // 62)),
    "100 kB of digits": ("said", "5.1.8 " * (_LONG // 6)),
    "“restricted”": ("approver", "restricted"),
    "“cases”": ("approver", "cases"),
    "“report”": ("approver", "report"),
    "“doctor”": ("approver", "doctor"),
    "“history”": ("approver", "history somebody1@contoso.example"),
    "100 kB of a command": ("approver", "deny 1 " + "because " * (_LONG // 8)),
}


async def main(entries: int) -> int:
    """1 if a pause was longer than 50 ms, else 0."""
    with tempfile.TemporaryDirectory() as folder:
        async with spoken("bench.compare.load", core=1) as load:
            job = {"folder": folder, "people": _PEOPLE, "generator": (await load.hears())["listens"], "listed": entries}
            async with spoken("bench.compare.cloud", json.dumps(job), core=1) as cloud:
                found = await _played(await cloud.hears(), load, Path(folder))
        found |= await long_list(entries, Path(folder))
    print(*as_lines(found), sep="\n")
    return int(any(one.ms > _GOAL for what, one in found.items() if what != "start"))


async def _played(told: dict[str, Any], load: Spoken, folder: Path) -> dict[str, Pause]:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, WatchedLoop)
    url = f"sqlite+aiosqlite:///{folder / 'pauses.db'}"
    port = free_port()
    given = {**told["environment"], "PORT": str(port), "SENDWELL_DATABASE_URL": url, "HOST": "127.0.0.1"}
    settings, found = read_settings(given), {}
    async with sendwell(settings) as bot, listening(bot.application, settings.host, settings.port):
        gc.freeze()
        found["start"] = loop.longest()
        for what, (who, words) in _SAID.items():
            await _says(load, told, port, who, words)
            await asyncio.sleep(1)  # what follows from it
            found[what] = loop.longest()
    return found


async def _says(load: Spoken, told: dict[str, Any], port: int, who: str, words: str) -> None:
    said: Sequence[Any] = told["https"][who]
    job = {"port": port, "turns": len(said), "at_once": 4, "said": said, "token": told["https"]["token"]}
    done = await load.asks({**job, "text": json.dumps(words)[1:-1]})
    for failed in done["failed"]:
        print(f"not answered: {words[:40]!r}: {failed}", file=sys.stderr)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=WatchedLoop) as runner:
        sys.exit(runner.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)))
