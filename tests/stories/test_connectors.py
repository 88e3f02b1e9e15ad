"""Over HTTPS: a restricted connector from the list to the unblock, and the bounce that names it."""

from sandbox import texts
from tests.stories.world import World

RELAY = "5e0c0000-0000-4000-8000-00000000c0de"


async def test_a_connector_from_the_list_to_the_unblock(world: World) -> None:
    world.tenant.restrict_connector(RELAY)
    world.tenant.list_lag = 0.7
    await world.teams.say_in_channel("bo", "restricted")
    await world.until(lambda: world.channel_reads(RELAY))
    await world.teams.say_in_channel("bo", f"unblock connector {RELAY} the scanner is clean again")
    await world.until(lambda: world.posts() and world.approvers_see("Bo Larsen asked to unblock this connector"))
    await world.decides("cleo", "approve", by_another_route="true", ground="saw the scanner")
    await world.until(lambda: world.approvers_see("Send a message through the connector"))
    assert world.tenant.connectors == {}
    assert any("Remove-BlockedConnector" in text and "Sendwell case 1" in text for _, text in world.tenant.log)
    assert world.told("ana") == []


async def test_a_dead_list_of_connectors_is_named_and_costs_nothing_else(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    world.tenant.faults.fail("exchange.connectors", "500")
    await world.teams.say_in_channel("bo", "restricted")
    await world.until(lambda: world.channel_reads("ana.soto@contoso.example"))
    assert world.channel_reads("Restricted connectors could not be read")
    await world.teams.say_in_channel("bo", f"unblock connector {RELAY} clean")
    await world.until(lambda: world.channel_reads("could not check"))


async def test_the_bounce_of_a_connector_is_explained(world: World) -> None:
    await world.ana_asks("550 5.7.711 Access denied, bad inbound connector. AS(2204)")
    assert "connector of your organisation is restricted, not you" in texts(world.card_of("ana").card)


async def test_an_unblock_that_exchange_refuses_fails_visibly_and_is_tried_again(world: World) -> None:
    world.tenant.restrict_connector(RELAY)
    world.tenant.faults.fail("exchange.remove", "nul403")
    await world.teams.say_in_channel("bo", f"unblock connector {RELAY} clean")
    await world.until(world.posts)
    await world.decides("cleo", "approve", by_another_route="true", ground="saw it")
    await world.until(lambda: world.approvers_see("The unblock failed"))
    assert RELAY in world.tenant.connectors
    world.tenant.faults.heal()
    await world.decides("bo", "retry", by_another_route="true", ground="saw it again")
    await world.until(lambda: world.approvers_see("Send a message through the connector"))
