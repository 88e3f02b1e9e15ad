"""What a search of the audit log does to a case, and when its next step is due."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.clock import Gathered
from services.domain.case.commands.command import Command
from services.domain.case.noted_facts import noted
from services.domain.case.status import TROUBLES, Status
from services.domain.case.timers import timers
from services.domain.case.transition import NO_MESSAGE, Refused, TaskKind
from services.domain.evidence.audit import AuditBegun, AuditEnded, AuditRead
from services.domain.evidence.audit_search import AuditSearch
from services.domain.evidence.report import Listing
from services.domain.limits.change import Stage
from services.domain.proofs.securing import Mailing, SentMailing
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import CASES, HOUR, MINUTE, NOW, SINCE, TIMING, report

WAITING = CASES[Status.WAITING]
NOT_YET = Unknown(reason=UnknownReason.NOT_YET)
LATE = Unknown(reason=UnknownReason.TIMED_OUT)
LISTED = (Listing(at=SINCE, listed=True),)
WANTED = AuditSearch(wanted_at=NOW)
RUNNING = replace(WANTED, id="s", begun_at=NOW)
READ = replace(RUNNING, is_read=True)


def with_search(search: AuditSearch | None, **evidence: object) -> Case:
    searched = replace(WAITING, evidence=report(**{"listings": NOT_YET, **evidence}), audit_search=search)
    return noted(searched, NOW)


def after(case: Case, *commands: Command) -> Case:
    for command in commands:
        case = apply(case, command, NOW, TIMING).case
    return case


def test_evidence_is_there_before_its_search_has_begun() -> None:
    case = after(WAITING, Gathered(report=report(listings=NOT_YET)))
    assert case == with_search(WANTED)
    case = after(case, AuditBegun(search="s"))
    assert case == with_search(RUNNING)
    case = after(case, AuditRead(listings=LISTED))
    assert case == with_search(READ, listings=LISTED)
    assert after(case, AuditEnded()) == with_search(None, listings=LISTED)


def test_a_search_that_never_began_leaves_nothing_to_delete() -> None:
    assert after(with_search(WANTED), AuditRead(listings=LATE)) == with_search(None, listings=LATE)


@pytest.mark.parametrize("search", [WANTED, RUNNING, READ])
def test_what_is_on_its_way_is_not_begun_again(search: AuditSearch) -> None:
    case = with_search(search, listings=LISTED)
    assert after(case, Gathered(report=report(listings=NOT_YET))) == case


def test_a_search_that_failed_takes_nothing_away() -> None:
    """And while one is on its way, what an earlier one found stays; what it could not find is looked for anew."""
    found = with_search(None, listings=LISTED)
    again = after(found, Gathered(report=report(listings=NOT_YET)))
    assert again == with_search(WANTED, listings=LISTED)
    assert after(again, AuditRead(listings=LATE)) == found
    failed = with_search(None, listings=LATE)
    assert after(failed, Gathered(report=report(listings=NOT_YET))) == with_search(WANTED)


def test_without_a_search_none_of_its_steps_is_taken() -> None:
    for command in (AuditBegun(search="s"), AuditRead(listings=()), AuditEnded()):
        with pytest.raises(Refused):
            apply(WAITING, command, NOW, TIMING)


def test_only_what_was_found_is_worth_a_card() -> None:
    for case, command in ((with_search(WANTED), AuditBegun(search="s")), (with_search(READ), AuditEnded())):
        assert apply(case, command, NOW, TIMING).effects == NO_MESSAGE
    found = apply(with_search(RUNNING), AuditRead(listings=LISTED), NOW, TIMING)
    assert found.effects == {TaskKind.UPDATE_APPROVERS_CARD}


@pytest.mark.parametrize("status", [status for status in Status if status not in TROUBLES], ids=str)
def test_a_search_is_finished_whatever_became_of_the_case(status: Status) -> None:
    case = replace(CASES[status], evidence=report(listings=NOT_YET), audit_search=RUNNING)
    case = after(case, AuditRead(listings=LISTED))
    assert timers(case, NOW, TIMING)[TaskKind.AUDIT] == NOW
    ended = after(case, AuditEnded())
    assert (ended.status, ended.audit_search) == (status, None)
    assert TaskKind.AUDIT not in timers(ended, NOW, TIMING)


def test_restrictions_found_in_the_log_may_propose_other_limits_while_the_case_goes_on() -> None:
    mailing = Mailing(sent=SentMailing.YES, recipients="2000")
    said = replace(WAITING, proofs=replace(WAITING.proofs, mailing=mailing))
    honest = noted(replace(said, evidence=report(listings=NOT_YET), audit_search=RUNNING), NOW)
    often = AuditRead(listings=tuple(Listing(at=NOW - n * timedelta(days=9), listed=True) for n in range(3)))
    proposed = after(honest, often).limit_change
    assert proposed is not None
    assert proposed.stage is Stage.REQUESTED
    assert after(honest, AuditRead(listings=LISTED)).limit_change is None
    assert after(replace(honest, status=Status.WITHDRAWN, ended_at=NOW), often).limit_change is None


@pytest.mark.parametrize(
    ("search", "minutes", "due"),
    [(WANTED, 60, 60), (READ, 60, 60), (RUNNING, 0, 1), (RUNNING, 1, 3), (RUNNING, 17, 18), (RUNNING, 38, 38)],
)
def test_a_search_is_looked_at_again_and_again(search: AuditSearch, minutes: int, due: int) -> None:
    now = NOW + minutes * MINUTE
    assert timers(with_search(search), now, TIMING)[TaskKind.AUDIT] == NOW + due * MINUTE
    assert RUNNING.next_look(NOW + HOUR, TIMING.audit_after) is None


def test_a_search_is_named_after_its_case_and_moment() -> None:
    names = {search.name(number) for search in (WANTED, replace(WANTED, wanted_at=SINCE)) for number in (1, 2)}
    assert len(names) == 4
    assert WANTED.name(1) == RUNNING.name(1)
