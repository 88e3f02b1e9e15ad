"""The edges of Teams: people and channels that come, go, block and come back."""

from dataclasses import replace

import pytest

from dialogs.conversations.inbound import ConversationKind, Uninstalled
from services.domain.case.status import Status
from services.domain.case.workflow import Verb
from services.domain.people import Standing
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, MINUTE, TIMING, person
from tests.dialogs.world import ANA_CLICKS, CHANNEL, CLEO, DAN, World


async def test_a_person_who_blocked_the_bot_is_named_with_the_error(w: World) -> None:
    await w.ana_has_sent()
    w.messenger.closed[w.conversation(ANA_CLICKS, ConversationKind.PERSONAL).id] = "403 MessageWritesBlocked"
    await w.bo_approves()
    await w.passes(TIMING.reads_apart)
    assert "cannot be reached in Teams (403 MessageWritesBlocked)" in w.approvers_see()
    assert "call them" in w.approvers_see()
    assert await w.status() is Status.UNBLOCKED
    w.messenger.closed.clear()
    await w.passes(3 * MINUTE)
    assert await w.status() is Status.OFF_LIST
    assert "cannot be reached" not in w.approvers_see()


async def test_that_somebody_cannot_be_reached_is_noted_once(w: World) -> None:
    await w.ana_has_sent()
    w.messenger.closed[w.conversation(ANA_CLICKS, ConversationKind.PERSONAL).id] = "403 MessageWritesBlocked"
    await w.presses(BO, "ask", words="which tool?")
    await w.presses(BO, "deny", reason="come by")
    noted = [event for event in await w.cases.history((await w.case()).number) if event.verb is Verb.REACH]
    assert len(noted) == 1


async def test_uninstalling_shows_at_once_and_installing_again_brings_the_card(w: World) -> None:
    await w.ana_has_sent()
    await w.uninstalls(ANA_CLICKS)
    assert "BotNotInConversationRoster" in w.approvers_see()
    w.messenger.closed.clear()
    before = len(w.sheets(ANA_CLICKS))
    await w.installs(ANA_CLICKS)
    assert len(w.sheets(ANA_CLICKS)) == before + 1
    assert "With the admins" in w.ana_sees()
    assert "BotNotInConversationRoster" not in w.approvers_see()


async def test_where_somebody_can_be_written_to_is_forgotten_when_they_take_the_app_out(w: World) -> None:
    await w.ana_has_sent()
    await w.installs(DAN)
    for who in (ANA_CLICKS, DAN):
        assert await w.conversations.person(who.id) is not None
        await w.uninstalls(who)
        assert await w.conversations.person(who.id) is None
    assert "BotNotInConversationRoster" in w.approvers_see()


async def test_installing_without_a_case_is_a_welcome(w: World) -> None:
    await w.installs(ANA_CLICKS)
    assert "Hello, I am Sendwell" in w.ana_sees()
    await w.uninstalls(ANA_CLICKS)


async def test_a_channel_that_is_gone_keeps_its_requests(w: World) -> None:
    w.messenger.closed[CHANNEL.id] = "404 ConversationNotFound"
    await w.ana_has_sent()
    loss = await w.conversations.loss()
    assert loss is not None
    assert loss.reason == "404 ConversationNotFound"
    assert w.posts() == []
    assert "With the admins" in w.ana_sees()
    w.messenger.closed.clear()
    await w.passes(2 * MINUTE)
    assert "Waiting for a decision" in w.approvers_see()
    assert await w.conversations.loss() is None


async def test_no_channel_at_all_keeps_requests_until_there_is_one(w: World) -> None:
    w.conversations._channel = None
    await w.ana_has_sent()
    assert w.posts() == []
    await w.commands(DAN, "use this channel")
    assert await w.conversations.channel() is None
    await w.commands(BO, "use this channel")
    assert any("now come to this channel" in w.text_of(sheet) for sheet in w.posts())
    await w.passes(2 * MINUTE)
    assert any("Waiting for a decision" in w.text_of(sheet) for sheet in w.posts())


async def test_a_channel_where_nothing_can_be_posted_is_not_taken(w: World) -> None:
    private = replace(CHANNEL, id="19:private@thread.tacv2")
    w.messenger.closed[private.id] = "403 BotNotInConversationRoster"
    await w.says_at(BO, "use this channel", private)
    await w.says(BO, "help")
    await w.says_at(BO, "use this channel", private)
    assert await w.conversations.channel() == CHANNEL
    assert "I cannot post in that channel (403 BotNotInConversationRoster)" in w.text_of(w.sheets(BO)[-1])
    assert [sheet for sheet in w.messenger.sheets if sheet.posted.conversation.id == private.id] == []


