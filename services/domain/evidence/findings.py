"""Evidence judged source by source: clean, found, or not checked. The verdict on all of it is in `verdict.py`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.domain.evidence.report import (
    AccountChange,
    Change,
    Report,
    Risk,
    RiskLevel,
    RuleDeed,
    SenderEvidence,
    SentMail,
    SignIn,
)
from services.domain.evidence.sign_ins import WITHIN, bursts, guessed, usual_places
from services.domain.proofs.securing import Mailing, SentMailing
from services.domain.restriction import Counts
from services.domain.unknown import PASSING, Unknown, UnknownReason


class EvidenceSource(StrEnum):
    """The sources of evidence, in the order in which they are shown."""

    FORWARDING = "forwarding"
    RULES = "rules"
    SIGN_INS = "sign_ins"
    RISK = "risk"
    CHANGES = "changes"
    MAILING = "mailing"


class Found(StrEnum):
    """What can be found."""

    FORWARDED_OUTSIDE = "forwarded_outside"
    RULE_SENDS_OUTSIDE = "rule_sends_outside"
    RULE_HIDES = "rule_hides"
    SIGNED_IN_AFTER_FAILURES = "signed_in_after_failures"
    FAILED_BURST = "failed_burst"
    UNUSUAL_PLACE = "unusual_place"
    HIGH_RISK = "high_risk"
    SOME_RISK = "some_risk"
    APP_CONSENTED = "app_consented"
    METHOD_ADDED_BEFORE = "method_added_before"
    PASSWORD_CHANGED_BEFORE = "password_changed_before"
    NUMBER_CHANGED = "number_changed"
    MORE_THAN_SAID = "more_than_said"
    NO_MAILING_SAID = "no_mailing_said"


STRONG = frozenset({Found.FORWARDED_OUTSIDE, Found.RULE_SENDS_OUTSIDE, Found.SIGNED_IN_AFTER_FAILURES, Found.HIGH_RISK})
"""One of these is enough for the verdict "looks stolen"; of the others it takes two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The result for one source: `found` with its details, or `not_checked` with the reason, or neither if clean.

    `account` names whose account it is, if it is somebody else's who can send from the mailbox. `after_steps`: the end
    of the steps of a containment after which it was found again."""

    source: EvidenceSource
    found: Found | None = None
    not_checked: UnknownReason | None = None
    names: tuple[str, ...] = ()
    number: int = 0
    at: datetime | None = None
    account: str = ""
    after_steps: datetime | None = None
    expected: bool = False
    """A place that is new for the person, though the organisation's rules expect it: no alarm where it is the only
    sign (then `found` is `None`), and never clean."""

    @property
    def is_clean(self) -> bool:
        return self.found is None and self.not_checked is None and not self.expected


def are_clean(found: Iterable[Finding]) -> bool:
    """Whether these are clean and complete enough to say that nobody else got in. What was sent does not say who sent
    it, and is left out. A source that the organisation has no licence for takes nothing away; one that fails does."""
    return all(
        finding.is_clean or finding.not_checked is UnknownReason.NO_LICENCE
        for finding in found
        if finding.source is not EvidenceSource.MAILING
    )


BEFORE = timedelta(days=2)
"""How long before the restriction a change or a sign-in may have to do with it."""
_HONEST_ROUNDING = 1.5
_STOPPED_AT = 3
"""A limit stops a mailing before its end: so many times what was sent may have been meant to be sent."""
_NOTHING_COUNTED = Counts()
_COUNTED_OVER = timedelta(hours=24 + 1)
"""The limits count a sliding day; the hour is for what was sent late in the first one that is shown."""
_A_MAILING = 200
"""Recipients within an hour that must be a mailing: nobody writes to so many by hand."""


def findings(
    report: Report, since: datetime | None, mailing: Mailing | None, counts: Counts = _NOTHING_COUNTED
) -> tuple[Finding, ...]:
    """At least one finding for each source; those that found something come first, strong signs before others, and
    clean ones last. `counts` are the restricted list's own."""
    start = since or report.gathered_at
    lines = [
        *_forwarding(report),
        *_rules(report),
        *_sign_ins(report.sign_ins, start, cut=report.sign_ins_cut),
        *_risk(report.risk),
        *_changes(report.changes, start, cut=report.changes_cut),
        *_mailing(report.sent, start, mailing, counts),
        *(finding for other in report.others for finding in _of_another(other, start)),
    ]
    return tuple(sorted(lines, key=_danger))


