"""How cases are created, and what the history keeps of each command."""

from dataclasses import replace

from services.domain.case.apply import apply
from services.domain.case.case import UNNUMBERED, Case
from services.domain.case.commands.approver import Denied, EvidenceRequested
from services.domain.case.commands.clock import ListRead, Reminded
from services.domain.case.commands.command import Command
from services.domain.case.commands.person import SaidWorks
from services.domain.case.commands.unblocking import UnblockNotBegun, UnblockRefused, UnblockUnclear
from services.domain.case.connectors import new_connector_case, person_of_connector
from services.domain.case.creation import created_by_monitor, created_by_person
from services.domain.case.episode import after_relapse
from services.domain.case.parts import CaseNumber, Contact, Past, Request, Sender
from services.domain.case.status import Status
from services.domain.case.transition import HistoryEntry, TaskKind
from services.domain.case.workflow import Actor, Verb
from services.domain.containment.commands import ContainmentRequested
from services.domain.containment.containment import ContainmentStep
from services.domain.limits.change import LimitChange, Stage
from services.domain.limits.commands import LimitsRefused, LimitsRequested
from services.domain.limits.policy_plan import Strategy
from services.domain.people import TeamsUser
from services.domain.proofs.securing import Mailing, SentMailing
from services.domain.proofs.shared_mailbox import SharedMailbox
from tests.cases import BO, CASES, HOUR, NOW, SPAM_REASON, TIMING, report, restriction

SECURING, WAITING = CASES[Status.SECURING], CASES[Status.WAITING]
SEEN = {"status": "securing", "cause": "policy_limit", "password": "not_checked", "mfa": "not_checked"}
ANEW = restriction(SPAM_REASON, since=NOW)


def test_a_case_that_its_person_opens() -> None:
    transition = created_by_person(SECURING, NOW)
    assert transition.case == replace(SECURING, number=UNNUMBERED, version=0)
    assert transition.event == HistoryEntry(
        at=NOW, actor=Actor.PERSON, verb=Verb.OPEN, who=SECURING.sender.person, name=SECURING.sender.name, facts=SEEN
    )
    assert transition.effects == {TaskKind.UPDATE_PERSON_CARD}


def test_a_case_that_the_watch_opens() -> None:
    transition = created_by_monitor(SECURING, NOW)
    assert replace(transition.case, facts=()) == replace(
        SECURING,
        number=UNNUMBERED,
        version=0,
        contact=replace(SECURING.contact, contacted_first=True, found_by_monitor_at=NOW),
    )
    assert transition.event == HistoryEntry(at=NOW, actor=Actor.CLOCK, verb=Verb.OPEN, facts=SEEN)
    assert transition.effects == {TaskKind.NOTIFY_PERSON, TaskKind.UPDATE_APPROVERS_CARD}


def test_a_relapse_goes_on_in_a_case_that_knows_the_person_and_the_past_and_nothing_of_the_first_request() -> None:
    sales = SharedMailbox(address="sales@a.example", name="Sales", addresses=("sales@a.example",), holders=())
    asked = replace(
        CASES[Status.WORKS],
        sender=replace(
            CASES[Status.WORKS].sender, mailbox_address=sales.address, mailbox=sales, addresses=sales.addresses
        ),
    )
    was = replace(asked, sender=replace(asked.sender, self_service_reset=True), past=replace(asked.past, times_asked=2))
    transition = apply(was, ListRead(restriction=ANEW, read_at=NOW), NOW, TIMING)
    assert transition.creates is not None
    assert replace(transition.creates.case, facts=()) == Case(
        sender=Sender(
            person=was.sender.person,
            name=was.sender.name,
            upn=was.sender.upn,
            addresses=was.sender.addresses,
            phone=was.sender.phone,
            business_phone=was.sender.business_phone,
            manager=was.sender.manager,
            self_service_reset=True,
            mailbox_address="sales@a.example",
            mailbox=sales,
        ),
        status=Status.SECURING,
        restriction=ANEW,
        episode=after_relapse(was.episode, NOW),
        evidence_wanted_at=NOW,
        past=Past(previous=was.number, unblocks=1, restrictions=1, times_asked=3),
        contact=Contact(contacted_first=True, found_by_monitor_at=NOW, person_spoke_at=NOW),
        opened_at=NOW,
    )
    assert transition.creates.event == HistoryEntry(
        at=NOW, actor=Actor.CLOCK, verb=Verb.OPEN, facts={**SEEN, "cause": "spam"}
    )
    assert transition.creates.effects == {TaskKind.NOTIFY_PERSON, TaskKind.UPDATE_APPROVERS_CARD}


