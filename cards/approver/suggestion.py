"""The head line of an undecided case: the worst of what the evidence, the conditions and the cause say, what was found,
and one clear next step. It suggests; it never decides."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from adaptivecards.baseobject import BareObject

from cards.approver.evidence import alarm_line, finding_sentence, not_checked_sentence
from cards.approver.since_steps import ground_sentence
from cards.approver.still_open import is_not_contained
from cards.elements import line, run
from cards.fit import Part
from cards.text import moment
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.episode import alarm_of
from services.domain.case.facts import Alarm
from services.domain.case.history import times_restricted
from services.domain.case.status import Status
from services.domain.evidence.findings import STRONG, Finding
from services.domain.evidence.verdict import Verdict, VerdictReason, is_essential_gap
from services.domain.restriction import Cause

_OFTEN = 2
_NAMED = 3
"""Signs that the head names; the evidence and the form of an approval name each."""
_WORTH_WAITING = timedelta(hours=6)
"""A restriction that lifts by itself within this is not worth one of the sender's limited unblocks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands in the head: an icon, what to do in bold, and why; then the signs that it speaks of, a line each.
    `color`: never the only sign."""

    icon: str
    says: str
    why: str = ""
    signs: tuple[Finding, ...] = ()
    color: str | None = None


def head_line(case: Case, view: View) -> list[BareObject]:
    """The one head line of a case that somebody is to decide on, and the first signs by name."""
    if not case.is_undecided and case.status is not Status.FAILED:
        return []
    found = head(case, view)
    why = [run(f"  {found.why}")] if found.why else []
    left = len(found.signs) - _NAMED
    more = [line(run(view.words.count("suggest.more_signs", left), subtle=True), spacing="Small")] if left > 0 else []
    return [
        line(run(f"{found.icon} {found.says}", bold=True, color=found.color), *why),
        *view.room.shorten(Part.EVIDENCE, _named(case, view)),
        *more,
    ]


def _named(case: Case, view: View) -> list[BareObject]:
    present = {alarm_of(found) for found in case.judgement.findings if found.found}
    return [
        alarm_line(case, sign, view, is_gone=not sign.after_steps and alarm_of(sign) not in present)
        for sign in named_signs(case, view)
    ]


def named_signs(case: Case, view: View) -> tuple[Finding, ...]:
    """The signs that stand below the head line, a line each."""
    decides = case.is_undecided or case.status is Status.FAILED
    return head(case, view).signs[:_NAMED] if decides else ()


def gathering_line(case: Case, view: View) -> list[BareObject]:
    """That evidence is on its way, where the head line has something more important to say."""
    is_said = any(head_line(case, view)) and head(case, view) in _pending(case, view)
    if not case.is_evidence_wanted or is_said:
        return []
    return [line(run(f"🔍 {view.words('evidence.gathering')}", subtle=True))]


def head(case: Case, view: View) -> Head:
    """The first that there is, read from the most dangerous down."""
    return next(found for row in _ROWS for found in row(case, view))


def _connector(case: Case, view: View) -> Iterator[Head]:
    if case.sender.connector_id:
        yield Head(icon="🔌", says=view.words("suggest.connector"))


def _keeps_coming(case: Case, view: View) -> Iterator[Head]:
    """Whoever makes the signs can hold an approval up with them, until the account is contained."""
    if case.alarms_keep_coming and not case.is_contained:
        yield Head(icon="🚨", says=view.words("suggest.keeps_coming"), signs=signs(case), color="Attention")


def _stolen(case: Case, view: View) -> Iterator[Head]:
    if case.looks_stolen:
        why = view.words(_what_first(case))
        if not any(finding.found for finding in case.judgement.findings):
            why = f"{why} {view.words(f'because.{case.judgement.reason.name.lower()}')}"
        yield Head(icon="🚨", says=view.words("verdict.stolen"), why=why, signs=signs(case), color="Attention")


def _what_first(case: Case) -> str:
    """What is to be done about an account that looks stolen: to contain it, to wait for what that did, to unblock."""
    if case.is_contained:
        return "suggest.contained"
    is_begun = case.containment is not None and case.containment.confirmed is not None
    return "suggest.being_contained" if is_begun and not is_not_contained(case) else "suggest.stolen"


def signs(case: Case) -> tuple[Finding, ...]:
    """Every sign there is to name, the strong ones first: found again after the account was contained, present, then
    what was found before and is gone, or could not be read again."""
    opened = case.open_alarms
    again = [one for one in opened if one.after_steps]
    present = [one for one in case.judgement.findings if one.found]
    return tuple(sorted(distinct((*again, *present, *opened)), key=lambda one: one.found not in STRONG))


def distinct(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each sign once, whether or not it was found again after the steps of a containment: the first of each."""
    once: dict[Alarm, Finding] = {}
    for one in found:
        once.setdefault(replace(alarm_of(one), after_steps=None), one)
    return tuple(once.values())


