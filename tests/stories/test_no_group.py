"""An approvers' group that does not exist: the request is kept, nobody decides, and all goes on once it is there."""

import json

from sandbox import texts
from sandbox.people import APPROVERS_GROUP
from tests.stories.world import World


async def test_a_request_outlives_a_group_that_does_not_exist(unstarted: World) -> None:
    world = unstarted
    group = world.tenant.groups.goes(APPROVERS_GROUP)
    await world.start()
    await world.ana_has_sent()
    await world.until(lambda: world.person_sees("With the admins"))
    answer = await world.bo_approves()
    assert "Your rights could not be checked just now" in texts(answer.card)
    assert world.removals() == []
    _, body = await world.ready()
    assert "There is no group with the id in SENDWELL_APPROVERS_GROUP_ID" in json.dumps(body)
    world.tenant.groups.comes_back(group)
    assert "Approved" in texts((await world.bo_approves()).card)
    await world.until_off_list()
    assert world.removals() == ["done"]
    assert "Traceback" not in world.log()
