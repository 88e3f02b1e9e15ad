"""What happened after the decision: who, when, why, the calls made, the exact error, and what is next."""

from collections.abc import Callable
from datetime import datetime

from adaptivecards.baseobject import BareObject

from cards.delivery import delivery_lines
from cards.elements import line, run
from cards.entries import also_listed_lines, entries_done, entry_errors, entry_lines, left_lines
from cards.facts import made_on_sentence, worse_sentences
from cards.restriction import addresses_of
from cards.text import hour, moment, user_text
from cards.view import View
from services.domain.case.case import UNBLOCK_CALLS_AT_MOST, Case
from services.domain.case.status import Status
from services.domain.case.timers import approval_ends_at
from services.domain.restriction import Restriction


def course_lines(case: Case, view: View) -> list[BareObject]:
    """What came of the case, in a few lines: who decided and why, what failed, what is next."""
    follow = _FOLLOW_UP.get(case.status)
    proven = delivery_lines(case, view) if case.delivery.proven_at else []
    return [*_decision(case, view), *_errors(case, view), *(follow(case, view) if follow else []), *proven]


def execution_lines(case: Case, view: View) -> list[BareObject]:
    """The rest of it: what the decision was made on, the calls, what the list and message trace show."""
    proven = [] if case.delivery.proven_at else delivery_lines(case, view)
    return [*_made_on(case, view), *_unblock(case, view), *_checked(case, view), *proven]


def _decision(case: Case, view: View) -> list[BareObject]:
    decision, words = case.decision, view.words
    if decision is None or (case.stopped is not None and not decision.approved and not decision.reason):
        return []  # the denial is the stop itself, which stands below
    verdict = words(
        "decision.approved" if decision.approved else "decision.denied",
        name=user_text(decision.name, 80),
        when=view.brief(decision.at),
    )
    said = []
    if decision.reason:
        said.append(words("decision.reason", words=user_text(decision.reason)))
    if decision.internal and (decision.approved or case.stopped is None):
        said.append(words("decision.internal", words=user_text(decision.internal)))
    return [line(run(verdict, bold=True), *(f" · {one}" for one in said))]


def _made_on(case: Case, view: View) -> list[BareObject]:
    decision = case.decision
    if decision is None:
        return []
    confirmed = "decision.connector_secured" if case.sender.connector_id else "decision.another_route"
    route = [line(view.words(confirmed), spacing="Small")] if decision.by_another_route else []
    facts = [line(made_on_sentence(decision.facts, view), spacing="Small")] if decision.facts is not None else []
    return [*route, *facts]


def _errors(case: Case, view: View) -> list[BareObject]:
    """What failed: it is said where it is seen."""
    if case.unblock.error and not entry_lines(case, view):
        error = view.words("release.error", error=user_text(case.unblock.error, 400))
        return [line(run(error, color="Attention"), spacing="Small")]
    return entry_errors(case, view)


def _unblock(case: Case, view: View) -> list[BareObject]:
    words = view.words
    several = entry_lines(case, view)
    lines = entries_done(case, view)
    if case.unblock.calls and not several:
        calls = words.count("release.calls", case.unblock.calls, most=UNBLOCK_CALLS_AT_MOST)
        lines.append(line(calls, spacing="Small"))
    if case.unblock.done_at and not several:
        # Of a call that got no answer the list showed later what came of it.
        how = "release.took_effect" if case.unblock.unclear_at else "release.accepted"
        lines.append(line(words(how, when=moment(case.unblock.done_at)), spacing="Small"))
    if case.list_reads.off_list_at:
        lines.append(line(words("release.off_list", when=moment(case.list_reads.off_list_at)), spacing="Small"))
    return lines


