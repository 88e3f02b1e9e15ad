"""The one-line verdict on a sender: a table of rules, the most dangerous first. `docs/verdict.md` shows it."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from services.domain.evidence.findings import (
    STRONG,
    EvidenceSource,
    Finding,
    Found,
    findings,
    said_recipients,
    says_more_than_sent,
    without_expected_places,
)
from services.domain.evidence.report import Report
from services.domain.proofs.securing import Mailing
from services.domain.restriction import Cause, Counts, Restriction
from services.domain.unknown import UnknownReason


class Verdict(StrEnum):
    """What the evidence looks like. A suggestion for approvers, never a decision."""

    STOLEN = "looks_stolen"
    HONEST = "looks_honest"
    NOT_ENOUGH = "not_enough"


class VerdictReason(StrEnum):
    """Why a verdict was reached."""

    NOT_GATHERED = "not_gathered"
    STRONG_ALARM = "strong_alarm"
    LOOKED_STOLEN = "looked_stolen"
    TWO_ALARMS = "two_alarms"
    ONE_ALARM = "one_alarm"
    SPAM_VERDICT = "spam_verdict"
    REASON_UNKNOWN = "reason_unknown"
    NOT_CHECKED = "not_checked"
    EXPECTED_PLACE = "expected_place"
    SAYS_MORE = "says_more"
    NO_MAILING = "no_mailing"
    MAILING_FITS = "mailing_fits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A verdict with its reason and all findings."""

    verdict: Verdict
    reason: VerdictReason
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the rules are applied to."""

    findings: tuple[Finding, ...]
    restriction: Restriction | None
    mailing: Mailing | None
    earlier: tuple[Finding, ...] = ()
    """What was found earlier, though it may be gone, or its source unreadable, by now."""

    @property
    def sent(self) -> int:
        """How many recipients the message trace shows, or the list counted if that is more: the trace comes late."""
        traced = (one.number for one in self.findings if one.source is EvidenceSource.MAILING)
        return max(*traced, self.restriction.counts.total if self.restriction else 0, 0)

    @property
    def alarms(self) -> frozenset[Found]:
        return frozenset(finding.found for finding in (*self.earlier, *self.findings) if finding.found)

    @property
    def of_one_account(self) -> int:
        """The most different signs that one account shows: those of several people are no more than each one's."""
        found = {(one.account, one.found) for one in (*self.earlier, *self.findings) if one.found}
        return max(Counter(account for account, _ in found).values(), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table. The first rule that applies gives the verdict."""

    says: str
    verdict: Verdict
    reason: VerdictReason
    applies: Callable[[Known], bool]


def others_that_look_stolen(found: Iterable[Finding]) -> tuple[str, ...]:
    """The names of those who can send besides the mailbox's own account, of whom these signs alone say that their
    account looks stolen."""
    signs: dict[str, set[Found]] = {}
    for one in found:
        if one.found and one.account:
            signs.setdefault(one.account, set()).add(one.found)
    return tuple(sorted(name for name, shown in signs.items() if shown & STRONG or len(shown) > 1))


ESSENTIAL = (EvidenceSource.FORWARDING, EvidenceSource.RULES, EvidenceSource.SIGN_INS, EvidenceSource.MAILING)
"""The sources that must be checked before a sender can look honest."""


def is_essential_gap(finding: Finding) -> bool:
    """Whether something was not checked without which nobody looks honest: an essential source, or the rest of a list
    that is too long to read, which somebody may have made so long."""
    why = finding.not_checked
    return why is not None and (finding.source in ESSENTIAL or why is UnknownReason.INCOMPLETE)


RULES: tuple[Rule, ...] = (
    Rule(
        says="one strong sign: mail forwarded outside, a rule that sends it outside, a sign-in after many failures, "
        "or high risk",
        verdict=Verdict.STOLEN,
        reason=VerdictReason.STRONG_ALARM,
        applies=lambda known: bool(known.alarms & STRONG),
    ),
    Rule(
        says="two different other signs in one account",
        verdict=Verdict.STOLEN,
        reason=VerdictReason.TWO_ALARMS,
        applies=lambda known: known.of_one_account > 1,
    ),
    Rule(
        says="one other sign",
        verdict=Verdict.NOT_ENOUGH,
        reason=VerdictReason.ONE_ALARM,
        applies=lambda known: bool(known.alarms),
    ),
    Rule(
        says="restricted for spam",
        verdict=Verdict.NOT_ENOUGH,
        reason=VerdictReason.SPAM_VERDICT,
        applies=lambda known: known.restriction is not None and known.restriction.cause is Cause.SPAM,
    ),
    Rule(
        says="restricted for a reason that is not known",
        verdict=Verdict.NOT_ENOUGH,
        reason=VerdictReason.REASON_UNKNOWN,
        applies=lambda known: known.restriction is None or known.restriction.cause is Cause.UNKNOWN,
    ),
    Rule(
        says="forwarding, inbox rules, sign-ins or sent mail were not checked, or another source was cut short",
        verdict=Verdict.NOT_ENOUGH,
        reason=VerdictReason.NOT_CHECKED,
        applies=lambda known: any(is_essential_gap(finding) for finding in known.findings),
    ),
    Rule(
        says="a sign-in from a place that is new for the person, though the organisation's rules expect it",
        verdict=Verdict.NOT_ENOUGH,
        reason=VerdictReason.EXPECTED_PLACE,
        applies=lambda known: any(finding.expected for finding in known.findings),
    ),
    Rule(
        says="the person names many more recipients than were sent",
        verdict=Verdict.NOT_ENOUGH,
        reason=VerdictReason.SAYS_MORE,
        applies=lambda known: says_more_than_sent(known.mailing, known.sent),
    ),
    Rule(
        says="the person names a mailing, and what was sent fits what they say",
        verdict=Verdict.HONEST,
        reason=VerdictReason.MAILING_FITS,
        applies=lambda known: said_recipients(known.mailing) is not None,
    ),
    Rule(
        says="anything else",
        verdict=Verdict.NOT_ENOUGH,
        reason=VerdictReason.NO_MAILING,
        applies=lambda _: True,
    ),
)


def judge_answers(
    report: Report | None,
    restriction: Restriction | None,
    answers: Sequence[Mailing | None],
    earlier: tuple[Finding, ...] = (),
    *,
    suspected: bool = False,
) -> Judgement:
    """The worst verdict that one of the person's answers leads to, the present one first: an answer that was changed is
    not forgotten. `suspected`: see `judge`."""
    judged = [judge(report, restriction, answer, earlier, suspected=suspected) for answer in answers]
    return min(
        judged, key=lambda one: (_RANK[one.verdict], -sum(finding.found is not None for finding in one.findings))
    )


_JUDGED_AT_ONCE = 8
"""One click asks for the same verdict some ten times, for one case; more is not kept, since it holds what was found."""
_RANK = {Verdict.STOLEN: 0, Verdict.NOT_ENOUGH: 1, Verdict.HONEST: 2}


@lru_cache(maxsize=_JUDGED_AT_ONCE)
def judge(
    report: Report | None,
    restriction: Restriction | None,
    mailing: Mailing | None,
    earlier: tuple[Finding, ...] = (),
    *,
    suspected: bool = False,
) -> Judgement:
    """The verdict on the evidence, and on what was found `earlier` in the same restriction. Without a report it is
    `NOT_ENOUGH`; what was not checked never counts as clean. `suspected`: the account looked stolen before, or was
    contained, and then no place is expected."""
    if report is None:
        return Judgement(verdict=Verdict.NOT_ENOUGH, reason=VerdictReason.NOT_GATHERED)
    since, counts = (restriction.since, restriction.counts) if restriction else (None, Counts())
    found = findings(report, since, mailing, counts)
    found = found if suspected else without_expected_places(found, earlier)
    known = Known(findings=found, restriction=restriction, mailing=mailing, earlier=earlier)
    rule = next(rule for rule in RULES if rule.applies(known))
    return Judgement(verdict=rule.verdict, reason=rule.reason, findings=found)
