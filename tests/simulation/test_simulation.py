"""The simulation finds nothing here, finds what is planted, and is the same every time. `make simulate` plays more."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from services.clients.store.database import open_database
from tests.databases import Files, file_of
from tests.simulation.acts import IN_CHANNEL
from tests.simulation.bugs import BUGS
from tests.simulation.database import SEEDED, WatchedDatabase, hang_up
from tests.simulation.incidents import PERSONS_BUTTONS
from tests.simulation.loop import LIFE, Life, SeededLoop, bury
from tests.simulation.plan import THEMES, plan
from tests.simulation.planted import ENDLESS, ROOT, hunt, hunted_in, planted
from tests.simulation.run import simulate
from tests.simulation.shrink import shrunk
from tests.simulation.tours import TOURS

SEEDS = (1, 12)
"""A week of everything, and one of one thing."""
CALM_SEED = 19
"""A week in which little happens."""
TOUR_SEED = 4
"""The watch does not find Ana before she asks again by herself."""
SHORT_SEED = "7-7"
"""A week of few events."""
ROUND_AND_ROUND = """
from tests.simulation.begun import begun
for seed in begun([4, 5, 6], 0.2):
    while seed == 5:
        pass
"""
NOT_PRESSED = {
    "open_case": "stands on a digest only, which takes a wave of senders",
    "put_back_password": "nobody knows the old one",
    "put_back_sessions": "who was signed out signs in again",
}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_week_of_three_replicas_keeps_every_promise(seed: int) -> None:
    outcome = simulate(seed, plan(seed))
    assert outcome.broken == ()
    assert outcome.ended, "nobody asked for anything"


def test_three_calm_weeks_keep_every_promise_and_press_every_button_with_effect() -> None:
    pressed = set[str]()
    for tour in TOURS:
        outcome = simulate(TOUR_SEED, tour)
        assert outcome.broken == ()
        pressed |= outcome.pressed
    assert pressed | NOT_PRESSED.keys() == IN_CHANNEL | PERSONS_BUTTONS


def test_a_seed_is_the_same_week_in_every_process() -> None:
    seed = CALM_SEED
    other = subprocess.run(
        [sys.executable, "-m", "tests.simulation", "--digest", str(seed)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "17"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert other.stdout.strip() == simulate(seed, plan(seed)).digest


def test_every_bug_can_still_be_planted() -> None:
    for bug in BUGS:
        for change in bug.changes:
            assert (ROOT / change.file).read_text(encoding="utf-8").count(change.was) == 1, bug.name
        assert set(bug.shows_in) <= {theme.name for theme in THEMES}, bug.name


def test_a_seed_that_finds_something_says_how_to_play_it_again() -> None:
    bug = next(bug for bug in BUGS if bug.name == "timers are not written again")
    with planted(bug) as copy:
        found = _played(copy, "-m", "tests.simulation", SHORT_SEED)
        first, *events, command, _ = found.splitlines()
        again = _played(copy, *command.split()[1:])
    promise = first.partition(" ")[2]
    assert "nothing is planned for it" in promise
    assert 1 <= len(events) <= 3
    assert any("asks" in event for event in events)
    assert promise in again.splitlines()


def _played(copy: Path, *asked: str) -> str:
    """What a simulation of that tree, which finds something, says."""
    done = subprocess.run([sys.executable, *asked], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout


def test_what_a_seed_finds_without_the_bug_is_no_find_of_it() -> None:
    said = {True: "4\n4 a card is untrue\n", False: "4\n4 a card is untrue\n3\n3 a decision is lost\n"}
    found = hunt(BUGS[0], range(3, 5), lambda tree, *_: (said[tree == ROOT], ""))
    assert (found.seeds, found.said) == ((3,), "a decision is lost")


def test_a_bug_that_no_seed_shows_is_not_found() -> None:
    trees = []

    def nothing(tree: Path, *_: object) -> tuple[str, str]:
        trees.append(tree)
        return "3\n4\n", ""

    found = hunt(BUGS[0], range(3, 5), nothing)
    assert (found.seeds, found.said, found.played) == ((), "", 2)
    assert ROOT not in trees, "there is nothing to play there"


def test_a_week_that_never_ends_is_something_that_was_found() -> None:
    outcome = simulate(1, TOURS[0], turns=2_000)
    assert outcome.broken == ("all: something is tried for ever, at every turn",)
    assert outcome.stopped_at is not None


def test_a_week_that_no_turn_ends_is_ended_and_counts_as_found(tmp_path: Path) -> None:
    here = Path("tests", "simulation")
    (tmp_path / here).mkdir(parents=True)
    (tmp_path / here / "begun.py").write_bytes((ROOT / here / "begun.py").read_bytes())
    (tmp_path / here / "__main__.py").write_text(ROUND_AND_ROUND, encoding="utf-8")
    found = hunted_in(tmp_path, BUGS[0], [4, 5, 6])
    assert (found.seeds, found.played, found.said) == ((5,), 2, ENDLESS)


def test_a_list_of_events_is_shrunk_to_those_that_it_takes() -> None:
    def breaks(events: Sequence[int]) -> bool:
        return {3, 41, 77} <= set(events)

    assert shrunk(range(100), breaks) == [3, 41, 77]


def test_turns_are_drawn_and_time_passes_without_waiting() -> None:
    def order(seed: int) -> list[int]:
        loop, done = SeededLoop(Random(seed)), list[int]()

        async def sleeps(number: int) -> None:
            await asyncio.sleep(86_400)
            done.append(number)

        async def all_sleep() -> None:
            await asyncio.gather(*(sleeps(number) for number in range(10)))

        with closing(loop):
            loop.run_until_complete(all_sleep())
            assert loop.time() == pytest.approx(86_400)
        return done

    assert order(1) == order(1)
    assert order(1) != order(2)


def test_what_a_killed_process_had_not_committed_never_was(tmp_path: Path) -> None:
    url = Files(tmp_path, SEEDED).fresh()
    life, loop, commits = Life("one"), SeededLoop(Random(1)), list[str]()

    async def writes(what: str) -> None:
        LIFE.set(life)
        opened = open_database(url)
        database = WatchedDatabase(await opened.__aenter__(), lambda: commits.append(what))
        async with database.writing() as connection:
            await connection.exec_driver_sql("insert into lost_channels values (?, 'gone', '2026-11-24')", (what,))
            if what == "second":
                await asyncio.sleep(3600)

    async def dies() -> None:
        await asyncio.create_task(writes("first"))
        second = asyncio.create_task(writes("second"))
        await asyncio.sleep(60)
        life.is_over = True
        hang_up(life)
        await asyncio.sleep(7200)
        assert not second.done()

    loop.run_until_complete(dies())
    bury(loop)
    with closing(sqlite3.connect(file_of(url))) as file:
        assert file.execute("select conversation from lost_channels").fetchall() == [("first",)]
    assert commits == ["first"]