def _worst_finding(case: Case, view: View) -> str:
    """The first sign there is; empty if there is none."""
    return next((finding_sentence(case, finding, view) for finding in signs(case)), "")


def _cause(case: Case, view: View) -> Iterator[Head]:
    restriction = case.restriction
    if restriction is None or restriction.cause is Cause.UNKNOWN:
        yield Head(icon="☎", says=view.words("suggest.unknown"), why=_worst_finding(case, view))
    elif restriction.cause is Cause.SPAM:
        yield Head(icon="☎", says=view.words("suggest.spam"), why=_worst_finding(case, view))


def _alarm(case: Case, view: View) -> Iterator[Head]:
    if found := _worst_finding(case, view):
        yield Head(icon="⚠️", says=view.words("suggest.alarm"), why=found, color="Warning")


def _conditions(case: Case, view: View) -> Iterator[Head]:
    for condition in case.needs_word[:1]:
        why = ground_sentence(case, condition, view)
        yield Head(icon="☎", says=view.words("suggest.grounds"), why=why)


def _waiting_is_cheaper(case: Case, view: View) -> Iterator[Head]:
    restriction = case.restriction
    if restriction is None:
        return
    lifts_at = restriction.lifts_at(view.now)
    if restriction.cause is Cause.SERVICE_RATE:
        yield Head(icon="🕓", says=view.words("suggest.rate"))
    elif lifts_at is not None and lifts_at - view.now <= _WORTH_WAITING:
        yield Head(icon="🕓", says=view.words("suggest.soon", when=moment(lifts_at)))


def _pending(case: Case, view: View) -> Iterator[Head]:
    if case.evidence is None or case.is_evidence_wanted:
        yield Head(icon="🔍", says=view.words("suggest.not_gathered"))


def _not_checked(case: Case, view: View) -> Iterator[Head]:
    for finding in case.judgement.findings:
        if is_essential_gap(finding):
            yield Head(icon="🔍", says=view.words("suggest.not_checked"), why=not_checked_sentence(finding, view))


def _unexplained(case: Case, view: View) -> Iterator[Head]:
    judgement = case.judgement
    if judgement.verdict is Verdict.HONEST:
        return
    why = view.words(f"because.{judgement.reason.name.lower()}")
    if judgement.reason is VerdictReason.EXPECTED_PLACE:
        yield Head(icon="🔍", says=view.words("suggest.expected_place"), why=why)
    if judgement.reason in (VerdictReason.NO_MAILING, VerdictReason.SAYS_MORE):
        yield Head(icon="🔍", says=view.words("suggest.unexplained"), why=why)


def _nothing_against(case: Case, view: View) -> Iterator[Head]:
    often = times_restricted(case, view.now) > _OFTEN
    step = view.words("suggest.repeated" if often else "suggest.release")
    yield Head(icon="📨", says=view.words("verdict.honest"), why=step, color="Good")


_ROWS: tuple[Callable[[Case, View], Iterator[Head]], ...] = (
    _connector,
    _keeps_coming,
    _stolen,
    _cause,
    _alarm,
    _conditions,
    _waiting_is_cheaper,
    _pending,
    _not_checked,
    _unexplained,
    _nothing_against,
)
