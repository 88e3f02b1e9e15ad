"""Evidence, line by line, and the verdict that is read from it."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cards.words import words_for
from services.domain.case.status import Status
from services.domain.evidence.findings import STRONG, EvidenceSource, Finding, Found, findings, said_recipients
from services.domain.evidence.report import (
    AccountChange,
    Change,
    Forwarding,
    InboxRule,
    Report,
    Risk,
    RiskEvent,
    RiskLevel,
    RuleDeed,
    SentHour,
    SentMail,
    SignIn,
)
from services.domain.evidence.verdict import RULES, Verdict, VerdictReason, judge, judge_answers
from services.domain.proofs.securing import Mailing, SentMailing
from services.domain.restriction import Counts
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import CASES, HOUR, MINUTE, NOW, RATE_REASON, SINCE, SPAM_REASON, report, restriction

ROOT = Path(__file__).parents[2]
DAY = timedelta(days=1)
YES, NO = Mailing(sent=SentMailing.YES, recipients="about 2,000"), Mailing(sent=SentMailing.NO)
RATE_REASON_OF_2_000 = RATE_REASON.replace("10100", "2000")
UNREAD = Unknown(reason=UnknownReason.NO_PERMISSION)
AT_HOME = tuple(SignIn(at=SINCE - n * DAY, succeeded=True, place="ES") for n in range(3, 9))
ABROAD = SignIn(at=SINCE - HOUR, succeeded=True, place="NG")
FAILURES = tuple(SignIn(at=SINCE - n * MINUTE, succeeded=False, place="NG") for n in range(12))


def rule(**changes: object) -> InboxRule:
    usual = InboxRule(
        id="1", name=".", enabled=True, hidden=True, deeds=(RuleDeed.FORWARDS,), targets=("x@a.example",), external=True
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # the tests name real fields


def change(what: Change, at: timedelta = -HOUR) -> AccountChange:
    return AccountChange(at=SINCE + at, what=what, by="ana@contoso.example", detail="Mail Sync")


def found_in(changes: dict[str, object], mailing: Mailing | None = YES) -> set[Found]:
    return {one.found for one in findings(report(**changes), SINCE, mailing) if one.found}


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"forwarding": Forwarding(to="x@a.example", keeps_copy=True, external=True)}, Found.FORWARDED_OUTSIDE),
        ({"forwarding": Forwarding(to="Pat", keeps_copy=True, external=None)}, Found.FORWARDED_OUTSIDE),
        ({"rules": (rule(),)}, Found.RULE_SENDS_OUTSIDE),
        ({"rules": (rule(external=None),)}, Found.RULE_SENDS_OUTSIDE),
        ({"rules": (rule(external=False, deeds=(RuleDeed.DELETES,)),)}, Found.RULE_HIDES),
        ({"sign_ins": (*FAILURES, replace(ABROAD, at=SINCE))}, Found.SIGNED_IN_AFTER_FAILURES),
        ({"sign_ins": FAILURES}, Found.FAILED_BURST),
        ({"sign_ins": (*AT_HOME, ABROAD)}, Found.UNUSUAL_PLACE),
        ({"risk": Risk(level=RiskLevel.HIGH)}, Found.HIGH_RISK),
        ({"risk": Risk(level=RiskLevel.LOW, events=(RiskEvent(at=NOW, kind="passwordSpray"),))}, Found.SOME_RISK),
        ({"changes": (change(Change.APP_CONSENTED, HOUR),)}, Found.APP_CONSENTED),
        ({"changes": (change(Change.METHOD_ADDED),)}, Found.METHOD_ADDED_BEFORE),
        ({"changes": (change(Change.PASSWORD_CHANGED),)}, Found.PASSWORD_CHANGED_BEFORE),
        ({"changes": (change(Change.NUMBER_CHANGED),)}, Found.NUMBER_CHANGED),
        ({"changes": (change(Change.NUMBER_CHANGED, HOUR),)}, Found.NUMBER_CHANGED),
        (
            {"sent": SentMail(hours=(SentHour(start=SINCE, recipients=9_000, messages=90),), subjects=1)},
            Found.MORE_THAN_SAID,
        ),
    ],
)
def test_each_sign_is_found(changes: dict[str, object], what: Found) -> None:
    assert found_in(changes) == {what}
    told = findings(report(**changes), SINCE, YES)
    clean = {finding.source for finding in told if finding.is_clean}
    assert clean.isdisjoint(finding.source for finding in told if finding.found)


def test_each_line_is_told_of_and_what_was_found_comes_first() -> None:
    clean = findings(report(), SINCE, YES)
    assert [finding.source for finding in clean] == list(EvidenceSource)
    assert clean[-1] == Finding(source=EvidenceSource.MAILING, number=2_001)
    mixed = findings(report(rules=(rule(),), risk=UNREAD), SINCE, YES)
    assert [finding.source for finding in mixed[:2]] == [EvidenceSource.RULES, EvidenceSource.RISK]
    assert [finding.is_clean for finding in mixed] == [False, False, True, True, True, True]


def test_a_finding_carries_what_the_card_tells_of_it() -> None:
    deletes = rule(name="tidy", external=False, deeds=(RuleDeed.DELETES,))
    both = rule(name="both", deeds=(RuleDeed.FORWARDS, RuleDeed.HIDES), targets=("x@a.example", "y@a.example"))
    seen = report(
        forwarding=Forwarding(to="x@a.example", keeps_copy=True, external=True),
        rules=(both, deletes),
        sign_ins=(*AT_HOME, *failed(12, 66 * MINUTE), ABROAD, replace(ABROAD, at=ABROAD.at + MINUTE)),
        risk=Risk(level=RiskLevel.HIGH, events=tuple(RiskEvent(at=NOW, kind=kind) for kind in ("b", "a", "b"))),
        changes=(change(Change.APP_CONSENTED), replace(change(Change.METHOD_ADDED), by=None, detail="Phone")),
        sent=SentMail(
            hours=tuple(SentHour(start=SINCE + n * HOUR, recipients=300 * n, messages=1) for n in (1, 3, 2)), subjects=1
        ),
    )
    assert [one for one in findings(seen, SINCE, NO) if one.found] == [
        Finding(source=EvidenceSource.FORWARDING, found=Found.FORWARDED_OUTSIDE, names=("x@a.example",)),
        Finding(
            source=EvidenceSource.RULES, found=Found.RULE_SENDS_OUTSIDE, names=("both", "x@a.example", "y@a.example")
        ),
        Finding(
            source=EvidenceSource.SIGN_INS, found=Found.SIGNED_IN_AFTER_FAILURES, number=11, at=SINCE - 66 * MINUTE
        ),
        Finding(source=EvidenceSource.RISK, found=Found.HIGH_RISK, names=("a", "b")),
        Finding(source=EvidenceSource.RULES, found=Found.RULE_HIDES, names=("tidy",)),
        Finding(source=EvidenceSource.SIGN_INS, found=Found.UNUSUAL_PLACE, names=("NG",), at=ABROAD.at),
        Finding(
            source=EvidenceSource.CHANGES,
            found=Found.APP_CONSENTED,
            names=("Mail Sync", "ana@contoso.example"),
            at=SINCE - HOUR,
        ),
        Finding(source=EvidenceSource.CHANGES, found=Found.METHOD_ADDED_BEFORE, names=("Phone",), at=SINCE - HOUR),
        Finding(source=EvidenceSource.MAILING, found=Found.NO_MAILING_SAID, number=900, at=SINCE + 3 * HOUR),
    ]
    more = findings(report(sent=sent(9_000)), SINCE, YES)[0]
    assert more == Finding(source=EvidenceSource.MAILING, found=Found.MORE_THAN_SAID, number=9_000)


def test_a_place_that_nobody_knows_or_nobody_got_in_from_is_neither_usual_nor_unusual() -> None:
    nowhere = replace(ABROAD, place=None)
    assert found_in({"sign_ins": (*AT_HOME, nowhere)}) == set()
    only_tried = tuple(replace(one, succeeded=False) for one in AT_HOME)
    without_place = tuple(replace(one, place=None) for one in AT_HOME)
    for before in (only_tried, without_place):
        first = findings(report(sign_ins=(*before, ABROAD)), SINCE, YES)[0]
        assert first == Finding(source=EvidenceSource.SIGN_INS, not_checked=UnknownReason.START_UNKNOWN)


def test_a_risk_that_is_hidden_counts_where_its_kind_is_told_and_a_low_one_always() -> None:
    kind = (RiskEvent(at=NOW, kind="leakedCredentials"),)
    assert found_in({"risk": Risk(level=RiskLevel.HIDDEN, events=kind)}) == {Found.SOME_RISK}
    assert found_in({"risk": Risk(level=RiskLevel.LOW)}) == {Found.SOME_RISK}
    told = findings(report(risk=Risk(level=RiskLevel.MEDIUM, events=kind)), SINCE, YES)[0]
    assert told == Finding(source=EvidenceSource.RISK, found=Found.SOME_RISK, names=("leakedCredentials",))


def test_without_a_start_the_days_before_the_report_count() -> None:
    consented = AccountChange(at=NOW - 2 * DAY, what=Change.APP_CONSENTED)
    assert findings(report(changes=(consented,)), None, YES)[0].found is Found.APP_CONSENTED
    earlier = replace(consented, at=consented.at - SECOND)
    assert findings(report(changes=(earlier,)), None, YES)[0].found is None


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"forwarding": Forwarding(to="pat@contoso.example", keeps_copy=True, external=False)},
        {"rules": (rule(enabled=False),)},
        {"rules": (rule(external=False),)},
        {"sign_ins": AT_HOME},
        {"sign_ins": (*AT_HOME, *FAILURES[:5])},
        {"sign_ins": tuple(replace(one, at=SINCE - n * HOUR) for n, one in enumerate(FAILURES))},
        {"risk": Risk(level=RiskLevel.HIGH, dismissed=True)},
        {"changes": (change(Change.METHOD_ADDED, HOUR), change(Change.PASSWORD_CHANGED, HOUR))},
        {"changes": (change(Change.APP_CONSENTED, -5 * DAY), change(Change.METHOD_REMOVED))},
        {"sent": SentMail(hours=(SentHour(start=SINCE - 24 * HOUR, recipients=2, messages=1),), subjects=1)},
    ],
)
def test_what_everybody_does_is_no_sign(changes: dict[str, object]) -> None:
    assert found_in(changes) == set()
    assert all(finding.is_clean for finding in findings(report(**changes), SINCE, YES))


def sent(recipients: int) -> SentMail:

    return SentMail(hours=(SentHour(start=SINCE, recipients=recipients, messages=9),), subjects=1)


def failed(number: int, over: timedelta) -> tuple[SignIn, ...]:
    """That many failed sign-ins, evenly spread over `over`, the last one at the restriction's start."""
    return tuple(SignIn(at=SINCE - n * over / (number - 1), succeeded=False, place="ES") for n in range(number))


