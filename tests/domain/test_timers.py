"""Which timed tasks each status has, and when they are due."""

from dataclasses import replace

import pytest

from services.domain.case.forgetting import forgotten
from services.domain.case.parts import Question
from services.domain.case.status import Status
from services.domain.case.timers import lag_until, timers
from services.domain.case.transition import TaskKind
from services.domain.case.unblocking import calls_are_spent
from services.domain.containment.containment import Containment, ContainmentStep, StepOutcome, StepResult
from services.domain.delivery.delivery import Delivery
from services.domain.limits.change import LimitChange, Stage
from services.domain.limits.policy_plan import Strategy
from services.domain.people import PersonId, SignOff
from tests.cases import BO, CASES, HOUR, MINUTE, NOW, TIMING, after_steps, report

S = Status
TIMERS: dict[Status, set[TaskKind]] = {
    S.LOOKING: {TaskKind.LOOK, TaskKind.EXPIRE},
    S.SECURING: {TaskKind.CHECK, TaskKind.EXPIRE},
    S.WAITING: {TaskKind.CHECK, TaskKind.REMIND, TaskKind.EXPIRE},
    S.NEEDS_INFO: {TaskKind.CHECK, TaskKind.REMIND, TaskKind.EXPIRE},
    S.APPROVED: {TaskKind.UNBLOCK},
    S.FAILED: {TaskKind.CHECK},
    S.UNBLOCKED: {TaskKind.CHECK},
    S.OFF_LIST: {TaskKind.CHECK, TaskKind.WATCH_END, TaskKind.PROVE},
    S.NEEDS_TICKET: {TaskKind.CHECK},
    S.WITH_MICROSOFT: {TaskKind.CHECK},
    S.WORKS: {TaskKind.CHECK, TaskKind.FORGET, TaskKind.PROVE},
    **{status: {TaskKind.FORGET} for status in S if status.is_ended and status is not S.WORKS},
    S.LAGGING: {TaskKind.CHECK, TaskKind.EXPIRE, TaskKind.PROVE},
    S.MENDED: {TaskKind.CHECK, TaskKind.EXPIRE, TaskKind.PROVE},
    **{
        s: {TaskKind.CHECK, TaskKind.REMIND, TaskKind.EXPIRE, TaskKind.PROVE}
        for s in (S.REPORTED, S.ASKED_BACK, S.ESCALATED)
    },
    # Ended with the sender still listed.
    **{status: {TaskKind.CHECK, TaskKind.FORGET} for status in (S.DENIED, S.WITHDRAWN, S.EXPIRED, S.CLOSED)},
}


@pytest.mark.parametrize("status", list(Status), ids=str)
def test_each_status_has_its_timers_and_no_other(status: Status) -> None:
    assert set(timers(CASES[status], NOW, TIMING)) == TIMERS[status]


def test_evidence_is_a_task_from_when_it_is_wanted_until_it_is_there() -> None:
    wanted = replace(CASES[S.WAITING], evidence_wanted_at=NOW)
    assert timers(wanted, NOW, TIMING)[TaskKind.GATHER] == NOW
    assert TaskKind.GATHER in timers(replace(wanted, evidence=report(gathered_at=NOW - MINUTE)), NOW, TIMING)
    assert TaskKind.GATHER not in timers(replace(wanted, evidence=report()), NOW, TIMING)
    assert TaskKind.GATHER not in timers(replace(CASES[S.DENIED], evidence_wanted_at=NOW), NOW, TIMING)


def test_evidence_that_had_to_wait_is_a_task_again_unless_all_of_it_is_wanted_before() -> None:
    waits = replace(CASES[S.WAITING], evidence=report(ask_again_at=NOW + MINUTE))
    assert timers(waits, NOW, TIMING)[TaskKind.GATHER] == NOW + MINUTE
    wanted = replace(waits, evidence_wanted_at=NOW + MINUTE)
    assert timers(wanted, NOW, TIMING)[TaskKind.GATHER] == NOW
    assert TaskKind.GATHER not in timers(replace(waits, status=S.DENIED), NOW, TIMING)


