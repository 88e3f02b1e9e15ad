"""Word by another route takes a code that is told on the telephone, over the real wire."""

import re

from sandbox import texts
from tests.stories.world import World

CALLED = {"by_another_route": "true", "ground": "called her: it was her newsletter"}


async def test_an_approver_who_only_says_that_they_called_does_not_let_anybody_go(unstarted: World) -> None:
    world = unstarted
    await world.start(SENDWELL_CALL_CODE="on")
    await world.ana_has_sent("spam")
    await world.evidence_is_there()
    answer = await world.decides("bo", "approve", **CALLED)
    assert "Confirming by phone needs a code" in texts(answer.card)
    assert world.removals() == []
    told = texts((await world.decides("bo", "call_code")).card)
    code = re.search(r"nowhere else: (\d{3} \d{3})\.", told)
    assert code is not None, told
    assert not world.channel_reads(code[1])
    before = len(world.told("ana"))
    wrong = "000 000" if code[1] != "000 000" else "000 001"
    for words, answered in ((wrong, "That is not the code"), (code[1], "that code is right")):
        await world.teams.say("ana", words)
        await world.until(lambda said=answered: any(said in texts(m.card) for m in world.told("ana")[before:]))
    await world.until(lambda: world.on_the_card("Ana Soto typed the code from Bo Larsen"))
    await world.decides("bo", "approve", **CALLED)
    await world.until(world.removals)
    assert len(world.removals()) == 1
