"""`python -m bench.load [MINUTES]`: 10,000 open cases, 5,000 checks due at once, 50 messages a second, Exchange slow.

One bot process on SQLite against the sandbox. Prints memory and open files every minute, when the 5,000 checks were
done, and how fast messages and `/healthz` were answered. Exits with 1 if a message was not accepted."""

import asyncio
import sqlite3
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp

from bench.front import Replica
from sandbox import Sandbox
from sandbox.crowd import crowd
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import open_database
from services.domain.case.case import UNNUMBERED
from services.domain.case.status import Status
from services.domain.case.transition import HistoryEntry, TaskKind, Transition
from services.domain.case.workflow import Actor, Verb
from services.domain.people import PersonId
from services.domain.restriction import Restriction, read_reason
from tests.cases import ADDRESSES, CASES

_CASES, _DUE, _A_SECOND, _PEOPLE, _MINUTES = 10_000, 5_000, 50, 400, 5.0
_LONGER = 600.0
"""Seconds that the checks still due after the last message may take."""
_SINCE = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
_REASON = "OutboundSpamLast24Hours=2001;OutboundMailLast24Hours=2001;OutboundSpamPercent=1"
_WORDS = ("help", "status", "language", "why can't I send email?")


async def _fill(url: str) -> None:
    """Fill the database with open cases of unknown people; half of the checks are due now, the others tomorrow. Each
    case has the list entry as it will be read, since most checks find no change."""
    now, meaning = datetime.now(UTC), read_reason(_REASON)
    entry = Restriction(
        address=ADDRESSES[0],
        cause=meaning.cause,
        limit=meaning.limit,
        counts=meaning.counts,
        since=_SINCE,
        reason=_REASON,
    )
    async with open_database(url) as database:
        cases = SqlCaseStore(database)
        for number in range(_CASES):
            person = PersonId(f"00000000-0000-4000-9000-{number:012d}")
            case = replace(
                CASES[Status.WITH_MICROSOFT],
                number=UNNUMBERED,
                version=0,
                sender=replace(CASES[Status.WITH_MICROSOFT].sender, person=person),
                restriction=entry,
                list_reads=replace(CASES[Status.WITH_MICROSOFT].list_reads, off_list_at=None, absent_at=None),
                contact=replace(CASES[Status.WITH_MICROSOFT].contact, person_spoke_at=now),
                opened_at=now,
            )
            due = now if number < _DUE else now + timedelta(days=1)
            event = HistoryEntry(at=now, actor=Actor.PERSON, verb=Verb.OPEN, who=person)
            await cases.save(Transition(case=case, event=event), {TaskKind.CHECK: due})


def _due(file: Path) -> int:
    """How many of the checks due at the start are not done yet. After a check the next one is due in half an hour; a
    claimed one is due again within minutes."""
    query = (
        "select count(*) from outbox where kind = 'check' and case_number <= ? and due < datetime('now', '+5 minutes')"
    )
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        return int(connection.execute(query, (_DUE,)).fetchone()[0])


class Figures:
    """The measured times in seconds, and the number of messages that were not accepted."""

    def __init__(self) -> None:
        self.messages: dict[str, list[float]] = {words: [] for words in _WORDS}
        self.health: list[float] = []
        self.failed = 0


async def _talk(box: Sandbox, keys: tuple[str, ...], until: float, figures: Figures) -> None:
    tasks: set[asyncio.Task[None]] = set()
    number = 0
    while time.monotonic() < until:
        task = asyncio.create_task(_say(box, keys[number % len(keys)], _WORDS[number % len(_WORDS)], figures))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        number += 1
        await asyncio.sleep(1 / _A_SECOND)
    await asyncio.gather(*tasks)


async def _say(box: Sandbox, key: str, words: str, figures: Figures) -> None:
    begun = time.perf_counter()
    try:
        status = await box.teams.say(key, words)
    except (ConnectionError, TimeoutError):
        status = 0
    figures.messages[words].append(time.perf_counter() - begun)
    figures.failed += status != 200


async def _feel(url: str, until: float, figures: Figures) -> None:
    async with aiohttp.ClientSession() as session:
        while time.monotonic() < until:
            begun = time.perf_counter()
            async with session.get(f"{url}/healthz") as response:
                await response.read()
            figures.health.append(time.perf_counter() - begun)
            await asyncio.sleep(0.05)


def _memory(replica: Replica) -> tuple[int, int]:
    status = Path(f"/proc/{replica.pid}/status").read_text(encoding="utf-8")
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]) // 1_024, len(list(Path(f"/proc/{replica.pid}/fd").iterdir()))


async def _watch(replica: Replica, file: Path, until: float) -> None:
    begun, minute, done = time.monotonic(), 0.0, False
    while (now := time.monotonic()) < until or (not done and now < until + _LONGER):
        if now - begun >= minute:
            said = "minute {:.0f}: {} MB, {} files open, {} of {} checks due"
            print(said.format(minute / 60, *_memory(replica), _due(file), _DUE), flush=True)
            minute += 60
        if not done and _due(file) == 0:
            done = True
            print(f"{_DUE} checks due at once were done after {now - begun:.0f} s", flush=True)
        await asyncio.sleep(1)
    print("at the end: {} MB, {} files open".format(*_memory(replica)))


def _line(what: str, seconds: list[float]) -> str:
    ordered = sorted(seconds)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1_000 for part in (0.5, 0.99, 1.0)]
    return "{}: median {:.0f} ms, 99 % within {:.0f} ms, worst {:.0f} ms".format(what, *at)


async def main(minutes: float) -> int:
    keys, figures = crowd(_PEOPLE), Figures()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "load.db"
        url = f"sqlite+aiosqlite:///{file}"
        await _fill(url)
        async with Sandbox(data=Path(folder)) as box:
            settings = {**box.environment, "SENDWELL_DATABASE_URL": url, "SENDWELL_CHECK_EVERY": "30m"}
            replica = Replica(int(box.environment["PORT"]), settings, Path(folder) / "bot.log")
            box.tenant.restrict(
                "ana", _REASON, since=_SINCE, address=ADDRESSES[0]
            )  # the entry that all cases are about
            box.tenant.faults.fail("exchange", "slow", seconds=3.0)
            await replica.start()
            until = time.monotonic() + minutes * 60
            await asyncio.gather(
                _talk(box, keys, until, figures),
                _feel(replica.url, until, figures),
                _watch(replica, file, until),
            )
            await replica.stop()
    everything = [seconds for some in figures.messages.values() for seconds in some]
    print(f"{len(everything)} messages, {figures.failed} of them not taken")
    print(_line("messages", everything))
    for words, seconds in figures.messages.items():
        print(_line(f"  “{words}”", seconds))
    print(_line("/healthz", figures.health))
    return 1 if figures.failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(float(sys.argv[1]) if len(sys.argv) > 1 else _MINUTES)))
