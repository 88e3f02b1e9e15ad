"""Word by another route is given for what the form names: for what failed, and for each that is not proven."""

from dataclasses import replace
from typing import Any

import pytest

from services.domain.evidence.report import Report
from services.domain.people import AuthenticationMethod, MethodKind, PersonId, TeamsUser
from services.domain.proofs.securing import ApprovalCondition
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import ANA, BO, LIMIT_REASON, MINUTE, NOW, person, report
from tests.dialogs.test_mailbox_identity import ALIAS, ANAS, SALES, SHARED, ana_has_sent_for_sales, holder
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, DAN, World

EVE = TeamsUser(id=PersonId("00000000-0000-4000-8000-000000000009"), name="Eve Hart")
PHONE = AuthenticationMethod(id="p1", kind=MethodKind.PHONE)
WORD = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
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


@pytest.mark.parametrize("adds_another", [False, True])
async def test_word_about_one_new_method_says_nothing_about_the_next(w: World, adds_another: bool) -> None:
    """Bo reads of a new telephone, and Ana tells him that it is hers. By then there is a second one."""
    await w.ana_asks(LIMIT_REASON)
    w.directory.methods_of[ANA] += (PHONE,)
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")
    assert ApprovalCondition.MFA_NEW in (await w.case()).conditions
    if adds_another:
        w.directory.methods_of[ANA] += (replace(PHONE, id="p2"),)
    said = await w.presses(BO, "approve", 1, None, **WORD)
    assert ((await w.case()).decision is None) is adds_another
    assert ("There is a new warning." in said) is adds_another
    await w.presses(BO, "approve", 1, None, **WORD)
    assert (await w.case()).decision is not None


@pytest.mark.parametrize("eve_loses_hers", [False, True])
async def test_word_about_one_who_can_send_says_nothing_about_another(w: World, eve_loses_hers: bool) -> None:
    """Dan's account is not proven, and that is answered for. Eve's was, and is not any more."""
    box = replace(SHARED, holders=(*SHARED.holders, holder(EVE)))
    w.mailboxes.known[SALES] = box
    for who, changed_at in ((DAN, NOW.replace(year=2025)), (EVE, NOW)):
        w.directory.people[who.id] = person(id=who.id, name=who.name, addresses=(), password_changed_at=changed_at)
        w.directory.methods_of[who.id] = w.directory.methods_of[ANA]
    await ana_has_sent_for_sales(w)
    if eve_loses_hers:
        w.directory.methods_of[EVE.id] += (replace(PHONE, added_at=w.clock.now()),)
    await w.presses(BO, "approve", 1, None, **WORD)
    assert ((await w.case()).decision is None) is eve_loses_hers


@pytest.mark.parametrize("dan_loses_his", [False, True])
async def test_word_about_a_group_that_nobody_could_read_says_nothing_about_one_who_is_known(
    w: World, dan_loses_his: bool
) -> None:
    """Who else can send is not known, and that is answered for. Dan's account was proven, and is not any more."""
    w.mailboxes.known[SALES] = replace(SHARED, unread=("Sales team",))
    w.directory.people[DAN.id] = person(id=DAN.id, name=DAN.name, addresses=(), password_changed_at=NOW)
    await ana_has_sent_for_sales(w)
    assert ApprovalCondition.OTHERS_NOT_PROVEN in (await w.case()).conditions
    if dan_loses_his:
        w.directory.methods_of[DAN.id] += (replace(PHONE, added_at=w.clock.now()),)
    await w.presses(BO, "approve", 1, None, **WORD)
    assert ((await w.case()).decision is None) is dan_loses_his


@pytest.mark.parametrize("thief_added_one", [False, True])
async def test_an_old_method_does_not_speak_for_one_without_a_date_that_was_there_at_the_first_look(
    w: World, thief_added_one: bool
) -> None:
    """The app may not read the sign-ins here, which would show who else got in."""
    w.traces.report = report(sign_ins=Unknown(reason=UnknownReason.NO_PERMISSION))
    if thief_added_one:
        w.directory.methods_of[ANA] += (PHONE,)
    await w.ana_has_sent(LIMIT_REASON)
    await w.passes(MINUTE)
    await w.presses(BO, "approve")
    case = await w.case()
    assert (ApprovalCondition.MFA_UNDATED in case.conditions, case.decision is None) == (thief_added_one,) * 2
