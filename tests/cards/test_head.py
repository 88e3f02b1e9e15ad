"""One head line: the worst of what the evidence, the conditions and the cause say.

Over every picture there is, and over every combination of what decides."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import cycle, product
from typing import Any

import pytest

from cards.approver.approver_card import approver_card
from cards.approver.evidence import finding_sentence
from cards.approver.suggestion import Head, head
from cards.view import View
from cards.words import words_for
from sandbox.teams import texts
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.evidence.report import Change, Report, RuleDeed, SentMail
from services.domain.evidence.verdict import ESSENTIAL, Verdict
from services.domain.proofs.securing import Mailing, MfaFinding, SentMailing
from services.domain.unknown import Unknown, UnknownReason
from tests.cards.approver_pictures import approver_cases
from tests.cards.sample_cases import HONEST
from tests.cards.sample_evidence import STOLEN, WEAK
from tests.cards.sample_view import VIEW
from tests.cases import CASES, HOUR, NOW, RATE_REASON, SPAM_REASON, report, restriction
from tests.domain.test_verdict import AT_HOME, change, rule

VIEWS = (VIEW, replace(VIEW, words=words_for("de")))
DECIDABLE = (Status.WAITING, Status.NEEDS_INFO, Status.FAILED)
UNREAD = Unknown(reason=UnknownReason.TIMED_OUT)

SENT = HONEST.evidence.sent if HONEST.evidence else UNREAD
FITS = report(sent=SENT)
EVIDENCE: tuple[Report | None, ...] = (
    None,
    FITS,
    replace(FITS, forwarding=UNREAD),
    replace(FITS, rules_cut=True),
    replace(FITS, changes_cut=True),
    replace(FITS, risk=UNREAD),
    replace(FITS, sent=SentMail(hours=(), subjects=0)),
    replace(FITS, rules=(rule(external=False, deeds=(RuleDeed.HIDES,)),)),
    replace(FITS, changes=(change(Change.NUMBER_CHANGED),), rules=UNREAD),
    replace(FITS, sign_ins=AT_HOME, changes=(change(Change.METHOD_ADDED),), rules_cut=True),
    WEAK,
    STOLEN,
)
REASONS = ("", SPAM_REASON, RATE_REASON, "Odd=1", None)
MAILINGS = (
    HONEST.proofs.mailing,
    None,
    Mailing(sent=SentMailing.NO),
    Mailing(sent=SentMailing.YES, recipients="99999999"),
)


@cache
def generated() -> tuple[Case, ...]:
    """Every combination of a cause, evidence, proofs, an answer, and evidence that is wanted again."""
    return tuple(_generated())


def _generated() -> Iterator[Case]:
    combined = product(REASONS, EVIDENCE, (True, False), MAILINGS, ((None, False), (NOW + HOUR, False), (None, True)))
    for (reason, evidence, proven, mailing, before), status in zip(
        combined, cycle((*DECIDABLE, *DECIDABLE[:1])), strict=False
    ):
        wanted, looked = before
        case = CASES[status]
        mfa = case.proofs.mfa if proven else replace(case.proofs.mfa, finding=MfaFinding.NEW)
        entry = None if reason is None else restriction(reason) if reason else restriction()
        yield replace(
            case,
            restriction=entry,
            evidence=evidence,
            evidence_wanted_at=wanted,
            episode=replace(case.episode, looked_stolen=looked),
            proofs=replace(case.proofs, mfa=mfa, mailing=mailing),
        )


PICTURED = {name: case for name, case in approver_cases().items() if case.status in DECIDABLE}
PICTURED |= {status.name.lower(): CASES[status] for status in DECIDABLE}


def what_speaks_against(case: Case) -> list[str]:
    """Told apart here as the promise does it, and not as the program does."""
    lines = case.judgement.findings
    against = [str(one.found) for one in lines if one.found]
    against += [f"{one.source} not checked" for one in lines if one.not_checked and one.source in ESSENTIAL]
    against += [f"{one.source} cut short" for one in lines if one.not_checked is UnknownReason.INCOMPLETE]
    against += [str(condition) for condition in case.conditions]
    pending = case.evidence is None or (case.evidence_wanted_at or NOW) > case.evidence.gathered_at
    return against + (["pending"] if pending else []) + (["looked stolen"] if case.episode.looked_stolen else [])


def calms(found: Head, view: View) -> bool:
    words = view.words
    return found.says == words("verdict.honest") or found.why in (words("suggest.release"), words("suggest.repeated"))


def test_nothing_speaks_against_a_release_only_where_nothing_does() -> None:
    calm = 0
    for case in (*generated(), *PICTURED.values()):
        against = what_speaks_against(case)
        for view in VIEWS:
            if calms(head(case, view.about(case)), view):
                calm += 1
                assert not against, (against, case)
                assert case.judgement.verdict is Verdict.HONEST
    assert calm > 20


def test_what_looks_stolen_says_so_and_names_what_was_found() -> None:
    for case in (*generated(), *PICTURED.values()):
        found = head(case, VIEW.about(case))
        if case.sender.connector_id:
            continue
        assert (found.says == VIEW.words("verdict.stolen")) is case.looks_stolen
        worst = next((one for one in case.judgement.findings if one.found), None)
        if worst:
            named = (found.why, *(finding_sentence(case, sign, VIEW) for sign in found.signs))
            assert any(VIEW.words(f"evidence.line.{worst.source.name.lower()}") in one for one in named)


def test_a_head_is_never_milder_than_the_conditions() -> None:
    mild = {VIEW.words(name) for name in ("verdict.honest", "suggest.rate", "suggest.not_gathered")}
    for case in generated():
        if case.needs_word:
            assert head(case, VIEW.about(case)).says not in mild
        if case.conditions:
            assert head(case, VIEW.about(case)).says != VIEW.words("verdict.honest")


def action(card: Any, title: str) -> Any:
    """The button of that title, wherever it is."""
    if isinstance(card, list):
        return next((found for one in card if (found := action(one, title))), None)
    if not isinstance(card, dict):
        return None
    if card.get("title") == title and str(card.get("type", "")).startswith("Action."):
        return card
    return action(list(card.values()), title)


def head_lines(card: Card, case: Case) -> int:
    said = f"{head(case, VIEW.about(case)).icon} {head(case, VIEW.about(case)).says}"
    return sum(said in texts(element) for element in card["body"])


def test_a_card_has_one_head_line_and_no_second_verdict() -> None:
    verdicts = {VIEW.words(f"verdict.{verdict.name.lower()}") for verdict in Verdict}
    for name, case in PICTURED.items():
        card = approver_card(case, VIEW)
        assert head_lines(card, case) == 1, name
        others = verdicts - {head(case, VIEW.about(case)).says}
        assert not [other for other in others if other in texts(card)], name


def test_what_looks_stolen_highlights_containing_and_not_approving() -> None:
    for name, case in PICTURED.items():
        card = approver_card(case, VIEW)
        for title in ("Approve", "Try again", "Yes, unblock"):
            found = action(card, title)
            assert not (case.looks_stolen and found and found.get("style") == "positive"), (name, title)
        contain = action(card, "Contain the account")
        if contain:
            assert (contain.get("style") == "positive") is case.needs_two, name


ON_ITS_WAY = (VIEW.words("suggest.not_gathered"), VIEW.words("evidence.gathering"))


@pytest.mark.parametrize("status", [*DECIDABLE, Status.APPROVED, Status.UNBLOCKED])
@pytest.mark.parametrize("case", [HONEST, replace(HONEST, evidence=STOLEN), replace(HONEST, evidence=None)])
def test_that_evidence_is_on_its_way_is_said_once(case: Case, status: Status) -> None:
    waits = replace(case, status=status, evidence_wanted_at=NOW + HOUR)
    said = texts(approver_card(waits, VIEW))
    assert sum(said.count(sentence) for sentence in ON_ITS_WAY) == 1
