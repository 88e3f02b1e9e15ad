"""Hundreds of open cases: "cases" goes through them page by page, and a minute in which all are due costs little."""

import re

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database
from tests.cases import ADDRESSES, BO, LIMIT_REASON, SINCE
from tests.clients.grown import all_wait
from tests.dialogs.counted import Spending

MANY = 300


@pytest.fixture
def world(database: Database) -> Spending:
    return Spending(database)


async def test_cases_goes_through_all_that_are_open_page_by_page(world: Spending) -> None:
    await all_wait(world.database, MANY)
    await world.only_says(BO, "hello", ConversationKind.PERSONAL)
    world.spent()
    seen = await world.commands(BO, "cases")
    assert world.spent()[0] <= 8
    assert f"{MANY} open cases" in seen
    numbers: list[int] = []
    while follows := re.search(r"cases after (\d+)”", seen):
        numbers += map(int, re.findall(r"⏳ (\d+) ", seen))
        assert numbers[-1] == int(follows[1])
        seen = await world.commands(BO, f"cases after {follows[1]}")
        assert f"{MANY - len(numbers)} open case" in seen
    numbers += map(int, re.findall(r"⏳ (\d+) ", seen))
    assert numbers == list(range(1, MANY + 1))


async def test_hundreds_of_checks_due_at_once_read_the_list_once_and_redraw_only_what_changed(world: Spending) -> None:
    await all_wait(world.database, MANY, with_checks=True)
    world.mail.restrict(ADDRESSES[0], LIMIT_REASON, since=SINCE)
    world.billed()
    await world.passes()
    bill = world.billed()
    assert (bill.lists, bill.directory, bill.teams) == (1, 0, 0)
    assert bill.writes <= MANY + MANY / 10
