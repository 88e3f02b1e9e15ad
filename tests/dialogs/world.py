"""The conversations over fakes and a real database, with a clock that is handed in: days pass in a moment."""

import json
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

from cards.view import Links
from dialogs.build import Ports, build
from dialogs.conversations.inbound import AddedToTeam, Clicked, ConversationKind, Installed, Reply, Said, Uninstalled
from sandbox import texts
from services.clients.store.announcements import SqlAnnouncementStore
from services.clients.store.askers import SqlAskers
from services.clients.store.cards import SqlCardStore
from services.clients.store.cases import SqlCaseStore
from services.clients.store.conversations import SqlConversationStore
from services.clients.store.database import Database
from services.clients.store.list_monitor import SqlMonitorStore
from services.clients.store.outbox import SqlOutbox
from services.clients.store.reports import SqlReportStore
from services.clients.store.stalls import SqlStallStore
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.timing import Timing
from services.domain.case.transition import TaskKind
from services.domain.people import Person, PersonId, Standing, TeamsUser
from services.ports.microsoft365 import Microsoft365
from services.ports.storage import ActivityId, Storage
from services.ports.teams import ConversationRef, DroppedFile, Teams
from tests.cases import ANA, BO, HOUR, TIMING, person
from tests.dialogs.fake_clock import FakeClock
from tests.dialogs.fake_directory import FakeApprovers, FakeDirectory
from tests.dialogs.fake_mail import FakeMail
from tests.dialogs.fake_teams import FakeFiles, FakeMessenger, Sheet
from tests.dialogs.fake_traces import FakeAuditLog
from tests.dialogs.outside import Outside
from tests.dialogs.rounds import run_all_due
from tests.no_driver import opened

CLEO = TeamsUser(id=PersonId("00000000-0000-4000-8000-000000000003"), name="Cleo Marsh")
DAN = TeamsUser(id=PersonId("00000000-0000-4000-8000-000000000004"), name="Dan Reyes")
ANA_CLICKS = TeamsUser(id=ANA, name="Ana Soto")
ANAS_ADDRESS = "ana@contoso.example"
# Long intervals, and details kept for a month: fewer checks on the way show the same.
WATCH_EVERY = HOUR / 12
LONG_DAYS = replace(
    TIMING,
    check_every=HOUR / 2,
    expire_after=12 * HOUR,
    watch_for=6 * HOUR,
    digest_over=4,
    watch_every=WATCH_EVERY,
    keep_details_for=30 * 24 * HOUR,
)
SERVICE = "https://smba.example/"
CHANNEL = ConversationRef(id="19:approvals@thread.tacv2", service_url=SERVICE, team="19:team@thread.tacv2")

LINKS = Links(password_reset="https://reset.example", security_info="https://info.example")


@asynccontextmanager
async def small_world(url: str, timing: Timing | None = None) -> AsyncIterator["World"]:
    """A world of its own, on the database of that URL."""
    async with opened(url) as database:
        yield World(database, timing or LONG_DAYS)


def button_data(card: Any, verb: str) -> dict[str, str] | None:
    """What the button with that verb says beside its case; `None` if the card has no such button."""
    if isinstance(card, list):
        return next((data for one in card if (data := button_data(one, verb)) is not None), None)
    if not isinstance(card, dict):
        return None
    if card.get("verb") == verb:
        return {name: value for name, value in card.get("data", {}).items() if name != "case"}
    return button_data(list(card.values()), verb)


def approver(who: TeamsUser) -> Person:
    """An approver's account, with an address of their own."""
    address = f"{who.name.split()[0].casefold()}@contoso.example"
    return person(id=who.id, name=who.name, upn=address, addresses=(address,))


def everything_well() -> Outside:
    """Fakes with Ana and Bo in the directory, Bo and Cleo as approvers, and nobody restricted."""
    clock = FakeClock()
    return Outside(
        clock=clock,
        mail=FakeMail(clock=clock),
        connectors=FakeMail(clock=clock),
        directory=FakeDirectory(
            people={ANA: person(), **{one.id: approver(one) for one in (BO, CLEO)}},
        ),
        approvers=FakeApprovers(standings={BO.id: Standing.APPROVER, CLEO.id: Standing.APPROVER}),
        messenger=FakeMessenger(),
        audit_log=FakeAuditLog(clock=clock),
    )


