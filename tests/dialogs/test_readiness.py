"""What keeps the bot from its work is said, also to those who cannot read the log, and costs next to nothing."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

import pytest

from services.clients.readiness import Askers, Readiness
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable
from services.ports.readiness import Trouble
from tests.dialogs.fake_directory import FakeApprovers
from tests.dialogs.test_watch import begun
from tests.dialogs.world import CHANNEL, WATCH_EVERY, World


@dataclass
class Pinged:
    """A database or a login that works, until it is told not to."""

    trouble: Unavailable | None = None

    async def ping(self) -> None:
        if self.trouble is not None:
            raise self.trouble


@dataclass
class Group(FakeApprovers):
    """The approvers' group as the directory knows it."""

    asked: int = 0
    fails: Exception | None = None

    async def anybody_but(self, person: object) -> bool:
        self.asked += 1
        if self.fails is not None:
            raise self.fails
        return bool(self.standings)


class Watched:
    """The bot as its operator watches it."""

    def __init__(self, w: World, untold_since: Callable[[], Awaitable[datetime | None]] | None = None) -> None:
        self.database, self.login, self.group = Pinged(), Pinged(), Group(standings=w.approvers.standings)
        self.clock = [0.0]
        self.open_groups: list[str] = []
        self.lacking: list[str] = []
        self.newer: list[str] = []
        self.looked = 0
        self._readiness = Readiness(
            database=self.database,
            storage=w.ports().storage,
            login=self.login,
            approvers=self.group,
            asked=Askers(
                groups=self._open_groups, doctor=self._doctor, untold_since=untold_since, newer=lambda: self.newer
            ),
            monotonic=lambda: self.clock[0],
        )

    async def _open_groups(self) -> list[str]:
        return self.open_groups

    async def _doctor(self) -> list[str]:
        self.looked += 1
        return self.lacking

    async def says(self) -> dict[Trouble, str]:
        return {one.about: one.text for one in await self._readiness.complaints()}

    async def blocks(self) -> bool:
        return any(one.blocks for one in await self._readiness.complaints())


async def test_where_all_is_well_nothing_is_said(w: World) -> None:
    watched = Watched(w)
    await begun(w)
    assert await watched.says() == {}


async def test_a_missing_or_lost_channel_is_said_and_keeps_no_message_away(w: World) -> None:
    watched = Watched(w)
    await w.conversations.lost("403 BotNotInConversationRoster", w.clock.now())
    assert "It must be a standard channel" in (await watched.says())[Trouble.CHANNEL_LOST]
    w.conversations._channel = None
    assert "use this channel" in (await watched.says())[Trouble.CHANNEL_MISSING]
    assert not await watched.blocks()
    w.conversations._channel = CHANNEL
    await w.conversations.found()
    assert await watched.says() == {}


async def test_what_a_driver_says_stays_in_the_log_and_is_said_there_once(
    w: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    watched = Watched(w)
    watched.database.trouble = Unavailable(UnknownReason.UNREACHABLE, "database: connection to 10.0.0.7 refused")
    for _ in range(3):
        assert await watched.says() == {Trouble.DATABASE: "The database cannot be used; the log says why."}
    assert await watched.blocks()
    assert caplog.text.count("connection to 10.0.0.7 refused") == 1


async def test_a_wrong_secret_is_said_and_keeps_requests_away(w: World) -> None:
    watched = Watched(w)
    watched.login.trouble = Unavailable(
        UnknownReason.NO_PERMISSION, "login: invalid_client AADSTS7000215: Wrong secret."
    )
    assert "AADSTS7000215: Wrong secret" in (await watched.says())[Trouble.LOGIN]
    assert await watched.blocks()


@pytest.mark.parametrize(
    ("fails", "said"),
    [
        (NotFound("x"), "There is no group with the id"),
        (Unavailable(UnknownReason.NO_PERMISSION, "HTTP 403"), "GroupMember.Read.All"),
        (None, "has no member who may decide"),
    ],
)
async def test_a_group_that_cannot_decide_is_said_and_the_directory_is_asked_rarely(
    w: World, fails: Exception | None, said: str
) -> None:
    watched = Watched(w)
    watched.group.fails, standings = fails, dict(watched.group.standings)
    watched.group.standings = {}
    for _ in range(20):
        assert said in (await watched.says())[Trouble.APPROVERS_GROUP]
    assert watched.group.asked == 1
    assert not await watched.blocks()
    watched.group.fails, watched.group.standings = None, standings
    watched.clock[0] += 300
    assert await watched.says() == {}


async def test_a_directory_that_is_merely_away_is_no_complaint_about_the_group(w: World) -> None:
    watched = Watched(w)
    watched.group.fails = Unavailable(UnknownReason.THROTTLED)
    assert await watched.says() == {}


async def test_missing_rights_are_said_with_their_roles(w: World) -> None:
    watched = Watched(w)
    await begun(w)
    w.mailboxes.trouble = UnknownReason.NO_PERMISSION
    w.mail.restrict("dan@contoso.example")
    await w.watches(WATCH_EVERY)
    w.mail.trouble = UnknownReason.NO_PERMISSION
    await w.watches(WATCH_EVERY)
    said = await watched.says()
    assert "Get-BlockedSenderAddress (the Exchange role “Sendwell Lists”)" in said[Trouble.LIST]
    assert "Get-Mailbox (the Exchange role “Sendwell Mailboxes”)" in said[Trouble.MAILBOXES]


async def test_a_group_that_anybody_can_join_keeps_the_bot_from_its_work(w: World) -> None:
    watched = Watched(w)
    assert not await watched.blocks()
    watched.open_groups = ["SENDWELL_APPROVERS_GROUP_ID names “All”, and anybody can join it."]
    assert (await watched.says())[Trouble.APPROVERS_GROUP] == watched.open_groups[0]
    assert await watched.blocks()


async def test_what_the_doctor_misses_is_said_and_it_looks_rarely(w: World) -> None:
    watched = Watched(w)
    watched.lacking = ["Permission: User.Read.All: the app does not have it."]
    for _ in range(20):
        assert (await watched.says())[Trouble.DOCTOR] == watched.lacking[0]
    assert watched.looked == 1
    assert not await watched.blocks()
    watched.lacking = []
    watched.clock[0] += 300
    assert await watched.says() == {}


async def test_what_a_newer_version_stored_is_told_and_keeps_no_request_away(w: World) -> None:
    watched = Watched(w)
    watched.newer = ["1 case was stored by a newer Sendwell"]
    assert (await watched.says())[Trouble.NEWER] == watched.newer[0]
    assert not await watched.blocks()
