"""A first look that is saved with all that belongs to it, and whose card the same turn posts: what may come between."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.database import Database
from services.domain.card import Card
from services.ports.teams import Posted
from tests.cases import ANA, HOUR, person
from tests.dialogs.counted import Spending
from tests.dialogs.fake_teams import FakeMessenger
from tests.dialogs.test_mailbox_identity import ANAS, holder
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, DAN, World, everything_well
from tests.reliability.mortal import Crash

WORDS = "my mail bounces"


@pytest.fixture
def world(database: Database) -> Spending:
    return Spending(database)


async def only_asks(world: World) -> None:
    await world.only_says(ANA_CLICKS, WORDS, ConversationKind.PERSONAL)


async def test_a_case_about_one_of_her_addresses_is_remembered_though_it_was_kept_under_that_address(
    world: Spending,
) -> None:
    nobodys = replace(ANAS, identity="", holders=(holder(DAN),))
    world.mailboxes.known = {ANAS_ADDRESS: nobodys}
    world.directory.people[DAN.id] = person(id=DAN.id, name="Dan Reyes", addresses=("dan@contoso.example",))
    world.mail.restrict(ANAS_ADDRESS)
    await world.says(DAN, f"mailbox {ANAS_ADDRESS}")
    await world.says(DAN, "withdraw")
    assert (await world.case(1)).sender.mailbox_keys[0] == ANAS_ADDRESS
    await world.passes(HOUR)
    await only_asks(world)
    second = await world.case(2)
    assert second.sender.mailbox_keys[0] == ANA
    assert second.episode.began_at == (await world.case(1)).opened_at


async def test_the_chat_of_somebody_who_needs_no_case_is_stored_as_well(world: Spending) -> None:
    await only_asks(world)
    assert await world.conversations.person(ANA) == world.conversation(ANA_CLICKS, ConversationKind.PERSONAL)


async def test_a_card_that_teams_does_not_take_at_once_comes_by_itself(world: Spending) -> None:
    world.mail.restrict(ANAS_ADDRESS)
    world.messenger.down = True
    await only_asks(world)
    assert not world.sheets(ANA_CLICKS)
    world.messenger.down = False
    await world.passes()
    assert "secure your account" in world.ana_sees()


@dataclass(kw_only=True)
class DeadlyMessenger(FakeMessenger):
    """Teams, at whose first post the process ends."""

    is_deadly: bool = True

    async def post(self, *given: Any, **named: Any) -> Posted:
        if self.is_deadly:
            self.is_deadly = False
            raise Crash
        return await super().post(*given, **named)


async def test_a_card_whose_process_ended_before_it_was_posted_is_posted_by_another_after_the_lease(
    database: Database,
) -> None:
    outside = replace(everything_well(), messenger=DeadlyMessenger())
    dying, other = World(database, outside=outside), World(database, outside=outside)
    dying.mail.restrict(ANAS_ADDRESS)
    with pytest.raises(Crash):
        await only_asks(dying)
    await other.passes(other.timing.lease / 2)
    assert not other.sheets(ANA_CLICKS)
    await other.passes(other.timing.lease)
    assert len(other.sheets(ANA_CLICKS)) == 1


@dataclass(kw_only=True)
class WatchfulMessenger(FakeMessenger):
    """Teams, which counts the updates that change nothing."""

    needless: int = 0

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        self.needless += any(sheet.posted.is_same(posted) and sheet.card == card for sheet in self.sheets)
        return await super().replace(posted, card, summary)


async def test_a_card_that_was_just_posted_is_not_put_there_once_more(database: Database) -> None:
    """It would be the older one by then, where another process shows what has changed meanwhile."""
    teams = WatchfulMessenger()
    world = World(database, outside=replace(everything_well(), messenger=teams))
    await world.ana_has_sent()
    assert world.posts()
    assert teams.needless == 0
