"""Word by another route is given for what the form names: for what failed, and for each that is not proven."""

from dataclasses import replace
from typing import Any

import pytest

from services.domain.evidence.report import Report
from services.domain.people import AuthenticationMethod, MethodKind
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import ANA, BO, LIMIT_REASON, MINUTE, NOW, person, report
from tests.dialogs.test_mailbox_identity import ALIAS, ANAS
from tests.dialogs.world import ANAS_ADDRESS, DAN, World

THROTTLED = Unknown(reason=UnknownReason.THROTTLED)
NO_LICENCE = Unknown(reason=UnknownReason.NO_LICENCE)


@pytest.fixture
def w(w: World) -> World:
    """Ana's methods are old, and so are those of Dan, who may send from her mailbox."""
    w.mailboxes.known = {ANAS_ADDRESS: ANAS, ALIAS: ANAS}
    w.directory.people[DAN.id] = person(
        id=DAN.id, name="Dan Reyes", upn="dan@contoso.example", addresses=("dan@contoso.example",)
    )
    old = AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR, added_at=NOW.replace(year=2025))
    w.directory.methods_of = {ANA: (old,), DAN.id: (old,)}
    return w


@pytest.mark.parametrize(
    ("hers", "dans", "takes_word"),
    [
        pytest.param({}, {}, False, id="all was read"),
        pytest.param({}, {"sign_ins": THROTTLED}, True, id="the sign-ins of another who can send were not read"),
        pytest.param({}, {"sign_ins": NO_LICENCE, "risk": NO_LICENCE}, False, id="nobody's can be read"),
        pytest.param({"rules_cut": True}, {}, True, id="too many rules"),
        pytest.param({"sign_ins_cut": True}, {}, True, id="too many sign-ins"),
        pytest.param({"changes_cut": True}, {}, True, id="too many changes"),
    ],
)
async def test_a_source_that_did_not_answer_to_its_end_takes_word_whosever_account_it_is(
    w: World, hers: dict[str, Any], dans: dict[str, Any], takes_word: bool
) -> None:
    w.traces.report, w.traces.reports = report(**hers), {DAN.id: _of_dan(dans)}
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(MINUTE)
    await w.presses(BO, "approve")
    assert ((await w.case()).decision is None) is takes_word


def _of_dan(said: dict[str, Any]) -> Report:
    return replace(report(), **said)
