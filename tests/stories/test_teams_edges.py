"""The edges of Teams over HTTPS: installation and membership activities, channels and people that go and come back."""

from sandbox import texts
from tests.stories.world import World


async def test_removed_from_the_team_and_back(world: World) -> None:
    await world.teams.say("bo", "help")
    await world.until(lambda: world.told("bo"))
    assert await world.ready() == (200, {"ready": True, "complaints": []})
    assert await world.box.announcements.remove_from_team("bo") == 200
    await world.until(lambda: "I was removed" in texts(world.card_of("bo").card))
    status, answer = await world.ready()
    assert status == 200  # what mends it is an activity, which must reach the bot
    assert "(removed)" in answer["complaints"][0]
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    await world.ana_presses("tell")
    assert await world.box.announcements.add_to_team("bo") == 200
    await world.until(world.posts, 40)
    await world.until(lambda: any("Waiting for a decision" in texts(m.card) for m in world.posts()), 40)
    assert await world.ready() == (200, {"ready": True, "complaints": []})


async def test_a_deleted_channel_keeps_requests_until_it_is_restored(world: World) -> None:
    assert await world.box.announcements.delete_channel("bo") == 200
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    await world.ana_presses("tell")
    await world.until(lambda: world.person_sees("With the admins"))
    assert (await world.ready())[1]["complaints"]
    assert await world.box.announcements.restore_channel("bo") == 200
    await world.until(lambda: any("Waiting for a decision" in texts(m.card) for m in world.posts()), 40)


async def test_what_is_no_message_to_us_changes_nothing(world: World) -> None:
    card = await world.ana_has_sent()
    before = len(world.teams.channel()), len(world.told("ana"))
    announcements = world.box.announcements
    assert await announcements.rename_channel("bo", "Approvals") == 200
    assert await announcements.edit("ana", "withdraw") == 200
    assert await announcements.delete("ana") == 200
    assert await announcements.react("bo", card.id) == 200
    await world.bo_approves()
    await world.until_off_list()
    assert len(world.posts()) == before[0]
    assert "Traceback" not in world.log()


async def test_group_chats_are_answered_kindly(world: World) -> None:
    assert await world.box.announcements.say_in_group("ana", "why can't I send email?") == 200
    await world.until(lambda: any("1:1 chat only" in texts(m.card) for m in world.box.chats.messages))
    assert world.tenant.reads == 0


async def test_a_person_who_blocked_the_bot_is_named_on_the_card(world: World) -> None:
    await world.ana_has_sent()
    world.tenant.accounts["ana"].blocked_bot = True
    await world.bo_approves()
    await world.until(lambda: world.approvers_see("403 MessageWritesBlocked"))
    assert world.approvers_see("call them")
    await world.until(lambda: world.approvers_see("Off the list"))


async def test_uninstalled_and_installed_again(world: World) -> None:
    await world.ana_has_sent()
    await world.teams.uninstall("ana")
    await world.bo_approves()
    await world.until(lambda: world.approvers_see("403 BotNotInConversationRoster"))
    await world.teams.install("ana")
    await world.until(lambda: not world.approvers_see("BotNotInConversationRoster"))
    await world.until_off_list()


async def test_without_a_channel_requests_wait_for_one(unstarted: World) -> None:
    world = unstarted
    await world.start(SENDWELL_APPROVALS_CHANNEL="")
    status, answer = await world.ready()
    assert status == 200
    assert "No approvals channel" in answer["complaints"][0]
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    await world.ana_presses("tell")
    await world.teams.say_in_channel("dan", "use this channel")
    await world.until(lambda: any("1:1 chat to learn why" in texts(m.card) for m in world.teams.channel()))
    assert (await world.ready())[1]["complaints"]
    await world.teams.say_in_channel("bo", "use this channel")
    await world.until(lambda: any("Waiting for a decision" in texts(m.card) for m in world.posts()), 40)
    assert await world.ready() == (200, {"ready": True, "complaints": []})


async def test_many_at_once_share_a_digest(unstarted: World) -> None:
    world = unstarted
    await world.start(SENDWELL_DIGEST_OVER="1")
    for key in ("ana", "dan", "kim"):
        world.tenant.restrict(key, "limit")
        await world.teams.say(key, "my mail bounces")
        await world.until(lambda key=key: world.told(key) and world.teams.has_button(key, world.card_of(key), "tell"))
        await world.teams.press(key, world.card_of(key), "tell")
    await world.until(lambda: world.approvers_see("2 requests at once"))
    assert len(world.posts()) == 2
    answer = await world.teams.press("bo", world.approvers_card(), "open_case", {"case": "3"})
    assert "is now at the end" in texts(answer.card)
    await world.until(lambda: world.approvers_see("Kim Abara") and world.approvers_see("Waiting for a decision"))
    await world.decides("bo", "deny", reason="come by")
    await world.until(lambda: "1 is waiting for a decision" in texts(world.posts()[1].card))
