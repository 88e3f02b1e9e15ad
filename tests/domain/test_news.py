"""Which changes of a case are news to somebody outside, and what they are called."""

from dataclasses import replace
from pathlib import Path

import pytest

from services.domain.announcing.announcement import announcement_of
from services.domain.announcing.news import REACHED, News, announced, news_in
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.transition import HistoryEntry, TaskKind, Transition
from services.domain.case.workflow import Actor, Verb
from tests.cases import BO, CASES, NOW

CLOCK, PERSON, APPROVER, RESPONDER = Actor.CLOCK, Actor.PERSON, Actor.APPROVER, Actor.RESPONDER
DOCUMENT = Path(__file__).parents[2] / "docs" / "webhooks.md"
TELLS = frozenset({TaskKind.WEBHOOK})


def entry(verb: Verb, status: Status, actor: Actor = CLOCK, **facts: str) -> HistoryEntry:
    who = BO.id if actor in (APPROVER, RESPONDER) else None
    return HistoryEntry(at=NOW, actor=actor, verb=verb, who=who, name="", facts={"status": status.value, **facts})


_OF_A_NEWER_PROGRAM = replace(entry(Verb.READ, Status.WAITING), facts={"status": "mulled_over"})


def test_every_status_has_its_word() -> None:
    assert set(REACHED) == set(Status)
    told = {*REACHED.values(), News.FIRST_APPROVAL, News.ANSWERED, News.LAPSED, News.REOPENED, News.PROVEN}
    assert told | {News.STOPPED, News.CONTAINING, News.CONTAINED} == set(News)


@pytest.mark.parametrize(
    ("before", "event", "news"),
    [
        (None, entry(Verb.OPEN, Status.SECURING), News.NOTICED),
        (None, entry(Verb.OPEN, Status.SECURING, PERSON), None),
        (Status.LOOKING, entry(Verb.LOOK, Status.SECURING), None),
        (Status.LOOKING, entry(Verb.SEND, Status.LOOKING, PERSON), News.ASKED),
        (Status.SECURING, entry(Verb.SEND, Status.WAITING, PERSON), News.ASKED),
        (None, entry(Verb.ASK_FOR, Status.WAITING, APPROVER), News.ASKED),
        (Status.WAITING, entry(Verb.SECURE, Status.WAITING, PERSON), None),
        (Status.WAITING, entry(Verb.ASK, Status.NEEDS_INFO, APPROVER), News.ASKED_BACK),
        (Status.NEEDS_INFO, entry(Verb.REPLY, Status.WAITING, PERSON), News.ANSWERED),
        (Status.WAITING, entry(Verb.APPROVE, Status.WAITING, APPROVER), News.FIRST_APPROVAL),
        (Status.WAITING, entry(Verb.APPROVE, Status.APPROVED, APPROVER), News.APPROVED),
        (Status.WAITING, replace(entry(Verb.DECIDE, Status.APPROVED), who=BO.id), News.APPROVED),
        (Status.WAITING, replace(entry(Verb.DECIDE, Status.WAITING), who=BO.id), News.FIRST_APPROVAL),
        (Status.WAITING, entry(Verb.DECIDE, Status.WAITING, dropped="facts_worse"), None),
        (Status.APPROVED, entry(Verb.UNBLOCK, Status.APPROVED), None),
        (Status.APPROVED, entry(Verb.UNBLOCK, Status.WAITING), News.LAPSED),
        (Status.APPROVED, entry(Verb.UNBLOCK, Status.UNBLOCKED), News.UNBLOCKED),
        (Status.UNBLOCKED, entry(Verb.READ, Status.UNBLOCKED, listed="no"), None),
        (Status.UNBLOCKED, entry(Verb.READ, Status.OFF_LIST), News.OFF_LIST),
        (Status.OFF_LIST, entry(Verb.PROVE, Status.WORKS), News.PROVEN),
        (Status.OFF_LIST, entry(Verb.WORKS, Status.WORKS, PERSON), News.WORKS),
        (Status.WORKS, entry(Verb.PROVE, Status.WORKS), News.PROVEN),
        (Status.WORKS, entry(Verb.READ, Status.RELAPSED), News.RELAPSED),
        (Status.APPROVED, entry(Verb.STOP, Status.DENIED, APPROVER), News.STOPPED),
        (Status.UNBLOCKED, entry(Verb.STOP, Status.UNBLOCKED, APPROVER), News.STOPPED),
        (Status.WAITING, entry(Verb.CONTAIN, Status.WAITING, RESPONDER, steps="sessions"), None),
        (Status.WAITING, entry(Verb.CONTAIN, Status.WAITING, RESPONDER, steps="confirmed"), News.CONTAINING),
        (Status.WAITING, entry(Verb.CONTAIN, Status.WAITING, outcome="done"), None),
        (Status.WAITING, entry(Verb.CONTAIN, Status.WAITING, outcome="checked", contained="yes"), News.CONTAINED),
        (Status.MENDED, entry(Verb.BOUNCING, Status.REPORTED, PERSON), News.REOPENED),
        (Status.WAITING, _OF_A_NEWER_PROGRAM, None),
    ],
)
def test_what_a_change_is_to_others(before: Status | None, event: HistoryEntry, news: News | None) -> None:
    history = [] if before is None else [entry(Verb.OPEN, before)]
    assert news_in([*history, event]) == news