def buttons_of(part: Any) -> Iterator[dict[str, Any]]:
    """Every button within a part of a card, those of unfolded forms too."""
    if isinstance(part, list):
        for one in part:
            yield from buttons_of(one)
    if isinstance(part, dict):
        if part.get("type") == "Action.Execute":
            yield part
        for value in part.values():
            yield from buttons_of(value)


class World:
    """What people do, as verbs. Time passes when a test says so, and tasks that fall due are run."""

    def __init__(self, database: Database, timing: Timing = LONG_DAYS, outside: Outside | None = None) -> None:
        outside = outside or everything_well()
        self.database, self.timing = database, timing
        self.clock, self.mail, self.directory = outside.clock, outside.mail, outside.directory
        self.approvers, self.messenger = outside.approvers, outside.messenger
        self.mailboxes, self.traces, self.connectors = outside.mailboxes, outside.traces, outside.connectors
        self.policies, self.mentions, self.others = outside.policies, outside.mentions, outside.others
        self.audit_log = outside.audit_log
        self.containing, self.responders = outside.containing, self._responders()
        self.containing.clock, self.containing.traces = self.clock, self.traces
        self.dropped = FakeFiles()
        self.installer, self.monitor_store = outside.installer, SqlMonitorStore(database)
        self.cases, self.outbox, self.cards = self.case_store(database), SqlOutbox(database), SqlCardStore(database)
        self.conversations = SqlConversationStore(database, CHANNEL)
        self._numbers, self._calls = count(1), count(1)
        made = build(self.ports())
        self.router, self.workers, self.list_monitor = made.router, made.workers, made.list_monitor

    def case_store(self, database: Database) -> SqlCaseStore:
        return SqlCaseStore(database)

    def _responders(self) -> FakeApprovers | None:
        return FakeApprovers(standings={BO.id: Standing.APPROVER, CLEO.id: Standing.APPROVER, ANA: Standing.APPROVER})

    def ports(self) -> Ports:
        """The ports that the conversations are given."""
        return Ports(
            microsoft365=Microsoft365(
                senders=self.mail,
                connectors=self.connectors,
                directory=self.directory,
                mailboxes=self.mailboxes,
                approvers=self.approvers,
                responders=self.responders,
                mailbox_evidence=self.traces,
                account_evidence=self.traces,
                audit_log=self.audit_log,
                policies=self.policies,
                containment=self.containing,
            ),
            storage=Storage(
                cases=self.cases,
                queries=self.cases,
                outbox=self.outbox,
                conversations=self.conversations,
                channel_health=self.conversations,
                cards=self.cards,
                digests=self.cards,
                monitor=self.monitor_store,
                stalls=SqlStallStore(self.database),
                reports=SqlReportStore(self.database),
                announcements=SqlAnnouncementStore(self.database),
                askers=SqlAskers(self.database, self.cases),
            ),
            teams=Teams(
                messenger=self.messenger,
                installer=self.installer,
                mentions=self.mentions,
                files=self.dropped,
                others=self.others,
            ),
            clock=self.clock,
            timing=self.timing,
            links=LINKS,
            reference=lambda: "reference",
            call_code=self.call_code,
        )

    def call_code(self) -> str:
        """The next code for a telephone call: 100001, 100002 and so on."""
        return str(100_000 + next(self._calls))

    # Time.

    async def passes(self, span: timedelta = timedelta()) -> None:
        """Time passes, and each task that falls due on the way is run when it is due."""
        end = self.clock.time + span
        await self._settle()
        while (due := await self.outbox.next_due(frozenset(TaskKind))) and due <= end:
            self.clock.time = max(due, self.clock.time)
            await self._settle()
        self.clock.time = end
        await self._settle()

    async def _settle(self) -> None:
        await run_all_due(self.database, self.workers, self.clock.now())

    async def watches(self, span: timedelta = timedelta()) -> None:
        """Time passes, and the list monitor reads the list at the end."""
        await self.passes(span)
        await self.list_monitor.once()
        await self.passes()

    # What people do.

    def said_with(
        self, who: TeamsUser, files: Sequence[DroppedFile], where: ConversationKind = ConversationKind.PERSONAL
    ) -> Said:
        """A message without words, with files."""
        return Said(
            by=who,
            text="",
            kind=where,
            conversation=self.conversation(who, where),
            activity=self.activity(who),
            files=tuple(files),
        )

    async def says(
        self,
        who: TeamsUser,
        text: str,
        where: ConversationKind = ConversationKind.PERSONAL,
        *,
        files: Sequence[DroppedFile] = (),
    ) -> str:
        """Somebody writes; returns the text of the immediate reply."""
        said = replace(self.said_with(who, files, where), text=text)
        reply = await self.router.said(said)
        if isinstance(reply, Reply):
            await self.messenger.post(said.conversation, reply.card, reply.summary)
        self.answered()
        await self.passes()
        return texts(reply.card) if isinstance(reply, Reply) else ""

    async def says_at(self, who: TeamsUser, text: str, channel: ConversationRef) -> None:
        """A typed command in some channel, by mention."""
        said = Said(by=who, text=text, kind=ConversationKind.CHANNEL, conversation=channel, activity=self.activity(who))
        reply = await self.router.said(said)
        if isinstance(reply, Reply):
            await self.messenger.post(channel, reply.card, reply.summary)
        await self.passes()

    async def commands(self, who: TeamsUser, text: str) -> str:
        """A typed command in the channel."""
        return await self.says(who, text, ConversationKind.CHANNEL)

    async def only_presses(
        self, who: TeamsUser, verb: str, number: int, where: ConversationKind, inputs: Mapping[str, str]
    ) -> None:
        """Presses a button without running the tasks that follow."""
        inputs = self._with_what_it_carries(verb, number, inputs)
        conversation, activity = self.conversation(who, where), self.activity(who)
        await self.router.clicked(
            Clicked(
                by=who,
                verb=verb,
                number=number,
                inputs=inputs,
                kind=where,
                conversation=conversation,
                activity=activity,
            )
        )

    async def only_says(self, who: TeamsUser, words: str, where: ConversationKind) -> None:
        """Sends words without running the tasks that follow."""
        conversation, activity = self.conversation(who, where), self.activity(who)
        await self.router.said(Said(by=who, text=words, kind=where, conversation=conversation, activity=activity))

    async def presses(
        self, who: TeamsUser, verb: str, number: object = 1, where: ConversationKind | None = None, **inputs: str
    ) -> str:
        """Presses a button, runs the tasks; returns the text of the card the clicker gets."""
        where = where or (ConversationKind.PERSONAL if who.id == ANA else ConversationKind.CHANNEL)
        inputs = dict(self._with_what_it_carries(verb, number, inputs))
        clicked = Clicked(
            by=who,
            verb=verb,
            number=number,
            inputs=inputs,
            kind=where,
            conversation=self.conversation(who, where),
            activity=self.activity(who),
        )
        card = await self.router.clicked(clicked)
        self.answered()
        await self.passes()
        return texts(card)

    async def presses_shown(self, who: TeamsUser, verb: str, number: int = 1, **inputs: str) -> str:
        """Presses the button as the channel's newest card shows it, with what the button itself says."""
        data = button_data(self.posts()[-1].card, verb)
        assert data is not None, f"no button {verb}"
        return await self.presses(who, verb, number, None, **data, **inputs)

    def cards_shown(self) -> Iterable[Card]:
        """Every card that somebody sees, the newest first."""
        return (sheet.card for sheet in reversed(self.messenger.sheets))

    def _with_what_it_carries(self, verb: str, number: object, inputs: Mapping[str, str]) -> Mapping[str, str]:
        """The form's fields with what the button on the newest card carries: a test may name another card's."""
        for card in self.cards_shown():
            for button in buttons_of(card):
                data = button["data"]
                if button["verb"] == verb and data.get("case") == number:
                    carried = {name: value for name, value in data.items() if name not in ("case", *inputs)}
                    return {**carried, **inputs}
        return inputs

    def answered(self) -> None:
        """Posts the reply to words or a click."""

    async def presses_in_chat(self, who: TeamsUser, verb: str, number: int) -> str:
        return await self.presses(who, verb, number, ConversationKind.PERSONAL)

    async def installs(self, who: TeamsUser) -> None:
        reply = await self.router.installed(
            Installed(by=who, conversation=self.conversation(who, ConversationKind.PERSONAL))
        )
        if isinstance(reply, Reply):
            await self.messenger.post(self.conversation(who, ConversationKind.PERSONAL), reply.card, reply.summary)
        await self.passes()

    async def uninstalls(self, who: TeamsUser) -> None:
        conversation = self.conversation(who, ConversationKind.PERSONAL)
        self.messenger.closed[conversation.id] = "403 BotNotInConversationRoster"
        await self.router.uninstalled(Uninstalled(conversation=conversation, by=who, kind=ConversationKind.PERSONAL))
        await self.passes()

    async def removed_from_team(self, by: TeamsUser | None = None) -> None:
        self.messenger.closed[CHANNEL.id] = "403 BotNotInConversationRoster"
        general = replace(CHANNEL, id=CHANNEL.team)
        await self.router.uninstalled(Uninstalled(conversation=general, by=by, kind=ConversationKind.CHANNEL))

    async def added_to_team(self, conversation: ConversationRef = CHANNEL) -> str:
        self.messenger.closed.pop(conversation.id, None)
        reply = await self.router.added_to_team(AddedToTeam(conversation=conversation))
        return texts(reply.card) if isinstance(reply, Reply) else ""

    # Steps to reach a status.

    async def ana_asks(self, *reason: str) -> None:
        self.mail.restrict(ANAS_ADDRESS, *reason)
        await self.says(ANA_CLICKS, "why can't I send email? 550 5.1.8 Access denied, bad outbound sender")

    async def ana_secures(self) -> None:
        """Ana completes all three securing steps, with proofs."""
        self.directory.people[ANA] = person(password_changed_at=self.clock.now())
        for verb in ("password_done", "mfa_done", "mailing_unsure"):
            await self.presses(ANA_CLICKS, verb)

    async def ana_has_sent(self, *reason: str) -> None:
        await self.ana_asks(*reason)
        await self.ana_secures()
        await self.presses(ANA_CLICKS, "send", note="")

    async def bo_approves(self, number: int = 1) -> str:
        return await self.presses(BO, "approve", number, by_another_route="true", ground="called her")

    async def is_off_list(self) -> None:
        await self.ana_has_sent()
        await self.bo_approves()
        await self.passes(5 * LONG_DAYS.reads_apart)

    # What people see.

    async def case(self, number: int = 1) -> Case:
        found = await self.cases.many([number])  # type: ignore[list-item]  # a plain number reads better in a story
        assert found, f"no case {number}"
        return found[0]

    async def status(self, number: int = 1) -> Status:
        return (await self.case(number)).status

    def sheets(self, who: TeamsUser | None = None) -> list[Sheet]:
        """The bot's messages in somebody's chat, or (nobody named) in the channel."""
        where = self.conversation(who, ConversationKind.PERSONAL).id if who else CHANNEL.id
        return [sheet for sheet in self.messenger.sheets if sheet.posted.conversation.id == where]

    def posts(self) -> list[Sheet]:
        """The channel's posts that are no replies in a thread."""
        return [sheet for sheet in self.sheets() if sheet.thread is None]

    def lines(self) -> list[str]:
        """What was said in the channel's threads."""
        return [texts(sheet.card) for sheet in self.sheets() if sheet.thread is not None]

    def text_of(self, sheet: Sheet) -> str:
        return texts(sheet.card)

    def links_in_channel(self) -> str:
        """The links of the channel's newest post."""
        return " ".join(re.findall(r"https://[^\"]+", json.dumps(self.posts()[-1].card)))

    def ana_sees(self) -> str:
        return texts(self.sheets(ANA_CLICKS)[-1].card)

    def approvers_see(self) -> str:
        return texts(self.posts()[-1].card)

    def conversation(self, who: TeamsUser, where: ConversationKind) -> ConversationRef:
        if where is ConversationKind.CHANNEL:
            return CHANNEL
        return ConversationRef(id=f"a:{where.value}:{who.id}", service_url=SERVICE)

    def activity(self, who: TeamsUser) -> ActivityId:
        return ActivityId(conversation_id=f"a:{who.id}", activity_id=str(next(self._numbers)))
