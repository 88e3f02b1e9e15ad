"""Where nobody can read who may send from a mailbox, whoever asks for it learns nothing of it, and is no part of it."""

from dataclasses import replace

import pytest

from services.domain.case.status import Status
from services.domain.people import PersonId, TeamsUser
from services.domain.unknown import UnknownReason
from tests.cases import BO, MINUTE, person
from tests.dialogs.test_mailbox_identity import OFFERS, SALES, SHARED, ana_has_sent_for_sales
from tests.dialogs.world import ANA_CLICKS, World

MAL = TeamsUser(id=PersonId("00000000-0000-4000-8000-000000000019"), name="Mal Ory")
UNREAD = "I can say nothing about that mailbox"


@pytest.fixture
def w(w: World) -> World:
    unread = replace(SHARED, unread=("Get-RecipientPermission: no permission",))
    w.mailboxes.known = {SALES: unread, OFFERS: unread}
    mals = "mal@contoso.example"
    w.directory.people[MAL.id] = person(id=MAL.id, name=MAL.name, upn=mals, addresses=(mals,))
    return w


def chat(w: World) -> str:
    return " ".join(w.text_of(sheet) for sheet in w.sheets(MAL))


@pytest.mark.parametrize("is_late", [False, True])
async def test_a_stranger_does_not_join_the_case_of_others(w: World, is_late: bool) -> None:
    if is_late:
        w.mailboxes.troubles[OFFERS] = UnknownReason.TIMED_OUT
        await w.says(MAL, f"mailbox {OFFERS}")
    await ana_has_sent_for_sales(w)
    w.mailboxes.troubles.clear()
    await w.passes(MINUTE)
    if not is_late:
        await w.says(MAL, f"mailbox {OFFERS}")
    assert UNREAD in chat(w)
    ended = [case.number for case in await w.cases.open_cases()]
    assert len(ended) == 1
    await w.presses(ANA_CLICKS, "withdraw", int(ended[0]))
    await w.presses(BO, "ask", int(ended[0]), None, words="which tool sends it?")
    assert await w.status(int(ended[0])) is Status.WITHDRAWN
    for told in ("already", "With the admins", "which tool", SALES):
        assert told not in chat(w), told


async def test_who_took_back_what_they_asked_for_learns_nothing_either(w: World) -> None:
    w.mail.restrict(SALES)
    await w.says(MAL, f"mailbox {SALES}")
    told = await w.presses_in_chat(MAL, "withdraw", 1)
    assert await w.status() is Status.WITHDRAWN
    assert UNREAD in told
    assert "still restricted" not in chat(w) + told
