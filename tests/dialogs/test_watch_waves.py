"""Many entries at once, and entries that cannot be taken in: one never holds up the others, and none is forgotten."""

from dataclasses import replace

import pytest

from services.domain.case.status import Status
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from tests.cases import MINUTE, person
from tests.dialogs.test_digest import somebody
from tests.dialogs.test_watch import SALES, begun
from tests.dialogs.world import ANAS_ADDRESS, CHANNEL, WATCH_EVERY, World

WAVE = 30


def address_of(number: int) -> str:
    return f"sample{number}@contoso.example"


def known_people(w: World, numbers: range) -> None:
    """As many people with a mailbox of their own, reachable in Teams."""
    for number in numbers:
        who, address = somebody(number), address_of(number)
        w.directory.people[who.id] = person(id=who.id, name=who.name, upn=address, addresses=(address,))
        holder = Holder(person=who.id, name=who.name, upn=address, right=SendRight.OWNER)
        w.mailboxes.known[address] = SharedMailbox(
            address=address, name=who.name, addresses=(address,), holders=(holder,)
        )


def told(w: World, words: str) -> list[str]:
    return [text for sheet in w.posts() if words in (text := w.text_of(sheet))]


async def test_one_that_cannot_be_looked_up_holds_up_nobody_and_is_tried_less_and_less_often(w: World) -> None:
    await begun(w)
    known_people(w, range(1, 2))
    w.mailboxes.troubles = {ANAS_ADDRESS: UnknownReason.TIMED_OUT}
    w.mail.restrict(ANAS_ADDRESS)
    w.mail.restrict(address_of(1))
    await w.watches(WATCH_EVERY)
    (case,) = await w.cases.open_cases()
    assert case.sender.name == "Sample Person 1"
    reads = w.mail.reads
    await w.watches(WATCH_EVERY / 2)
    assert w.mail.reads == reads  # an entry in trouble does not make the list be read again at once
    for _ in range(40):
        await w.watches(WATCH_EVERY)
    assert 4 <= w.mailboxes.asked.count(ANAS_ADDRESS) <= 12
    (line,) = told(w, "could not be looked up after several tries")
    assert ANAS_ADDRESS in line
    w.mailboxes.troubles = {}
    for _ in range(13):
        await w.watches(WATCH_EVERY)
    assert sorted(case.sender.name for case in await w.cases.open_cases()) == ["Ana Soto", "Sample Person 1"]


async def test_a_bug_met_with_one_entry_holds_up_no_other(w: World) -> None:
    await begun(w)
    w.mail.restrict(SALES.address)
    w.mail.restrict(ANAS_ADDRESS)
    w.directory.bugs = {"person": ValueError("a bug")}
    await w.watches(WATCH_EVERY)
    assert len(told(w, "sales@contoso.example was restricted")) == 1
    assert set(await w.monitor_store.known()) == {SALES.address, ANAS_ADDRESS}
    w.directory.bugs = {}
    await w.watches(WATCH_EVERY)
    assert await w.status() is Status.SECURING


async def test_a_shared_mailbox_while_there_is_no_channel_waits_and_keeps_nobody_else_untold(w: World) -> None:
    await begun(w)
    w.conversations._channel = None
    w.mail.restrict(SALES.address)
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    assert await w.status() is Status.SECURING
    reads = w.mail.reads
    await w.watches(MINUTE / 12)
    assert w.mail.reads == reads
    w.conversations._channel = CHANNEL
    await w.watches(WATCH_EVERY)
    assert len(told(w, "sales@contoso.example was restricted")) == 1
    await w.watches(WATCH_EVERY)
    assert len(told(w, "sales@contoso.example was restricted")) == 1


async def test_a_wave_is_one_digest(w: World) -> None:
    await begun(w)
    known_people(w, range(1, WAVE + 1))
    for number in range(1, WAVE + 1):
        w.mail.restrict(address_of(number))
    await w.watches(WATCH_EVERY)
    assert len(await w.cases.open_cases()) == WAVE
    (digest,) = w.posts()
    assert f"{WAVE} senders restricted at once" in w.text_of(digest)


async def test_a_wave_of_mailboxes_that_are_nobodys_is_one_line(w: World) -> None:
    await begun(w)
    for number in range(WAVE):
        address = address_of(number)
        w.mailboxes.known[address] = replace(SALES, address=address)
        w.mail.restrict(address)
    await w.watches(WATCH_EVERY)
    (line,) = w.posts()
    assert "30 shared mailboxes were restricted" in w.text_of(line)
    assert address_of(0) in w.text_of(line)
    await w.watches(WATCH_EVERY)
    assert len(w.posts()) == 1


async def test_without_the_right_to_read_the_list_it_is_said_at_once_and_once(w: World) -> None:
    await begun(w)
    w.mail.trouble = UnknownReason.NO_PERMISSION
    for _ in range(4):
        await w.watches(WATCH_EVERY)
    (line,) = told(w, "no permission to read")
    assert "Get-BlockedSenderAddress" in line
    state = await w.monitor_store.state()
    assert state is not None
    assert state.why is UnknownReason.NO_PERMISSION
    w.mail.trouble = None
    await w.watches(WATCH_EVERY)
    state = await w.monitor_store.state()
    assert state is not None
    assert state.why is None
    assert len(told(w, "can be read again")) == 1


async def test_that_mailboxes_may_not_be_read_is_kept_until_one_can_be(w: World) -> None:
    await begun(w)
    w.mailboxes.trouble = UnknownReason.NO_PERMISSION
    w.mail.restrict("dan@contoso.example")
    await w.watches(WATCH_EVERY)
    state = await w.monitor_store.state()
    assert state is not None
    assert state.whose_unread
    w.mailboxes.trouble = None
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    state = await w.monitor_store.state()
    assert state is not None
    assert not state.whose_unread


class Paused(World):
    """A replica that stands still in the middle of a read, until its lease is over and another one has read."""

    other: World | None = None

    async def stands_still(self) -> None:
        if self.other is not None:
            self.clock.time += 10 * WATCH_EVERY
            self.other.clock.time = self.clock.time
            await self.other.list_monitor.once()
            self.other = None


async def test_a_read_whose_lease_is_over_settles_nothing(w: World) -> None:
    await begun(w)
    paused = Paused(w.database, w.timing)
    paused.clock.time, paused.other = w.clock.time + WATCH_EVERY, w
    paused.mailboxes = w.mailboxes
    paused.mail.when_read = paused.stands_still
    w.mail.restrict(ANAS_ADDRESS)
    await paused.list_monitor.once()  # an empty list, read before the pause
    assert set(await w.monitor_store.known()) == {ANAS_ADDRESS}
    known = await w.monitor_store.known()
    assert known[ANAS_ADDRESS].absent_at is None
    reads = w.mail.reads
    await w.list_monitor.once()
    assert w.mail.reads == reads  # the next read is due when the other said


@pytest.mark.parametrize("answer", ["gone", "later"])
async def test_an_entry_that_waits_and_leaves_the_list_is_forgotten(w: World, answer: str) -> None:
    await begun(w)
    w.mailboxes.troubles = {ANAS_ADDRESS: UnknownReason.TIMED_OUT}
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    w.mail.entries.clear()
    for _ in range(3 if answer == "gone" else 1):
        await w.watches(WATCH_EVERY)
    assert (ANAS_ADDRESS in await w.monitor_store.known()) is (answer == "later")
    w.mailboxes.troubles = {}
    w.mail.restrict(ANAS_ADDRESS)
    for _ in range(3):
        await w.watches(WATCH_EVERY)
    assert await w.status() is Status.SECURING
