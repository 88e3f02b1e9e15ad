"""An approval whose facts need longer than a click, and stopping one, over the real wire."""

from sandbox import texts
from tests.stories.world import World

HURRIED = {"SENDWELL_CLICK_WITHIN": "100ms", "SENDWELL_CHECK_EVERY": "600s"}
"""A click waits for a tenth of a second, and a source needs three times as long: as a slow one beside six seconds."""
STALE = {"SENDWELL_EVIDENCE_LASTS": "1ms"}
"""Evidence is always too old: each approval waits until it was gathered again."""


async def test_a_list_that_is_slower_than_a_click_takes_one_click(unstarted: World) -> None:
    world = unstarted
    await world.start(**HURRIED)
    await world.ana_has_sent()
    await world.evidence_is_there()
    world.tenant.faults.fail("exchange.list", "slow", seconds=0.3)
    answer = await world.bo_approves()
    assert "Checking since" in texts(answer.card)
    await world.until_off_list()
    assert world.removals() == ["done"]
    assert not world.channel_reads("did not go through")


async def test_a_spam_verdict_that_came_while_the_list_was_slow_is_not_released(unstarted: World) -> None:
    world = unstarted
    await world.start(**HURRIED)
    await world.ana_has_sent("limit")
    await world.evidence_is_there()
    (entry,) = world.tenant.entries
    world.tenant.restrict("ana", "spam", since=entry.since)
    world.tenant.faults.fail("exchange.list", "slow", seconds=0.3)
    answer = await world.bo_approves()
    assert "Checking since" in texts(answer.card)
    await world.until(lambda: world.channel_reads("did not go through") and world.approvers_see("is now more serious"))
    assert world.removals() == []


async def test_an_approval_waits_for_evidence_and_does_not_pass_by_what_it_shows(unstarted: World) -> None:
    """First nothing is found and one click is enough; then mail is forwarded to a stranger."""
    world = unstarted
    await world.start(**STALE, SENDWELL_CHECK_EVERY="600s")
    await world.ana_has_sent_a_mailing()
    await world.evidence_is_there()
    world.tenant.accounts["ana"].traces.forwarding = "thief@stranger.example"
    answer = await world.bo_approves()
    assert "The evidence is being gathered first" in texts(answer.card)
    await world.until(lambda: world.channel_reads("did not go through") and world.approvers_see("stolen account"))
    assert world.removals() == []


async def test_what_was_approved_is_stopped_before_it_is_removed(unstarted: World) -> None:
    """The list shows nobody once, so the removal waits for a second look: time to stop it."""
    world = unstarted
    await world.start(SENDWELL_CHECK_AFTER="600s", SENDWELL_CHECK_EVERY="600s")
    await world.ana_has_sent()
    await world.evidence_is_there()
    world.tenant.lift("ana")
    await world.bo_approves()
    await world.until(lambda: world.approvers_see("Approved by Bo"))
    await world.decides("cleo", "stop", stop_reason="it was the thief on the phone")
    await world.until(lambda: world.approvers_see("Stopped by") and world.person_sees("help desk in person"))
    await world.until(lambda: world.channel_reads("stopped the case"))
    assert not world.person_sees("thief")
    assert world.removals() == []


async def test_stopping_while_the_removal_is_under_way_says_that_the_account_is_to_be_contained(
    unstarted: World,
) -> None:
    """Exchange did it and its answer was lost; the list is asked what came of it."""
    world = unstarted
    await world.start(SENDWELL_RELEASE_GRACE="1s")
    await world.ana_has_sent()
    await world.evidence_is_there()
    world.tenant.faults.fail("exchange.remove", "done-then-reset", times=1)
    await world.bo_approves()
    await world.until(lambda: world.removals() == ["done"])
    await world.decides("cleo", "stop", stop_reason="it was the thief on the phone")
    await world.until(lambda: world.approvers_see("is not restricted again by this: contain the account"))
    assert world.removals() == ["done"]
