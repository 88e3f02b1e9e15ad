"""A death at every boundary of deciding, unblocking, checking, notifying and updating cards leaves nothing lost and
nothing done twice. `python -m tests.reliability` plays all of them and prints the figures."""

from tests.databases import ON_POSTGRESQL, Databases
from tests.reliability.matrix import matrix
from tests.reliability.plays import GOOD_DAY, INTENDED, LAGGING


@ON_POSTGRESQL
async def test_a_death_anywhere_changes_nothing_while_the_list_lags(databases: Databases) -> None:
    figures = await matrix(LAGGING, databases, every=False)
    assert figures.faults == []
    # After a lost response, Remove is called again only if the list still shows the sender after the grace.
    assert figures.second_calls == 1
    assert figures.deaths >= 20


async def test_a_death_between_the_decision_and_a_working_mailbox_changes_nothing(calm_databases: Databases) -> None:
    figures = await matrix(GOOD_DAY, calm_databases, every=False)
    assert figures.faults == []
    assert figures.second_calls == 0
    assert figures.deaths >= 50


async def test_a_death_between_an_intended_approval_and_its_decision_decides_once(calm_databases: Databases) -> None:
    figures = await matrix(INTENDED, calm_databases, every=False)
    assert figures.faults == []
    assert figures.second_calls == 0
    assert figures.deaths >= 10
