"""A mailbox that two people can send from: shutting an intruder out of one account shuts nobody out of the other."""

import pytest

from services.domain.evidence.report import Report, Risk, RiskLevel
from services.domain.people import PersonId
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from tests.cases import ANA, BO, LIMIT_REASON, MINUTE, report
from tests.dialogs.world import ANAS_ADDRESS, CLEO, World

DAN = Holder(
    person=PersonId("00000000-0000-4000-8000-00000000000d"),
    name="Dan Hale",
    upn="dan@contoso.example",
    right=SendRight.SEND_AS,
)
ANAS = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
WORD = {"by_another_route": "true", "ground": "called her: it was her newsletter"}
OUT = {"sessions": "true", "password": "true"}
RISKY = report(risk=Risk(level=RiskLevel.HIGH))


async def ana_is_contained(w: World, *, hers: Report, dans: Report) -> None:
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS,), holders=(ANAS, DAN)
    )
    w.traces.report, w.traces.reports[DAN.person] = hers, dans
    await w.ana_has_sent(LIMIT_REASON)
    w.traces.report = report()
    await w.presses(CLEO, "contain", 1, None, account=ANA, **OUT)
    await w.presses_shown(CLEO, "contain_confirm")
    items = {f"open:{item.id}": "true" for item in (await w.case()).still_open}
    await w.presses(CLEO, "contain_sign", 1, None, **items, sign_reason="Dan has always been her delegate")
    await w.passes(MINUTE)


@pytest.mark.parametrize("hers", [report(), RISKY], ids=["hers is clean", "hers too"])
async def test_one_approver_does_not_let_go_while_another_account_looks_stolen(w: World, hers: Report) -> None:
    await ana_is_contained(w, hers=hers, dans=RISKY)
    for _ in range(2):
        await w.presses(BO, "approve", 1, None, **WORD)
        await w.passes(MINUTE)
    assert w.mail.removals == []
    await w.presses(CLEO, "approve", 1, None, **WORD)
    await w.passes(MINUTE)
    assert len(w.mail.removals) == 1


async def test_the_card_names_the_other_account_and_does_not_say_contained(w: World) -> None:
    await ana_is_contained(w, hers=RISKY, dans=RISKY)
    assert not (await w.case()).is_contained
    assert "The account of dan@contoso.example looks stolen as well" in w.approvers_see()


async def test_with_the_other_account_clean_containing_the_one_is_enough(w: World) -> None:
    await ana_is_contained(w, hers=RISKY, dans=report())
    assert (await w.case()).still_open == ()
    await w.presses(BO, "approve", 1, None, **WORD)
    await w.passes(MINUTE)
    assert len(w.mail.removals) == 1