def _checked(case: Case, view: View) -> list[BareObject]:
    """How often the list was read since, when this card was drawn: no read alone draws it anew."""
    if case.status is not Status.UNBLOCKED or not case.list_reads.checked_at:
        return []
    checked = view.words.count("follow.checked", case.list_reads.checks, when=hour(case.list_reads.checked_at))
    seen = "" if case.list_reads.absent_at else f" {view.words('follow.still_listed')}"
    return [line(run(f"{checked}{seen}", subtle=True), spacing="Small")]


def _approved(case: Case, view: View) -> list[BareObject]:
    waits_until = case.unblock.waits_until
    if case.unblock.error and waits_until and waits_until >= approval_ends_at(case, view.timing):
        lapses = view.brief(approval_ends_at(case, view.timing))
        waits = view.words("follow.lapses_first", when=view.brief(waits_until), lapses=lapses)
        return [line(waits, spacing="Small")]
    if case.unblock.tried_at and case.unblock.error:
        grace = case.unblock.tried_at + view.timing.unblock_grace
        again = view.brief(max(grace, waits_until or grace))
        return [line(view.words("follow.unclear", when=again), spacing="Small")]
    if waits_until and case.unblock.error:
        return [line(view.words("follow.not_begun", when=view.brief(waits_until)), spacing="Small")]
    return [line(view.words("follow.running"), spacing="Small")]


def _unblocked(case: Case, view: View) -> list[BareObject]:
    words = view.words
    by = (case.unblock.done_at or view.now) + view.timing.support_after
    lines = [line(words("follow.checking", when=view.brief(by)), spacing="Small")]
    if case.list_reads.absent_at:
        lines.append(line(run(words("follow.seen_once_absent"), subtle=True), spacing="Small"))
    return [*lines, *left_lines(case, view)]


def _needs_ticket(case: Case, view: View) -> list[BareObject]:
    """Still listed, or off the list while mail still bounces."""
    if case.list_reads.off_list_at:
        return [line(view.words("follow.off_list_bouncing"), spacing="Small")]
    when = view.brief(case.unblock.done_at or view.now)
    return [line(view.words("follow.needs_ticket", when=when), spacing="Small"), *left_lines(case, view)]


def lapsed_lines(case: Case, view: View) -> list[BareObject]:
    """An approval that was not carried out, and why; nothing once there is a new decision."""
    lapsed = case.lapsed
    if lapsed is None or not case.is_undecided:
        return []
    facts = {"name": user_text(lapsed.approved.name, 80), "when": view.brief(lapsed.approved.at)}
    why = worse_sentences(lapsed.worse, view) or [view.words("lapsed.too_long")]
    return [line(run(" ".join([view.words("lapsed.not_done", **facts), *why]), bold=True, color="Attention"))]


def _off_list(case: Case, view: View) -> list[BareObject]:
    until = view.brief((case.list_reads.off_list_at or view.now) + view.timing.watch_for)
    watching = "follow.watching_connector" if case.sender.connector_id else "follow.watching"
    lines = [line(view.words(watching, when=until), spacing="Small")]
    if case.bouncing_at:
        lines.append(line(view.words("follow.bouncing", when=view.brief(case.bouncing_at)), spacing="Small"))
    return lines


def support_pack(case: Case, view: View) -> list[BareObject]:
    """Everything a support request asks for, as text to copy. Times in UTC: that is what support reads."""
    words = view.words
    rows = [
        ("support.sender", addresses_of(case)),
        ("support.since", _utc(case.since, view)),
        *_also_of_the_entry(case.restriction, view),
        ("support.reason", user_text(case.restriction.reason, 400) if case.restriction else "–"),
        ("support.approved", _utc(case.decision.at if case.decision else None, view)),
        ("support.calls", f"{case.unblock.calls} ({_utc(case.unblock.tried_at, view)})"),
        ("support.released", _utc(case.unblock.done_at, view)),
        ("support.error", user_text(case.unblock.error or "–", 400)),
        ("support.checks", f"{case.list_reads.checks} ({_utc(case.list_reads.checked_at, view)})"),
        ("support.off_list", _utc(case.list_reads.off_list_at, view)),
        ("support.bouncing", _utc(case.bouncing_at, view)),
    ]
    pack = [line(run(words("support.title"), bold=True))]
    also = [*also_listed_lines(case, view, with_start=True), *entry_lines(case, view), *left_lines(case, view)]
    return [*pack, *(line(f"{words(name)}: {value}", spacing="None") for name, value in rows), *also]


