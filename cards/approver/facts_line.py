"""What is known of the sender in one line, each fact with its mark: ✔ speaks for an unblock, ✖ against it, and ? is not
known.

Whatever an approval has to answer for stands here or in the head line (`tests/cards/test_facts_line.py`)."""

from collections.abc import Callable, Iterator

from adaptivecards.baseobject import BareObject

from cards.approver.suggestion import distinct
from cards.elements import timed_line
from cards.view import View
from cards.words import ReadersTime
from services.domain.case.case import Case
from services.domain.case.history import times_restricted
from services.domain.case.since_steps import password_set
from services.domain.case.status import Status
from services.domain.proofs.securing import ApprovalCondition, PasswordFinding
from services.domain.unknown import Unknown

_OF_OTHERS = (
    ApprovalCondition.OTHERS_NOT_PROVEN,
    ApprovalCondition.RIGHT_NOT_CHECKED,
    ApprovalCondition.SENDERS_NOT_CHECKED,
    ApprovalCondition.TOO_MANY_SENDERS,
)
_STUCK = "\N{NO-BREAK SPACE}"
"""Between the words of a fact: a line ends between two of them."""
_SHOWN_IN = (Status.SECURING, Status.WAITING, Status.NEEDS_INFO, Status.FAILED)


def facts_line(case: Case, view: View) -> list[BareObject]:
    """One line while there is something to decide. Of a connector nobody can prove anything."""
    if case.status not in _SHOWN_IN or case.sender.connector_id:
        return []
    facts = [ReadersTime(text=fact.text.replace(" ", _STUCK)) for row in _ROWS for fact in row(case, view)]
    return [timed_line(*facts, between=f"{_STUCK}· ", spacing="Small")]


def _cause(case: Case, view: View) -> Iterator[ReadersTime]:
    cause = case.restriction.cause.name.lower() if case.restriction else "none"
    yield view.words.timed(f"fact.cause.{cause}")
    if (more := len({entry.address.casefold() for entry in case.entries}) - 1) > 0:
        yield view.words.count_timed("fact.also_listed", more)


def _password(case: Case, view: View) -> Iterator[ReadersTime]:
    proof = case.proofs.password
    if password_set(case):
        yield view.words.timed("fact.password.set")
    elif proof.finding is PasswordFinding.CHANGED_SINCE and proof.changed_at:
        yield view.words.timed("fact.password.changed_since", when=view.brief(proof.changed_at))
    else:
        yield view.words.timed(f"fact.password.{proof.finding.name.lower()}")


def _mfa(case: Case, view: View) -> Iterator[ReadersTime]:
    asked = ApprovalCondition.MFA_UNDATED in case.conditions
    yield view.words.timed("fact.mfa.undated" if asked else f"fact.mfa.{case.mfa.finding.name.lower()}")


def _others(case: Case, view: View) -> Iterator[ReadersTime]:
    for condition in case.conditions:
        if condition in _OF_OTHERS:
            yield view.words.timed(f"fact.{condition.name.lower()}")


def _evidence(case: Case, view: View) -> Iterator[ReadersTime]:
    """Signs that are there, else what may come yet, else what is not known; clean is said only where all of it is."""
    words, signs = view.words, len(distinct(case.open_alarms))
    if signs:
        yield words.count_timed("fact.evidence.signs", signs)
    not_checked = sum(1 for one in case.judgement.findings if one.not_checked)
    if case.is_evidence_pending:
        yield words.timed("fact.evidence.on_its_way")
    elif case.evidence is None:
        yield words.timed("fact.evidence.none")
    elif case.unread_sources or not_checked:
        yield words.count_timed("fact.evidence.not_checked", not_checked or len(case.unread_sources))
    elif not signs:
        yield words.timed("fact.evidence.looked_stolen" if case.looks_stolen else "fact.evidence.clean")


def _past(case: Case, view: View) -> Iterator[ReadersTime]:
    times = times_restricted(case, view.now)
    unread = case.evidence is None or isinstance(case.evidence.listings, Unknown)
    if times > 1:
        yield view.words.count_timed("fact.times", times)
    else:
        yield view.words.timed("fact.first_known" if unread else "fact.first")


_ROWS: tuple[Callable[[Case, View], Iterator[ReadersTime]], ...] = (
    _cause,
    _password,
    _mfa,
    _others,
    _evidence,
    _past,
)
