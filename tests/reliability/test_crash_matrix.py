"""A death at every boundary of deciding, releasing, checking, telling and showing leaves nothing lost and nothing
done twice. `python -m tests.reliability` plays all of them and prints the figures."""

import pytest

from tests.databases import ON_BOTH, Databases
from tests.reliability.matrix import matrix
from tests.reliability.plays import DENIED, GOOD_DAY, LAGGING, REQUEST, Story

# Only a list that still shows the sender after the grace has the removal called again, where its answer was lost.
SECOND_CALLS = [(REQUEST, 0), (LAGGING, 1), (DENIED, 0)]


@pytest.mark.parametrize(("story", "second_calls"), SECOND_CALLS, ids=[story.name for story, _ in SECOND_CALLS])
async def test_a_death_anywhere_changes_nothing(databases: Databases, story: Story, second_calls: int) -> None:
    figures = await matrix(story, databases, every=False)
    assert figures.faults == []
    assert figures.second_calls == second_calls
    assert figures.deaths >= 20


@ON_BOTH
async def test_a_death_between_the_decision_and_a_working_mailbox_changes_nothing(databases: Databases) -> None:
    figures = await matrix(GOOD_DAY, databases, every=False)
    assert figures.faults == []
    assert figures.second_calls == 0
    assert figures.deaths >= 50