async def test_removed_from_the_team_is_said_to_who_did_it_and_noted(w: World) -> None:
    await w.says(BO, "help")
    await w.removed_from_team(BO)
    assert "I was removed" in w.text_of(w.sheets(BO)[-1])
    loss = await w.conversations.loss()
    assert loss is not None
    assert loss.reason == "removed"
    told = len(w.sheets(BO))
    await w.removed_from_team(BO)  # announced a second time, in another form
    assert len(w.sheets(BO)) == told
    await w.ana_has_sent()
    assert "now come to its approvals channel" in await w.added_to_team()
    assert await w.conversations.loss() is None
    await w.passes(2 * MINUTE)
    assert "Waiting for a decision" in w.approvers_see()


async def test_removed_by_nobody_known_or_from_elsewhere_says_nothing(w: World) -> None:
    await w.removed_from_team()
    assert w.messenger.sheets == []
    await w.conversations.found()
    elsewhere = replace(CHANNEL, id="19:other@thread.tacv2", team="19:others@thread.tacv2")
    await w.router.uninstalled(Uninstalled(conversation=elsewhere, by=BO, kind=ConversationKind.CHANNEL))
    assert await w.conversations.loss() is None
    assert "an approver writes" in await w.added_to_team(elsewhere)


async def test_who_removed_the_bot_may_not_be_reachable(w: World) -> None:
    await w.says(BO, "help")
    w.messenger.down = True
    await w.removed_from_team(BO)
    assert await w.conversations.loss() is not None


async def test_a_deleted_channel_card_is_reposted(w: World) -> None:
    await w.ana_has_sent()
    w.messenger.delete(w.posts()[0])
    await w.presses(BO, "looking")
    assert len(w.posts()) == 2
    assert "has been looking into it" in w.approvers_see()


async def test_teams_down_for_a_while_loses_nothing(w: World) -> None:
    await w.ana_asks()
    await w.ana_secures()
    w.messenger.down = True
    await w.presses(ANA_CLICKS, "send", note="")
    assert w.posts() == []
    w.messenger.down = False
    await w.passes(2 * MINUTE)
    assert len(w.posts()) == 1
    assert "With the admins" in w.ana_sees()


async def test_in_a_group_chat_the_bot_only_says_where_it_helps(w: World) -> None:
    assert "1:1 chat only" in await w.says(ANA_CLICKS, "why can't I send email", ConversationKind.GROUP)
    assert await w.cases.open_of(ANA) is None


async def test_a_guest_is_told_kindly_and_gets_no_case(w: World) -> None:
    w.directory.people[ANA] = person(guest=True)
    assert "members of this organisation only" in await w.says(ANA_CLICKS, "my mail bounces")
    assert await w.cases.open_of(ANA) is None


async def test_who_the_directory_does_not_know_gets_no_case(w: World) -> None:
    assert "can't find your account" in await w.says(DAN, "my mail bounces")


async def test_the_only_approver_cannot_decide_their_own_case(w: World) -> None:
    w.approvers.standings = {ANA: Standing.APPROVER}
    await w.ana_has_sent()
    assert "no other active member" in w.approvers_see()
    assert "security.microsoft.com" in w.links_in_channel()
    assert "own case" in await w.presses(ANA_CLICKS, "approve", where=ConversationKind.CHANNEL)
    await w.commands(ANA_CLICKS, "approve 1 called: it is me")
    assert "own case" in w.ana_sees()
    assert await w.status() is Status.WAITING


async def test_an_eligible_approver_is_told_to_activate(w: World) -> None:
    await w.ana_has_sent()
    w.approvers.standings[CLEO.id] = Standing.ELIGIBLE
    assert "Activate it" in await w.presses(CLEO, "approve")
    w.approvers.standings[CLEO.id] = Standing.APPROVER
    assert "Approved by Cleo Marsh" in await w.presses(CLEO, "approve")


async def test_whether_anybody_else_may_decide_is_not_guessed(w: World) -> None:
    await w.ana_asks()
    w.approvers.trouble = UnknownReason.UNREACHABLE
    await w.presses(ANA_CLICKS, "tell")
    assert "no other active member" not in w.approvers_see()
    assert "could not be checked" in await w.presses(BO, "deny", reason="no")
    assert await w.status() is Status.WAITING


@pytest.mark.parametrize("verb", ["report", "again"])
async def test_the_buttons_of_ones_own_chat_do_nothing_in_a_channel(w: World, verb: str) -> None:
    await w.ana_has_sent()
    await w.presses(ANA_CLICKS, "withdraw")
    cards = len(w.sheets())
    said = await w.presses(ANA_CLICKS, verb, 1, ConversationKind.CHANNEL)
    assert "secure your account" not in said
    await w.passes(MINUTE)
    assert len(w.sheets()) == cards
    assert (await w.case()).status is Status.WITHDRAWN