def test_a_containment_has_a_task_while_a_step_of_it_is_due() -> None:

    mark = SignOff(by=BO.id, name=BO.name, at=NOW)
    planned = Containment(requested=mark, steps=(ContainmentStep.DISABLE,))
    confirmed = replace(planned, confirmed=mark)
    done = replace(confirmed, results=(StepResult(step=ContainmentStep.DISABLE, outcome=StepOutcome.DONE),))
    read = replace(done, after=after_steps())
    put_back = replace(read, putting_back=(ContainmentStep.DISABLE,))
    times = [
        timers(replace(CASES[S.WAITING], containment=one), NOW, TIMING).get(TaskKind.CONTAIN)
        for one in (planned, confirmed, done, read, put_back)
    ]
    assert times == [None, NOW, NOW, None, NOW]


def test_limits_have_a_task_while_they_are_under_way_and_when_they_end() -> None:

    applied = LimitChange(stage=Stage.APPLIED, strategy=Strategy.OWN_LIMITS, ends_at=NOW + HOUR)
    times = [
        timers(replace(CASES[S.WAITING], limit_change=one), NOW, TIMING).get(TaskKind.LIMITS)
        for one in (
            replace(applied, stage=Stage.REQUESTED),
            replace(applied, stage=Stage.PROPOSED),
            applied,
            replace(applied, ends_at=None),
            replace(applied, has_ended=True),
        )
    ]
    assert times == [NOW, None, NOW + HOUR, None, None]


def test_an_undecided_case_is_compared_with_the_list_every_so_often() -> None:
    for status in (S.SECURING, S.WAITING, S.NEEDS_INFO, S.FAILED, S.NEEDS_TICKET, S.OFF_LIST):
        assert timers(CASES[status], NOW, TIMING)[TaskKind.CHECK] == NOW + TIMING.check_every


def test_who_is_seen_again_on_the_list_is_looked_at_again_after_the_gap_between_two_reads() -> None:
    for status in (S.OFF_LIST, S.WORKS):
        seen = replace(CASES[status], list_reads=replace(CASES[status].list_reads, relisted_at=NOW))
        assert timers(seen, NOW, TIMING)[TaskKind.CHECK] == NOW + TIMING.reads_apart


def test_the_watch_counts_from_when_the_sender_left_the_list() -> None:
    off = replace(CASES[S.OFF_LIST], list_reads=replace(CASES[S.OFF_LIST].list_reads, off_list_at=NOW))
    assert timers(off, NOW, TIMING)[TaskKind.WATCH_END] == NOW + TIMING.watch_for
    works = replace(CASES[S.WORKS], list_reads=replace(CASES[S.WORKS].list_reads, off_list_at=NOW))
    assert TaskKind.CHECK in timers(works, NOW + TIMING.watch_for - MINUTE, TIMING)


def test_a_delivered_message_is_looked_for_ever_more_seldom_until_one_is_seen_or_the_watch_ends() -> None:
    case = replace(CASES[S.OFF_LIST], list_reads=replace(CASES[S.OFF_LIST].list_reads, off_list_at=NOW))
    at, times = NOW, []
    while (due := timers(case, at, TIMING).get(TaskKind.PROVE)) is not None:
        times.append(due - NOW)
        at = due
    assert tuple(times) == TIMING.prove_after
    assert times[-1] < TIMING.watch_for
    proven = replace(case, delivery=Delivery(proven_at=NOW, seen_at=NOW))
    of_connector = replace(case, sender=replace(case.sender, connector_id="relay"))
    for other in (proven, of_connector):
        assert TaskKind.PROVE not in timers(other, NOW, TIMING)


def test_an_unblock_is_checked_soon_at_first_and_then_slower() -> None:
    case = replace(CASES[S.UNBLOCKED], unblock=replace(CASES[S.UNBLOCKED].unblock, done_at=NOW))
    times = [
        timers(case, NOW + after, TIMING)[TaskKind.CHECK] - NOW for after in (0 * MINUTE, MINUTE, 2 * MINUTE, HOUR)
    ]
    assert times == [MINUTE, 3 * MINUTE, 3 * MINUTE, HOUR + TIMING.check_every]


def test_a_first_absence_is_looked_at_again_after_the_gap_between_two_reads() -> None:
    for status in (S.UNBLOCKED, S.WAITING, S.WITH_MICROSOFT):
        assert (
            timers(replace(CASES[status], list_reads=replace(CASES[status].list_reads, absent_at=NOW)), NOW, TIMING)[
                TaskKind.CHECK
            ]
            == NOW + TIMING.reads_apart
        )
    assert (
        timers(
            replace(CASES[S.APPROVED], list_reads=replace(CASES[S.APPROVED].list_reads, absent_at=NOW)), NOW, TIMING
        )[TaskKind.UNBLOCK]
        == NOW + TIMING.reads_apart
    )


