"""A tenant that was set up by the command alone: the good day goes from the bounce to the unblock."""

from sandbox import texts
from services.setup.run import DONE
from tests.setup.office import Office
from tests.stories.world import World

_ANOTHERS = dict.fromkeys(
    (
        *("MicrosoftAppPassword", "SENDWELL_RESPONDER_APP_PASSWORD", "SENDWELL_APPROVERS_GROUP_ID"),
        *("SENDWELL_RESPONDERS_GROUP_ID", "SENDWELL_TEAMS_APP_ID"),
    ),
    "",
)
"""What the sandbox's own settings say of its sample apps and groups."""


async def test_what_was_set_up_answers_decides_and_unblocks(unstarted: World) -> None:
    world, office = unstarted, Office(box=unstarted.box, folder=unstarted.folder)
    office.plan = office.planned(credential="certificate")
    office.acts()
    assert await office.sets_up() == DONE, office.text
    await world.start(**{**_ANOTHERS, **office.settings})
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    await world.ana_secures()
    await world.ana_sends()
    assert "Approved" in texts((await world.bo_approves()).card)
    await world.until_off_list()
    assert world.removals() == ["done"]
