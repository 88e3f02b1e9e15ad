"""The bot looks the sender up before it replies to the first words."""

from sandbox import texts
from tests.stories.world import World


async def test_not_restricted_says_what_was_checked(world: World) -> None:
    card = await world.ana_asks("my mail bounces")
    assert "not restricted" in texts(card.card)
    assert "hello@contoso.example" in texts(card.card)
    assert "5.7.1" in texts(card.card)


CODES = (
    ("501 5.1.8 <ana@x>: Sender address rejected: Domain not found", "This is no sign of a restriction"),
    ("550 5.7.705 Access denied, tenant has exceeded threshold", "whole organisation"),
    ("550 5.1.10 RecipientNotFound", "did not find it"),
)


async def test_a_code_is_explained(world: World) -> None:
    for words, sentence in CODES:
        assert sentence in texts((await world.ana_asks(words)).card), words


async def test_a_slow_list_is_still_being_looked_at_and_the_card_is_replaced(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    world.tenant.faults.fail("exchange.list", "slow", times=2, seconds=2.6)
    card = await world.ana_asks()
    assert "Still checking" in texts(card.card)
    await world.until(lambda: "Step 1 of 3" in texts(card.card))
    assert len(world.told("ana")) == 1


async def test_a_list_that_cannot_be_read_is_no_all_clear_and_the_admins_can_be_told(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    world.tenant.faults.fail("exchange.list", "nul403")
    card = await world.ana_asks()
    assert "don't read this as an all-clear" in texts(card.card)
    await world.ana_presses("Tell the admins")
    await world.until(lambda: any("asked for help" in texts(m.card) for m in world.teams.channel()))
    world.tenant.faults.heal()
    await world.until(lambda: world.person_sees("Step 1 of 3"), 40)
    await world.until(lambda: world.channel_reads("is no longer waiting for the restricted list"))
    assert not world.channel_reads("the restricted list cannot be read")
    # However often it was refused meanwhile, the missing role is said once.
    assert world.log().count("this is said once") == 1
    assert "Get-BlockedSenderAddress needs Exchange.ManageAsApp and the management role “Sendwell Lists”" in world.log()


async def test_a_truncated_list_is_asked_for_the_person_alone(world: World) -> None:
    world.tenant.restrict("dan", "limit")
    world.tenant.restrict("ana", "limit")
    world.tenant.truncated = True
    assert "Step 1 of 3" in texts((await world.ana_asks()).card)
    world.tenant.lift("ana")
    await world.until(lambda: world.person_sees("Not restricted any more"))


async def test_a_dead_methods_source_costs_one_line(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    world.tenant.roles.discard("UserAuthenticationMethod.Read.All")
    world.tenant.premium = False
    await world.ana_asks()
    world.tenant.reset_password("ana")
    await world.ana_presses("password_done")
    answer = await world.ana_presses("mfa_done")
    assert "not checked: the permission is missing" in texts(answer.card)


async def test_a_password_not_changed_is_asked_for_again(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    assert "a password from before the restriction" in texts((await world.ana_presses("password_done")).card)
    world.tenant.reset_password("ana", by="dan")
    assert "By dan.reyes@contoso.example" in texts((await world.ana_presses("password_done")).card)


async def test_a_password_kept_elsewhere_is_not_checkable(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    world.tenant.accounts["ana"].synced = True
    await world.ana_asks()
    assert "your organisation's own servers" in texts((await world.ana_presses("password_done")).card)


async def test_a_method_added_since_the_first_look_is_to_be_confirmed(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    world.tenant.reset_password("ana")
    world.tenant.set_phone("ana", "+34 600000111")
    await world.ana_presses("password_done")
    assert "by phone or in person" in texts((await world.ana_presses("mfa_done")).card)


async def test_the_admins_can_be_told_with_every_step_open(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    await world.ana_presses("Tell the admins now")
    await world.until(world.posts)
    assert world.approvers_see("Still open")
    await world.ana_presses("I can't")
    await world.until(lambda: world.approvers_see("“I can't”"))


async def test_no_device_names_the_help_desk(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    world.tenant.remove_methods("ana")
    await world.ana_asks()
    await world.ana_presses("I can't")
    assert "ext. 100" in texts((await world.ana_presses("I have no phone or device")).card)


async def test_words_while_a_case_is_open_bring_its_card_down(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    first = await world.ana_asks()
    second = await world.ana_asks("status")
    assert "Step 1 of 3" in texts(second.card)
    await world.until(lambda: "continues below" in texts(first.card))


async def test_a_guest_is_told_kindly(world: World) -> None:
    assert await world.teams.say("gil", "why can't I send email") == 200
    await world.until(lambda: world.told("gil"))
    assert "members of this organisation" in texts(world.card_of("gil").card)
