"""Dan, who may send from Ana's mailbox, asks for it: a proof is about the account that it is taken for."""

from dataclasses import replace

import pytest

from services.domain.evidence.report import AccountChange, Change, Forwarding
from services.domain.people import AuthenticationMethod, MethodKind
from services.domain.proofs.securing import ApprovalCondition
from tests.cases import ANA, BO, HOUR, LIMIT_REASON, MINUTE, NOW, SINCE, person, report
from tests.dialogs.test_mailbox_identity import ALIAS, ANAS
from tests.dialogs.world import ANAS_ADDRESS, CLEO, DAN, World

WORD = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
OUTSIDE = Forwarding(to="collector@mail.example", keeps_copy=True, external=True)
APP = AuthenticationMethod(id="m1", kind=MethodKind.AUTHENTICATOR)
PHONE = AuthenticationMethod(id="p1", kind=MethodKind.PHONE)


@pytest.fixture
def w(w: World) -> World:
    """Ana's account is proven, and so is Dan's: his sign-in method carries no date."""
    w.mailboxes.known = {ANAS_ADDRESS: ANAS, ALIAS: ANAS}
    w.directory.people[ANA] = person(password_changed_at=NOW)
    w.directory.methods_of[ANA] = (replace(APP, added_at=NOW.replace(year=2025)),)
    w.directory.people[DAN.id] = person(
        id=DAN.id, name="Dan Reyes", upn="dan@contoso.example", addresses=("dan@contoso.example",)
    )
    return w


async def dan_has_sent(w: World) -> None:
    w.mail.restrict(ANAS_ADDRESS, LIMIT_REASON, since=SINCE)
    await w.says(DAN, f"mailbox {ANAS_ADDRESS}")
    for verb in ("password_done", "mfa_done", "mailing_unsure", "send"):
        await w.presses_in_chat(DAN, verb, 1)


@pytest.mark.parametrize(("added", "is_new"), [((), False), ((SINCE + HOUR,), True)])
async def test_a_method_of_whoever_asks_is_dated_by_the_log_of_their_own_account(
    w: World, added: tuple[object, ...], is_new: bool
) -> None:
    changes = tuple(AccountChange(at=SINCE + HOUR, what=Change.METHOD_ADDED, by="dan@contoso.example") for _ in added)
    w.traces.reports = {ANA: report(), DAN.id: report(changes=changes)}
    await dan_has_sent(w)
    await w.passes(MINUTE)
    assert (ApprovalCondition.MFA_NEW in (await w.case()).conditions) is is_new
    await w.presses(BO, "approve")
    assert ((await w.case()).decision is None) is is_new


@pytest.mark.parametrize("comes_back_by", ["password", "method", "nothing"])
async def test_what_is_newer_than_the_last_read_of_a_contained_account_is_asked_of_its_owner(
    w: World, comes_back_by: str
) -> None:
    w.traces.report = report(forwarding=OUTSIDE)
    w.directory.methods_of[ANA] = (APP,)
    await dan_has_sent(w)
    w.traces.report = report()
    await w.presses(CLEO, "contain", 1, None, account=ANA, sessions="true", password="true", forwarding="true")
    await w.presses_shown(CLEO, "contain_confirm")
    await w.passes(MINUTE)
    items = {f"open:{item.id}": "true" for item in (await w.case()).still_open}
    if items:
        await w.presses(CLEO, "contain_sign", 1, None, **items, sign_reason="hers for years")
    assert (await w.case()).is_contained
    w.traces.report = report(gathered_at=w.clock.now() + MINUTE, begun_at=w.clock.now() + MINUTE)
    await w.passes(2 * MINUTE)
    await w.presses(CLEO, "gather")
    await w.passes(MINUTE)
    if comes_back_by == "password":
        w.directory.people[ANA] = person(password_changed_at=w.clock.now())
    if comes_back_by == "method":
        w.directory.methods_of[ANA] = (APP, PHONE)
    await w.presses(BO, "approve", 1, None, **WORD)
    assert ((await w.case()).decision is None) is (comes_back_by != "nothing")