LATER = SignIn(at=SINCE + HOUR, succeeded=True, place="ES")
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("said", "changes", "found"),
    [
        # Half as many again and two hundred more count as rounding.
        (YES, {"sent": sent(3_200)}, None),
        (YES, {"sent": sent(3_201)}, Found.MORE_THAN_SAID),
        (NO, {"sent": sent(199)}, None),
        (NO, {"sent": sent(200)}, Found.NO_MAILING_SAID),
        (YES, {"sign_ins": failed(9, MINUTE)}, None),
        (YES, {"sign_ins": failed(10, HOUR)}, Found.FAILED_BURST),
        (YES, {"sign_ins": failed(10, HOUR + SECOND)}, None),
        (YES, {"sign_ins": (*AT_HOME, *failed(10, HOUR), LATER)}, Found.SIGNED_IN_AFTER_FAILURES),
        (YES, {"sign_ins": (*AT_HOME, *failed(10, HOUR), replace(LATER, at=LATER.at + SECOND))}, Found.FAILED_BURST),
        (YES, {"sign_ins": (*AT_HOME, *failed(10, HOUR), replace(LATER, at=SINCE - HOUR))}, Found.FAILED_BURST),
        (YES, {"sign_ins": (*AT_HOME, replace(ABROAD, at=SINCE - 2 * DAY))}, Found.UNUSUAL_PLACE),
        (YES, {"sign_ins": (*AT_HOME, replace(ABROAD, at=SINCE - 2 * DAY - SECOND))}, None),
        (YES, {"changes": (change(Change.METHOD_ADDED, -2 * DAY),)}, Found.METHOD_ADDED_BEFORE),
        (YES, {"changes": (change(Change.METHOD_ADDED, -2 * DAY - SECOND),)}, None),
        (YES, {"changes": (change(Change.METHOD_ADDED, -SECOND),)}, Found.METHOD_ADDED_BEFORE),
        (YES, {"changes": (change(Change.METHOD_ADDED, timedelta()),)}, None),
    ],
)
def test_each_threshold_is_where_it_is_said_to_be(
    said: Mailing, changes: dict[str, object], found: Found | None
) -> None:
    assert found_in(changes, said) == ({found} if found else set())


