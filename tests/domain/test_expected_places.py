"""A place that the rules expect is no alarm by itself. It proves nothing, and hides nothing else."""

from dataclasses import replace

import pytest

from services.domain.case.episode import Episode
from services.domain.case.status import Status
from services.domain.containment.containment import Containment, ContainmentStep
from services.domain.evidence.findings import Finding, Found, are_clean, findings
from services.domain.evidence.report import Forwarding, Report, SenderEvidence, SentByTool, SentMail, SignIn
from services.domain.evidence.sign_ins import condensed
from services.domain.evidence.verdict import Verdict, VerdictReason, judge
from services.domain.people import SignOff
from services.domain.restriction import Restriction
from services.domain.rules.rules import Rules
from services.domain.unknown import UnknownReason
from tests.cases import BO, CASES, HOUR, MINUTE, NOW, SINCE, SPAM_REASON, report, restriction
from tests.domain.test_verdict import ABROAD, AT_HOME, FAILURES, NO, YES
from tests.rules.examples import EXPECTED, ROSTER, TOOLS, rules

EXPECTED_ABROAD = replace(ABROAD, expected=True)
FORWARDED = Forwarding(to="x@a.example", keeps_copy=True, external=True)
PLACE = Finding(found=Found.UNUSUAL_PLACE, source=findings(report(), SINCE, YES)[0].source, names=("NG",))


def abroad(*sign_ins: SignIn, **changes: object) -> Report:
    return report(sign_ins=(*AT_HOME, *(sign_ins or (EXPECTED_ABROAD,))), **changes)


def verdict(evidence: Report, *earlier: Finding, cause: Restriction | None = None, suspected: bool = False) -> Verdict:
    return judge(evidence, cause or restriction(), YES, tuple(earlier), suspected=suspected).verdict


def alarms(evidence: Report, *earlier: Finding, suspected: bool = False) -> set[Found]:
    judged = judge(evidence, restriction(), YES, tuple(earlier), suspected=suspected)
    return {one.found for one in judged.findings if one.found}


def test_where_the_place_is_the_only_sign_it_is_no_alarm() -> None:
    assert alarms(abroad(ABROAD)) == {Found.UNUSUAL_PLACE}
    assert alarms(abroad()) == set()
    judged = judge(abroad(), restriction(), YES)
    assert [one.names for one in judged.findings if one.expected] == [("NG",)]


def test_it_is_no_proof_of_innocence_either() -> None:
    """Without that sign-in the sender would look honest. A thief may sit in the same country."""
    assert verdict(report(sign_ins=AT_HOME)) is Verdict.HONEST
    judged = judge(abroad(), restriction(), YES)
    assert (judged.verdict, judged.reason) == (Verdict.NOT_ENOUGH, VerdictReason.EXPECTED_PLACE)
    assert not are_clean(judged.findings)


def test_one_sign_in_that_nobody_expected_from_the_same_country_is_an_alarm() -> None:
    assert alarms(abroad(EXPECTED_ABROAD, replace(ABROAD, at=ABROAD.at + MINUTE))) == {Found.UNUSUAL_PLACE}


@pytest.mark.parametrize(
    "changes",
    [
        {"forwarding": FORWARDED},
        {"sign_ins": (*AT_HOME, EXPECTED_ABROAD, replace(ABROAD, place="KP"))},
        {"sign_ins": (*AT_HOME, *FAILURES, replace(EXPECTED_ABROAD, at=SINCE))},
        {"others": (SenderEvidence(name="Bo", sign_ins=FAILURES, risk=report().risk, changes=()),)},
    ],
    ids=["a forwarding", "another country", "guessing", "somebody else's account"],
)
def test_beside_any_other_sign_it_is_an_alarm_as_ever(changes: dict[str, object]) -> None:
    evidence = replace(abroad(), **changes)  # type: ignore[arg-type]  # the tests name real fields
    bare = replace(
        evidence,
        sign_ins=tuple(replace(one, expected=False) for one in evidence.sign_ins),  # type: ignore[union-attr]
    )
    assert alarms(evidence) == alarms(bare)
    assert Found.UNUSUAL_PLACE in alarms(evidence)
    assert verdict(evidence) is verdict(bare) is not Verdict.HONEST


