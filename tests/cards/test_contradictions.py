"""No card says two things of which only one can be so: every state of a case, with what may have been found, done and
wanted beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from cards.approver.approver_card import approver_card
from cards.person.person_card import person_card
from sandbox import texts
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import TROUBLES, Status
from tests.cards.contained_pictures import contained_cases
from tests.cards.decisions import decisions
from tests.cards.sample_cases import HONEST
from tests.cards.sample_evidence import UNREAD
from tests.cards.sample_view import VIEW
from tests.cases import CASES, HOUR, NOW, report, restriction

CONTRADICT: tuple[tuple[str, ...], ...] = (
    ("🛑 contained; confirmed by", "not contained. this stands", "is being contained", "is being checked again"),
    ("🛑 contained; confirmed by", "no answer came", "wants to contain this account"),
    ("contained, confirmed by a check", "do not unblock yet", "not contained. this stands"),
    ("stays restricted until an admin", "off the list", "can send again", "accepted the unblock", "not restricted"),
    ("ends by itself at", "off the list since", "can send again", "accepted the unblock"),
    ("restricted since", "off the list since", "can send again", "not restricted any more"),
    ("is still restricted", "was restricted from", "can send again", "accepted the unblock"),
    ("can't send", "can send again", "is unblocked:", "is off the list"),
    ("not enough evidence", "off the list since", "can send again", "is unblocked:", "looks like a legitimate"),
    ("looks like a stolen", "looks like a legitimate", "evidence clean"),
    ("wait for the evidence", "can send again", "denied by", "evidence clean"),
    ("waiting for a decision since", "approved by", "denied by", "withdrew the request", "no one decided by"),
    ("two approvers", "one of two approvals", "denied by", "can send again"),
    ("| ana soto is not restricted, but mail still bounces", "| solved", "done: waiting for confirmation"),
    ("no one has taken it yet", "did this (", "support ticket with microsoft:"),
    ("your address is not restricted", "sending is restricted", "reached your organisation's limit"),
    ("paste the bounce", "who can fix it", "the bounce has another cause"),
    ("to check that this message is real", "step 1 of 3", "request has been with the admins"),
)
"""Sentences that cannot stand on one card: none of a row beside its first. Written as a card shows them."""


_CONTAINED = contained_cases()
_WAITING = CASES[Status.WAITING]
BESIDE: Mapping[str, Case] = {
    "not enough evidence": replace(_WAITING, evidence=report(sent=UNREAD)),
    "steps that failed": _CONTAINED["contain-unclear"],
    "contained": _CONTAINED["contained-read"],
    "contained no more": _CONTAINED["contained-no-more"],
}
"""What may be known beside each state of a case."""
DECIDED_ON: Mapping[str, Case] = {
    "clean": HONEST,
    "on its way": replace(_WAITING, evidence_wanted_at=NOW),
    **_CONTAINED,
}
"""And beside a request that waits."""


def cases() -> Iterator[tuple[str, Case]]:
    """By a name to find them by."""
    for status, case in CASES.items():
        yield status, case
        if status not in TROUBLES and case.restriction:
            yield from ((f"{status}, {name}", _with(case, beside)) for name, beside in BESIDE.items())
        if status.is_ended and case.restriction:
            yield f"{status}, gone", replace(case, episode=replace(case.episode, ended_at=NOW))
    yield from ((name, _with(_WAITING, beside)) for name, beside in DECIDED_ON.items())
    yield from decisions().items()
    one = replace(_with(_WAITING, BESIDE["steps that failed"]), first_approval=CASES[Status.CLOSED].closed)
    yield "one of two", one
    yield "temporary", replace(_WAITING, restriction=restriction(temporary=True, since=NOW - HOUR))
    left = replace(CASES[Status.NEEDS_TICKET].list_reads, off_list_at=NOW - HOUR)
    yield "bounces off the list", replace(CASES[Status.NEEDS_TICKET], list_reads=left, bouncing_at=NOW)


def told() -> Iterator[tuple[str, Case]]:
    """Those that only the sender's own card tells apart."""
    for status, case in CASES.items():
        yield f"{status}, bounced", replace(case, bounce_code="5.7.705", bounce_cause="tenant_blocked")
        contact = replace(case.contact, found_by_monitor_at=NOW - HOUR, contacted_first=True)
        yield f"{status}, contacted", replace(case, contact=contact)


def _with(case: Case, beside: Case) -> Case:
    return replace(
        case,
        evidence=beside.evidence,
        evidence_wanted_at=beside.evidence_wanted_at,
        containment=beside.containment,
    )


def said_on(card: Card) -> str:
    """What the card says, with what "More" shows and without its forms: these say what a button would do."""
    return texts(_without_forms(card)).replace("\N{NO-BREAK SPACE}", " ").casefold()


def _without_forms(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: _without_forms(value) for key, value in part.items() if key != "card"}
    return [_without_forms(one) for one in part] if isinstance(part, list) else part


def contradictions(said: str) -> list[tuple[str, str]]:
    return [(row[0], other) for row in CONTRADICT if row[0] in said for other in row[1:] if other in said]


@pytest.fixture(scope="module")
def shown() -> Mapping[str, str]:
    """What each card says, by whose it is and of which case."""
    approvers = {f"approvers: {name}": said_on(approver_card(case, VIEW)) for name, case in cases()}
    mine = {f"person: {name}": said_on(person_card(case, VIEW)) for name, case in (*cases(), *told())}
    return approvers | mine


def test_no_card_contradicts_itself(shown: Mapping[str, str]) -> None:
    assert {name: clash for name, said in shown.items() if (clash := contradictions(said))} == {}


def test_each_of_these_sentences_is_said_by_a_card(shown: Mapping[str, str]) -> None:
    """One that was reworded would find nothing any more."""
    said = "".join(shown.values())
    assert [part for row in CONTRADICT for part in row if part not in said] == []
