"""Many at once: one decision, one case, one call of Remove, in any order and however often it is sent."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from dialogs.conversations.inbound import Clicked, ConversationKind, NoReply, Said
from sandbox import texts
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_database
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.timers import Timers
from services.domain.case.transition import Transition
from services.domain.case.workflow import Verb
from services.domain.people import TeamsUser
from services.ports.storage import ActivityId
from services.ports.teams import ConversationRef, Posted
from tests.cases import ANA, BO, MINUTE, person
from tests.databases import ON_BOTH, UNHURRIED, Databases
from tests.dialogs.fake_teams import FakeMessenger
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, LONG_DAYS, World, everything_well
from tests.reliability.endings import decisions_in, untrue_cards

NO_RATE_LIMIT = replace(LONG_DAYS, messages_a_minute=9_999)


class Race(SqlCaseStore):
    """The real store, which holds back the first save of each of these verbs until all have arrived, made from the same
    version of the case; then it writes them in this order."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._waiting: dict[Verb, asyncio.Event] = {}
        self._missing: set[Verb] = set()

    def between(self, *verbs: Verb) -> None:
        self._waiting, self._missing = {verb: asyncio.Event() for verb in verbs}, set(verbs)

    async def save(self, transition: Transition, timers: Timers, **more: Any) -> Case:
        turn = self._waiting.get(transition.event.verb)
        if turn is None or transition.event.verb not in self._missing:
            return await super().save(transition, timers, **more)
        self._missing.discard(transition.event.verb)
        self._begin_when_all_have_come()
        await turn.wait()
        try:
            return await super().save(transition, timers, **more)
        finally:
            self._let_next_begin()

    def _begin_when_all_have_come(self) -> None:
        if not self._missing:
            self._let_next_begin()

    def _let_next_begin(self) -> None:
        if turn := next((turn for turn in self._waiting.values() if not turn.is_set()), None):
            turn.set()


class HoldingMessenger(FakeMessenger):
    """Teams, which can hold back one card until the test lets it go."""

    def hold(self) -> None:
        self.taken, self.let_go = asyncio.Event(), asyncio.Event()

    def hold_what_it_answers(self) -> None:
        """The next card is posted, but whoever posted it is told only when the test lets go."""
        self.posted, self.let_go = asyncio.Event(), asyncio.Event()

    async def post(
        self, conversation: ConversationRef, card: Card, summary: str, *, thread: str | None = None
    ) -> Posted:
        where = await super().post(conversation, card, summary, thread=thread)
        if hasattr(self, "posted") and not self.posted.is_set():
            self.posted.set()
            await self.let_go.wait()
        return where

    async def replace(self, posted: Posted, card: Card, summary: str) -> bool:
        if hasattr(self, "taken") and not self.taken.is_set():
            self.taken.set()
            await self.let_go.wait()
        return await super().replace(posted, card, summary)


class RacingWorld(World):
    """A world in which two transitions, or two card updates, can be made to collide."""

    def __init__(self, database: Database) -> None:
        self.teams = HoldingMessenger()
        super().__init__(database, NO_RATE_LIMIT, replace(everything_well(), messenger=self.teams))

    def case_store(self, database: Database) -> SqlCaseStore:
        self.race = Race(database)
        return self.race

    async def click(self, who: TeamsUser, verb: str, activity: str = "", **inputs: str) -> str:
        """Presses a button without running the tasks that follow; returns the reply."""
        where = ConversationKind.PERSONAL if who.id == ANA else ConversationKind.CHANNEL
        processed = ActivityId(conversation_id="19:approvals", activity_id=activity) if activity else self.activity(who)
        clicked = Clicked(
            by=who,
            verb=verb,
            number=1,
            inputs=self._with_what_it_carries(verb, 1, inputs),
            kind=where,
            conversation=self.conversation(who, where),
            activity=processed,
        )
        return texts(await self.router.clicked(clicked))

    def says_only(self, who: TeamsUser, text: str) -> Said:
        """Sends words without waiting for the reply."""
        conversation = self.conversation(who, ConversationKind.PERSONAL)
        return Said(
            by=who, text=text, kind=ConversationKind.PERSONAL, conversation=conversation, activity=self.activity(who)
        )

    async def decisions(self) -> int:
        return decisions_in(await self.cases.history((await self.case()).number))


