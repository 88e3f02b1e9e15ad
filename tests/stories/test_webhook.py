"""A ticket system over HTTPS: told by the running bot, signed, from the request to the denial."""

import base64
from datetime import UTC, datetime
from pathlib import Path

from sandbox.authority import Certificates
from tests.clients.test_webhook import verified
from tests.service import Service, says
from tests.stories.world import World

SECRET = bytes(range(32))


async def test_a_ticket_system_is_told_by_the_running_bot(unstarted: World, tmp_path: Path) -> None:
    world = unstarted
    async with Service(tls=Certificates(tmp_path).context) as receiver:
        receiver.answers(says({}))
        await world.start(
            SENDWELL_WEBHOOK_URL=f"{receiver.url}/hook",
            SENDWELL_WEBHOOK_SECRET=f"whsec_{base64.b64encode(SECRET).decode()}",
            SENDWELL_WEBHOOK_PRIVATE="on",
        )
        await world.ana_has_sent()
        await world.decides("bo", "deny", reason="come by")
        await world.until(lambda: len(receiver.asked) == 2)
    told = [verified(asked.headers, asked.body, SECRET, datetime.now(UTC)) for asked in receiver.asked]
    assert [one["type"] for one in told] == ["case.asked", "case.denied"]
    assert [one["data"]["ended"] for one in told] == [False, True]
    assert told[1]["data"]["by"]["name"] == "Bo Larsen"
    assert told[0]["data"]["ticket"] == told[1]["data"]["ticket"]
    assert "come by" not in str(told)
