"""`python -m bench.case_calls`: what one case asks of Microsoft 365 and of Teams, from the first words to “it works”.

The bot against the sandbox over HTTPS, with its usual intervals but for the two looks after the unblock and those at a
search of the audit log; counted by the bot itself (`/metrics`). Looks at the list while a case waits, and the watch's,
come on top."""

import asyncio
import re
import tempfile
from pathlib import Path

import aiohttp

from sandbox import Sandbox
from tests.stories.world import FAST_TIMING, World

_TOKEN = "only-for-this-bench"
_SETTINGS = {
    "SENDWELL_CHECK_AFTER": "1s,32s",
    "SENDWELL_AUDIT_AFTER": FAST_TIMING["SENDWELL_AUDIT_AFTER"],
    "SENDWELL_WATCH_EVERY": "off",
    "SENDWELL_METRICS_TOKEN": _TOKEN,
}
_CALLS = re.compile(r'sendwell_source_seconds_count\{action="(\w+)",outcome="(\w+)",source="(\w+)"\} ([0-9.]+)')


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with Sandbox(data=Path(folder)) as box:
            world = World(box, Path(folder))
            world.timing = _SETTINGS
            await world.start()
            try:
                await world.ana_has_sent_a_mailing()
                await world.evidence_is_there()
                await world.bo_approves()
                await world.until(lambda: world.person_sees("Unblocked: please test"), 90)
                await world.ana_presses("works")
                print(*_table(await _metrics(world.teams.bot_url)), sep="\n")
            finally:
                await world.stop()


async def _metrics(url: str) -> str:
    bearer = {"Authorization": f"Bearer {_TOKEN}"}
    async with aiohttp.ClientSession(headers=bearer) as session, session.get(f"{url}/metrics") as answer:
        return await answer.text()


def _table(text: str) -> list[str]:
    calls = [(source, action, outcome, float(many)) for action, outcome, source, many in _CALLS.findall(text)]
    rows = [
        f"| {source} | {action} | {outcome} | {many:.0f} |" for source, action, outcome, many in sorted(calls) if many
    ]
    return ["| source | action | outcome | calls |", "|---|---|---|---|", *rows]


if __name__ == "__main__":
    asyncio.run(main())