def test_a_connector_that_relapses_waits_for_the_approvers_at_once() -> None:
    first = new_connector_case("Scanner", restriction(), NOW - HOUR)
    sent = replace(
        first,
        number=CaseNumber(4),
        request=replace(first.request, sent_at=NOW - HOUR),
        past=replace(first.past, times_asked=2),
    )
    was = replace(sent, status=Status.OFF_LIST, list_reads=replace(sent.list_reads, off_list_at=NOW - HOUR))
    transition = apply(was, ListRead(restriction=ANEW, read_at=NOW), NOW, TIMING)
    assert transition.creates is not None
    assert replace(transition.creates.case, facts=()) == Case(
        sender=Sender(
            person=person_of_connector("scanner"),
            name="Scanner",
            upn="Scanner",
            addresses=("Scanner",),
            connector_id="Scanner",
        ),
        status=Status.WAITING,
        restriction=ANEW,
        episode=after_relapse(transition.case.episode, NOW),
        past=Past(previous=CaseNumber(4), unblocks=1, restrictions=1, times_asked=3),
        opened_at=NOW,
        contact=Contact(person_spoke_at=NOW),
        request=Request(sent_at=NOW),
    )
    assert transition.creates.event == HistoryEntry(
        at=NOW, actor=Actor.CLOCK, verb=Verb.OPEN, facts={**SEEN, "status": "waiting", "cause": "spam"}
    )
    assert transition.creates.effects == {TaskKind.UPDATE_APPROVERS_CARD}
    assert transition.effects == {TaskKind.NOTIFY_APPROVERS, TaskKind.UPDATE_APPROVERS_CARD}  # no chat


def seen(case: Case, command: Command, *known: str) -> dict[str, str]:
    """The facts of a history entry, without those that every entry has unless they are asked for."""
    kept = apply(case, command, NOW, TIMING).event.facts
    return {key: said for key, said in kept.items() if key not in SEEN or key in known}


def test_the_history_keeps_how_it_stood_afterwards_and_why_something_failed() -> None:
    proven = {"cause": "policy_limit", "password": "changed_since", "mfa": "registered_before"}
    denied = apply(WAITING, Denied(by=BO, reason="come by"), NOW, TIMING).event
    assert denied.facts == {"status": "denied", **proven}
    works = apply(CASES[Status.OFF_LIST], SaidWorks(), NOW, TIMING).event
    assert works.facts == {"status": "works", **proven}
    running = CASES[Status.APPROVED]
    for failure in (UnblockRefused(error="why"), UnblockUnclear(error="why"), UnblockNotBegun(error="why")):
        assert seen(running, failure) == {"error": "why"}
    assert seen(WAITING, ListRead(restriction=restriction(), read_at=NOW)) == {"listed": "yes"}
    assert seen(WAITING, ListRead(restriction=None, read_at=NOW)) == {"listed": "no"}
    assert seen(replace(WAITING, restriction=None), Reminded(), "cause") == {"cause": ""}


def test_the_history_keeps_which_steps_and_limits_were_wanted() -> None:
    steps = frozenset({ContainmentStep.DISABLE, ContainmentStep.REVOKE_SESSIONS})
    assert seen(WAITING, ContainmentRequested(by=BO, steps=steps)) == {"steps": "revoke_sessions, disable_account"}
    said = Mailing(sent=SentMailing.YES, recipients="2,001")
    honest = replace(WAITING, evidence=report(), proofs=replace(WAITING.proofs, mailing=said))
    assert seen(honest, LimitsRequested(by=BO, strategy=Strategy.OWN_LIMITS)) == {"limits": "requested"}
    approved = replace(honest, limit_change=LimitChange(stage=Stage.APPROVED, strategy=Strategy.OWN_LIMITS))
    assert seen(approved, LimitsRefused(error="403")) == {"limits": "refused", "error": "403"}


def test_the_history_keeps_who_did_it() -> None:
    def who(case: Case, command: Command) -> tuple[Actor, str | None, str]:
        event = apply(case, command, NOW, TIMING).event
        return event.actor, event.who, event.name

    named = (BO.id, BO.name)
    assert who(WAITING, Denied(by=BO, reason="come by")) == (Actor.APPROVER, *named)
    assert who(WAITING, EvidenceRequested(by=BO)) == (Actor.APPROVER, *named)
    contain = ContainmentRequested(by=BO, steps=frozenset({ContainmentStep.DISABLE}))
    assert who(WAITING, contain) == (Actor.RESPONDER, *named)
    ana = TeamsUser(id=WAITING.sender.person, name=WAITING.sender.name)
    assert who(CASES[Status.OFF_LIST], SaidWorks()) == (Actor.PERSON, ana.id, ana.name)
    assert who(WAITING, Reminded()) == (Actor.CLOCK, None, "")
