"""Over HTTPS, with the credential of a second app: a stolen account is contained and given back."""

from sandbox import texts
from tests.stories.world import SHORT_LEASE, World

TICKS = {"sessions": "true", "password": "true", "forwarding": "true", "disable": "true"}


async def looks_stolen(world: World) -> None:
    world.tenant.investigate("ana", "forwarding")
    world.tenant.investigate("ana", "hidden rule")
    await world.ana_has_sent()
    await world.until(lambda: world.on_the_card("Looks like a stolen account."), 40)


def steps_ended(world: World, confirmed_by: str) -> bool:
    """Whether the card says that they were taken, whatever came of them."""
    return world.on_the_card(f"; confirmed by {confirmed_by}") and not world.on_the_card("is being contained")


async def contains(world: World, **more: str) -> None:
    rule = {f"rule:{rule['Identity']}": "true" for rule in world.tenant.accounts["ana"].traces.rules}
    await world.decides("bo", "contain", **TICKS, **rule, **more)
    await world.until(lambda: world.on_the_card("Bo Larsen wants to contain this account"))


async def test_a_stolen_account_is_contained_and_given_back(world: World) -> None:
    await looks_stolen(world)
    await contains(world)
    ana = world.tenant.accounts["ana"]
    assert ana.enabled
    await world.decides("cleo", "contain_confirm")
    await world.until(lambda: steps_ended(world, "Cleo"), 40)
    assert (ana.enabled, ana.old_password_works, ana.traces.forwarding) == (False, False, None)
    assert ana.sessions_revoked_at is not None
    assert [rule["Enabled"] for rule in ana.traces.rules] == [False]
    assert world.on_the_card("Call: ")
    await world.until(
        lambda: world.on_the_card("Contained, confirmed by a check") and not world.on_the_card("two approvers")
    )
    ana.traces.forwarding = "second@mail.example"
    # Nothing is put back on what was read before.
    await world.decides("bo", "put_back_disable")
    await world.until(lambda: world.on_the_card("Nothing was undone. The evidence shows something new."), 40)
    assert not ana.enabled
    await world.decides("bo", "put_back_disable")
    await world.until(lambda: ana.enabled, 40)
    await world.until(lambda: world.on_the_card("Mail is forwarded to second@mail.example."), 40)
    await world.until(lambda: not world.on_the_card("Call: "), 40)
    assert world.on_the_card("two approvers")
    await world.decides("cleo", "contain_again")
    await world.until(lambda: world.on_the_card("Contained, confirmed by a check"), 40)
    assert ana.traces.forwarding is None
    # Who contained it is not the only one who lets it go.
    await world.decides("bo", "approve", by_another_route="true", ground="called her")
    # It waits for evidence of after the steps.
    await world.until(lambda: world.channel_reads("has one of two approvals"), 60)
    await world.decides("cleo", "approve", by_another_route="true", ground="called her")
    await world.until(lambda: world.person_sees("Unblocked: please test") and world.approvers_see("Off the list"), 60)


async def test_a_yes_to_signing_out_does_not_disable(world: World) -> None:
    """Bo reads a list with "sign out"; meanwhile Cleo's form makes it "disable"."""
    await looks_stolen(world)
    await world.decides("bo", "contain", sessions="true")
    await world.until(lambda: world.on_the_card("Bo Larsen wants to contain this account"))
    ana, card = world.tenant.accounts["ana"], world.approvers_card()
    await world.teams.click("cleo", card, "contain", {"case": 1, "disable": "true"})
    for shown in ({"plan": "1"}, {}):
        answer = await world.teams.click("bo", card, "contain_confirm", {"case": 1, **shown})
        assert "the plan on this card has changed" in texts(answer.card)
    await world.teams.say("bo", "contain 1 yes")
    await world.until(lambda: "the plan on this card has changed" in texts(world.card_of("bo").card))
    assert (ana.enabled, ana.sessions_revoked_at) == (True, None)
    await world.decides("bo", "contain_confirm")
    await world.until(lambda: not ana.enabled)
    for shown in ({"plan": "1", "facts": "1"}, {}):
        await world.teams.click("bo", card, "put_back_disable", {"case": 1, **shown})
    assert ana.sessions_revoked_at is None
    await world.until(lambda: world.on_the_card("Contained") or world.on_the_card("Not contained"))
    assert not ana.enabled


async def test_a_step_that_exchange_refuses_names_its_error(world: World) -> None:
    await looks_stolen(world)
    world.tenant.faults.fail("exchange.contain", "nul403")
    await contains(world)
    await world.decides("bo", "contain_confirm")
    await world.until(lambda: world.on_the_card("failed; nothing was changed"), 40)
    ana = world.tenant.accounts["ana"]
    await world.until(lambda: not ana.enabled)  # the other steps are still taken
    assert ana.traces.forwarding is not None
    await world.until(lambda: steps_ended(world, "Bo"))
    world.tenant.faults.heal()
    await contains(world)
    await world.decides("bo", "contain_confirm")
    await world.until(lambda: ana.traces.forwarding is None, 40)
    await world.until(lambda: steps_ended(world, "Bo") and not world.on_the_card("failed; nothing"))


async def test_an_account_from_on_premises_with_a_role_needs_two_and_says_where(world: World) -> None:
    world.tenant.synchronise("ana", on=True)
    world.tenant.privilege("ana", on=True)
    await looks_stolen(world)
    await contains(world)
    assert world.on_the_card("another responder has to confirm")
    await world.decides("bo", "contain_confirm")
    assert world.tenant.accounts["ana"].sessions_revoked_at is None
    await world.decides("cleo", "contain_confirm")
    await world.until(lambda: steps_ended(world, "Cleo"), 40)
    assert world.on_the_card("to be done on-premises: disable the account in Active Directory")
    assert world.tenant.accounts["ana"].enabled


async def test_a_kill_in_the_middle_finishes_what_was_confirmed(unstarted: World) -> None:
    world = unstarted
    world.timing |= SHORT_LEASE
    await world.start()
    await looks_stolen(world)
    await contains(world)
    world.tenant.faults.fail("exchange.contain", "timeout", times=1)
    await world.decides("bo", "contain_confirm")
    await world.until(lambda: "exchange.contain" not in world.tenant.faults.active)
    await world.restart_after_kill()
    await world.until(lambda: steps_ended(world, "Bo"), 40)
    ana = world.tenant.accounts["ana"]
    assert (ana.enabled, ana.old_password_works, ana.traces.forwarding) == (False, False, None)
