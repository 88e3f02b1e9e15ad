"""The conversations over fakes and a real database, with a clock that is handed in: days pass in a moment."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count

from cards.view import Links
from dialogs.build import Ports, converse
from dialogs.conversations.inbound import Clicked, Joined, Left, Met, Said, Where
from sandbox import texts
from services.clients.store.cards import CardStore
from services.clients.store.cases import CaseStore
from services.clients.store.conversations import PlaceStore
from services.clients.store.database import Database, open_database
from services.clients.store.list_monitor import WatchBookStore
from services.clients.store.outbox import TodoStore
from services.domain.case.case import Case, Limits, Status
from services.domain.case.transition import Duty
from services.domain.people import Clicker, PersonId, Standing
from services.ports.storage import Heard
from services.ports.teams import Place
from tests.cases import ANA, BO, HOUR, LIMITS, person
from tests.databases import UNHURRIED
from tests.dialogs.fakes import FakeApprovers, FakeClock, FakeDirectory, FakeMail, FakeMessenger, Outside, Sheet
from tests.dialogs.rounds import pay_all_due

CLEO = Clicker(id=PersonId("00000000-0000-4000-8000-000000000003"), name="Cleo Marsh")
DAN = Clicker(id=PersonId("00000000-0000-4000-8000-000000000004"), name="Dan Reyes")
ANA_CLICKS = Clicker(id=ANA, name="Ana Soto")
ANAS_ADDRESS = "ana@contoso.example"
# Days are long: fewer checks on the way make the same point.
PACE = replace(LIMITS, check_every=HOUR / 2, expire_after=12 * HOUR, watch_for=6 * HOUR, digest_over=4)
SERVICE = "https://smba.example/"
WATCH_EVERY = HOUR / 12
CHANNEL = Place(conversation="19:approvals@thread.tacv2", service_url=SERVICE, team="19:team@thread.tacv2")

LINKS = Links(password_reset="https://reset.example", security_info="https://info.example")


@asynccontextmanager
async def small_world(url: str, limits: Limits | None = None) -> AsyncIterator["World"]:
    """A world of its own, on the database of that URL."""
    async with open_database(url, wait=UNHURRIED) as database:
        yield World(database, limits or PACE)


def everything_well() -> Outside:
    """Ana and Bo in the directory, Bo and Cleo may decide, nobody restricted."""
    clock = FakeClock()
    return Outside(
        clock=clock,
        mail=FakeMail(clock=clock),
        connectors=FakeMail(clock=clock),
        directory=FakeDirectory(people={ANA: person(), BO.id: person(id=BO.id, upn="bo@contoso.example")}),
        approvers=FakeApprovers(standings={BO.id: Standing.APPROVER, CLEO.id: Standing.APPROVER}),
        messenger=FakeMessenger(),
    )


class World:
    """People in verbs; time that passes when it is told to, and then what is due is paid."""

    def __init__(self, database: Database, limits: Limits = PACE, outside: Outside | None = None) -> None:
        outside = outside or everything_well()
        self.database, self.limits = database, limits
        self.clock, self.mail, self.directory = outside.clock, outside.mail, outside.directory
        self.approvers, self.messenger = outside.approvers, outside.messenger
        self.mailboxes, self.traces, self.connectors = outside.mailboxes, outside.traces, outside.connectors
        self.policies = outside.policies
        self.containing, self.responders = outside.containing, self._responders()
        self.installer, self.watch_book = outside.installer, WatchBookStore(database)
        self.cases, self.todos, self.cards = self.case_store(database), TodoStore(database), CardStore(database)
        self.places = PlaceStore(database, CHANNEL)
        self._numbers = count(1)
        made = converse(self.ports())
        self.front_desk, self.loops, self.watch = made.front_desk, made.loops, made.watch

    def case_store(self, database: Database) -> CaseStore:
        return CaseStore(database)

    def _responders(self) -> FakeApprovers | None:
        return FakeApprovers(standings={BO.id: Standing.APPROVER, CLEO.id: Standing.APPROVER, ANA: Standing.APPROVER})

    def ports(self) -> Ports:
        """What the conversations are given."""
        return Ports(
            mail=self.mail,
            connectors=self.connectors,
            directory=self.directory,
            approvers=self.approvers,
            messenger=self.messenger,
            cases=self.cases,
            register=self.cases,
            todos=self.todos,
            addresses=self.places,
            channel=self.places,
            cards=self.cards,
            digests=self.cards,
            clock=self.clock,
            limits=self.limits,
            links=LINKS,
            reference=lambda: "reference",
            mailboxes=self.mailboxes,
            mailbox_traces=self.traces,
            account_traces=self.traces,
            audit_log=self.traces,
            watch_book=self.watch_book,
            installer=self.installer,
            watch_every=WATCH_EVERY,
            policies=self.policies,
            containing=self.containing,
            responders=self.responders,
        )

    # Time.

    async def passes(self, span: timedelta = timedelta()) -> None:
        """Time passes, and whatever falls due on the way is done when it is due."""
        end = self.clock.time + span
        await self._settle()
        while (due := await self.todos.next_due(frozenset(Duty))) and due <= end:
            self.clock.time = max(due, self.clock.time)
            await self._settle()
        self.clock.time = end
        await self._settle()

    async def _settle(self) -> None:
        await pay_all_due(self.database, self.loops, self.clock.now())

    async def watches(self, span: timedelta = timedelta()) -> None:
        """Time passes, and the watch reads the list at its end."""
        await self.passes(span)
        await self.watch.once()
        await self.passes()

    # What people do.

    async def says(self, who: Clicker, text: str, where: Where = Where.PERSONAL, *, file: bool = False) -> str:
        """Somebody writes; returns what they are answered at once."""
        said = Said(by=who, text=text, where=where, place=self.place(who, where), heard=self.heard(who), has_file=file)
        reply = await self.front_desk.said(said)
        if reply is not None:
            await self.messenger.post(said.place, reply.card, reply.summary)
        self.answered()
        await self.passes()
        return texts(reply.card) if reply else ""

    async def says_at(self, who: Clicker, text: str, channel: Place) -> None:
        """A typed command in some channel, by mention."""
        said = Said(by=who, text=text, where=Where.CHANNEL, place=channel, heard=self.heard(who))
        reply = await self.front_desk.said(said)
        if reply is not None:
            await self.messenger.post(channel, reply.card, reply.summary)
        await self.passes()

    async def commands(self, who: Clicker, text: str) -> str:
        """A typed command in the channel."""
        return await self.says(who, text, Where.CHANNEL)

    async def only_presses(self, who: Clicker, verb: str, number: int, where: Where, inputs: Mapping[str, str]) -> None:
        """A button, and nothing of what it owes."""
        place, heard = self.place(who, where), self.heard(who)
        await self.front_desk.clicked(
            Clicked(by=who, verb=verb, number=number, inputs=inputs, where=where, place=place, heard=heard)
        )

    async def only_says(self, who: Clicker, words: str, where: Where) -> None:
        """Words, and nothing of what they owe."""
        place, heard = self.place(who, where), self.heard(who)
        await self.front_desk.said(Said(by=who, text=words, where=where, place=place, heard=heard))

    async def presses(
        self, who: Clicker, verb: str, number: object = 1, where: Where | None = None, **inputs: str
    ) -> str:
        """A button; returns what the clicker sees in the card's place."""
        where = where or (Where.PERSONAL if who.id == ANA else Where.CHANNEL)
        clicked = Clicked(
            by=who,
            verb=verb,
            number=number,
            inputs=inputs,
            where=where,
            place=self.place(who, where),
            heard=self.heard(who),
        )
        card = await self.front_desk.clicked(clicked)
        self.answered()
        await self.passes()
        return texts(card)

    def answered(self) -> None:
        """The answer to words or a click is on its way."""

    async def presses_in_chat(self, who: Clicker, verb: str, number: int) -> str:
        return await self.presses(who, verb, number, Where.PERSONAL)

    async def installs(self, who: Clicker) -> None:
        reply = await self.front_desk.met(Met(by=who, place=self.place(who, Where.PERSONAL)))
        if reply is not None:
            await self.messenger.post(self.place(who, Where.PERSONAL), reply.card, reply.summary)
        await self.passes()

    async def uninstalls(self, who: Clicker) -> None:
        place = self.place(who, Where.PERSONAL)
        self.messenger.closed[place.conversation] = "403 BotNotInConversationRoster"
        await self.front_desk.left(Left(place=place, by=who, where=Where.PERSONAL))
        await self.passes()

    async def removed_from_team(self, by: Clicker | None = None) -> None:
        self.messenger.closed[CHANNEL.conversation] = "403 BotNotInConversationRoster"
        general = replace(CHANNEL, conversation=CHANNEL.team)
        await self.front_desk.left(Left(place=general, by=by, where=Where.CHANNEL))

    async def added_to_team(self, place: Place = CHANNEL) -> str:
        self.messenger.closed.pop(place.conversation, None)
        reply = await self.front_desk.joined(Joined(place=place))
        return texts(reply.card) if reply else ""

    # The ways to a status.

    async def ana_asks(self, *reason: str) -> None:
        self.mail.restrict(ANAS_ADDRESS, *reason)
        await self.says(ANA_CLICKS, "why can't I send email? 550 5.1.8 Access denied, bad outbound sender")

    async def ana_secures(self) -> None:
        """All three steps, proven."""
        self.directory.people[ANA] = person(password_changed_at=self.clock.now())
        for verb in ("password_done", "mfa_done", "mailing_no"):
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
        await self.passes(5 * PACE.reads_apart)

    # What can be seen.

    async def case(self, number: int = 1) -> Case:
        found = await self.cases.many([number])  # type: ignore[list-item]  # a plain number reads better in a story
        assert found, f"no case {number}"
        return found[0]

    async def status(self, number: int = 1) -> Status:
        return (await self.case(number)).status

    def sheets(self, who: Clicker | None = None) -> list[Sheet]:
        """The bot's messages in somebody's chat, or (nobody named) in the channel."""
        where = self.place(who, Where.PERSONAL).conversation if who else CHANNEL.conversation
        return [sheet for sheet in self.messenger.sheets if sheet.posted.place.conversation == where]

    def posts(self) -> list[Sheet]:
        """The channel's posts that are no answers in a thread."""
        return [sheet for sheet in self.sheets() if sheet.thread is None]

    def lines(self) -> list[str]:
        """What was said in the channel's threads."""
        return [texts(sheet.card) for sheet in self.sheets() if sheet.thread is not None]

    def text_of(self, sheet: Sheet) -> str:
        return texts(sheet.card)

    def links_in_channel(self) -> str:
        """Where the buttons of the channel's newest post lead."""
        return " ".join(str(action.get("url", "")) for action in self.posts()[-1].card["actions"])

    def ana_sees(self) -> str:
        return texts(self.sheets(ANA_CLICKS)[-1].card)

    def approvers_see(self) -> str:
        return texts(self.posts()[-1].card)

    def place(self, who: Clicker, where: Where) -> Place:
        if where is Where.CHANNEL:
            return CHANNEL
        return Place(conversation=f"a:{where.value}:{who.id}", service_url=SERVICE)

    def heard(self, who: Clicker) -> Heard:
        return Heard(conversation=f"a:{who.id}", activity=str(next(self._numbers)))
