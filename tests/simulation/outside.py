"""Everything outside the three processes, which goes on when one of them ends."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any

from services.domain.card import Card
from services.domain.case.transition import TaskKind
from services.domain.people import PersonId, Standing, TeamsUser
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from services.ports.errors import ChangedMeanwhile, Unavailable
from services.ports.teams import ConversationRef, Posted
from tests.cases import ADDRESSES, ANA, BO, HOUR, NOW, person, report
from tests.dialogs.fake_clock import FakeClock
from tests.dialogs.fake_directory import FakeApprovers, FakeDirectory, FakeMentions
from tests.dialogs.fake_mail import FakeMailboxes
from tests.dialogs.fake_teams import FakeInstaller, FakeMessenger
from tests.dialogs.fake_traces import FakeAuditLog, FakeTraces
from tests.dialogs.world import CLEO, LONG_DAYS, approver
from tests.simulation.forms import Button, buttons_on
from tests.simulation.hands import Containing, Policies
from tests.simulation.tenant import Tenant

TIMING = replace(
    LONG_DAYS,
    check_every=3 * HOUR,
    expire_after=24 * HOUR,
    remind_after=4 * HOUR,
    watch_for=8 * HOUR,
    watch_every=6 * HOUR,
    messages_a_minute=1_000,
    requests_a_day=50,
    digest_over=50,
)
"""Seldom enough that a week is some hundreds of reads."""

EVE = TeamsUser(id=PersonId("00000000-0000-4000-8000-000000000005"), name="Eve Lund")
SALES = "sales@contoso.example"
APPROVERS_NOW = (BO, CLEO)


class WorldClock(FakeClock):
    """The time outside, which is the loop's."""

    def now(self) -> datetime:
        return NOW + timedelta(seconds=round(asyncio.get_running_loop().time(), 6))


@dataclass(kw_only=True)
class Pace:
    """Tells workers when a look would find something. It reads the outbox itself, as nobody in the product can."""

    clock: WorldClock
    chance: Random
    file: sqlite3.Connection
    _due: dict[TaskKind, datetime] = field(default_factory=dict)
    _waiting: list[tuple[frozenset[TaskKind], asyncio.Event]] = field(default_factory=list)

    async def until_due(self, kinds: frozenset[TaskKind]) -> None:
        """Until something of these kinds is due, and then up to two seconds more, if nobody has claimed it by then."""
        while True:
            wait = self._wait_of(kinds)
            if wait > 0:
                await self._until_changed(kinds, wait)
                continue
            await asyncio.sleep(self.chance.uniform(0, 2))
            if self._wait_of(kinds) <= 0:
                return

    def _wait_of(self, kinds: frozenset[TaskKind]) -> float:
        due = min((at for kind, at in self._due.items() if kind in kinds), default=None)
        return (due - self.clock.now()).total_seconds() if due else 7 * 86_400.0

    async def _until_changed(self, kinds: frozenset[TaskKind], wait: float) -> None:
        changed = asyncio.Event()
        self._waiting.append((kinds, changed))
        try:
            async with asyncio.timeout(wait + 1e-3):
                await changed.wait()
        except TimeoutError:
            return

    def something_changed(self) -> None:
        """Somebody committed: what is due may be other tasks from now on."""
        rows = self.file.execute("select kind, min(due) from outbox group by kind").fetchall()
        due = {TaskKind(kind): _moment(at) for kind, at in rows}
        if due == self._due:
            return
        changed = {kind for kind in TaskKind if due.get(kind) != self._due.get(kind)}
        self._due = due
        for kinds, event in self._waiting:
            if kinds & changed:
                event.set()
        self._waiting = [(kinds, event) for kinds, event in self._waiting if not event.is_set()]


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NOW.tzinfo)


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A card as it was shown, and where."""

    conversation: str
    card: Card

    @cached_property
    def buttons(self) -> tuple[Button, ...]:
        """What may be pressed on it."""
        return tuple(buttons_on(self.card))


@dataclass(kw_only=True)
class Chats(FakeMessenger):
    """Teams, and every card that anybody ever saw in it: an old one may still be on somebody's screen."""

    pictures: list[Picture] = field(default_factory=list)
    now: Callable[[], datetime] = lambda: NOW
    posted_at: list[datetime] = field(default_factory=list)
    """When each of the sheets was posted."""
    gone_until: datetime = NOW

    async def post(
        self, conversation: ConversationRef, card: Card, summary: str, *, thread: str | None = None
    ) -> Posted:
        posted = await super().post(conversation, card, summary, thread=thread)
        self.posted_at.append(self.now())
        self.saw(conversation, card)
        return posted

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        taken = await super().replace(posted, card, summary)
        if taken:
            self.saw(posted.conversation, card)
        return taken

    def saw(self, conversation: ConversationRef, card: Card) -> None:
        self.pictures.append(Picture(conversation=conversation.id, card=card))