STOPPED = tuple(replace(one, stopped=True) for one in failed(10, HOUR))


@pytest.mark.parametrize(
    ("sign_ins", "found"),
    [
        (STOPPED, {Found.FAILED_BURST}),
        ((*STOPPED, LATER), {Found.FAILED_BURST}),
        ((*STOPPED[:5], *failed(10, HOUR)[5:], LATER), {Found.FAILED_BURST}),
        ((*STOPPED, *failed(10, HOUR), LATER), {Found.SIGNED_IN_AFTER_FAILURES}),
    ],
)
def test_who_was_stopped_though_the_password_was_right_has_guessed_nothing(
    sign_ins: tuple[SignIn, ...], found: set[Found]
) -> None:
    assert found_in({"sign_ins": (*AT_HOME, *sign_ins)}) == found


def test_a_burst_without_mailing_is_against_what_the_person_says() -> None:
    assert found_in({}, NO) == {Found.NO_MAILING_SAID}


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"forwarding": UNREAD}, EvidenceSource.FORWARDING),
        ({"rules": UNREAD}, EvidenceSource.RULES),
        ({"sign_ins": UNREAD}, EvidenceSource.SIGN_INS),
        ({"sign_ins": (ABROAD,)}, EvidenceSource.SIGN_INS),
        ({"risk": UNREAD}, EvidenceSource.RISK),
        ({"risk": Risk(level=RiskLevel.HIDDEN)}, EvidenceSource.RISK),
        ({"changes": UNREAD}, EvidenceSource.CHANGES),
        ({"sent": UNREAD}, EvidenceSource.MAILING),
        ({"sent": SentMail(hours=(), subjects=0)}, EvidenceSource.MAILING),
    ],
)
def test_what_was_not_read_is_not_checked(changes: dict[str, object], line: EvidenceSource) -> None:
    first = findings(report(**changes), SINCE, YES)[0]
    assert (first.source, first.found) == (line, None)
    assert first.not_checked is not None


