"""What a search of the unified audit log does to a case."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar, TypeAlias, assert_never

from services.domain.case.case import Case
from services.domain.case.transition import Refusal, Refused
from services.domain.case.workflow import Actor, Verb
from services.domain.evidence.audit_search import AuditSearch
from services.domain.evidence.report import Listing, Report
from services.domain.unknown import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditBegun:
    """The search has begun; `search` is its id."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.AUDIT
    search: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRead:
    """The search has ended, or is given up."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.AUDIT
    listings: tuple[Listing, ...] | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEnded:
    """The search is deleted, or cannot be."""

    actor: ClassVar = Actor.CLOCK
    verb: ClassVar = Verb.AUDIT


AuditCommand: TypeAlias = AuditBegun | AuditRead | AuditEnded


def with_report(case: Case, report: Report, now: datetime) -> Case:
    """The case with new evidence. A search begins once there is a request, unless one is on its way: few run at a time
    for everybody in a tenant. Earlier restrictions stay as they are known until it has ended."""
    known = case.evidence.listings if case.evidence else report.listings
    if case.audit_search is not None or case.request.sent_at is None:
        return replace(case, evidence=replace(report, listings=known))
    kept = report.listings if isinstance(known, Unknown) else known
    return replace(case, evidence=replace(report, listings=kept), audit_search=AuditSearch(wanted_at=now))


def audit_transition(case: Case, command: AuditCommand, now: datetime) -> Case:
    """The case after a step of its search. Raises `Refused` if it has none that this could be a step of."""
    search = case.audit_search
    if search is None:
        raise Refused(Refusal.NOT_NOW)
    match command:
        case AuditBegun():
            return replace(case, audit_search=replace(search, id=command.search, begun_at=now))
        case AuditRead():
            left = replace(search, is_read=True) if search.id else None
            return replace(_with_listings(case, command.listings), audit_search=left)
        case AuditEnded():
            return replace(case, audit_search=None)
        case _:
            assert_never(command)


def _with_listings(case: Case, listings: tuple[Listing, ...] | Unknown) -> Case:
    """A search that failed takes nothing away from what an earlier one found."""
    report = case.evidence
    if report is None or (isinstance(listings, Unknown) and not isinstance(report.listings, Unknown)):
        return case
    return replace(case, evidence=replace(report, listings=listings))