@dataclass(kw_only=True)
class Outside:
    """The tenant, Teams and the people in them. `bugs`: what a process logged as one."""

    clock: WorldClock
    pace: Pace
    tenant: Tenant
    connectors: Tenant
    directory: FakeDirectory
    approvers: FakeApprovers
    responders: FakeApprovers
    messenger: Chats
    audit_log: FakeAuditLog
    mailboxes: FakeMailboxes
    installer: FakeInstaller
    mentions: FakeMentions
    policies: Policies
    containing: Containing
    traces: FakeTraces
    pressed: dict[tuple[int, str, bool], int] = field(default_factory=dict)
    """Which facts the button showed that somebody pressed last to approve a case, by case, person, and whether what
    they pressed may be decided later."""
    bugs: list[str] = field(default_factory=list)
    begun: list[asyncio.Task[None]] = field(default_factory=list)

    def said_by_watch(self, trouble: Exception) -> None:
        if not isinstance(trouble, Unavailable | ChangedMeanwhile):
            self.bugs.append(f"the watch: {trouble!r}")


def outside(chance: Random, file: sqlite3.Connection) -> Outside:
    """A tenant in which all is well: Ana and Eve, a shared mailbox of both, two approvers who also respond."""
    clock = WorldClock()
    may: dict[PersonId, Standing] = dict.fromkeys((one.id for one in APPROVERS_NOW), Standing.APPROVER)
    people: dict[PersonId, Any] = {ANA: person(), **{one.id: approver(one) for one in (*APPROVERS_NOW, EVE)}}
    traces = FakeTraces(report=report())
    return Outside(
        clock=clock,
        pace=Pace(clock=clock, chance=chance, file=file),
        tenant=Tenant(clock=clock),
        connectors=Tenant(clock=clock),
        directory=FakeDirectory(people=people),
        approvers=FakeApprovers(standings=dict(may)),
        responders=FakeApprovers(standings=dict(may)),
        messenger=Chats(now=clock.now),
        audit_log=FakeAuditLog(clock=clock, troubles={"begin": UnknownReason.NO_PERMISSION}),
        mailboxes=FakeMailboxes(known=_mailboxes()),
        installer=FakeInstaller(chats={one.id: f"a:personal:{one.id}" for one in (*APPROVERS_NOW, EVE)}),
        mentions=FakeMentions(),
        policies=Policies(),
        containing=Containing(clock=clock, traces=traces),
        traces=traces,
    )


def _mailboxes() -> dict[str, SharedMailbox]:
    shared = SharedMailbox(
        address=SALES,
        name="Sales",
        addresses=(SALES,),
        holders=(
            Holder(person=ANA, name="Ana Soto", upn=ADDRESSES[0], right=SendRight.SEND_AS),
            Holder(person=EVE.id, name=EVE.name, upn="eve@contoso.example", right=SendRight.SEND_AS),
        ),
        identity="sales-mailbox",
    )
    own = SharedMailbox(
        address=ADDRESSES[0],
        name="Ana Soto",
        addresses=ADDRESSES,
        holders=(Holder(person=ANA, name="Ana Soto", upn=ADDRESSES[0], right=SendRight.OWNER),),
        identity=ANA,
    )
    return {SALES: shared, **dict.fromkeys(ADDRESSES, own)}
