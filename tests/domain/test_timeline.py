"""The timeline says what was read of each hour, and nothing of the others."""

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from services.domain.evidence.findings import Found, findings
from services.domain.evidence.report import EVIDENCE_OVER, Report, SenderEvidence, SentHour, SentMail, SignIn
from services.domain.evidence.sign_ins import condensed
from services.domain.evidence.timeline import HOURS, Place, Timeline, timeline
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import HOUR, MINUTE, NOW, SINCE, report

DAY = timedelta(days=1)
UNREAD = Unknown(reason=UnknownReason.TIMED_OUT)
NOTHING = frozenset[Place]()

hours_ago = st.integers(0, 239)
starts = st.none() | st.integers(0, 24 * 30).map(lambda hours: NOW - hours * HOUR - 7 * MINUTE)
sent_hours = st.dictionaries(hours_ago, st.integers(1, 5_000), max_size=60).map(
    lambda counts: tuple(
        SentHour(start=NOW - ago * HOUR, recipients=counts[ago], messages=1) for ago in sorted(counts, reverse=True)
    )
)
sign_ins = st.lists(
    st.builds(
        SignIn,
        at=st.integers(0, 240 * 60 - 1).map(lambda minutes: NOW - minutes * MINUTE),
        succeeded=st.booleans(),
        place=st.sampled_from(["ES", "NG", None]),
    ),
    max_size=30,
).map(tuple)


def drawn(evidence: Report, since: datetime | None = SINCE) -> Timeline:
    shown = timeline(evidence, since, [since] if since else [], [])
    assert shown is not None
    return shown


def inside(shown: Timeline, at: datetime) -> bool:
    return shown.start <= at < shown.end


@given(sent_hours, starts)
def test_every_recipient_of_the_hours_shown_is_counted_where_it_was_sent(
    rows: tuple[SentHour, ...], since: datetime | None
) -> None:
    shown = drawn(report(sent=SentMail(hours=rows, subjects=1)), since)
    within = [row for row in rows if inside(shown, row.start)]
    assert sum(number or 0 for number in shown.recipients) == sum(row.recipients for row in within)
    assert all(shown.recipients[shown.hour_of(row.start)] == row.recipients for row in within)
    assert None not in shown.recipients


@given(sign_ins, starts)
def test_an_hour_is_marked_if_and_only_if_somebody_signed_in_or_failed_to(
    rows: tuple[SignIn, ...], since: datetime | None
) -> None:
    shown = drawn(report(sign_ins=condensed(rows)), since)
    got_in = {shown.hour_of(row.at) for row in rows if row.succeeded and inside(shown, row.at)}
    failed = {shown.hour_of(row.at) for row in rows if not row.succeeded and inside(shown, row.at)}
    assert {hour for hour, places in enumerate(shown.signed_in) if places} == got_in
    assert {hour for hour, is_failed in enumerate(shown.failed) if is_failed} == failed


@given(sign_ins)
def test_a_place_is_unusual_here_if_and_only_if_it_is_a_finding(rows: tuple[SignIn, ...]) -> None:
    evidence = report(sign_ins=rows)
    shown = drawn(evidence)
    found = [one for one in findings(evidence, SINCE, None) if one.found is Found.UNUSUAL_PLACE]
    marked = {hour for hour, places in enumerate(shown.signed_in) if places and Place.UNUSUAL in places}
    assert bool(found) == bool(marked)
    assert {shown.hour_of(one.at) for one in found if one.at} <= marked


@given(starts, st.integers(0, 600))
def test_the_hours_lie_within_what_was_read(since: datetime | None, minutes: int) -> None:
    evidence = report(gathered_at=NOW + minutes * MINUTE, begun_at=NOW + minutes * MINUTE / 2)
    shown = drawn(evidence, since)
    assert len(shown.recipients) == len(shown.signed_in) == len(shown.failed) == HOURS
    assert shown.start >= evidence.read_from - EVIDENCE_OVER
    assert shown.start <= evidence.gathered_at
    assert shown.end - HOUR <= evidence.gathered_at
    if since and since >= shown.start:
        assert shown.restricted == (since,)