def test_microsoft_is_given_more_time() -> None:
    assert timers(CASES[S.WITH_MICROSOFT], NOW, TIMING)[TaskKind.CHECK] == NOW + 12 * TIMING.check_every


def test_an_unblock_of_unknown_outcome_waits_for_its_grace() -> None:
    assert timers(CASES[S.APPROVED], NOW, TIMING)[TaskKind.UNBLOCK] == NOW
    tried = replace(CASES[S.APPROVED], unblock=replace(CASES[S.APPROVED].unblock, tried_at=NOW, calls=3))
    assert timers(tried, NOW, TIMING)[TaskKind.UNBLOCK] == NOW + TIMING.unblock_grace
    assert calls_are_spent(tried, *tried.entries)
    assert not calls_are_spent(CASES[S.APPROVED], *CASES[S.APPROVED].entries)


def test_reminders_come_after_twice_the_time_each() -> None:
    case = replace(CASES[S.WAITING], request=replace(CASES[S.WAITING].request, sent_at=NOW))
    assert timers(case, NOW, TIMING)[TaskKind.REMIND] == NOW + TIMING.remind_after
    reminded = replace(case, request=replace(case.request, reminded_at=NOW + TIMING.remind_after))
    assert timers(reminded, NOW, TIMING)[TaskKind.REMIND] == NOW + 2 * TIMING.remind_after


def test_silence_counts_from_the_last_word_of_either_side() -> None:
    case = replace(CASES[S.NEEDS_INFO], contact=replace(CASES[S.NEEDS_INFO].contact, person_spoke_at=NOW))
    assert timers(case, NOW, TIMING)[TaskKind.EXPIRE] == NOW + TIMING.expire_after
    asked = replace(
        case,
        request=replace(
            case.request, question=Question(asked=SignOff(by=BO.id, name=BO.name, at=NOW + HOUR, text="?"))
        ),
    )
    assert timers(asked, NOW, TIMING)[TaskKind.EXPIRE] == NOW + HOUR + TIMING.expire_after


def test_who_still_bounces_is_asked_again_when_the_lag_is_over() -> None:
    case = replace(
        CASES[S.OFF_LIST], list_reads=replace(CASES[S.OFF_LIST].list_reads, off_list_at=NOW), bouncing_at=NOW
    )
    assert timers(case, NOW, TIMING)[TaskKind.ASK_BACK] == NOW + TIMING.lag_window == lag_until(case, TIMING)
    assert TaskKind.ASK_BACK not in timers(case, NOW + TIMING.lag_window, TIMING)
    assert lag_until(CASES[S.WAITING], TIMING) is None


def test_the_watch_ends() -> None:
    works = replace(CASES[S.WORKS], list_reads=replace(CASES[S.WORKS].list_reads, off_list_at=NOW))
    assert set(timers(works, NOW + TIMING.watch_for, TIMING)) == {TaskKind.FORGET}


def test_an_ended_case_is_forgotten_once() -> None:
    ended = replace(CASES[S.DENIED], ended_at=NOW)
    assert timers(ended, NOW, TIMING)[TaskKind.FORGET] == NOW + TIMING.keep_details_for
    assert timers(forgotten(ended), NOW, TIMING) == {}


def test_limits_with_an_end_date_are_remembered_until_then() -> None:
    ended = CASES[Status.DENIED]
    work = LimitChange(stage=Stage.APPLIED, strategy=Strategy.OWN_LIMITS, ends_at=NOW + 2 * TIMING.keep_details_for)
    due = timers(replace(ended, limit_change=work), NOW, TIMING)[TaskKind.FORGET]
    assert due == NOW + 2 * TIMING.keep_details_for + TIMING.watch_for
    asked = timers(replace(ended, limit_change=replace(work, has_ended=True)), NOW, TIMING)
    assert asked[TaskKind.FORGET] == timers(ended, NOW, TIMING)[TaskKind.FORGET]
    assert TaskKind.FORGET not in timers(replace(ended, sender=replace(ended.sender, person=PersonId(""))), NOW, TIMING)


def test_a_connector_has_no_steps_to_secure() -> None:
    assert (
        replace(CASES[Status.SECURING], sender=replace(CASES[Status.SECURING].sender, connector_id="x")).open_steps
        == ()
    )