def test_an_account_is_contained_when_it_first_reads_so_whatever_read_it() -> None:
    sent, looked = entry(Verb.SEND, Status.WAITING), entry(Verb.GATHER, Status.WAITING, contained="yes")
    assert news_in([sent, looked]) is News.CONTAINED
    assert news_in([sent, looked, looked]) is None
    assert news_in([sent, looked, sent, looked]) is News.CONTAINED, "somebody was at the account again in between"


def changed(case: Case, verb: Verb) -> Transition:
    return Transition(case=case, event=entry(verb, case.status))


def test_nothing_is_told_of_a_case_that_no_approver_knows() -> None:
    case = CASES[Status.SECURING]
    assert announced(changed(case, Verb.SECURE)).effects == frozenset()
    found = replace(case, contact=replace(case.contact, found_by_monitor_at=NOW))
    assert announced(changed(found, Verb.SECURE)).effects == TELLS
    assert announced(changed(CASES[Status.WAITING], Verb.SEND)).effects == TELLS


@pytest.mark.parametrize("verb", [Verb.FORGET, Verb.REMIND, Verb.LIMITS, Verb.REACH])
def test_what_is_never_news_makes_no_task(verb: Verb) -> None:
    assert announced(changed(CASES[Status.WAITING], verb)).effects == frozenset()


def test_a_case_that_another_opens_is_told_of_too() -> None:
    made = replace(changed(CASES[Status.RELAPSED], Verb.READ), creates=changed(CASES[Status.WAITING], Verb.OPEN))
    told = announced(made)
    assert told.effects == TELLS
    assert told.creates is not None
    assert told.creates.effects == TELLS


def test_names_are_told_of_those_alone_who_decide() -> None:
    sent = replace(entry(Verb.SEND, Status.WAITING, PERSON), who=CASES[Status.WAITING].sender.person, name="Ana Soto")
    approved = replace(entry(Verb.APPROVE, Status.APPROVED, APPROVER), name=BO.name)
    asked = announcement_of(CASES[Status.WAITING], [sent])
    decided = announcement_of(CASES[Status.APPROVED], [sent, approved])
    assert asked is not None
    assert decided is not None
    assert (asked.by, asked.by_name, asked.mailbox) == (None, "", "ana@contoso.example")
    assert (decided.by, decided.by_name, decided.event) == (BO.id, BO.name, 2)
    later = announcement_of(CASES[Status.APPROVED], [sent, replace(approved, actor=CLOCK, verb=Verb.DECIDE)])
    assert later is not None
    assert (later.actor, later.by_name) == (APPROVER, BO.name), "checked after the click, and theirs all the same"


@pytest.mark.parametrize("status", Status)
def test_a_ticket_ends_with_its_case(status: Status) -> None:
    told = announcement_of(CASES[Status.WAITING], [entry(Verb.SEND, Status.LOOKING), entry(Verb.WORKS, status)])
    if told is not None:
        assert told.ended is status.is_ended


def test_every_word_is_documented() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [news for news in News if f"`case.{news.value}`" not in text] == []