def _also_of_the_entry(restriction: Restriction | None, view: View) -> list[tuple[str, str]]:
    """What the list's entry says besides, where it does: its other date, and fields that we do not know."""
    if restriction is None:
        return []
    changed = restriction.changed != restriction.since and restriction.changed
    others = user_text("; ".join(restriction.other_fields), 800)
    return [
        *([("support.changed", _utc(changed, view))] if changed else []),
        *([("support.other_fields", others)] if others else []),
    ]


def _utc(at: datetime | None, view: View) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else view.words("time.none")


def _with_microsoft(case: Case, view: View) -> list[BareObject]:
    return [line(view.words("follow.with_microsoft", ticket=user_text(case.ticket or "", 100)), spacing="Small")]


def _relapsed(case: Case, view: View) -> list[BareObject]:
    return [line(view.words("follow.relapsed", number=str(case.past.followed_by)), spacing="Small")]


def _closed(case: Case, view: View) -> list[BareObject]:
    if case.closed is None:
        return []
    closed = view.words("follow.closed", name=user_text(case.closed.name, 80), when=view.brief(case.closed.at))
    return [
        line(closed, spacing="Small"),
        *([line(user_text(case.closed.text), spacing="Small")] if case.closed.text else []),
    ]


def _plain(name: str) -> Callable[[Case, View], list[BareObject]]:
    def lines(_case: Case, view: View) -> list[BareObject]:
        return [line(view.words(name), spacing="Small")]

    return lines


def _ended(name: str) -> Callable[[Case, View], list[BareObject]]:
    def lines(case: Case, view: View) -> list[BareObject]:
        return [line(view.words(name, when=view.brief(case.ended_at or view.now)), spacing="Small")]

    return lines


def _works(case: Case, view: View) -> list[BareObject]:
    """By the person's word; where a delivered message ended the case, that stands beside it and nobody said so."""
    by_proof = case.delivery.seen_at is not None and case.delivery.seen_at == case.ended_at
    return [] if by_proof else _ended("follow.works")(case, view)


def _withdrawn(case: Case, view: View) -> list[BareObject]:
    """Who withdraws leaves the address on the list; what became of it is seen later."""
    gone = case.episode.ended_at
    more = line(view.words("follow.gone_since", when=view.brief(gone)), spacing="Small") if gone else None
    return [*_ended("follow.withdrawn_gone" if gone else "follow.withdrawn")(case, view), *([more] if more else [])]


def _expired(case: Case, view: View) -> list[BareObject]:
    """A request that was never sent was nobody's to decide."""
    return _ended("follow.expired" if case.request.sent_at else "follow.expired_unsent")(case, view)


_FOLLOW_UP: dict[Status, Callable[[Case, View], list[BareObject]]] = {
    Status.APPROVED: _approved,
    Status.UNBLOCKED: _unblocked,
    Status.FAILED: _plain("follow.failed"),
    Status.OFF_LIST: _off_list,
    Status.NEEDS_TICKET: _needs_ticket,
    Status.WITH_MICROSOFT: _with_microsoft,
    Status.RELAPSED: _relapsed,
    Status.CLOSED: _closed,
    Status.WORKS: _works,
    Status.WITHDRAWN: _withdrawn,
    Status.EXPIRED: _expired,
    Status.ALREADY_LIFTED: _ended("follow.already_lifted"),
    Status.CLOSED_UNCONFIRMED: _ended("follow.closed_unconfirmed"),
}