def sent_at(start: datetime, recipients: int = 9, *, complete: bool = True) -> SentMail:
    return SentMail(hours=(SentHour(start=start, recipients=recipients, messages=1),), subjects=1, complete=complete)


@pytest.mark.parametrize(
    ("trace", "why"),
    [
        (SentMail(hours=(), subjects=0), UnknownReason.NOT_ALL_SHOWN),
        (sent_at(SINCE - 25 * HOUR), UnknownReason.NOT_ALL_SHOWN),
        (sent_at(SINCE - 25 * HOUR + SECOND), None),
        (sent_at(SINCE + HOUR), None),
        (sent_at(SINCE, 8), UnknownReason.NOT_ALL_SHOWN),
        (sent_at(SINCE, complete=False), UnknownReason.INCOMPLETE),
    ],
)
def test_a_trace_that_lacks_what_led_to_it_fits_nothing(trace: SentMail, why: UnknownReason | None) -> None:
    listed = replace(restriction(), counts=Counts(internal=1, external=17))
    judgement = judge(report(sent=trace), listed, replace(YES, recipients="20"))
    (line,) = (one for one in judgement.findings if one.source is EvidenceSource.MAILING)
    assert (line.found, line.not_checked) == (None, why)
    assert (judgement.verdict is Verdict.HONEST) is (why is None)


