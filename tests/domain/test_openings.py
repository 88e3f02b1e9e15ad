"""How cases begin, and what the history keeps of what happens to them."""

from dataclasses import replace

from services.domain.case.apply import moved, noticed, opened
from services.domain.case.case import UNNUMBERED, Case, CaseNumber, Status
from services.domain.case.commands import (
    Act,
    Denied,
    EvidenceWanted,
    ListRead,
    ReleaseNotBegun,
    ReleaseRefused,
    ReleaseUnclear,
    Reminded,
    SaidWorks,
)
from services.domain.case.connectors import connector_case, whose
from services.domain.case.transition import Duty, Event
from services.domain.case.workflow import Actor, Verb
from services.domain.containment.commands import ContainmentWanted
from services.domain.containment.containment import ContainStep
from services.domain.limits.change import LimitsWork, Stage
from services.domain.limits.commands import LimitsRefused, LimitsWanted
from services.domain.limits.policy_plan import Way
from services.domain.people import Clicker
from services.domain.proofs.securing import Mailing, SentMailing
from services.domain.proofs.shared_mailbox import SharedMailbox
from tests.cases import BO, CASES, HOUR, LIMITS, NOW, SPAM_REASON, report, restriction

SECURING, WAITING = CASES[Status.SECURING], CASES[Status.WAITING]
SEEN = {"status": "securing", "cause": "policy limit", "password": "not checked", "mfa": "not checked"}
ANEW = restriction(SPAM_REASON, since=NOW)


def test_a_case_that_its_person_opens() -> None:
    move = opened(SECURING, NOW)
    assert move.case == replace(SECURING, number=UNNUMBERED, version=0)
    assert move.event == Event(
        at=NOW, actor=Actor.PERSON, verb=Verb.OPEN, who=SECURING.person, name=SECURING.name, seen=SEEN
    )
    assert move.owes == {Duty.SHOW_PERSON}


def test_a_case_that_the_watch_opens() -> None:
    move = noticed(SECURING, NOW)
    assert move.case == replace(SECURING, number=UNNUMBERED, version=0, unsolicited=True, noticed_at=NOW)
    assert move.event == Event(at=NOW, actor=Actor.CLOCK, verb=Verb.OPEN, seen=SEEN)
    assert move.owes == {Duty.TELL_PERSON, Duty.SHOW_APPROVERS}


def test_a_relapse_goes_on_in_a_case_that_knows_the_person_and_the_past_and_nothing_of_the_first_request() -> None:
    sales = SharedMailbox(address="sales@a.example", name="Sales", addresses=("sales@a.example",), holders=())
    asked = replace(CASES[Status.WORKS], mailbox_address=sales.address, mailbox=sales, addresses=sales.addresses)
    was = replace(asked, self_service_reset=True, times_asked=2)
    move = moved(was, ListRead(restriction=ANEW, read_at=NOW), NOW, LIMITS)
    assert move.opens is not None
    assert move.opens.case == Case(
        person=was.person,
        name=was.name,
        upn=was.upn,
        addresses=was.addresses,
        phone=was.phone,
        manager=was.manager,
        self_service_reset=True,
        status=Status.SECURING,
        restriction=ANEW,
        snapshot=was.snapshot,
        previous=was.number,
        unsolicited=True,
        mailbox_address="sales@a.example",
        mailbox=sales,
        earlier_releases=1,
        earlier_restrictions=1,
        times_asked=3,
        opened_at=NOW,
        heard_at=NOW,
    )
    assert move.opens.event == Event(at=NOW, actor=Actor.CLOCK, verb=Verb.OPEN, seen={**SEEN, "cause": "spam verdict"})
    assert move.opens.owes == {Duty.TELL_PERSON}


