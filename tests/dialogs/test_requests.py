"""What words, clicks and a whole case ask of others, counted: a machine that is busy changes none of it."""

from dataclasses import astuple

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database
from services.domain.people import Standing
from tests.cases import BO, HOUR
from tests.dialogs.counted import Bill, Spending
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS


@pytest.fixture
def world(database: Database) -> Spending:
    return Spending(database)


def _within(bill: Bill, most: Bill) -> bool:
    return all(spent <= allowed for spent, allowed in zip(astuple(bill), astuple(most), strict=True))


async def test_who_asks_for_help_again_and_again_costs_at_most_one_read_of_the_database_each_time(
    world: Spending, database: Database
) -> None:
    await world.only_says(BO, "help", ConversationKind.PERSONAL)
    world.billed()
    for _ in range(5):
        await world.only_says(BO, "help", ConversationKind.PERSONAL)
    reads = 0 if database.is_alone else 5
    assert world.billed() == Bill(reads=reads, writes=0, directory=0, lists=0, teams=0)


async def test_help_learns_of_a_new_approver_within_ten_minutes_and_a_decision_at_once(world: Spending) -> None:
    assert "deny" in await world.says(BO, "help")
    await world.ana_has_sent()
    world.approvers.standings[BO.id] = Standing.NOT_APPROVER
    assert "deny" in await world.says(BO, "help"), "what a help card lists lets nobody do anything"
    await world.presses(BO, "deny", reason="no")
    (case,) = await world.cases.open_cases()
    assert case.decision is None
    world.clock.time += HOUR / 6
    assert "deny" not in await world.says(BO, "help")


async def test_help_does_not_remember_that_the_directory_could_not_say(world: Spending) -> None:
    world.approvers.gone = True
    assert "deny" not in await world.says(BO, "help")
    world.approvers.gone = False
    assert "deny" in await world.says(BO, "help")


async def test_a_first_look_asks_one_list_and_a_few_things_of_the_directory(world: Spending) -> None:
    world.mail.restrict(ANAS_ADDRESS)
    await world.only_says(ANA_CLICKS, "my mail bounces", ConversationKind.PERSONAL)
    assert _within(world.billed(), Bill(reads=1, writes=2, directory=5, lists=1, teams=1))


async def test_an_approval_and_a_whole_case_are_bounded(world: Spending) -> None:
    await world.ana_has_sent()
    assert _within(world.billed(), Bill(reads=60, writes=24, directory=7, lists=1, teams=8)), "asked, secured, sent"
    await world.bo_approves()
    assert _within(world.billed(), Bill(reads=23, writes=12, directory=5, lists=2, teams=5)), "approved and unblocked"
    await world.passes(HOUR * 2)
    assert _within(world.billed(), Bill(reads=66, writes=31, directory=1, lists=5, teams=6)), "followed for two hours"
