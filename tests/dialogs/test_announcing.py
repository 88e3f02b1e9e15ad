"""A ticket system is told of each milestone, in order and at least once, and nobody waits for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from dialogs.build import Ports, build
from dialogs.conversations.inbound import ConversationKind
from dialogs.jobs.announce import GIVEN_UP_AFTER
from services.clients.store.announcements import SqlAnnouncementStore
from services.clients.store.database import Database
from services.clients.webhook.shape import body_of
from services.domain.announcing.announcement import Announcement
from services.domain.case.status import Status
from services.domain.case.timing import Timing
from services.domain.case.transition import ANNOUNCED
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable, Unreachable
from services.ports.readiness import Trouble
from services.ports.webhook import Webhook
from tests.cases import ANA, BO, HOUR, SPAM_REASON
from tests.dialogs.test_readiness import Watched
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, LONG_DAYS, World

MINUTE, DAY = timedelta(minutes=1), 24 * HOUR
QUIET = replace(
    LONG_DAYS, check_every=DAY, remind_after=2 * DAY, expire_after=3 * DAY, prove_after=(DAY,), watch_for=DAY
)
"""Next to nothing is done while nobody wants anything."""


@dataclass(kw_only=True)
class FakeReceiver:
    """Keeps what it takes. `trouble`: what it answers instead; `tried`: everything that reached it."""

    trouble: Exception | None = None
    took: list[Announcement] = field(default_factory=list)
    tried: list[Announcement] = field(default_factory=list)
    given_up: list[Announcement] = field(default_factory=list)

    async def send(self, announcement: Announcement) -> None:
        self.tried.append(announcement)
        if self.trouble:
            raise self.trouble
        self.took.append(announcement)

    async def give_up(self, announcement: Announcement, why: str) -> None:
        self.given_up.append(announcement)


class ToldWorld(World):
    """The same world, whose milestones somebody outside is told of."""

    def __init__(self, database: Database, timing: Timing = LONG_DAYS) -> None:
        self.receiver = FakeReceiver()
        self.webhook: Webhook | None = self.receiver
        super().__init__(database, timing)

    def ports(self) -> Ports:
        return replace(super().ports(), webhook=self.webhook)

    def starts_again(self, webhook: Webhook | None) -> None:
        """Another process, on the same database."""
        self.webhook = webhook
        made = build(self.ports())
        self.router, self.workers, self.list_monitor = made.router, made.workers, made.list_monitor

    async def is_told_all(self) -> bool:
        return await self.outbox.next_due(ANNOUNCED) is None


def words(told: Sequence[Announcement]) -> list[str]:
    return [one.news.value for one in told]


async def goes_well(w: World) -> None:
    await w.ana_has_sent()
    await w.passes(MINUTE)
    await w.bo_approves()
    await w.passes(HOUR)
    await w.presses(ANA_CLICKS, "works")


GOOD_DAY = ["asked", "approved", "unblocked", "off_list", "works"]


async def test_a_good_day_is_told_from_the_request_to_its_end(database: Database) -> None:
    w = ToldWorld(database)
    await goes_well(w)
    told = w.receiver.took
    assert words(told) == GOOD_DAY
    assert [one.ended for one in told] == [False, False, False, False, True]
    assert {(one.case, one.mailbox) for one in told} == {(1, "ana@contoso.example")}
    assert [one.by_name for one in told] == ["", BO.name, "", "", ""]


async def test_a_denial_ends_it(database: Database) -> None:
    w = ToldWorld(database)
    await w.ana_has_sent()
    await w.presses(BO, "deny", reason="Use the mailing tool.", internal="")
    assert words(w.receiver.took) == ["asked", "denied"]
    assert w.receiver.took[-1].ended


async def test_a_containment_is_told_when_it_is_confirmed_and_once_it_was_read(database: Database) -> None:
    w = ToldWorld(database)
    owner = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(owner,)
    )
    await w.ana_has_sent(SPAM_REASON)
    await w.presses(CLEO, "contain", 1, None, sessions="true", password="true")
    w.containing.account_trouble = UnknownReason.TIMED_OUT
    await w.presses_shown(CLEO, "contain_confirm")
    assert words(w.receiver.took) == ["asked", "containing"]
    assert w.receiver.took[-1].by_name == CLEO.name
    w.containing.account_trouble = None
    await w.passes(2 * MINUTE)
    assert words(w.receiver.took) == ["asked", "containing", "contained"]


async def test_who_asks_nobody_is_told_of_to_nobody(database: Database) -> None:
    w = ToldWorld(database)
    await w.ana_asks()
    await w.presses(ANA_CLICKS, "withdraw")
    assert w.receiver.tried == []


async def test_while_the_receiver_is_away_the_case_goes_on_and_all_is_told_in_order_later(database: Database) -> None:
    w = ToldWorld(database, QUIET)
    w.receiver.trouble = Unavailable(UnknownReason.UNREACHABLE)
    await goes_well(w)
    assert await w.status() is Status.WORKS
    assert set(words(w.receiver.tried)) == {"asked"}, "what comes later does not overtake"
    w.receiver.trouble = None
    await w.passes(2 * HOUR)
    assert words(w.receiver.took) == GOOD_DAY
    assert await w.is_told_all()


async def test_a_receiver_that_asks_for_time_gets_it(database: Database) -> None:
    w = ToldWorld(database)
    w.receiver.trouble = Unavailable(UnknownReason.THROTTLED, retry_after=timedelta(minutes=20))
    await w.ana_has_sent()
    await w.passes(19 * MINUTE)
    assert len(w.receiver.tried) == 1
    await w.passes(2 * MINUTE)
    assert len(w.receiver.tried) == 2


async def test_a_receiver_that_is_away_for_long_is_asked_ever_more_rarely(database: Database) -> None:
    w = ToldWorld(database, QUIET)
    w.receiver.trouble = Unavailable(UnknownReason.TIMED_OUT)
    await w.ana_has_sent()
    await w.passes(HOUR)
    in_the_first_hour = len(w.receiver.tried)
    await w.passes(10 * HOUR)
    assert 8 <= in_the_first_hour <= 14
    assert len(w.receiver.tried) - in_the_first_hour <= 14


async def test_after_a_day_it_is_given_up_and_what_is_younger_follows(database: Database) -> None:
    w = ToldWorld(database)
    w.receiver.trouble = Unavailable(UnknownReason.UNREACHABLE)
    await w.ana_has_sent()
    w.clock.time += 3 * HOUR
    await w.presses(BO, "deny", reason="Use the mailing tool.", internal="")
    w.clock.time += GIVEN_UP_AFTER - 2 * HOUR
    await w.passes()
    assert words(w.receiver.given_up) == ["asked"]
    assert not await w.is_told_all()
    w.receiver.trouble = None
    await w.passes(2 * HOUR)
    assert words(w.receiver.took) == ["denied"]
    assert await w.is_told_all()


async def test_what_nobody_could_send_for_days_is_tried_before_it_is_given_up(database: Database) -> None:
    w = ToldWorld(database)
    w.receiver.trouble = Unavailable(UnknownReason.UNREACHABLE)
    await w.ana_has_sent()
    w.clock.time += 2 * GIVEN_UP_AFTER  # the bot itself was away
    w.receiver.trouble = None
    await w.passes()
    assert words(w.receiver.took)[0] == "asked"
    assert w.receiver.given_up == []


async def test_a_receiver_that_is_gone_is_given_up_at_once(database: Database) -> None:
    w = ToldWorld(database)
    w.receiver.trouble = Unreachable("HTTP 410")
    await w.ana_has_sent()
    assert words(w.receiver.given_up) == ["asked"]
    assert await w.is_told_all()


@pytest.mark.parametrize("trouble", [Unavailable(UnknownReason.UNREACHABLE), None])
async def test_approvers_hear_nothing_of_the_receiver(database: Database, trouble: Exception | None) -> None:
    w = ToldWorld(database)
    w.receiver.trouble = trouble
    await w.ana_has_sent()
    lines = len(w.sheets())
    await w.passes(20 * MINUTE)
    assert len(w.sheets()) == lines


async def test_where_nobody_is_to_be_told_nothing_is_kept_for_it(database: Database) -> None:
    w = World(database)
    await w.ana_has_sent()
    assert await w.outbox.next_due(ANNOUNCED) is None


async def test_what_was_left_when_the_receiver_was_unset_is_dropped(database: Database) -> None:
    w = ToldWorld(database)
    w.receiver.trouble = Unavailable(UnknownReason.UNREACHABLE)
    await w.ana_has_sent()
    assert not await w.is_told_all()
    w.starts_again(None)
    await w.passes(HOUR)
    assert await w.is_told_all()


async def test_what_is_late_is_known_with_the_time_of_the_oldest(database: Database) -> None:
    w, store = ToldWorld(database), SqlAnnouncementStore(database)
    w.receiver.trouble = Unavailable(UnknownReason.UNREACHABLE)
    await w.ana_has_sent()
    begun = w.clock.time
    assert await store.untold_since(w.clock.time) is None
    w.clock.time += HOUR
    assert await store.untold_since(w.clock.time) == begun
    w.receiver.trouble = None
    await w.passes()
    assert await store.untold_since(w.clock.time) is None


async def test_who_watches_the_process_hears_of_a_receiver_that_is_not_told(database: Database) -> None:
    w = ToldWorld(database)
    watched = Watched(w, untold_since=lambda: SqlAnnouncementStore(database).untold_since(w.clock.time))
    w.receiver.trouble = Unavailable(UnknownReason.UNREACHABLE)
    await w.ana_has_sent()
    assert Trouble.WEBHOOK not in await watched.says()
    w.clock.time += HOUR
    said = (await watched.says())[Trouble.WEBHOOK]
    assert "SENDWELL_WEBHOOK_URL was not told what happened since 2026-11-24 14:00 UTC" in said
    assert not await watched.blocks()


async def test_an_address_that_somebody_only_typed_is_told_to_nobody(database: Database) -> None:
    w = ToldWorld(database)
    w.mail.trouble = w.mailboxes.trouble = UnknownReason.UNREACHABLE
    await w.says(ANA_CLICKS, "mailbox merger@rival.example")
    await w.presses(ANA_CLICKS, "send", 1, ConversationKind.PERSONAL)
    await w.passes(MINUTE)
    bodies = [body_of(one, "source").decode() for one in w.receiver.took]
    assert bodies, "the request itself is"
    assert "rival" not in "".join(bodies)