def test_a_sign_of_before_that_is_gone_is_another_sign() -> None:
    gone = Finding(source=PLACE.source, found=Found.FAILED_BURST)
    assert alarms(abroad(), gone) == {Found.UNUSUAL_PLACE}
    assert verdict(abroad(), gone) is Verdict.STOLEN


def test_an_alarm_of_before_does_not_go_away_because_the_rules_changed() -> None:
    assert verdict(abroad(), PLACE) is Verdict.NOT_ENOUGH
    assert judge(abroad(), restriction(), YES, (PLACE,)).reason is VerdictReason.ONE_ALARM


def test_once_it_looked_stolen_or_was_contained_no_place_is_expected() -> None:
    assert alarms(abroad(), suspected=True) == {Found.UNUSUAL_PLACE}
    case = replace(CASES[Status.WAITING], evidence=abroad(), proofs=replace(CASES[Status.WAITING].proofs, mailing=YES))
    planned = Containment(requested=SignOff(by=BO.id, name=BO.name, at=NOW), steps=(ContainmentStep.DISABLE,))
    assert case.alarms == ()
    assert [one.found for one in replace(case, episode=Episode(looked_stolen=True)).alarms] == [Found.UNUSUAL_PLACE]
    assert [one.found for one in replace(case, containment=planned).alarms] == [Found.UNUSUAL_PLACE]


def test_what_cannot_be_compared_stays_not_checked() -> None:
    only = report(sign_ins=(EXPECTED_ABROAD,))
    found = [one for one in findings(only, SINCE, YES) if one.not_checked]
    assert [one.not_checked for one in found] == [UnknownReason.START_UNKNOWN]


def test_a_spam_verdict_stays_one() -> None:
    assert judge(abroad(), restriction(SPAM_REASON), YES).reason is VerdictReason.SPAM_VERDICT


def test_an_expected_sign_in_does_not_push_another_of_its_country_out_of_a_long_log() -> None:
    log = [*AT_HOME, *(replace(EXPECTED_ABROAD, at=SINCE - n * MINUTE) for n in range(600)), ABROAD]
    assert ABROAD in condensed(log)


def test_a_mailing_tool_changes_no_finding_and_no_verdict() -> None:
    sent = report().sent
    assert isinstance(sent, SentMail)
    named = report(sent=replace(sent, by_tools=(SentByTool(name="Newsletter", recipients=2_001),)))
    for mailing in (YES, NO, None):
        assert judge(named, restriction(), mailing) == judge(report(), restriction(), mailing)
    assert Found.NO_MAILING_SAID in {one.found for one in findings(named, SINCE, NO)}


RULES: Rules = rules(EXPECTED, TOOLS)


@pytest.mark.parametrize(
    ("country", "address", "app", "expected"),
    [
        ("NG", None, None, True),
        ("ng", None, None, True),
        ("KP", "203.0.113.77", None, True),
        ("KP", "::ffff:203.0.113.77", None, True),
        ("KP", "2001:db8::1", None, True),
        ("KP", "198.51.100.1", None, False),
        ("KP", None, f" {ROSTER.upper()} ", True),
        ("KP", None, "Roster", False),
        (None, None, None, False),
        ("", "no address", "", False),
    ],
)
def test_what_is_expected(country: str | None, address: str | None, app: str | None, expected: bool) -> None:
    assert RULES.expected.covers(country=country, address=address, app=app) is expected


@pytest.mark.parametrize(
    ("sender", "address", "sent"),
    [
        ("a@news.contoso.example", None, True),
        ("a@News.Contoso.Example", None, True),
        ("a@old.news.contoso.example", None, False),
        ("ana@contoso.example", "198.51.100.7", True),
        ("ana@contoso.example", "198.51.100.8", False),
        ("", "", False),
    ],
)
def test_what_a_mailing_tool_sent(sender: str, address: str | None, sent: bool) -> None:
    assert RULES.mailing_tools[0].sent(sender=sender, address=address) is sent


def test_nothing_is_expected_without_rules() -> None:
    assert not Rules().expected.covers(country="AT", address="192.0.2.1", app=ROSTER)
    assert ABROAD.at - SINCE == -HOUR
