"""Two addresses of one person are listed, each with its own reason, over the real wire."""

import pytest

from sandbox import texts
from sandbox.shared import SALES
from tests.stories.world import World

ALIAS = "a.soto@contoso.example"


async def test_a_limit_on_the_address_and_spam_on_the_alias_are_judged_as_spam_and_both_are_removed(
    world: World,
) -> None:
    world.tenant.restrict("ana", "limit")
    world.tenant.restrict("ana", "spam", address=ALIAS, beside=True)
    await world.ana_asks()
    await world.ana_secures()
    await world.ana_sends()
    await world.evidence_is_there()
    # The limit alone would be let go by one click.
    with pytest.raises(ValueError, match="by_another_route is required"):
        await world.bo_approves()
    assert world.removals() == []
    await world.decides("bo", "approve", by_another_route="true", ground="called her: it was her newsletter")
    await world.until_off_list()
    removed = [(address, outcome) for _, address, outcome in world.tenant.removals]
    assert sorted(removed) == [(ALIAS, "done"), ("ana.soto@contoso.example", "done")]
    assert not world.approvers_see("support ticket")


async def test_another_alias_of_a_denied_mailbox_is_no_way_around_the_pause(unstarted: World) -> None:
    world = unstarted
    await world.start(SENDWELL_ASK_AGAIN_AFTER="1h")
    world.tenant.restrict_shared()
    await world.teams.say("ana", f"mailbox {SALES.address}")
    await world.until(lambda: world.told("ana") and world.person_sees("About the mailbox Sales"))
    await world.ana_presses("tell")
    await world.until(lambda: world.posts() and world.approvers_see("Requested by Ana Soto"))
    await world.decides("bo", "deny", reason="call me first")
    await world.until(lambda: world.person_sees("call me first"))
    for who in ("ana", "kim"):
        await world.teams.say(who, f"mailbox {SALES.alias}")
        await world.until(lambda who=who: "too soon" in texts(world.card_of(who).card))
    assert len(world.posts()) == 1