def without_expected_places(found: tuple[Finding, ...], earlier: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings without the alarm of a place that the organisation's rules expect, where nothing else was found, now
    or `earlier`, in whichever account. The place stays named."""
    if not all(one.expected for one in (*found, *earlier) if one.found):
        return found
    named = (replace(one, found=None) if one.expected else one for one in found)
    return tuple(sorted(named, key=_danger))


def _danger(finding: Finding) -> tuple[bool, bool, bool]:
    return finding.found not in STRONG, finding.found is None, finding.is_clean


def _of_another(other: SenderEvidence, start: datetime) -> Iterator[Finding]:
    """What was found in the account of somebody else who can send, and what could not be read of it for now. What the
    organisation does not let us read is said of the account that the case is about."""
    for finding in (
        *_sign_ins(other.sign_ins, start, cut=other.sign_ins_cut),
        *_risk(other.risk),
        *_changes(other.changes, start, cut=other.changes_cut),
    ):
        if finding.found or finding.not_checked in _NOT_READ_FOR_NOW:
            yield replace(finding, account=other.name)


_NOT_READ_FOR_NOW = PASSING | {UnknownReason.INCOMPLETE}


def _forwarding(report: Report) -> Iterator[Finding]:
    forwarding = report.forwarding
    if isinstance(forwarding, Unknown):
        yield Finding(source=EvidenceSource.FORWARDING, not_checked=forwarding.reason)
    elif forwarding is not None and forwarding.external is not False:
        yield Finding(source=EvidenceSource.FORWARDING, found=Found.FORWARDED_OUTSIDE, names=(forwarding.to,))
    else:
        yield Finding(source=EvidenceSource.FORWARDING)


def _rules(report: Report) -> Iterator[Finding]:
    if isinstance(report.rules, Unknown):
        yield Finding(source=EvidenceSource.RULES, not_checked=report.rules.reason)
        return
    enabled = [rule for rule in report.rules if rule.enabled]
    sending = [rule for rule in enabled if rule.external is not False]
    hiding = [rule for rule in enabled if rule not in sending and {RuleDeed.DELETES, RuleDeed.HIDES} & set(rule.deeds)]
    for rule in sending:
        yield Finding(source=EvidenceSource.RULES, found=Found.RULE_SENDS_OUTSIDE, names=(rule.name, *rule.targets))
    for rule in hiding:
        yield Finding(source=EvidenceSource.RULES, found=Found.RULE_HIDES, names=(rule.name,))
    if report.rules_cut:
        yield Finding(source=EvidenceSource.RULES, not_checked=UnknownReason.INCOMPLETE)
    elif not sending and not hiding:
        yield Finding(source=EvidenceSource.RULES)


def _sign_ins(sign_ins: Sequence[SignIn] | Unknown, start: datetime, *, cut: bool) -> Iterator[Finding]:
    if isinstance(sign_ins, Unknown):
        yield Finding(source=EvidenceSource.SIGN_INS, not_checked=sign_ins.reason)
        return
    found = [*_bursts(sign_ins)]
    if cut:
        # What is missing is older, and a country that is missing there would look unusual.
        found.append(Finding(source=EvidenceSource.SIGN_INS, not_checked=UnknownReason.INCOMPLETE))
    else:
        found += _unusual(sign_ins, start - BEFORE)
    yield from found or [Finding(source=EvidenceSource.SIGN_INS)]


def _bursts(sign_ins: Sequence[SignIn]) -> Iterator[Finding]:
    """The first burst of failures that a success followed; else the first burst."""
    failures = [one for one in sign_ins if not one.succeeded]
    for _, ten in guessed(sign_ins):
        yield _burst(Found.SIGNED_IN_AFTER_FAILURES, [one for one in failures if not one.stopped], ten[0].at)
        return
    for ten in bursts(failures):
        yield _burst(Found.FAILED_BURST, failures, ten[0].at)
        return


def _burst(found: Found, failures: Sequence[SignIn], start: datetime) -> Finding:
    number = sum(start <= one.at <= start + WITHIN for one in failures)
    return Finding(source=EvidenceSource.SIGN_INS, found=found, number=number, at=start)


def _unusual(sign_ins: Sequence[SignIn], window: datetime) -> Iterator[Finding]:
    """Countries the person did not sign in from before the window. Without earlier sign-ins there is nothing to compare
    with, and a recent one without a country cannot be compared: then the source counts as not checked."""
    usual = usual_places(sign_ins, window)
    got_in = sorted((one for one in sign_ins if one.succeeded and one.at >= window), key=lambda one: one.at)
    recent = [one for one in got_in if one.place]
    if not usual and recent:
        yield Finding(source=EvidenceSource.SIGN_INS, not_checked=UnknownReason.START_UNKNOWN)
        return
    unusual = {one.place: one for one in reversed(recent) if one.place not in usual}
    for country, first in unusual.items():
        # One that nobody expected is enough: a thief may sit in the same country.
        expected = all(one.expected for one in recent if one.place == country)
        yield Finding(
            source=EvidenceSource.SIGN_INS,
            found=Found.UNUSUAL_PLACE,
            names=(str(country),),
            at=first.at,
            expected=expected,
        )
    if len(recent) < len(got_in):
        yield Finding(source=EvidenceSource.SIGN_INS, not_checked=UnknownReason.INCOMPLETE)


def _risk(risk: Risk | Unknown) -> Iterator[Finding]:
    if isinstance(risk, Unknown):
        yield Finding(source=EvidenceSource.RISK, not_checked=risk.reason)
        return
    kinds = tuple(sorted({event.kind for event in risk.events}))
    if risk.dismissed or risk.level is RiskLevel.NONE:
        yield Finding(source=EvidenceSource.RISK)
    elif risk.level is RiskLevel.HIGH:
        yield Finding(source=EvidenceSource.RISK, found=Found.HIGH_RISK, names=kinds)
    elif risk.level is RiskLevel.HIDDEN and not kinds:
        yield Finding(source=EvidenceSource.RISK, not_checked=UnknownReason.NO_LICENCE)
    else:
        yield Finding(source=EvidenceSource.RISK, found=Found.SOME_RISK, names=kinds)


def _changes(changes: Sequence[AccountChange] | Unknown, start: datetime, *, cut: bool) -> Iterator[Finding]:
    """A method or password changed in the days before the restriction may be the thief's; one changed after its start
    is what the person was asked to do."""
    if isinstance(changes, Unknown):
        yield Finding(source=EvidenceSource.CHANGES, not_checked=changes.reason)
        return
    found = []
    for change in changes:
        if change.at < start - BEFORE:
            continue
        what = _WHENEVER.get(change.what) or (_BEFORE_THE_START.get(change.what) if change.at < start else None)
        if what:
            names = tuple(name for name in (change.detail, change.by or "") if name)
            found.append(Finding(source=EvidenceSource.CHANGES, found=what, names=names, at=change.at))
    if cut:
        found.append(Finding(source=EvidenceSource.CHANGES, not_checked=UnknownReason.INCOMPLETE))
    yield from found or [Finding(source=EvidenceSource.CHANGES)]


_WHENEVER = {
    Change.APP_CONSENTED: Found.APP_CONSENTED,
    # Whoever is called on it may be the one who wrote it there.
    Change.NUMBER_CHANGED: Found.NUMBER_CHANGED,
}
_BEFORE_THE_START = {
    Change.METHOD_ADDED: Found.METHOD_ADDED_BEFORE,
    Change.PASSWORD_CHANGED: Found.PASSWORD_CHANGED_BEFORE,
}


def _shows_what_led_to_it(sent: SentMail, start: datetime, counts: Counts) -> bool:
    """Whether the trace shows what was sent in the day before the restriction: at least half of what the list counted,
    and something in any case, for nobody is restricted for nothing."""
    shown = sum(hour.recipients for hour in sent.hours if hour.start > start - _COUNTED_OVER)
    return shown > 0 and shown >= counts.total / 2


def _mailing(sent: SentMail | Unknown, start: datetime, mailing: Mailing | None, counts: Counts) -> Iterator[Finding]:
    """What the person says of a mailing, compared with what was sent from the mailbox. A part of it can alarm; only the
    whole can be clean."""
    if isinstance(sent, Unknown):
        yield Finding(source=EvidenceSource.MAILING, not_checked=sent.reason)
        return
    busiest = max(sent.hours, key=lambda hour: hour.recipients, default=None)
    peak, at = (busiest.recipients, busiest.start) if busiest else (0, None)
    said = said_recipients(mailing)
    if mailing is not None and mailing.sent is SentMailing.NO and peak >= _A_MAILING:
        yield Finding(source=EvidenceSource.MAILING, found=Found.NO_MAILING_SAID, number=peak, at=at)
    elif said is not None and sent.recipients > said * _HONEST_ROUNDING + _A_MAILING:
        yield Finding(source=EvidenceSource.MAILING, found=Found.MORE_THAN_SAID, number=sent.recipients)
    elif not sent.complete:
        yield Finding(source=EvidenceSource.MAILING, not_checked=UnknownReason.INCOMPLETE)
    elif not _shows_what_led_to_it(sent, start, counts):
        yield Finding(source=EvidenceSource.MAILING, not_checked=UnknownReason.NOT_ALL_SHOWN)
    else:
        yield Finding(source=EvidenceSource.MAILING, number=sent.recipients)


def says_more_than_sent(mailing: Mailing | None, sent: int) -> bool:
    """Whether the person names so many recipients that anything would fit: more than was sent, and more than a limit
    can have stopped."""
    said = said_recipients(mailing)
    return said is not None and said > sent * _STOPPED_AT + _A_MAILING


def said_recipients(mailing: Mailing | None) -> int | None:
    """How many recipients the person named: the largest number in their answer, `None` if there is none."""
    if mailing is None or mailing.sent is not SentMailing.YES:
        return None
    return max(_numbers(mailing.recipients), default=None)


_NUMBER = re.compile(
    r"(?i)([0-9](?:[0-9]|[,. '\u202f\xa0](?=[0-9])){0,20}+)[ \u202f\xa0]?+"
    r"((?:k|mil|mille|tsd|tausend|thousand|duizend)(?![^\W_]))?+"
)


_NO_DIGIT, _SEPARATOR = re.compile("[^0-9,.]"), re.compile("[,.]")


def _numbers(text: str) -> Iterable[int]:
    """Numbers as people write them: 2000, 2,000, 2.000 or 2 000; 2k, 2.5k, 2 thousand."""
    for written in _NUMBER.finditer(text):
        digits = _NO_DIGIT.sub("", written[1])
        if written[2]:
            whole, *rest = _SEPARATOR.split(digits)
            # Before “k” the one sign is a decimal one, unless three digits follow.
            part = f"{rest[0]}000"[:3] if len(rest) == 1 and len(rest[0]) < 3 else "".join([*rest, "000"])
            digits = whole + part
        if len(run := _SEPARATOR.sub("", digits)) < 9:
            yield int(run)
