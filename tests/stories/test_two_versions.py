"""A case that a newer program stored, which runs beside this one."""

from sqlalchemy import create_engine, text

from tests.stories.world import World


def is_stored_by_a_newer_program(world: World) -> None:
    url = {**world.box.environment, **world.timing}["SENDWELL_DATABASE_URL"]
    engine = create_engine(url.replace("+aiosqlite", ""))
    with engine.begin() as connection:
        assert connection.execute(text("""update cases set body = '{"schema": 999}'""")).rowcount == 1
    engine.dispose()


async def test_a_click_that_reaches_the_older_one_leaves_the_button_to_press_again(world: World) -> None:
    world.tenant.restrict("ana")
    await world.ana_asks()
    is_stored_by_a_newer_program(world)
    answer = await world.ana_presses("password_done")
    assert "Case 1 cannot be read by this version of Sendwell" in (answer.text or "")
    assert world.teams.has_button("ana", world.card_of("ana"), "password_done")
