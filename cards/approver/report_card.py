"""What happened in a span of time, for approvers: how many were restricted and why, how long it took, what waits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile

from adaptivecards.baseobject import BareObject

from cards.charts import Bar, bars, donut
from cards.elements import Card15, heading, line, run, to_json
from cards.fit import bounded, rows_within
from cards.missing_roles import LACKING, needs_cmdlet
from cards.text import moment, user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.parts import CaseNumber
from services.domain.case.status import OPEN, Status
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.reporting.period import PeriodReport, Spread, Waiting
from services.domain.unknown import Unknown

_REPEATED_BYTES = 4 * 1024
_NEARLY = 80
"""Percent of the organisation's limit from which on it is pointed out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRepeat:
    """A mailbox that was restricted several times, by its address."""

    address: str
    newest: CaseNumber
    times: int


def report_card(
    report: PeriodReport, repeated: Sequence[NamedRepeat], headroom: TenantLimit | Unknown, view: View
) -> Card:
    """`repeated`: the mailboxes that the report counts and that still have a name, in its order."""
    title = view.words("report.title", when=view.words.day(report.since))
    body = [
        heading(title),
        line(view.words.count("report.restrictions", report.restrictions)),
        *_charts(report, view),
        *_section("report.requests", _requests(report, view), view),
        *_section("report.waiting", _waiting(report.waiting, view), view),
        *_section("report.repeated", _repeated(repeated, view), view),
        *_section("report.headroom", [_headroom(headroom, view)], view),
    ]
    return bounded(to_json(Card15(body=body, fallback=title, speak=title)))


def _section(name: str, rows: Sequence[BareObject], view: View) -> list[BareObject]:
    return [heading(view.words(name), size="Medium"), *rows] if rows else []


def _charts(report: PeriodReport, view: View) -> list[BareObject]:
    """None of nothing."""
    if not report.restrictions:
        return []
    words = view.words
    # Weeks before the first restriction say nothing but that Sendwell is new.
    by_span = dropwhile(lambda one: not one[1], zip(report.spans, report.by_span, strict=True))
    spans = [Bar(name=words.day(begin, with_year=False), many=many) for begin, many in by_span]
    causes = [Bar(name=words(f"cause.{cause.name.lower()}"), many=many) for cause, many in report.by_cause]
    by_time = words("report.by_week" if report.in_weeks else "report.by_four_weeks")
    return [bars(by_time, spans), donut(words("report.by_cause"), causes)]


def _requests(report: PeriodReport, view: View) -> list[BareObject]:
    words = view.words
    if not report.requests:
        return [line(words("report.no_requests"))]
    many = _grouped(report.outcomes, _OUTCOMES, _ENDED_OTHERWISE)
    # That none expired is news as well.
    told = [f"{words(name)}: {many[name]}" for name in many if many[name] or name == _EXPIRED]
    return [
        line(words.count("report.sent", report.requests), " ", " · ".join(told)),
        line(_took(report.decided, "report.decided", "report.decided.none", view), spacing="Small"),
        line(_took(report.works, "report.works", "report.works.none", view), spacing="Small"),
    ]


def _took(spread: Spread | None, name: str, never: str, view: View) -> str:
    words = view.words
    if spread is None:
        return words(never)
    return words(name, half=words.span(spread.half), most=words.span(spread.most), many=spread.many)


def _waiting(waiting: Sequence[Waiting], view: View) -> list[BareObject]:
    words = view.words
    many = _grouped(((one.status, one.many) for one in waiting), _WAITS, _GOES_ON)
    rows = []
    for name in (name for name in many if many[name]):
        oldest = min(one.oldest for one in waiting if _WAITS.get(one.status, _GOES_ON) == name)
        since = words("report.since", when=moment(oldest))
        rows.append(line(f"{words(name)}: ", run(str(many[name]), bold=True), f" · {since}"))
    return rows or [line(words("report.nothing_waits"))]


def _repeated(repeated: Sequence[NamedRepeat], view: View) -> list[BareObject]:
    rows = [
        line(
            run(f"{user_text(one.address, 120)}  ", bold=True),
            f"{view.words.count('report.times', one.times)} · {view.words('case.number', number=str(one.newest))}",
            spacing="Small",
        )
        for one in repeated
    ]
    return rows_within(rows, _REPEATED_BYTES) or [line(view.words("report.none_repeated"))]


def _headroom(headroom: TenantLimit | Unknown, view: View) -> BareObject:
    words = view.words
    if isinstance(headroom, Unknown):
        why = words("report.headroom.unread", why=words(f"why_not.{headroom.reason.name.lower()}"))
        needs = [f" {needs_cmdlet('Get-LimitsEnforcementStatus', view)}"] if headroom.reason in LACKING else []
        return line(run(why, color="Warning"), *needs)
    percent = headroom.observed * 100 // headroom.threshold
    said = words("report.used", used=headroom.observed, limit=headroom.threshold, percent=percent)
    if not headroom.enforced:
        return line(f"{said} {words('report.not_enforced')}")
    return line(run(f"⚠️ {said}", color="Warning") if percent >= _NEARLY else said)


_ENDED_OTHERWISE, _EXPIRED = "report.outcome.otherwise", "report.outcome.expired"
_OUTCOMES: Mapping[Status, str] = {
    Status.WORKS: "report.outcome.works",
    Status.SOLVED: "report.outcome.works",
    Status.DENIED: "report.outcome.denied",
    Status.WITHDRAWN: "report.outcome.withdrawn",
    Status.EXPIRED: _EXPIRED,
    Status.RELAPSED: "report.outcome.relapsed",
    **dict.fromkeys(sorted(OPEN), "report.outcome.open"),
}
_GOES_ON = "report.waits.otherwise"
_WAITS: Mapping[Status, str] = {
    **dict.fromkeys((Status.WAITING, Status.FAILED, Status.NEEDS_TICKET, Status.REPORTED), "report.waits.approvers"),
    **dict.fromkeys(
        (Status.SECURING, Status.NEEDS_INFO, Status.OFF_LIST, Status.ASKED_BACK, Status.MENDED), "report.waits.senders"
    ),
    **dict.fromkeys((Status.WITH_MICROSOFT, Status.ESCALATED), "report.waits.microsoft"),
}


def _grouped(counted: Iterable[tuple[Status, int]], names: Mapping[Status, str], other: str) -> dict[str, int]:
    """How many there are of each group, in the order of the groups; what is in none stands last, as `other`."""
    many = dict.fromkeys((*names.values(), other), 0)
    for status, number in counted:
        many[names.get(status, other)] += number
    return many
