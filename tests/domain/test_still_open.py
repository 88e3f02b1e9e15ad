"""When an account counts as contained: what stands in the way, by what was read after the steps."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.domain.containment.after_steps import AccountRead, AfterSteps, Delegate
from services.domain.containment.beyond_baseline import KnownBefore
from services.domain.containment.containment import (
    Containment,
    ContainmentStep,
    SignedItem,
    StepOutcome,
    StepResult,
    in_order,
)
from services.domain.containment.due import gives_up, next_at
from services.domain.containment.open_items import OpenItem, OpenKind, steps_against
from services.domain.containment.still_open import still_open
from services.domain.evidence.report import AccountChange, Change, Forwarding, InboxRule, Report, RuleDeed, SignIn
from services.domain.people import AuthenticationMethod, MethodKind, PersonId, SignOff
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import BO, HOUR, MINUTE, NOW, after_steps, report

SESSIONS, PASSWORD, RULES, FORWARDING, DISABLE = ContainmentStep
MARK = SignOff(by=BO.id, name=BO.name, at=NOW - MINUTE)
K = OpenKind
BASELINE = KnownBefore(methods=("phone",), rules=("old",), delegates=(), consents=())
OLD, NEW = (AuthenticationMethod(id=name, kind=MethodKind.PHONE) for name in ("phone", "another"))
LATE = Unknown(reason=UnknownReason.TIMED_OUT)
OUT = {PASSWORD: StepOutcome.DONE, SESSIONS: StepOutcome.DONE}
STRANGER = Forwarding(to="x@mail.example", keeps_copy=True, external=True)
RULE = InboxRule(id="1", name="tidy", enabled=True, hidden=True, deeds=(RuleDeed.FORWARDS,), external=True)
GOT_IN = SignIn(at=NOW + MINUTE, succeeded=True, place="NG", address="198.51.100.23")
EARLIER = report(gathered_at=NOW - HOUR)


def taken(outcomes: dict[ContainmentStep, StepOutcome], after: AfterSteps | None = None) -> Containment:
    results = tuple(StepResult(step=step, outcome=outcome, at=NOW) for step, outcome in outcomes.items())
    return Containment(
        requested=MARK, steps=tuple(outcomes), confirmed=MARK, results=results, after=after or after_steps()
    )


def left(containment: Containment, found: Report | None = EARLIER, before: KnownBefore = BASELINE) -> list[OpenKind]:
    return [item.kind for item in still_open(containment, found, before)]


def later(**changes: object) -> Report:
    """Evidence that was gathered after the steps."""
    return report(gathered_at=NOW + HOUR, **changes)


def read(**changes: object) -> AccountRead:
    account = after_steps().account
    assert isinstance(account, AccountRead)
    return replace(account, **changes)  # type: ignore[arg-type]  # the tests name real fields


OFF = after_steps(account=read(enabled=False))


@pytest.mark.parametrize(
    ("outcomes", "after", "kinds"),
    [
        (OUT, after_steps(), []),
        ({DISABLE: StepOutcome.DONE}, OFF, []),
        ({FORWARDING: StepOutcome.DONE}, OFF, []),  # somebody else disabled it, which the read shows
        # Our own deed is not enough.
        ({DISABLE: StepOutcome.DONE}, after_steps(), [K.ENABLED, K.SESSIONS, K.PASSWORD]),
        ({**OUT, DISABLE: StepOutcome.DONE}, after_steps(), []),
        ({SESSIONS: StepOutcome.DONE}, after_steps(), [K.PASSWORD]),
        ({PASSWORD: StepOutcome.DONE}, after_steps(), [K.SESSIONS]),
        ({**OUT, SESSIONS: StepOutcome.FAILED}, after_steps(), [K.SESSIONS]),
        (OUT, after_steps(account=read(sessions_valid_from=NOW - HOUR)), [K.SESSIONS_NOT_SEEN]),
        (OUT, after_steps(account=read(sessions_valid_from=None)), [K.SESSIONS_NOT_SEEN]),
        (OUT, after_steps(account=read(password_changed_at=NOW - HOUR)), [K.PASSWORD_NOT_SEEN]),
        (OUT, after_steps(account=read(password_changed_at=None)), [K.PASSWORD_NOT_SEEN]),
        (OUT, after_steps(account=read(password_changed_at=NOW + HOUR)), [K.PASSWORD_CHANGED]),
        (OUT, after_steps(account=read(password_changed_at=NOW - MINUTE)), []),  # clocks differ
        (OUT, after_steps(account=LATE), [K.ACCOUNT]),
        # Nobody answered, and the directory shows that it was done.
        ({**OUT, PASSWORD: StepOutcome.UNCLEAR}, after_steps(), []),
        (
            {**OUT, PASSWORD: StepOutcome.UNCLEAR},
            after_steps(account=read(password_changed_at=NOW - HOUR)),
            [K.PASSWORD],
        ),
        ({**OUT, PASSWORD: StepOutcome.FAILED}, after_steps(), [K.PASSWORD]),
        # The local directory holds the password: it is reset there by people, and seen later.
        (
            {**OUT, PASSWORD: StepOutcome.ON_PREMISES},
            after_steps(account=read(synchronised=True, password_changed_at=NOW - HOUR)),
            [K.PASSWORD_ON_PREMISES],
        ),
        (
            {**OUT, PASSWORD: StepOutcome.ON_PREMISES},
            after_steps(account=read(synchronised=True, password_changed_at=NOW + HOUR)),
            [],
        ),
    ],
)
def test_whoever_was_in_is_out_when_the_directory_shows_it(
    outcomes: dict[ContainmentStep, StepOutcome], after: AfterSteps, kinds: list[OpenKind]
) -> None:
    assert left(taken(outcomes, after)) == kinds


@pytest.mark.parametrize(
    ("after", "kinds"),
    [
        (after_steps(forwarding=STRANGER), [K.FORWARDING]),
        (after_steps(forwarding=replace(STRANGER, external=None)), [K.FORWARDING]),  # not resolved: a leak
        (after_steps(forwarding=replace(STRANGER, external=False)), []),
        (after_steps(forwarding=LATE), [K.FORWARDING]),
        (after_steps(rules=(RULE,)), [K.RULE]),
        (after_steps(rules=(replace(RULE, id="old"),)), [K.RULE]),  # known from the first, and mail still goes outside
        (after_steps(rules=(replace(RULE, external=False),)), [K.RULE]),  # new
        (after_steps(rules=(replace(RULE, id="old", external=False),)), []),
        (after_steps(rules=(replace(RULE, enabled=False),)), []),
        (after_steps(rules=LATE), [K.RULE]),
        (after_steps(methods=(OLD,)), []),
        (after_steps(methods=(OLD, NEW)), [K.METHOD]),
        (after_steps(methods=(replace(OLD, number_hash="other"),)), []),
        (after_steps(methods=(AuthenticationMethod(id="p", kind=MethodKind.PASSWORD),)), []),
        (after_steps(methods=LATE), [K.METHOD]),
        (after_steps(delegates=(Delegate(person=PersonId("kim"), name="Kim Abara"),)), [K.DELEGATE]),
        (after_steps(delegates=LATE), [K.DELEGATE]),
    ],
)
def test_what_was_not_there_at_first_has_to_be_gone_or_answered_for(after: AfterSteps, kinds: list[OpenKind]) -> None:
    containment = taken(OUT, after)
    items = still_open(containment, EARLIER, BASELINE)
    assert [item.kind for item in items] == kinds
    assert all(item.may_be_signed for item in items)
    signed = tuple(SignedItem(item=item.id, signed=MARK) for item in items)
    assert left(replace(containment, signed=signed)) == []


def test_without_a_baseline_every_method_delegate_and_app_is_answered_for() -> None:
    unknown = KnownBefore()
    delegate = Delegate(person=PersonId("kim"), name="Kim Abara")
    after = after_steps(methods=(OLD,), delegates=(delegate,), rules=(replace(RULE, external=False),))
    assert left(taken(OUT, after), EARLIER, unknown) == [K.DELEGATE, K.METHOD]
    known = replace(unknown, delegates=(delegate.person,), methods=(OLD.id,))
    assert left(taken(OUT, after), EARLIER, known) == []


def test_an_app_that_was_given_access_stays_whatever_the_password_is() -> None:
    consent = AccountChange(at=NOW - HOUR, what=Change.APP_CONSENTED, detail="Mail Sync Pro")
    before = replace(EARLIER, changes=(consent,))
    assert left(taken(OUT), before) == [K.CONSENT]
    assert left(taken(OUT), before, replace(BASELINE, consents=("Mail Sync Pro",))) == []
    assert left(taken(OUT), replace(EARLIER, changes=LATE)) == [K.CONSENT]
    assert left(taken(OUT), None) == [K.CONSENT]


def test_nobody_gets_into_a_disabled_account_by_a_method_or_an_app_and_its_mail_still_leaks() -> None:
    consent = AccountChange(at=NOW - HOUR, what=Change.APP_CONSENTED, detail="Mail Sync Pro")
    after = replace(OFF, methods=(NEW,), forwarding=STRANGER)
    assert left(taken({DISABLE: StepOutcome.DONE}, after), replace(EARLIER, changes=(consent,))) == [K.FORWARDING]


def test_nothing_is_believed_before_it_was_read() -> None:
    unread = replace(taken(OUT), after=None)
    assert left(unread) == [K.NOT_READ_YET]
    assert left(replace(taken(OUT), after=after_steps(read_at=NOW - MINUTE))) == [K.NOT_READ_YET]
    assert left(replace(taken(OUT), putting_back=(PASSWORD,))) == [K.NOT_READ_YET]
    assert left(replace(taken(OUT), steps=(*OUT, DISABLE))) == [K.NOT_READ_YET]
    assert left(Containment(requested=MARK, steps=(DISABLE,))) == [K.NOTHING_TAKEN]
    nothing = (K.NOT_READ_YET, K.NOTHING_TAKEN, K.SESSIONS, K.PASSWORD, K.ENABLED)
    assert not any(OpenItem(kind=kind).may_be_signed for kind in nothing), "no word replaces a step or a read"


@pytest.mark.parametrize(
    ("found", "kinds"),
    [
        (later(), []),
        (later(forwarding=STRANGER), [K.FORWARDING]),
        (later(rules=(RULE,)), [K.RULE]),
        (later(sign_ins=(GOT_IN,)), [K.SIGN_IN]),
        # What was before, and what shows that the steps work.
        (later(sign_ins=(replace(GOT_IN, at=NOW - MINUTE),)), []),
        (later(sign_ins=tuple(replace(GOT_IN, succeeded=False, at=NOW + n * MINUTE) for n in range(30))), []),
        (later(forwarding=LATE, rules=LATE, sign_ins=LATE), []),  # the reads after the steps are the newest
        # Gathering that had begun before the steps says nothing of after them.
        (replace(later(forwarding=STRANGER), begun_at=NOW - MINUTE), []),
        (report(gathered_at=NOW - MINUTE, forwarding=STRANGER, sign_ins=(GOT_IN,)), []),
    ],
)
def test_only_what_is_dated_after_the_steps_opens_it_again(found: Report, kinds: list[OpenKind]) -> None:
    assert left(taken(OUT), found) == kinds
    assert left(taken({DISABLE: StepOutcome.DONE}, OFF), found) == kinds


def test_a_word_given_for_one_thing_is_given_for_no_other() -> None:
    (item,) = still_open(taken(OUT), later(forwarding=STRANGER), BASELINE)
    signed = replace(taken(OUT), signed=(SignedItem(item=item.id, signed=MARK),))
    assert left(signed, later(forwarding=STRANGER)) == []
    assert left(signed, later(forwarding=replace(STRANGER, to="y@mail.example"))) == [K.FORWARDING]
    assert left(signed, later(forwarding=LATE, rules=(RULE,))) == [K.RULE]


def test_the_next_plan_is_what_steps_can_close() -> None:
    items = still_open(taken(OUT), later(rules=(RULE,), forwarding=STRANGER), BASELINE)
    assert steps_against(items) == (frozenset({RULES, FORWARDING}), frozenset({"1"}))
    got_in = still_open(taken(OUT), later(sign_ins=(GOT_IN,)), BASELINE)
    assert steps_against(got_in) == (frozenset({PASSWORD, SESSIONS}), frozenset())
    not_read = still_open(taken(OUT, after_steps(rules=LATE, forwarding=LATE)), EARLIER, BASELINE)
    assert steps_against(not_read) == (frozenset(), frozenset())


def test_the_old_password_is_worth_nothing_before_sessions_are_revoked() -> None:
    assert in_order(ContainmentStep) == (DISABLE, PASSWORD, SESSIONS, RULES, FORWARDING)


SOON, EVERY = MINUTE, 5 * MINUTE


def due(containment: Containment, now: datetime, gathered_at: datetime | None = None) -> datetime | None:
    return next_at(containment, gathered_at, now, soon=SOON, later=EVERY)


def test_the_account_is_read_after_the_last_step_and_after_newer_evidence() -> None:
    assert due(replace(taken(OUT), after=None), NOW) == NOW
    assert due(taken(OUT), NOW, NOW - HOUR) is None
    assert due(taken(OUT), NOW + HOUR, NOW + HOUR) == NOW + HOUR
    assert due(Containment(requested=MARK, steps=(DISABLE,)), NOW) is None


@pytest.mark.parametrize("after", [after_steps(methods=LATE), after_steps(account=read(password_changed_at=None))])
def test_what_may_pass_is_read_again_for_some_minutes(after: AfterSteps) -> None:
    assert due(taken(OUT, after), NOW) == NOW + SOON
    assert due(taken(OUT, replace(after, read_at=NOW + 15 * MINUTE)), NOW + HOUR) is None


def test_what_waits_for_people_is_read_again_for_a_day() -> None:
    waits = read(synchronised=True, password_changed_at=NOW - HOUR)
    outcomes = {**OUT, PASSWORD: StepOutcome.ON_PREMISES}
    containment = taken(outcomes, after_steps(account=waits))
    assert due(containment, NOW) == NOW + EVERY
    seen = after_steps(account=replace(waits, password_changed_at=NOW + MINUTE))
    assert due(taken(outcomes, seen), NOW) is None
    assert due(taken(outcomes, after_steps(account=waits, read_at=NOW + timedelta(days=1))), NOW + 25 * HOUR) is None


def test_a_step_is_given_up_when_it_was_tried_long_and_more_than_once() -> None:
    trying = replace(taken(OUT), trying_since=NOW)
    assert gives_up(trying, NOW + 15 * MINUTE, tries=2)
    assert not gives_up(trying, NOW + 15 * MINUTE, tries=1), "a process that was away tries it first"
    assert not gives_up(trying, NOW + 14 * MINUTE, tries=9)


def test_a_list_of_rules_that_was_cut_short_is_answered_for() -> None:
    cut = after_steps(rules_cut=True)
    assert left(taken(OUT, cut)) == [K.RULE]


def answered_for(containment: Containment, found: Report) -> Containment:
    """A responder answers for everything that stands in the way by now."""
    items = still_open(containment, found, BASELINE)
    assert items
    assert all(item.may_be_signed for item in items)
    return replace(containment, signed=tuple(SignedItem(item=item.id, signed=MARK) for item in items))


def test_word_for_a_failed_reading_holds_until_the_source_fails_in_evidence_that_is_gathered_again() -> None:
    unread = taken(OUT, after_steps(read_at=NOW + 2 * HOUR, delegates=LATE))
    signed = answered_for(unread, later())
    assert left(signed, later()) == [], "nor does a read in between, that fails as well, ask for another word"
    assert left(signed, report(gathered_at=NOW + 2 * HOUR)) == [K.DELEGATE]


def test_what_the_organisation_does_not_allow_is_answered_for_once() -> None:
    unread = taken(OUT, after_steps(read_at=NOW + 2 * HOUR, delegates=Unknown(reason=UnknownReason.NO_PERMISSION)))
    signed = answered_for(unread, later())
    assert left(signed, report(gathered_at=NOW + 2 * HOUR)) == []


def test_word_for_a_sign_in_holds_for_its_place_until_the_account_is_contained_again() -> None:
    containment = taken(OUT)
    signed = answered_for(containment, later(sign_ins=(GOT_IN,)))
    again = replace(GOT_IN, at=NOW + 2 * HOUR)
    assert left(signed, later(sign_ins=(GOT_IN, again))) == []
    shut = tuple(replace(result, at=NOW + HOUR) for result in containment.results)
    account = read(sessions_valid_from=NOW + HOUR, password_changed_at=NOW + HOUR)
    anew = replace(signed, results=shut, after=after_steps(read_at=NOW + HOUR, account=account))
    assert left(anew, report(gathered_at=NOW + 3 * HOUR, sign_ins=(GOT_IN, again))) == [K.SIGN_IN]


def test_word_for_forwarding_holds_until_it_is_switched_off_and_there_again() -> None:
    found = after_steps(read_at=NOW + MINUTE, forwarding=STRANGER)
    signed = answered_for(taken(OUT, found), EARLIER)
    off = {**OUT, FORWARDING: StepOutcome.DONE}
    assert left(replace(taken(off, found), signed=signed.signed)) == [K.FORWARDING]
