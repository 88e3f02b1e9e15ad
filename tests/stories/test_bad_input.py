"""Bad input gets one defined response, changes nothing and leaves no traceback."""

from typing import Any

from sandbox import texts
from tests.stories.world import World


def nothing_broke(world: World) -> bool:
    return "Traceback" not in world.log()


async def test_no_words_get_help(world: World) -> None:
    for words in ("", "   ", "help", "hello", "\u200b\u202e"):
        assert "What I can do" in texts((await world.ana_asks(words)).card), words
    assert nothing_broke(world)


async def test_a_hundred_kilobytes_of_words_get_an_answer(world: World) -> None:
    assert "not restricted" in texts((await world.ana_asks("why? " * 20_000)).card)
    assert nothing_broke(world)


ODD: tuple[Any, ...] = (
    {},
    {"case": 99},
    {"case": "x"},
    {"case": None},
    {"case": {"n": 1}},
    {"case": -1},
    {"case": "１"},
    [],
    "1",
    None,
)


async def test_a_click_with_an_odd_case_number_changes_nothing(world: World) -> None:
    card = await world.ana_has_sent()
    for data in ODD:
        answer = await world.teams.click("bo", card, "approve", data)
        assert (answer.status, texts(answer.card)) == (200, "There is no such case. Nothing was changed."), data
        assert world.approvers_see("Waiting for a decision"), data
    assert world.tenant.is_restricted("ana")
    assert nothing_broke(world)


async def test_a_foreign_case_tells_nothing(world: World) -> None:
    await world.ana_has_sent()
    await world.teams.say("dan", "help")
    await world.until(lambda: world.told("dan"))
    for verb in ("withdraw", "works", "send", "approve", "deny"):
        answer = await world.teams.click("dan", world.card_of("dan"), verb, {"case": 1, "reason": "x", "extra": 1})
        assert "Soto" not in texts(answer.card)
    assert world.approvers_see("Waiting for a decision")


async def test_an_unknown_verb_gets_the_present_card(world: World) -> None:
    card = await world.ana_has_sent()
    answer = await world.teams.click("ana", card, "explode", {"case": 1})
    assert "did not understand that button" in texts(answer.card)


async def test_a_click_on_an_ended_case_gets_the_present_card(world: World) -> None:
    card = await world.ana_has_sent()
    await world.ana_presses("withdraw")
    await world.until(lambda: world.approvers_see("Withdrawn"))
    answer = await world.teams.click("bo", card, "approve", {"case": 1})
    assert "This case has ended" in texts(answer.card)
    assert world.removals() == []


async def test_a_form_without_its_field_gets_the_present_card(world: World) -> None:
    card = await world.ana_has_sent()
    assert "A reason is needed" in texts((await world.teams.click("bo", card, "deny", {"case": 1})).card)
    long = {"case": 1, "reason": "x" * 10_000}
    assert "too long" in texts((await world.teams.click("bo", card, "deny", long)).card)


NO_OBJECTS: tuple[Any, ...] = ([], "x", 1, None, [[[]]], b"", b"{", b"\xff", b"[" * 100_000)


async def test_a_body_that_is_no_object_is_400(world: World) -> None:
    for body in NO_OBJECTS:
        status, answer = await world.teams.post_activity(body, world.teams.mint())
        assert (status, answer) == (400, b""), str(body)[:80]
    assert nothing_broke(world)


async def test_a_request_without_proof_of_identity_is_rejected(world: World) -> None:
    activity = world.teams.activity("bo", type="message", text="cases")
    assert (await world.teams.post_activity(activity))[0] == 401
    assert (await world.teams.post_activity(activity, "garbage"))[0] == 403
    assert (await world.teams.post_activity(activity, world.teams.mint(aud="another")))[0] == 403
    assert world.told("bo") == []


async def test_a_resent_message_is_answered_once(world: World) -> None:
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    assert await world.teams.resend_last() == 200
    await world.ana_secures()
    await world.ana_sends()
    assert len(world.told("ana")) == 1
