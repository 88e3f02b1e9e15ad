"""Which clock duties each status has, and when."""

from dataclasses import replace

import pytest

from services.domain.case.case import Question, Status
from services.domain.case.forgetting import forgotten
from services.domain.case.timers import calls_are_spent, lag_until, timers
from services.domain.case.transition import Duty
from services.domain.containment.containment import Containment, ContainStep, Outcome, StepResult
from services.domain.limits.change import LimitsWork, Stage
from services.domain.limits.policy_plan import Way
from services.domain.people import Mark, PersonId
from tests.cases import BO, CASES, HOUR, LIMITS, MINUTE, NOW, report

S = Status
DUTIES: dict[Status, set[Duty]] = {
    S.LOOKING: {Duty.LOOK},
    S.SECURING: {Duty.CHECK, Duty.EXPIRE},
    S.WAITING: {Duty.CHECK, Duty.REMIND, Duty.EXPIRE},
    S.NEEDS_INFO: {Duty.CHECK, Duty.REMIND, Duty.EXPIRE},
    S.APPROVED: {Duty.RELEASE},
    S.FAILED: {Duty.CHECK},
    S.RELEASED: {Duty.CHECK},
    S.OFF_LIST: {Duty.CHECK, Duty.WATCH_END},
    S.NEEDS_TICKET: {Duty.CHECK},
    S.WITH_MICROSOFT: {Duty.CHECK},
    S.WORKS: {Duty.CHECK, Duty.FORGET},
    **{status: {Duty.FORGET} for status in S if status.is_ended and status is not S.WORKS},
}


@pytest.mark.parametrize("status", list(Status), ids=str)
def test_each_status_has_its_duties_and_no_other(status: Status) -> None:
    assert set(timers(CASES[status], NOW, LIMITS)) == DUTIES[status]


def test_evidence_is_owed_from_when_it_is_wanted_until_it_is_there() -> None:
    wanted = replace(CASES[S.WAITING], evidence_wanted_at=NOW)
    assert timers(wanted, NOW, LIMITS)[Duty.GATHER] == NOW
    assert Duty.GATHER in timers(replace(wanted, evidence=report(gathered_at=NOW - MINUTE)), NOW, LIMITS)
    assert Duty.GATHER not in timers(replace(wanted, evidence=report()), NOW, LIMITS)
    assert Duty.GATHER not in timers(replace(CASES[S.DENIED], evidence_wanted_at=NOW), NOW, LIMITS)


def test_a_containment_is_owed_while_a_step_of_it_is() -> None:
    mark = Mark(by=BO.id, name=BO.name, at=NOW)
    planned = Containment(wanted=mark, steps=(ContainStep.DISABLE,))
    confirmed = replace(planned, confirmed=mark)
    done = replace(confirmed, results=(StepResult(step=ContainStep.DISABLE, outcome=Outcome.DONE),))
    put_back = replace(done, putting_back=(ContainStep.DISABLE,))
    owed = [
        timers(replace(CASES[S.WAITING], containment=one), NOW, LIMITS).get(Duty.CONTAIN)
        for one in (planned, confirmed, done, put_back)
    ]
    assert owed == [None, NOW, None, NOW]


def test_limits_are_owed_while_they_are_under_way_and_when_they_end() -> None:
    applied = LimitsWork(stage=Stage.APPLIED, way=Way.OWN_LIMITS, ends_at=NOW + HOUR)
    owed = [
        timers(replace(CASES[S.WAITING], limits_work=one), NOW, LIMITS).get(Duty.LIMITS)
        for one in (
            replace(applied, stage=Stage.WANTED),
            replace(applied, stage=Stage.PROPOSED),
            applied,
            replace(applied, ends_at=None),
            replace(applied, has_ended=True),
        )
    ]
    assert owed == [NOW, None, NOW + HOUR, None, None]


def test_an_undecided_case_is_compared_with_the_list_every_so_often() -> None:
    for status in (S.SECURING, S.WAITING, S.NEEDS_INFO, S.FAILED, S.NEEDS_TICKET, S.OFF_LIST):
        assert timers(CASES[status], NOW, LIMITS)[Duty.CHECK] == NOW + LIMITS.check_every


def test_who_is_seen_again_on_the_list_is_looked_at_again_after_the_gap_between_two_reads() -> None:
    for status in (S.OFF_LIST, S.WORKS):
        seen = replace(CASES[status], relisted_at=NOW)
        assert timers(seen, NOW, LIMITS)[Duty.CHECK] == NOW + LIMITS.reads_apart


def test_the_watch_counts_from_when_the_sender_left_the_list() -> None:
    off = replace(CASES[S.OFF_LIST], off_list_at=NOW)
    assert timers(off, NOW, LIMITS)[Duty.WATCH_END] == NOW + LIMITS.watch_for
    works = replace(CASES[S.WORKS], off_list_at=NOW)
    assert Duty.CHECK in timers(works, NOW + LIMITS.watch_for - MINUTE, LIMITS)


