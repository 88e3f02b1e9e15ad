"""Hundreds of cases: "cases" and "history" go through them page by page; a minute in which all are due costs little."""

import re

import pytest
from sqlalchemy import text

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database
from tests.cases import ADDRESSES, BO, LIMIT_REASON, SINCE
from tests.clients.grown import all_wait, grow
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


async def test_history_goes_through_all_cases_of_a_sender_page_by_page(world: Spending) -> None:
    await _has_a_past(world, 47)
    await world.only_says(BO, "hello", ConversationKind.PERSONAL)
    world.spent()
    seen = await world.commands(BO, "history ana@contoso.example")
    assert world.spent()[0] <= 8
    assert "unblocked this sender 47 times" in seen, "whatever the page holds"
    numbers, left = _numbers(seen), 47 - 20
    while follows := re.search(r"history ana@contoso.example before (\d+)”", seen):
        assert f"And {left} more" in seen
        assert numbers[-1] == int(follows[1])
        seen = await world.commands(BO, f"history ana@contoso.example before {follows[1]}")
        assert f"before case {follows[1]}" in seen
        numbers += _numbers(seen)
        left -= 20
    assert numbers == list(range(147, 100, -1))


async def test_before_the_first_case_of_a_sender_there_is_nothing(world: Spending) -> None:
    await _has_a_past(world, 3)
    assert "No restriction is on record" in await world.commands(BO, "history ana@contoso.example before case 101.")


async def _has_a_past(world: Spending, cases: int) -> None:
    """Ana has so many ended cases, among those of others."""
    await grow(world.database, 100 + cases, 0)
    async with world.database.writing() as connection:
        hers = "update cases set mailbox = 'ana@contoso.example', unblocked_at = opened_at where status = 'works'"
        await connection.execute(text(hers))
        await connection.execute(text("delete from outbox"))


def _numbers(seen: str) -> list[int]:
    return [int(number) for number in re.findall(r"⏳ (\d+) ", seen)]


async def test_hundreds_of_checks_due_at_once_read_the_list_once_and_redraw_only_what_changed(world: Spending) -> None:
    await all_wait(world.database, MANY, with_checks=True)
    world.mail.restrict(ADDRESSES[0], LIMIT_REASON, since=SINCE)
    world.billed()
    await world.passes()
    bill = world.billed()
    assert (bill.lists, bill.directory, bill.teams) == (1, 0, 0)
    assert bill.writes <= MANY / 10, "those of a claim are put off together"
    assert bill.reads <= MANY / 10, "and so are their cases read"
