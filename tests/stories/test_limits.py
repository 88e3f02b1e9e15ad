"""Over HTTPS: other sending limits, from the request to the revert, with Exchange's policies and rules."""

from typing import Any

from sandbox import texts
from sandbox.shared import BULK_SENDERS
from tests.stories.world import SHORT_LEASE, World


async def asks_honestly(world: World) -> None:
    await world.ana_has_sent_a_mailing()
    await world.until(lambda: world.on_the_card("Looks like a legitimate mailing."), 40)


async def wants(world: World, way: str = "own", **limits: str) -> None:
    await world.decides("bo", "limits", way=way, keep_for="0", **limits)
    await world.until(
        lambda: world.on_the_card("Another approver has to apply this") or world.on_the_card("No policy can"), 40
    )


def names(world: World) -> list[Any]:
    return [policy["Name"] for policy in world.tenant.policies.policies]


async def test_limits_of_their_own_are_applied_read_back_and_reverted(world: World) -> None:
    await asks_honestly(world)
    await wants(world)
    assert world.on_the_card("2,500")
    assert world.tenant.policies.rules == []
    await world.decides("cleo", "limits_apply")
    await world.until(lambda: world.on_the_card("applied by Cleo"), 40)
    (rule,) = world.tenant.policies.rules
    own = world.tenant.policies.policy(rule["HostedOutboundSpamFilterPolicy"])
    assert own is not None
    assert (own["RecipientLimitExternalPerHour"], own["ActionWhenThresholdReached"]) == (2_500, "BlockUser")
    assert "Sendwell case 1" in (rule["Comments"] or "")
    assert world.removals() == []
    await world.decides("bo", "limits_back")
    await world.until(lambda: world.on_the_card("reverted by Bo"), 40)
    assert (names(world), world.tenant.policies.rules) == (["Default"], [])


async def test_limits_shown_as_600_are_not_applied_as_10000(world: World) -> None:
    await asks_honestly(world)
    await wants(world, limit_external="600", limit_internal="600", limit_day="600")
    card = world.approvers_card()
    assert world.on_the_card("600")
    more = {"case": 1, "way": "own", "keep_for": "0", "limit_day": "10000"}
    await world.teams.click("bo", card, "limits", more)
    await world.until(lambda: world.on_the_card("10,000"))
    for shown in ({"plan": "1"}, {}):
        answer = await world.teams.click("cleo", card, "limits_apply", {"case": 1, **shown})
        assert "the plan on this card has changed" in texts(answer.card)
    await world.teams.say("cleo", "limits 1 yes")
    await world.until(lambda: "the plan on this card has changed" in texts(world.card_of("cleo").card))
    assert names(world) == ["Default"]
    await world.decides("cleo", "limits_apply")
    await world.until(lambda: world.on_the_card("applied by Cleo"), 40)
    for shown in ({"plan": "1"}, {}):
        answer = await world.teams.click("bo", card, "limits_back", {"case": 1, **shown})
        assert "the plan on this card has changed" in texts(answer.card)
    assert len(names(world)) == 2


async def test_the_published_recipe_raises_default_for_this_sender(world: World) -> None:
    world.tenant.policies.bulk_senders()
    await asks_honestly(world)
    await wants(world, "recipe", limit_external="3000", limit_day="4000")
    assert world.on_the_card("Everyone under the Default policy gets the same limits.")
    await world.decides("cleo", "limits_apply")
    await world.until(lambda: world.on_the_card("applied by Cleo"), 40)
    default = world.tenant.policies.policy("Default")
    assert default is not None
    assert default["RecipientLimitPerDay"] == 4_000
    excepted = [rule["ExceptIfFrom"] for rule in world.tenant.policies.rules if rule["ExceptIfFrom"]]
    assert len(excepted) == 1


async def test_a_whole_group_gets_them_and_gives_them_back(world: World) -> None:
    await asks_honestly(world)
    await wants(world, limit_group=BULK_SENDERS.address)
    assert world.on_the_card(f"All members of {BULK_SENDERS.address} get these limits")
    await world.decides("cleo", "limits_apply")
    await world.until(lambda: world.on_the_card("applied by Cleo"), 40)
    assert [rule["FromMemberOf"] for rule in world.tenant.policies.rules] == [[BULK_SENDERS.address]]
    await world.decides("cleo", "limits_back")
    await world.until(lambda: world.on_the_card("reverted by Cleo"), 40)
    assert (names(world), world.tenant.policies.rules) == (["Default"], [])


async def test_what_somebody_else_changed_is_shown_and_not_overwritten(world: World) -> None:
    await asks_honestly(world)
    await wants(world)
    world.tenant.policies.somebody_changes(RecipientLimitExternalPerHour=450)
    await world.decides("cleo", "limits_apply")
    await world.until(lambda: world.on_the_card("planned again and needs two approvers again"), 40)
    await world.until(lambda: world.on_the_card("450"))
    assert names(world) == ["Default"]


async def test_a_rule_that_fails_takes_its_policy_back(world: World) -> None:
    await asks_honestly(world)
    await wants(world)
    world.tenant.unreadable.add("policies")
    await world.decides("cleo", "limits_apply")
    await world.until(lambda: world.on_the_card("being applied") or world.on_the_card("could not be applied"), 40)
    assert names(world) == ["Default"]
    world.tenant.unreadable.clear()
    await world.until(lambda: world.on_the_card("applied by Cleo") or world.on_the_card("could not be applied"), 90)


async def test_a_kill_while_they_are_applied_leaves_both_or_none(unstarted: World) -> None:
    world = unstarted
    world.timing |= SHORT_LEASE
    await world.start()
    await asks_honestly(world)
    await wants(world)
    world.tenant.faults.fail("exchange.policy", "slow", times=3, seconds=1.0)
    await world.decides("cleo", "limits_apply")
    await world.until(lambda: len(names(world)) == 2, 40)
    await world.restart_after_kill()
    await world.until(lambda: world.on_the_card("applied by Cleo"), 40)
    assert [rule["HostedOutboundSpamFilterPolicy"] for rule in world.tenant.policies.rules] == names(world)[1:]


async def test_where_the_policy_sets_no_limit_it_says_what_else_helps(world: World) -> None:
    world.tenant.policies.no_limits()
    await asks_honestly(world)
    await wants(world)
    assert world.on_the_card("sets no limit")
    assert world.on_the_card("Azure Communication Services")
