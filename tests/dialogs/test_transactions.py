"""What a person, a click and a card cost the database, counted in transactions: each is a wake-up of two processes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database
from services.domain.card import Card
from services.domain.case.transition import MESSAGES
from services.ports.teams import Posted
from tests.cases import ANA, BO
from tests.dialogs.counted import Spending
from tests.dialogs.fake_teams import FakeMessenger
from tests.dialogs.rounds import run_due
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, World, everything_well

DAY = timedelta(days=1)


@pytest.fixture
def world(database: Database) -> Spending:
    return Spending(database)


async def test_a_first_look_with_its_card_is_one_read_and_two_writes(world: Spending) -> None:
    world.mail.restrict(ANAS_ADDRESS)
    await world.only_says(ANA_CLICKS, "my mail bounces", ConversationKind.PERSONAL)
    assert world.spent() == (1, 2), "all that is known of her; her case with her chat; its card with its task"
    assert "secure your account" in world.ana_sees()
    assert await world.conversations.person(ANA) == world.conversation(ANA_CLICKS, ConversationKind.PERSONAL)
    assert await world.outbox.claim(world.clock.time + DAY, DAY, 9, MESSAGES) == []


async def test_a_click_is_one_read_and_one_write_and_so_is_an_approval(world: Spending) -> None:
    await world.ana_asks()
    world.spent()
    await world.only_presses(ANA_CLICKS, "password_done", 1, ConversationKind.PERSONAL, {})
    assert world.spent() == (1, 1), "her chat and the case; the case saved with its tasks"
    await run_due(world.workers[0])
    assert world.spent() == (3, 2), "case, chat, its cards; the claim, and what its card shows with its task"
    await world.ana_secures()
    await world.presses(ANA_CLICKS, "send", note="")
    world.spent()
    await world.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, {"by_another_route": "on", "ground": "called"})
    assert world.spent() == (1, 1)
    assert (await world.case()).decision is not None


async def test_looks_clicks_and_cards_take_few_statements(world: Spending) -> None:
    """Each costs more than SQLite needs to carry it out."""
    world.mail.restrict(ANAS_ADDRESS)
    await world.only_says(ANA_CLICKS, "my mail bounces", ConversationKind.PERSONAL)
    assert world.stated() == 13, "a read of all that is known; seven for the case with her chat; five for its card"
    await world.only_presses(ANA_CLICKS, "password_done", 1, ConversationKind.PERSONAL, {})
    assert world.stated() == 7, "her chat, the case; and five: the click, the case, its event, what was planned, tasks"
    await run_due(world.workers[0])
    assert world.stated() == 9, "two claim it; case, chat, cards; and four for the card with its task"
    await world.ana_secures()
    await world.presses(ANA_CLICKS, "send", note="")
    world.stated()
    await world.only_presses(BO, "approve", 1, ConversationKind.CHANNEL, {"by_another_route": "on", "ground": "called"})
    assert world.stated() == 6, "the case; and five, as for every click"


async def test_an_approver_reads_on_while_their_card_is_updated_with_no_read_for_nothing(world: Spending) -> None:
    await world.ana_has_sent()
    await world.only_presses(BO, "looking", 1, ConversationKind.CHANNEL, {})
    world.spent()
    await run_due(world.workers[0])
    assert world.spent() == (4, 2), "case, loss, channel, its cards; the claim, and what its card shows with its task"


@dataclass(kw_only=True)
class Meanwhile(FakeMessenger):
    """Teams, which takes so long for the next update that something else happens meanwhile."""

    happens: Callable[[], Awaitable[None]] | None = None
    updates: int = 0

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        self.updates += 1
        happens, self.happens = self.happens, None
        if happens:
            await happens()
        return await super().replace(posted, card, summary)


async def test_a_card_that_caught_up_is_not_updated_once_more_for_what_it_shows_already(database: Database) -> None:
    teams = Meanwhile()
    world = World(database, outside=replace(everything_well(), messenger=teams))
    await world.ana_asks()
    await world.only_presses(ANA_CLICKS, "password_done", 1, ConversationKind.PERSONAL, {})
    teams.happens = partial(world.only_presses, ANA_CLICKS, "mfa_done", 1, ConversationKind.PERSONAL, {})
    teams.updates = 0
    await world.passes()
    assert teams.happens is None
    assert teams.updates == 2
