"""Mail that flows again is seen in message trace, over HTTPS."""

from datetime import timedelta

from sandbox import texts
from sandbox.clock import CLOCK
from sandbox.outbox import Outbox
from tests.stories.world import World


async def test_a_delivered_message_ends_the_case_and_she_is_shown_what_came_back(unstarted: World) -> None:
    world = unstarted
    soon = ",".join(f"{tenths}00ms" for tenths in range(3, 200, 3))
    await world.start(SENDWELL_PROVE_AFTER=soon, SENDWELL_CLOCKS_DIFFER_BY="1ms")
    await world.ana_has_sent()
    outbox = Outbox(world.tenant)
    outbox.send_many("ana", 2_000)
    await world.bo_approves()
    await world.until_off_list()
    # The trace has whole seconds: mail of the second in which the sender was unblocked may be older than the unblock.
    CLOCK.move(timedelta(seconds=1))
    outbox.send("ana")  # at once: the trace is asked a bounded number of times
    await world.until(lambda: world.approvers_see("Confirmed: a message sent"))
    await world.until(lambda: world.person_sees("Confirmed: your message of"))
    assert world.approvers_see("Works again")
    answer = await world.ana_presses("returned")
    assert "2,000 messages came back" in texts(answer.card)
    assert "… and 1,985 more." in texts(answer.card)
    assert not world.channel_reads("Newsletter")