@pytest.mark.parametrize("trace", [sent_at(SINCE, 9_000, complete=False), sent_at(SINCE - 9 * DAY, 9_000)])
def test_a_part_of_a_trace_still_shows_what_is_too_much(trace: SentMail) -> None:
    assert found_in({"sent": trace}) == {Found.MORE_THAN_SAID}


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("2000", 2_000),
        ("2,000", 2_000),
        ("2.000 people", 2_000),
        ("2 000", 2_000),
        ("3 lists, 1,200 each", 1_200),
        ("many", None),
        ("about 2k", 2_000),
        ("2-3k", 3_000),
        ("2.5k", 2_500),
        ("2 thousand", 2_000),
        ("2000 kunden", 2_000),
        ("2² lists of 90", 90),
        ("12345678", 12_345_678),
        ("123456789", None),
        ("+34 600 000 001, to 40", 40),
    ],
)
def test_numbers_are_read_as_people_write_them(words: str, number: int | None) -> None:
    assert said_recipients(Mailing(sent=SentMailing.YES, recipients=words)) == number
    assert said_recipients(Mailing(sent=SentMailing.NO, recipients=words)) is None


def test_one_strong_sign_or_two_others_look_stolen_whatever_the_person_says() -> None:
    outside = Forwarding(to="x@a.example", keeps_copy=True, external=True)
    assert judge(report(forwarding=outside), restriction(), YES).reason is VerdictReason.STRONG_ALARM
    two = judge(report(sign_ins=(*AT_HOME, ABROAD), changes=(change(Change.APP_CONSENTED),)), restriction(), YES)
    assert (two.verdict, two.reason) == (Verdict.STOLEN, VerdictReason.TWO_ALARMS)
    assert judge(report(sign_ins=(*AT_HOME, ABROAD)), restriction(), YES).reason is VerdictReason.ONE_ALARM


@pytest.mark.parametrize(("reason", "number"), [(None, 2_000), (RATE_REASON, 10_000)])
def test_a_mailing_over_a_limit_with_nothing_found_looks_honest(reason: str | None, number: int) -> None:
    listed = restriction(reason) if reason else restriction()
    said = Mailing(sent=SentMailing.YES, recipients=str(number))
    assert judge(report(sent=sent(number)), listed, said).verdict is Verdict.HONEST


@pytest.mark.parametrize(
    ("said", "because"),
    [
        ("99999999", VerdictReason.SAYS_MORE),
        ("6,201", VerdictReason.SAYS_MORE),
        ("6,200", VerdictReason.MAILING_FITS),
        ("2,000", VerdictReason.MAILING_FITS),
        ("1,200", VerdictReason.MAILING_FITS),
        ("1,199", VerdictReason.ONE_ALARM),
    ],
)
def test_what_is_said_must_fit_what_was_sent_from_both_sides(said: str, because: VerdictReason) -> None:
    """A limit may have stopped the mailing; but a number that anything would fit explains nothing."""
    mailing = Mailing(sent=SentMailing.YES, recipients=said)
    assert judge(report(sent=sent(2_000)), restriction(RATE_REASON_OF_2_000), mailing).reason is because


