"""When the bounce came stands beside its code and meaning, in the time of whoever reads the approvers' card."""

import json
from dataclasses import replace
from datetime import datetime

import pytest

from cards.approver.approver_card import approver_card
from services.domain.bounce.bounce import read_bounce
from services.domain.case.case import Case
from services.domain.case.creation import first_case
from services.domain.case.history import SenderHistory
from services.domain.case.status import Status
from tests.cards.sample_view import VIEW
from tests.cases import ADDRESSES, ANA_HERSELF, CASES, NOW

PASTED = f"550 5.1.8 Access denied, bad outbound sender\n\nFrom: {ADDRESSES[0]}\nTo: ida@fabrikam.example\nDate: "


def _asked(date: str) -> Case:
    """The case of somebody who pasted a bounce with that date in its headers."""
    return first_case(
        ANA_HERSELF, SenderHistory(seen=(), unblocks=0, requests=0), NOW, bounce=read_bounce(PASTED + date)
    )


def _shown(case: Case) -> str:
    waiting = CASES[Status.WAITING]
    told = replace(
        waiting, bounce_code=case.bounce_code, bounce_cause=case.bounce_cause, bounce_sent_at=case.bounce_sent_at
    )
    return json.dumps(approver_card(told, VIEW))


@pytest.mark.parametrize("zone", ["+0100", "-0000", "GMT"])
def test_the_time_of_the_message_that_came_back(zone: str) -> None:
    hour = 14 if zone == "+0100" else 13
    case = _asked(f"Tue, 24 Nov 2026 {hour}:40:00 {zone}")
    assert case.bounce_sent_at == datetime.fromisoformat("2026-11-24T13:40:00Z")
    assert "came back was sent 24 Nov 2026, 13:40 UTC" in _shown(case)


@pytest.mark.parametrize("date", ["Tue, 24 Nov 2026 23:40:00 +0000", "Tue, 24 Nov 2009 13:40:00 +0000", "soon", ""])
def test_a_time_that_cannot_be_is_not_shown_but_when_it_was_told(date: str) -> None:
    shown = _shown(_asked(date))
    assert "came back was sent" not in shown
    assert "Reported to me 24 Nov 2026, " in shown


def test_the_card_of_a_trouble_says_when_it_was_told() -> None:
    assert "Reported 24 Nov 2026, 12:00 UTC" in json.dumps(approver_card(CASES[Status.REPORTED], VIEW))
