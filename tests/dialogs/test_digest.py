"""Many senders restricted at once: above a number, one digest card stands for the rest."""

import asyncio
from dataclasses import replace

from dialogs.casework.digest import DigestCards
from dialogs.casework.notifying import NotifyingPosts
from dialogs.casework.views import Views
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.people import PersonId, TeamsUser
from services.ports.teams import Posted
from tests.cases import BO, HOUR, MINUTE, person
from tests.dialogs.world import CHANNEL, DAN, LONG_DAYS, World

OVER = LONG_DAYS.digest_over


def somebody(number: int) -> TeamsUser:
    return TeamsUser(id=PersonId(f"00000000-0000-4000-8000-1000000000{number:02}"), name=f"Sample Person {number}")


async def sends(w: World, number: int) -> None:
    who, address = somebody(number), f"sample{number}@contoso.example"
    w.directory.people[who.id] = person(id=who.id, name=who.name, upn=address, addresses=(address,))
    w.mail.restrict(address)
    await w.says(who, "my mail bounces")
    await w.presses_in_chat(who, "tell", number)


async def test_up_to_the_number_each_case_has_its_own_card(w: World) -> None:
    for number in range(1, OVER + 1):
        await sends(w, number)
    assert len(w.posts()) == OVER
    assert "at once" not in w.approvers_see()


async def test_above_it_one_digest_stands_for_the_rest_and_stays_true(w: World) -> None:
    for number in range(1, OVER + 4):
        await sends(w, number)
    assert len(w.posts()) == OVER + 1
    digest = w.posts()[-1]
    assert "3 requests at once" in w.text_of(digest)
    assert "3 are waiting for a decision" in w.text_of(digest)
    assert "Sending limit reached: 3" in w.text_of(digest)
    await w.says(BO, f"deny {OVER + 1} come by")
    assert "2 are waiting for a decision" in w.text_of(digest)
    assert "Sample Person 5 · Denied" in w.text_of(digest)
    assert len(w.posts()) == OVER + 1


async def test_a_case_is_opened_from_the_digest_and_decided_on_its_own_card(w: World) -> None:
    for number in range(1, OVER + 3):
        await sends(w, number)
    digest = w.posts()[-1]
    assert "Only approvers" in await w.presses(DAN, "open_case", str(OVER + 1))
    assert "is now at the end" in await w.presses(BO, "open_case", str(OVER + 1))
    assert "Sample Person 5" in w.approvers_see()
    assert "Waiting for a decision" in w.approvers_see()
    await w.bo_approves(OVER + 1)
    await w.passes(5 * MINUTE)
    assert await w.status(OVER + 1) is Status.OFF_LIST
    assert "Off the list" in w.approvers_see()
    assert "1 is waiting for a decision" in w.text_of(digest)
    assert "no such case" in await w.presses(BO, "open_case", "99")


async def test_one_reminder_is_enough_for_a_digest(w: World) -> None:
    for number in range(1, OVER + 4):
        await sends(w, number)
    await w.passes(LONG_DAYS.remind_after)
    in_threads = [line for line in w.lines() if "Cases on this card" in line]
    assert len(in_threads) == 1
    assert len(w.lines()) == OVER + 1


async def test_the_reminder_of_a_digest_comes_though_its_first_case_is_settled(w: World) -> None:
    for number in range(1, OVER + 4):
        await sends(w, number)
    await w.says(BO, f"deny {OVER + 1} come by")
    await w.passes(LONG_DAYS.remind_after)
    assert len([line for line in w.lines() if "Cases on this card" in line]) == 1


async def test_a_deleted_digest_that_stood_in_a_thread_comes_back_in_the_channel(w: World) -> None:
    for number in range(1, OVER + 3):
        await sends(w, number)
    digest = await w.cards.of(CaseNumber(OVER + 1))
    assert digest is not None
    in_thread = replace(CHANNEL, id=f"{CHANNEL.id};messageid=7")
    await w.cards.move(digest, Posted(conversation=in_thread, activity="gone"))
    await sends(w, OVER + 3)
    assert "3 requests at once" in w.approvers_see()


async def test_a_digest_takes_cases_for_as_long_as_its_window(w: World) -> None:
    for number in range(1, OVER + 2):
        await sends(w, number)
    await w.passes(LONG_DAYS.digest_within)
    await sends(w, OVER + 2)
    assert "2 requests at once" in w.approvers_see()
    assert len(w.posts()) == OVER + 1


async def test_a_deleted_digest_comes_back(w: World) -> None:
    for number in range(1, OVER + 3):
        await sends(w, number)
    w.messenger.delete(w.posts()[-1])
    await sends(w, OVER + 3)
    assert "3 requests at once" in w.approvers_see()


async def test_the_next_digest_is_a_card_of_its_own(w: World) -> None:
    for number in range(1, OVER + 2):
        await sends(w, number)
    await w.passes(HOUR)
    for number in range(OVER + 2, 2 * OVER + 3):
        await sends(w, number)
    digests = [sheet for sheet in w.posts() if "at once" in w.text_of(sheet)]
    assert [w.text_of(sheet).count("Sample Person") for sheet in digests] == [2, 2]


def digest_cards(w: World) -> DigestCards:
    ports = w.ports()
    return DigestCards(
        storage=ports.storage,
        messenger=w.messenger,
        notifying=NotifyingPosts(ports.teams),
        views=Views(links=ports.links, clock=ports.clock, timing=ports.timing, contains=True),
    )


async def test_a_first_card_does_not_wait_for_a_digest_that_teams_is_slow_to_take(w: World) -> None:
    for number in range(1, OVER + 3):
        await sends(w, number)
    await w.passes(LONG_DAYS.digest_within + MINUTE)
    await sends(w, OVER + 3)
    cards, slow, before = digest_cards(w), asyncio.Event(), w.messenger.updates_asked
    w.messenger.slow_updates = slow
    w.messenger.update_asked.clear()
    line, new = await w.case(OVER + 1), await w.case(OVER + 3)
    drawing = [asyncio.create_task(cards.refresh(line)) for _ in range(30)]
    await w.messenger.update_asked.wait()
    assert not await cards.takes(new, CHANNEL)
    slow.set()
    await asyncio.gather(*drawing)
    # One may have been under way; one more shows what all the others wanted shown.
    assert w.messenger.updates_asked <= before + 2
