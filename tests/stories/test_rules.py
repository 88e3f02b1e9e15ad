"""Over HTTPS: a file of rules is read at the start, and does no more than it may."""

from datetime import UTC, datetime
from pathlib import Path

from services.rules.values import DAYS
from tests.stories.world import World

NOT_THE_ONLY_SIGN = "expected by your organisation’s rules, but not the only sign"


def rules_for_another_day(folder: Path) -> Path:
    """Closed today and tomorrow, whichever day it is."""
    day = DAYS[(datetime.now(UTC).weekday() + 3) % 7]
    file = folder / "rules.toml"
    file.write_text(
        f"""
        [hours]
        time_zone = "UTC"
        days = ["{day}"]
        from = "08:00"
        to = "17:00"

        [escalation]
        after = "1s"
        people = ["dan.reyes@contoso.example"]

        [expected]
        countries = ["NG"]

        [[mailing_tools]]
        name = "Newsletter"
        networks = ["198.51.100.7"]
        """,
        encoding="utf-8",
    )
    return file


async def test_what_looks_stolen_waits_for_no_hours_and_no_rule_makes_it_look_better(unstarted: World) -> None:
    world = unstarted
    for what in ("forwarding", "abroad"):
        world.tenant.investigate("ana", what)
    await world.start(SENDWELL_RULES=str(rules_for_another_day(world.folder)))
    await world.ana_has_sent_a_mailing()
    await world.until(lambda: world.person_sees("It is outside business hours. The admins are back on"))
    await world.until(lambda: world.on_the_card("Looks like a stolen account."), 40)
    await world.until(lambda: world.on_the_card("Possible reason: Newsletter sent to"))
    assert world.on_the_card(NOT_THE_ONLY_SIGN)
    assert not world.on_the_card("Sent outside business hours")
    await world.until(lambda: world.channel_reads("no one is looking into it"))
    messages = world.teams.from_bot(world.teams.channel())
    assert [message.notified for message in messages if message.thread != message.id] == [["dan"]]