def test_of_two_answers_the_worse_one_stands() -> None:
    fits, no = replace(YES, recipients="2,000"), Mailing(sent=SentMailing.NO)
    for answers in ((fits, no), (no, fits)):
        assert judge_answers(report(), restriction(), answers).reason is VerdictReason.ONE_ALARM
    assert judge_answers(report(), restriction(), (fits,)).verdict is Verdict.HONEST


@pytest.mark.parametrize(
    ("cut", "line", "found"),
    [
        ({"rules_cut": True}, EvidenceSource.RULES, None),
        ({"rules_cut": True, "rules": (rule(),)}, EvidenceSource.RULES, Found.RULE_SENDS_OUTSIDE),
        ({"changes_cut": True}, EvidenceSource.CHANGES, None),
        (
            {"changes_cut": True, "changes": (change(Change.APP_CONSENTED),)},
            EvidenceSource.CHANGES,
            Found.APP_CONSENTED,
        ),
        ({"sign_ins_cut": True}, EvidenceSource.SIGN_INS, None),
        ({"sign_ins_cut": True, "sign_ins": FAILURES}, EvidenceSource.SIGN_INS, Found.FAILED_BURST),
    ],
)
def test_what_is_cut_short_is_incomplete_and_what_it_shows_stands(
    cut: dict[str, object], line: EvidenceSource, found: Found | None
) -> None:
    judgement = judge(report(**cut), restriction(), YES)
    told = [(one.found, one.not_checked) for one in judgement.findings if one.source is line]
    assert told == ([(found, None)] if found else []) + [(None, UnknownReason.INCOMPLETE)]
    assert judgement.verdict is not Verdict.HONEST


def test_where_older_sign_ins_are_missing_no_country_is_called_unusual() -> None:
    assert found_in({"sign_ins": (*AT_HOME, ABROAD), "sign_ins_cut": True}) == set()


@pytest.mark.parametrize(
    ("evidence", "reason", "mailing", "because"),
    [
        (None, None, YES, VerdictReason.NOT_GATHERED),
        (report(rules=UNREAD), None, YES, VerdictReason.NOT_CHECKED),
        (report(), SPAM_REASON, YES, VerdictReason.SPAM_VERDICT),
        (report(), "Strange=1", YES, VerdictReason.REASON_UNKNOWN),
        (report(), None, None, VerdictReason.NO_MAILING),
        (report(), None, Mailing(sent=SentMailing.YES, recipients="many"), VerdictReason.NO_MAILING),
    ],
)
def test_whatever_is_missing_is_never_taken_for_honest(
    evidence: Report | None, reason: str | None, mailing: Mailing | None, because: VerdictReason
) -> None:
    judgement = judge(evidence, restriction(reason) if reason else restriction(), mailing)
    assert (judgement.verdict, judgement.reason) == (Verdict.NOT_ENOUGH, because)


def test_a_case_judges_its_own_evidence() -> None:
    case = replace(CASES[Status.WAITING], evidence=report(), proofs=replace(CASES[Status.WAITING].proofs, mailing=YES))
    assert case.judgement.verdict is Verdict.HONEST


def rule_table() -> str:
    """The table of `docs/verdict.md`, built from the rules with the card's words."""
    words = words_for("en")
    rows = [
        f"| {n} | {rule.says} | **{words(f'verdict.{rule.verdict.name.lower()}')}** "
        f"{words(f'because.{rule.reason.name.lower()}')} |"
        for n, rule in enumerate(RULES, start=1)
    ]
    strong = ", ".join(sorted(STRONG)).replace("_", " ")
    others = ", ".join(sorted(set(Found) - STRONG)).replace("_", " ")
    return "\n".join(
        ["| | if | then |", "|---|---|---|", *rows, "", f"Strong signs: {strong}.", f"Other signs: {others}."]
    )


def test_the_documented_table_is_the_one_the_code_reads() -> None:
    assert rule_table() in (ROOT / "docs/verdict.md").read_text(encoding="utf-8")
