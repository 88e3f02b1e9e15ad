"""Nothing was pasted, and nobody is restricted: the bot looks for itself, over HTTPS."""

from datetime import UTC, datetime, timedelta

from sandbox import texts
from tests.stories.world import World


async def test_the_last_message_that_came_back_is_found_with_its_cause(world: World) -> None:
    account = world.tenant.accounts["ana"]
    account.traces.mails(
        "kim@fabrikam.example",
        status="failed",
        at=datetime.now(UTC) - timedelta(hours=1),
        reply="550 5.7.705 Access denied, tenant has exceeded threshold",
    )
    shown = texts((await world.ana_asks("my mail doesn't go")).card)
    assert "One of your messages came back" in shown
    assert "kim@fabrikam.example" in shown
    assert "whole organisation" in shown
    account.size = 120_000_000_000
    account.traces.forwarding = "me@fabrikam.example"
    world.tenant.smtp_auth_off = True
    shown = texts((await world.ana_asks("my mail doesn't go")).card)
    for found in ("Your mailbox is full", "forwards all its mail to me@fabrikam.example", "SMTP AUTH off"):
        assert found in shown
    account.mailbox = "none"
    assert "has no mailbox" in texts((await world.ana_asks("my mail doesn't go")).card)
