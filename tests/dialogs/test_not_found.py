"""“There is no such thing” is an answer at every step, and never the end of a request."""

import pytest

from services.domain.case.status import Status
from tests.cases import ANA, BO, LIMIT_REASON
from tests.dialogs.world import ANA_CLICKS, World

NOT_NOW = "Your rights could not be checked just now, so"


async def test_a_request_is_kept_where_the_approvers_group_does_not_exist(w: World) -> None:
    w.approvers.gone = True
    await w.ana_has_sent(LIMIT_REASON)
    assert await w.status() is Status.WAITING
    assert "group" not in w.ana_sees()
    assert "Ana Soto" in w.approvers_see()


@pytest.mark.parametrize(("verb", "inputs"), [("approve", {}), ("deny", {"reason": "no"}), ("ask", {"question": "?"})])
async def test_a_click_is_answered_there(w: World, verb: str, inputs: dict[str, str]) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.approvers.gone = True
    assert NOT_NOW in await w.presses(BO, verb, 1, None, **inputs)
    assert await w.status() is Status.WAITING


@pytest.mark.parametrize(
    "words", ["cases", "case 1", "approve 1", "deny 1 no", "restricted", "unblock ana@contoso.example"]
)
async def test_a_typed_command_is_answered_there(w: World, words: str) -> None:
    await w.ana_has_sent(LIMIT_REASON)
    w.approvers.gone = True
    assert await w.commands(BO, words)
    assert await w.status() is Status.WAITING


async def test_somebody_who_was_deleted_meanwhile_still_has_their_request(w: World) -> None:
    await w.ana_asks(LIMIT_REASON)
    del w.directory.people[ANA]
    await w.presses(ANA_CLICKS, "password_done")
    await w.presses(ANA_CLICKS, "tell")
    assert await w.status() is Status.WAITING
    assert await w.presses(BO, "approve", by_another_route="true", ground="called her")
    assert await w.status() is not Status.LOOKING
