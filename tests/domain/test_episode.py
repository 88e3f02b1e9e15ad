"""The episode by itself: what it keeps, when it ends, and what the next one takes over."""

from dataclasses import replace

from services.domain.case.apply import apply
from services.domain.case.commands.approver import Approved, Denied
from services.domain.case.commands.clock import Forgotten, Gathered, ListRead
from services.domain.case.episode import Baseline, Episode, after_relapse, baseline_of, episode_now
from services.domain.case.following import with_episode
from services.domain.case.noted_facts import noted
from services.domain.case.status import Status
from services.domain.evidence.findings import EvidenceSource, Found
from services.domain.evidence.report import AccountChange, Change, Forwarding, InboxRule
from services.domain.people import SignOff
from services.domain.unknown import NOT_ASKED, Unknown, UnknownReason
from tests.cases import ANA, BO, CASES, HOUR, MINUTE, NOW, SINCE, TIMING, report, restriction

RULE = InboxRule(id="1", name=".", enabled=True, hidden=True, deeds=())
OUTSIDE = Forwarding(to="x@mail.example", keeps_copy=True, external=True)
DEAD = Unknown(reason=UnknownReason.TIMED_OUT)
SECOND = MINUTE / 60
WAITING = CASES[Status.WAITING]


def test_of_each_source_the_first_read_that_succeeded_is_kept() -> None:
    first = baseline_of(report(rules=DEAD, forwarding=OUTSIDE, changes=DEAD))
    assert (first.rules, first.forwarding, first.consents) == (None, OUTSIDE, None)
    consent = AccountChange(at=NOW, what=Change.APP_CONSENTED, detail="Mail Sync")
    later = first.completed_by(baseline_of(report(rules=(RULE,), forwarding=None, changes=(consent,))))
    assert (later.rules, later.forwarding, later.consents) == ((RULE,), OUTSIDE, ("Mail Sync",))
    assert later.completed_by(baseline_of(report())) == later
    assert first.completed_by(Baseline(methods=("m1",), phones=("1",), delegates=(ANA,))).methods == ("m1",)


def test_no_forwarding_is_an_answer_and_not_a_read_that_is_missing() -> None:
    clean = Baseline().completed_by(baseline_of(report()))
    assert clean.completed_by(baseline_of(report(forwarding=OUTSIDE))).forwarding is None
    assert Baseline().forwarding == NOT_ASKED


def test_two_complete_reads_apart_end_it_and_an_entry_in_between_does_not() -> None:
    episode = Episode(began_at=NOW - HOUR)
    once = episode.read(listed=False, at=NOW, apart=MINUTE)
    assert (once.absent_at, once.ended_at) == (NOW, None)
    assert once.read(listed=False, at=NOW + MINUTE / 2, apart=MINUTE) == once
    assert once.read(listed=False, at=NOW + MINUTE, apart=MINUTE).ended_at == NOW + MINUTE
    assert once.read(listed=True, at=NOW + MINUTE, apart=MINUTE) == episode


def test_the_next_case_goes_on_with_it_unless_its_end_was_seen() -> None:
    known = Episode(began_at=NOW - HOUR, baseline=Baseline(methods=("m1",)), absent_at=NOW)
    assert episode_now(known, NOW) == replace(known, absent_at=None)
    ended = replace(known, ended_at=NOW - MINUTE)
    assert episode_now(ended, NOW) == Episode(began_at=NOW, not_before=NOW - MINUTE - SECOND)
    assert episode_now(None, NOW) == Episode(began_at=NOW)
    # A case of before there were episodes says nothing of when its restriction ended.
    assert episode_now(Episode(baseline=Baseline(methods=("m1",))), NOW) == Episode(began_at=NOW)


def test_a_restriction_did_not_begin_before_the_one_before_it_had_ended() -> None:
    entry, episode = restriction(), Episode(began_at=NOW, not_before=SINCE + HOUR)
    assert (episode.bounds(entry).since, episode.bounds(entry).begun_by) == (SINCE + HOUR, SINCE + HOUR)
    later = replace(entry, changed=NOW)
    assert (episode.bounds(later).since, episode.bounds(later).begun_by) == (SINCE + HOUR, NOW)
    unknown, early = restriction(since=None), Episode(began_at=NOW, not_before=SINCE - HOUR)
    assert (episode.bounds(unknown), early.bounds(entry)) == (unknown, entry)


def test_an_alarm_stays_though_its_source_fails_or_is_clean_and_is_known_once() -> None:
    case = apply(WAITING, Gathered(report=report(forwarding=OUTSIDE)), NOW, TIMING).case
    for later in (report(forwarding=DEAD), report(), report(forwarding=OUTSIDE, gathered_at=NOW + HOUR)):
        case = apply(case, Gathered(report=later), NOW + HOUR, TIMING).case
        alarms = [found for found in case.episode.alarms if found.source is EvidenceSource.FORWARDING]
        assert [found.found for found in alarms] == [Found.FORWARDED_OUTSIDE]
        assert case.needs_two


def test_a_sign_off_answers_for_what_is_known_and_not_for_what_comes() -> None:
    sign_off = SignOff(by=BO.id, name=BO.name, at=NOW, text="asked her")
    case = noted(replace(WAITING, evidence=report(forwarding=OUTSIDE)), NOW)
    signed = replace(case, episode=case.episode.signed(sign_off))
    assert [one.found for one in signed.open_alarms] == []
    elsewhere = replace(OUTSIDE, to="y@mail.example")
    again = noted(replace(signed, evidence=report(forwarding=elsewhere)), NOW)
    assert [one.names for one in again.open_alarms] == [("y@mail.example",)]
    anew = after_relapse(again.episode, NOW)
    assert {one.names for one in anew.open_alarms} >= {("x@mail.example",), ("y@mail.example",)}


def test_what_left_the_list_and_is_on_it_again_before_anything_else_happened_never_left() -> None:
    off = noted(CASES[Status.OFF_LIST], NOW)
    assert off.episode.ended_at == NOW
    bouncing = with_episode(replace(off, status=Status.NEEDS_TICKET), NOW + HOUR)
    assert bouncing.episode.ended_at == NOW
    listed = apply(bouncing, ListRead(restriction=restriction(), read_at=NOW + HOUR), NOW + HOUR, TIMING).case
    assert listed.episode.ended_at is None


def test_a_denial_is_kept_with_what_approvers_said_among_themselves() -> None:
    denied = apply(WAITING, Denied(by=BO, reason="Come to the desk.", internal="not her voice"), NOW, TIMING).case
    assert denied.episode.denials == (SignOff(by=BO.id, name=BO.name, at=NOW, text="not her voice"),)
    read = ListRead(restriction=restriction(), read_at=NOW + HOUR)
    assert apply(denied, read, NOW + HOUR, TIMING).case.episode.denials == denied.episode.denials
    forgotten = apply(denied, Forgotten(), NOW + HOUR, TIMING).case
    assert (forgotten.episode.alarms, forgotten.episode.baseline.methods) == ((), None)
    assert [one.text for one in forgotten.episode.denials] == [""]


def test_an_untroubled_approval_signs_nothing_off() -> None:
    clean = noted(replace(WAITING, evidence=report(sent=NOT_ASKED)), NOW)
    approved = apply(clean, Approved(by=BO), NOW, TIMING).case
    assert (approved.status, approved.episode) == (Status.APPROVED, clean.episode)