@pytest_asyncio.fixture
async def w(databases: Databases) -> AsyncIterator[RacingWorld]:
    async with open_database(databases.fresh(), wait=UNHURRIED) as database:
        yield RacingWorld(database)


APPROVE = {"by_another_route": "true", "ground": "called her"}
DENY = {"reason": "Come to the help desk"}


@ON_BOTH
@pytest.mark.parametrize("activity", ["7", ""], ids=["one activity re-sent", "one hundred activities"])
async def test_a_hundred_approvals_at_once_are_one_decision(w: RacingWorld, activity: str) -> None:
    await w.ana_has_sent()
    clickers = [BO, CLEO] * 50
    answers = await asyncio.gather(*(w.click(who, "approve", activity, **APPROVE) for who in clickers))
    assert all("Approved by" in answer for answer in answers)
    assert await w.decisions() == 1
    await w.passes(5 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    assert len(w.mail.removals) == 1
    assert len(w.posts()) == 1
    assert await untrue_cards(w, await w.case()) == []


@ON_BOTH
@pytest.mark.parametrize("first", [Verb.APPROVE, Verb.DENY])
async def test_approve_against_deny_is_one_decision(w: RacingWorld, first: Verb) -> None:
    await w.ana_has_sent()
    w.race.between(*sorted((Verb.APPROVE, Verb.DENY), key=lambda verb: verb is not first))
    await asyncio.gather(w.click(BO, "approve", **APPROVE), w.click(CLEO, "deny", **DENY))
    await w.passes(5 * MINUTE)
    assert await w.decisions() == 1
    assert await w.status() is (Status.OFF_LIST if first is Verb.APPROVE else Status.DENIED)
    assert len(w.mail.removals) == (first is Verb.APPROVE)
    assert await untrue_cards(w, await w.case()) == []


@ON_BOTH
@pytest.mark.parametrize("first", [Verb.APPROVE, Verb.WITHDRAW])
async def test_approve_against_withdraw_is_what_came_first(w: RacingWorld, first: Verb) -> None:
    await w.ana_has_sent()
    w.race.between(*sorted((Verb.APPROVE, Verb.WITHDRAW), key=lambda verb: verb is not first))
    await asyncio.gather(w.click(BO, "approve", **APPROVE), w.click(ANA_CLICKS, "withdraw"))
    await w.passes(5 * MINUTE)
    assert await w.status() is (Status.OFF_LIST if first is Verb.APPROVE else Status.WITHDRAWN)
    assert len(w.mail.removals) == await w.decisions() == (first is Verb.APPROVE)
    assert await untrue_cards(w, await w.case()) == []


@ON_BOTH
async def test_an_approval_waits_for_no_reminder(w: RacingWorld) -> None:
    """The clock's event met the same version: it is applied again to the new one, and the decision stands."""
    await w.ana_has_sent()
    await w.passes(5 * MINUTE)  # the search of the audit log has ended, and changes nothing more meanwhile
    w.race.between(Verb.APPROVE, Verb.REMIND)
    await asyncio.gather(w.click(BO, "approve", **APPROVE), w.passes(LONG_DAYS.remind_after))
    await w.passes(5 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    assert not any("waiting for a decision" in line for line in w.lines())


@ON_BOTH
async def test_two_bounces_at_once_from_one_person_are_one_case(w: RacingWorld) -> None:
    w.mail.restrict(ANAS_ADDRESS)
    replies = await asyncio.gather(*(w.says(ANA_CLICKS, "my mail bounces 550 5.1.8") for _ in range(2)))
    assert replies == ["", ""]
    assert len(await w.cases.open_cases()) == 1  # its number may be 2: PostgreSQL counts what was refused, too
    assert "Step 1 of 3" in w.ana_sees()
    assert len([sheet for sheet in w.sheets(ANA_CLICKS) if "continues below" not in w.text_of(sheet)]) == 1


@ON_BOTH
async def test_an_update_that_arrives_after_its_card_was_collapsed_is_collapsed_again(w: RacingWorld) -> None:
    await w.ana_asks()
    w.teams.hold()
    drawing = asyncio.create_task(w.presses(ANA_CLICKS, "password_cannot"))
    await w.teams.taken.wait()
    await w.router.said(w.says_only(ANA_CLICKS, "status"))
    w.teams.let_go.set()
    await drawing
    assert ["continues below" in w.text_of(sheet) for sheet in w.sheets(ANA_CLICKS)] == [True, False]
    assert await untrue_cards(w, await w.case()) == []


@ON_BOTH
async def test_of_two_cards_posted_at_once_the_lower_one_goes_on_whichever_is_recorded_last(w: RacingWorld) -> None:
    """A click on a card comes before its record: another replica, which knows of no card, posts one below it."""
    w.mail.restrict(ANAS_ADDRESS)
    shared = replace(everything_well(), clock=w.clock, mail=w.mail, directory=w.directory, messenger=w.teams)
    other = World(w.database, NO_RATE_LIMIT, shared)
    w.teams.hold_what_it_answers()
    asking = asyncio.create_task(w.says(ANA_CLICKS, "my mail bounces 550 5.1.8"))
    await w.teams.posted.wait()
    await w.click(ANA_CLICKS, "password_cannot")
    await other.passes()
    w.teams.let_go.set()
    await asking
    assert ["continues below" in w.text_of(sheet) for sheet in w.sheets(ANA_CLICKS)] == [True, False]
    assert await untrue_cards(w, await w.case()) == []


@ON_BOTH
async def test_an_older_picture_of_another_replica_that_arrives_late_does_not_stay(w: RacingWorld) -> None:
    await w.ana_asks()
    shared = replace(everything_well(), clock=w.clock, mail=w.mail, directory=w.directory, messenger=w.teams)
    other = World(w.database, NO_RATE_LIMIT, shared)
    w.teams.hold()
    drawing = asyncio.create_task(w.presses(ANA_CLICKS, "password_cannot"))
    await w.teams.taken.wait()
    await w.click(ANA_CLICKS, "mfa_cannot")
    await other.passes()
    w.teams.let_go.set()
    await drawing
    assert await untrue_cards(w, await w.case()) == []


RESENT = [
    (ANA_CLICKS, "password_done", {}),
    (ANA_CLICKS, "mfa_done", {}),
    (ANA_CLICKS, "mailing_no", {}),
    (ANA_CLICKS, "send", {"note": "our newsletter"}),
    (BO, "ask", {"words": "which tool?"}),
    (ANA_CLICKS, "reply", {"words": "our own"}),
    (BO, "approve", APPROVE),
    (ANA_CLICKS, "works", {}),
]


@ON_BOTH
async def test_activities_sent_again_in_any_order_change_nothing(w: RacingWorld) -> None:
    """After each step everything so far is sent again, newest first; the reply is the case's card and no refusal."""
    await w.ana_asks()
    for step in range(len(RESENT)):
        who, verb, inputs = RESENT[step]
        await w.click(who, verb, f"click {step}", **inputs)
        await w.passes(3 * MINUTE)
        version, sheets = (await w.case()).version, len(w.messenger.sheets)
        for earlier in range(step, -1, -1):
            who, verb, inputs = RESENT[earlier]
            answer = await w.click(who, verb, f"click {earlier}", **inputs)
            assert "nothing was changed" not in answer, f"{verb} sent again after {RESENT[step][1]}: {answer}"
        await w.passes()
        assert ((await w.case()).version, len(w.messenger.sheets)) == (version, sheets)
    assert await w.status() is Status.WORKS
    assert len(w.mail.removals) == 1


@ON_BOTH
async def test_words_sent_again_are_not_answered_again(w: RacingWorld) -> None:
    """ "withdraw" and "again" end and create cases, so that their second copies are applied to another state."""
    await w.ana_asks()
    withdraw = w.says_only(ANA_CLICKS, "withdraw")
    for _ in range(2):
        assert isinstance(await w.router.said(withdraw), NoReply)
    assert await w.status() is Status.WITHDRAWN
    for _ in range(2):
        assert "nothing was changed" not in await w.click(ANA_CLICKS, "again", "click 9")
    assert [case.number for case in await w.cases.open_cases()] == [2]


async def test_activities_that_overtake_each_other_are_refused_until_it_is_their_turn(w: RacingWorld) -> None:
    await w.ana_asks()
    w.directory.people[ANA] = person(password_changed_at=w.clock.now())
    for step in reversed(range(len(RESENT))):
        who, verb, inputs = RESENT[step]
        await w.click(who, verb, f"click {step}", **inputs)
    await w.passes()
    case = await w.case()
    # The request was sent before its steps were answered; what needs a request or an unblock came too early.
    assert (case.status, case.open_steps, await w.decisions(), w.mail.removals) == (Status.WAITING, (), 0, [])
    assert await untrue_cards(w, case) == []
