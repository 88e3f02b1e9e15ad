"""A typed approval speaks of what the channel shows, and a button of what its card showed."""

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database
from services.domain.case.case import Case
from services.domain.case.commands.approver import Approved
from services.domain.case.commands.clock import Reached
from services.domain.case.status import Status
from services.domain.case.timers import Timers
from services.domain.case.transition import Transition
from services.domain.evidence.report import Forwarding
from services.domain.people import AuthenticationMethod, MethodKind
from services.domain.restriction import Cause
from services.ports.storage import Audience
from tests.cases import ANA, BO, LIMIT_REASON, SPAM_REASON, report
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.test_limits import OWN, asks_honestly, work
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CHANNEL, CLEO, LONG_DAYS, World

PHONE = AuthenticationMethod(id="p1", kind=MethodKind.PHONE)
OUTSIDE = Forwarding(to="x@mail.example", keeps_copy=True, external=True)


async def test_a_typed_approval_says_on_the_card_what_was_decided_on(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    await w.commands(BO, "approve 1 called: her newsletter")
    assert "Based on: ana@contoso.example (Sending limit reached, since" in w.approvers_see()


async def test_a_typed_approval_does_not_speak_of_what_was_found_but_never_posted(w: World) -> None:
    """Forwarding was found while the channel could not be written to: nobody there has read of it."""
    await w.ana_has_sent(LIMIT_REASON)
    w.messenger.closed[CHANNEL.id] = "403 BotNotInConversationRoster"
    w.traces.report = report(forwarding=OUTSIDE)
    await w.passes(2 * LONG_DAYS.evidence_within)
    await w.only_presses(CLEO, "gather", 1, ConversationKind.CHANNEL, {})
    await w.passes()
    case = await w.case()
    posted = (await w.cards.shown(case.number, Audience.APPROVERS)).facts
    assert posted is not None
    assert posted < case.facts[-1].number
    told = await w.says(BO, "approve 1 called: her newsletter")
    assert "Nothing was decided" in told
    assert "The evidence shows something new" in told
    assert ((await w.case()).first_approval, w.mail.removals) == (None, [])


async def test_where_the_channel_shows_no_card_it_is_posted_and_nothing_decided(w: World) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    case, posts = await w.case(), len(w.posts())
    card = (await w.cards.shown(case.number, Audience.APPROVERS)).current
    assert card is not None
    await w.cards.updated(case.number, Audience.APPROVERS, card, None)  # as one that an earlier program posted
    assert "showed no card" in await w.says(BO, "approve 1")
    assert (await w.status(), len(w.posts())) == (Status.WAITING, posts + 1)
    await w.says(BO, "approve 1")
    assert (await w.case()).decision is not None


async def test_a_button_without_facts_is_answered_with_the_present_card(w: World) -> None:
    """A card that was posted before buttons named facts."""
    await w.ana_has_sent(LIMIT_REASON)
    assert "Nothing was decided" in await w.presses(BO, "approve", facts="")
    assert ((await w.case()).decision, w.mail.removals) == (None, [])


async def test_trying_again_without_facts_is_answered_with_the_present_card(w: World) -> None:
    w.mail.outcomes = [REFUSED]
    await w.ana_has_sent(LIMIT_REASON)
    await w.presses(BO, "approve")
    assert "Nothing was decided" in await w.presses(BO, "retry", facts="")
    assert (await w.status(), len(w.mail.removals)) == (Status.FAILED, 1)


@pytest.mark.parametrize("is_seen", [True, False])
async def test_typed_limits_are_held_to_what_the_channel_shows(w: World, is_seen: bool) -> None:
    """Ana adds a sign-in method, which no card shows while Teams takes none."""
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    w.directory.methods_of[ANA] = (*await w.directory.methods(ANA), PHONE)
    w.messenger.down = not is_seen
    await w.presses(ANA_CLICKS, "mfa_done")
    w.messenger.down = False
    await w.only_says(CLEO, "limits 1 yes 1", ConversationKind.CHANNEL)
    assert ((await work(w)).approved is not None) is is_seen


async def test_limits_without_facts_are_answered_with_the_present_card(w: World) -> None:
    await asks_honestly(w)
    await w.presses(BO, "limits", 1, None, **OWN)
    assert "Nothing was decided" in await w.presses(CLEO, "limits_apply", facts="")
    assert (await work(w)).approved is None


class Restless(SqlCaseStore):
    """Somebody else saves the case in the very moment in which an approval is saved: so many times."""

    times = 0

    async def save(self, transition: Transition, timers: Timers, **more: object) -> Case:
        if transition.event.verb is Approved.verb and self.times:
            self.times -= 1
            present = await self.get(transition.case.number)
            assert present is not None
            await self.world.writer_of_others(present)
        return await super().save(transition, timers, **more)  # type: ignore[arg-type]  # handed through

    world: "RestlessWorld"


class RestlessWorld(World):
    """A world in which cases change whenever an approval is saved."""

    def case_store(self, database: Database) -> SqlCaseStore:
        self.restless = Restless(database)
        self.restless.world = self
        return self.restless

    async def writer_of_others(self, case: Case) -> None:
        writer = self.router._approver._writer
        await writer.apply_for_worker(case, Reached(error=f"403 {self.restless.times}"))


@pytest.fixture
def restless(database: Database) -> RestlessWorld:
    return RestlessWorld(database)


async def test_an_approval_is_saved_with_what_it_read_however_often_others_save(restless: RestlessWorld) -> None:
    """The list says "limit" by now where the case knows "spam": judged and saved are one."""
    w = restless
    await w.ana_has_sent(SPAM_REASON)
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON, since=w.mail.entries[ANAS_ADDRESS].since)
    w.restless.times = 3
    await w.presses(BO, "approve")
    case = await w.case()
    assert case.decision is not None
    assert case.decision.facts is not None
    assert [entry.cause for entry in case.decision.facts.entries] == [Cause.POLICY_LIMIT]


async def test_an_approval_that_cannot_be_saved_for_others_decides_nothing(restless: RestlessWorld) -> None:
    w = restless
    await w.ana_has_sent(LIMIT_REASON)
    w.restless.times = 99
    await w.presses(BO, "approve")
    assert ((await w.case()).decision, w.mail.removals) == (None, [])
