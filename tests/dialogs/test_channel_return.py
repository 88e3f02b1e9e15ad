"""An approvals channel that refuses is asked ever more rarely; once it is back it shows what is true, and no more."""

from dataclasses import replace

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from tests.cases import BO, HOUR, MINUTE
from tests.dialogs.test_digest import sends, somebody
from tests.dialogs.world import CHANNEL, World

REFUSALS = ("403 BotNotInConversationRoster", "404 ConversationNotFound")
ELSEWHERE = replace(CHANNEL, id="19:elsewhere@thread.tacv2")


@pytest.mark.parametrize("error", REFUSALS)
async def test_it_is_asked_again_an_hour_later_at_most_and_not_every_minute(w: World, error: str) -> None:
    w.messenger.closed[CHANNEL.id] = error
    await sends(w, 1)
    before = w.messenger.asked
    await w.passes(4 * HOUR)
    assert w.messenger.asked - before < 30
    before = w.messenger.asked
    await w.passes(2 * HOUR + MINUTE)
    assert w.messenger.asked - before >= 2


async def test_the_person_hears_once_that_the_admins_could_not_be_reached(w: World) -> None:
    w.messenger.closed[CHANNEL.id] = REFUSALS[0]
    await sends(w, 1)
    await w.passes(2 * HOUR)
    held_up = [sheet for sheet in w.sheets(somebody(1)) if "could not be reached yet" in w.text_of(sheet)]
    assert len(held_up) == 1
    await w.added_to_team()
    await w.passes()
    assert "could not be reached yet" not in w.text_of(w.sheets(somebody(1))[-1])


async def test_a_request_is_posted_at_once_when_the_bot_is_back(w: World) -> None:
    w.messenger.closed[CHANNEL.id] = REFUSALS[0]
    await sends(w, 1)
    await w.passes(2 * HOUR)
    assert w.sheets() == []
    await w.added_to_team()
    await w.passes()
    (post,) = w.posts()
    assert "Sample Person 1" in w.text_of(post)


async def test_an_open_case_has_one_card_and_what_ended_one_line_for_all(w: World) -> None:
    w.messenger.closed[CHANNEL.id] = REFUSALS[0]
    for number in range(1, 4):
        await sends(w, number)
    for number in (2, 3):
        await w.presses(somebody(number), "withdraw", number, ConversationKind.PERSONAL)
    await w.passes(HOUR + MINUTE)  # reminders fall due, too
    assert [await w.status(number) for number in (1, 3)] == [Status.WAITING, Status.WITHDRAWN]
    await w.added_to_team()
    await w.passes(MINUTE)
    seen = [w.text_of(sheet) for sheet in w.sheets()]
    assert len(seen) == 2, seen
    assert sum("2 cases ended without a card here: 2 (Sample Person 2), 3" in text for text in seen) == 1


async def test_many_that_waited_stand_in_one_digest(w: World) -> None:
    w.messenger.closed[CHANNEL.id] = REFUSALS[0]
    for number in range(1, 6):
        await sends(w, number)
    await w.passes(HOUR)  # no wave any more
    await w.added_to_team()
    await w.passes(MINUTE)
    (digest,) = w.sheets()
    assert "5 requests at once" in w.text_of(digest)


async def test_another_channel_gets_what_is_open_and_one_digest_of_many(w: World) -> None:
    for number in range(1, 6):
        await sends(w, number)
    await w.passes(HOUR)
    await w.says_at(BO, "use this channel", ELSEWHERE)
    _answer, digest = [one for one in w.messenger.sheets if one.posted.conversation.id == ELSEWHERE.id]
    assert "5 requests at once" in w.text_of(digest)
    # What was posted before is no more the place to decide.
    assert not any("Waiting for a decision" in w.text_of(post) and post.thread is None for post in w.posts()[:4])