def test_a_connector_that_relapses_waits_for_the_approvers_at_once() -> None:
    first = connector_case("Scanner", restriction(), NOW - HOUR)
    sent = replace(first, number=CaseNumber(4), sent_at=NOW - HOUR, times_asked=2)
    was = replace(sent, status=Status.OFF_LIST, off_list_at=NOW - HOUR)
    move = moved(was, ListRead(restriction=ANEW, read_at=NOW), NOW, LIMITS)
    assert move.opens is not None
    assert move.opens.case == Case(
        person=whose("scanner"),
        name="Scanner",
        upn="Scanner",
        addresses=("Scanner",),
        connector="Scanner",
        status=Status.WAITING,
        restriction=ANEW,
        previous=CaseNumber(4),
        earlier_releases=1,
        earlier_restrictions=1,
        times_asked=3,
        opened_at=NOW,
        heard_at=NOW,
        sent_at=NOW,
    )
    assert move.opens.event == Event(
        at=NOW, actor=Actor.CLOCK, verb=Verb.OPEN, seen={**SEEN, "status": "waiting", "cause": "spam verdict"}
    )
    assert move.opens.owes == {Duty.SHOW_APPROVERS}
    assert move.owes == {Duty.TELL_APPROVERS, Duty.SHOW_APPROVERS}  # nobody is told in a chat


def seen(case: Case, command: Act, *known: str) -> dict[str, str]:
    """What the history keeps, without what it keeps of every change unless it is named."""
    kept = moved(case, command, NOW, LIMITS).event.seen
    return {key: said for key, said in kept.items() if key not in SEEN or key in known}


def test_the_history_keeps_how_it_stood_afterwards_and_why_something_failed() -> None:
    proven = {"cause": "policy limit", "password": "changed since", "mfa": "registered before"}
    denied = moved(WAITING, Denied(by=BO, reason="come by"), NOW, LIMITS).event
    assert denied.seen == {"status": "denied", **proven}
    works = moved(CASES[Status.OFF_LIST], SaidWorks(), NOW, LIMITS).event
    assert works.seen == {"status": "works", **proven}
    running = CASES[Status.APPROVED]
    for failure in (ReleaseRefused(error="why"), ReleaseUnclear(error="why"), ReleaseNotBegun(error="why")):
        assert seen(running, failure) == {"error": "why"}
    assert seen(WAITING, ListRead(restriction=restriction(), read_at=NOW)) == {"listed": "yes"}
    assert seen(WAITING, ListRead(restriction=None, read_at=NOW)) == {"listed": "no"}
    assert seen(replace(WAITING, restriction=None), Reminded(), "cause") == {"cause": ""}


def test_the_history_keeps_which_steps_and_limits_were_wanted() -> None:
    steps = frozenset({ContainStep.DISABLE, ContainStep.REVOKE_SESSIONS})
    assert seen(WAITING, ContainmentWanted(by=BO, steps=steps)) == {"steps": "revoke sessions, disable account"}
    said = Mailing(sent=SentMailing.YES, recipients="2,001")
    honest = replace(WAITING, evidence=report(), mailing=said)
    assert seen(honest, LimitsWanted(by=BO, way=Way.OWN_LIMITS)) == {"limits": "wanted"}
    approved = replace(honest, limits_work=LimitsWork(stage=Stage.APPROVED, way=Way.OWN_LIMITS))
    assert seen(approved, LimitsRefused(error="403")) == {"limits": "refused", "error": "403"}


def test_the_history_keeps_who_did_it() -> None:
    def who(case: Case, command: Act) -> tuple[Actor, str | None, str]:
        event = moved(case, command, NOW, LIMITS).event
        return event.actor, event.who, event.name

    named = (BO.id, BO.name)
    assert who(WAITING, Denied(by=BO, reason="come by")) == (Actor.APPROVER, *named)
    assert who(WAITING, EvidenceWanted(by=BO)) == (Actor.APPROVER, *named)
    contain = ContainmentWanted(by=BO, steps=frozenset({ContainStep.DISABLE}))
    assert who(WAITING, contain) == (Actor.RESPONDER, *named)
    ana = Clicker(id=WAITING.person, name=WAITING.name)
    assert who(CASES[Status.OFF_LIST], SaidWorks()) == (Actor.PERSON, ana.id, ana.name)
    assert who(WAITING, Reminded()) == (Actor.CLOCK, None, "")
