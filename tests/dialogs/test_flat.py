"""However long it runs: no more descriptors, and no more objects of ours."""

from services.clients.store.database import Database
from tests.dialogs.steady import Steady, descriptors, live


async def test_after_a_hundred_turns_nothing_more_is_open_or_kept_than_after_thirty(database: Database) -> None:
    world = Steady(database, people=5)
    await world.turns(30)
    before, opened = live(), descriptors()
    await world.turns(70)
    assert live() - before == {}
    assert descriptors() == opened