def test_a_release_is_checked_soon_at_first_and_then_slower() -> None:
    case = replace(CASES[S.RELEASED], released_at=NOW)
    times = [timers(case, NOW + after, LIMITS)[Duty.CHECK] - NOW for after in (0 * MINUTE, MINUTE, 2 * MINUTE, HOUR)]
    assert times == [MINUTE, 3 * MINUTE, 3 * MINUTE, HOUR + LIMITS.check_every]


def test_a_first_absence_is_looked_at_again_after_the_gap_between_two_reads() -> None:
    for status in (S.RELEASED, S.WAITING, S.WITH_MICROSOFT):
        assert timers(replace(CASES[status], absent_at=NOW), NOW, LIMITS)[Duty.CHECK] == NOW + LIMITS.reads_apart
    assert timers(replace(CASES[S.APPROVED], absent_at=NOW), NOW, LIMITS)[Duty.RELEASE] == NOW + LIMITS.reads_apart


def test_microsoft_is_given_more_time() -> None:
    assert timers(CASES[S.WITH_MICROSOFT], NOW, LIMITS)[Duty.CHECK] == NOW + 12 * LIMITS.check_every


def test_a_release_of_unknown_outcome_waits_for_its_grace() -> None:
    assert timers(CASES[S.APPROVED], NOW, LIMITS)[Duty.RELEASE] == NOW
    tried = replace(CASES[S.APPROVED], release_tried_at=NOW, release_calls=3)
    assert timers(tried, NOW, LIMITS)[Duty.RELEASE] == NOW + LIMITS.release_grace
    assert calls_are_spent(tried)
    assert not calls_are_spent(CASES[S.APPROVED])


def test_reminders_come_after_twice_the_time_each() -> None:
    case = replace(CASES[S.WAITING], sent_at=NOW)
    assert timers(case, NOW, LIMITS)[Duty.REMIND] == NOW + LIMITS.remind_after
    reminded = replace(case, reminded_at=NOW + LIMITS.remind_after)
    assert timers(reminded, NOW, LIMITS)[Duty.REMIND] == NOW + 2 * LIMITS.remind_after


def test_silence_counts_from_the_last_word_of_either_side() -> None:
    case = replace(CASES[S.NEEDS_INFO], heard_at=NOW)
    assert timers(case, NOW, LIMITS)[Duty.EXPIRE] == NOW + LIMITS.expire_after
    asked = replace(case, question=Question(asked=Mark(by=BO.id, name=BO.name, at=NOW + HOUR, words="?")))
    assert timers(asked, NOW, LIMITS)[Duty.EXPIRE] == NOW + HOUR + LIMITS.expire_after


def test_who_still_bounces_is_asked_again_when_the_lag_is_over() -> None:
    case = replace(CASES[S.OFF_LIST], off_list_at=NOW, bouncing_at=NOW)
    assert timers(case, NOW, LIMITS)[Duty.ASK_BACK] == NOW + LIMITS.lag_window == lag_until(case, LIMITS)
    assert Duty.ASK_BACK not in timers(case, NOW + LIMITS.lag_window, LIMITS)
    assert lag_until(CASES[S.WAITING], LIMITS) is None


def test_the_watch_ends() -> None:
    works = replace(CASES[S.WORKS], off_list_at=NOW)
    assert set(timers(works, NOW + LIMITS.watch_for, LIMITS)) == {Duty.FORGET}


def test_an_ended_case_is_forgotten_once() -> None:
    ended = replace(CASES[S.DENIED], ended_at=NOW)
    assert timers(ended, NOW, LIMITS) == {Duty.FORGET: NOW + LIMITS.keep_details_for}
    assert timers(forgotten(ended), NOW, LIMITS) == {}


def test_limits_with_an_end_date_are_remembered_until_then() -> None:
    ended = CASES[Status.DENIED]
    work = LimitsWork(stage=Stage.APPLIED, way=Way.OWN_LIMITS, ends_at=NOW + 2 * LIMITS.keep_details_for)
    due = timers(replace(ended, limits_work=work), NOW, LIMITS)[Duty.FORGET]
    assert due == NOW + 2 * LIMITS.keep_details_for + LIMITS.watch_for
    asked = timers(replace(ended, limits_work=replace(work, has_ended=True)), NOW, LIMITS)
    assert asked[Duty.FORGET] == timers(ended, NOW, LIMITS)[Duty.FORGET]
    assert Duty.FORGET not in timers(replace(ended, person=PersonId("")), NOW, LIMITS)


def test_a_connector_has_no_steps_to_secure() -> None:
    assert replace(CASES[Status.SECURING], connector="x").open_steps == ()