def test_what_was_not_read_is_unknown_and_not_nothing() -> None:
    shown = drawn(report(sent=UNREAD))
    assert set(shown.recipients) == {None}
    assert set(shown.signed_in) == {NOTHING}
    shown = drawn(report(sign_ins=UNREAD))
    assert (set(shown.signed_in), set(shown.failed)) == ({None}, {None})
    assert timeline(report(sent=UNREAD, sign_ins=UNREAD), SINCE, [SINCE], []) is None


def test_of_a_trace_that_was_cut_short_no_hour_is_said_to_be_empty() -> None:
    row = SentHour(start=NOW - 5 * HOUR, recipients=3, messages=1)
    shown = drawn(report(sent=SentMail(hours=(row,), subjects=1, complete=False)))
    assert set(shown.recipients) == {None, 3}


def test_of_a_log_that_was_cut_short_the_older_hours_are_unknown() -> None:
    rows = (SignIn(at=NOW - HOUR, succeeded=True, place="NG"), SignIn(at=NOW - 9 * HOUR, succeeded=False))
    shown = drawn(report(sign_ins=rows, sign_ins_cut=True))
    oldest = shown.hour_of(NOW - 9 * HOUR)
    assert set(shown.signed_in[:oldest]) == {None}
    assert shown.signed_in[oldest + 1] == NOTHING
    assert shown.signed_in[shown.hour_of(NOW - HOUR)] == frozenset({Place.NOT_COMPARED})
    assert shown.failed[oldest] is True
    assert (shown.failed[oldest - 1], shown.failed[oldest + 1]) == (None, False)


def test_what_is_missing_of_a_log_could_have_made_a_place_usual() -> None:
    rows = (SignIn(at=NOW - HOUR, succeeded=True, place="NG"), SignIn(at=NOW - 9 * DAY, succeeded=True, place="ES"))
    for cut, place in ((False, Place.UNUSUAL), (True, Place.NOT_COMPARED)):
        shown = drawn(report(sign_ins=rows, sign_ins_cut=cut))
        assert shown.signed_in[shown.hour_of(NOW - HOUR)] == frozenset({place})


def test_of_more_failures_than_are_kept_the_older_hours_are_unknown() -> None:
    rows = tuple(SignIn(at=NOW - n * 15 * MINUTE, succeeded=False) for n in range(200))
    shown = drawn(report(sign_ins=condensed(rows)))
    assert shown.failed[shown.hour_of(NOW - 24 * HOUR)] is True
    assert shown.failed[shown.hour_of(NOW - 40 * HOUR)] is None
    assert None not in shown.signed_in


def test_everybody_who_can_send_is_in_it_and_who_could_not_be_read_leaves_the_others() -> None:
    dan = SenderEvidence(
        name="dan", sign_ins=(SignIn(at=NOW - HOUR, succeeded=True, place="ES"),), risk=UNREAD, changes=UNREAD
    )
    shown = drawn(report(others=(dan, replace(dan, sign_ins=UNREAD))))
    assert shown.signed_in[shown.hour_of(NOW - HOUR)] == frozenset({Place.NOT_COMPARED})
    assert shown.signed_in[0] is None


def test_who_signed_in_from_an_unknown_place_before_is_compared_with_nobody_elses_places() -> None:
    ana = tuple(SignIn(at=NOW - n * DAY, succeeded=True, place="ES") for n in (9, 1))
    dan = SenderEvidence(
        name="dan", sign_ins=(SignIn(at=NOW - 2 * HOUR, succeeded=True, place="NG"),), risk=UNREAD, changes=UNREAD
    )
    shown = drawn(report(sign_ins=ana, others=(dan,)))
    assert shown.signed_in[shown.hour_of(NOW - DAY)] == frozenset({Place.USUAL})
    assert shown.signed_in[shown.hour_of(NOW - 2 * HOUR)] == frozenset({Place.NOT_COMPARED})


def test_moments_outside_of_it_are_not_in_it() -> None:
    shown = timeline(report(), SINCE, [SINCE, SINCE - 9 * DAY, SINCE], [NOW - 8 * DAY, NOW])
    assert shown is not None
    assert shown.restricted == (SINCE,)
    assert shown.passwords == (NOW,)
