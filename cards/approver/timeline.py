"""Sent mail and sign-ins around the restriction as a picture, and below it in words what the picture shows: for those
who cannot see it, and for clients that do not draw it."""

from collections.abc import Iterator
from datetime import datetime

from adaptivecards.baseobject import BareObject

from cards.approver.timeline_picture import address_of
from cards.elements import columns, image, line, run
from cards.text import moment
from cards.view import View
from services.domain.case.case import Case
from services.domain.evidence.report import Change, Report
from services.domain.evidence.timeline import HOURS, Place, Timeline, timeline
from services.domain.unknown import Unknown

_MARKS = {Place.UNUSUAL: ("▲", "Attention"), Place.USUAL: ("●", "Accent"), Place.NOT_COMPARED: ("○", None)}


def timeline_lines(case: Case, report: Report, view: View) -> list[BareObject]:
    """The picture, what it begins and ends with, and what its marks say; nothing where nothing was read."""
    since = case.entry.since if case.entry else None
    shown = timeline(report, since, [one.since for one in case.entries if one.since], _passwords(case, report))
    if shown is None:
        return []
    words, unread = view.words, _unread(shown, report, view)
    title = words("timeline.title" if since else "timeline.title.last")
    begins, ends = words.time(moment(shown.start)), words.time(moment(shown.end))
    return [
        line(run(title, bold=True), spacing="Medium"),
        image(address_of(shown), words("timeline.alt"), spacing="Small"),
        columns([line(run(begins, subtle=True))], [line(run(ends, subtle=True), align="Right")]),
        line(*_legend(case, shown, view), spacing="Small"),
        *([line(run(f"▨ {' '.join(unread)}", subtle=True), spacing="Small")] if unread else []),
    ]


def _said(case: Case, shown: Timeline, view: View) -> Iterator[tuple[str, str | None, str]]:
    """Each mark that is in the picture, its colour in words of cards, and what it stands for."""
    words = view.words
    sent = [number for number in shown.recipients if number is not None]
    if sum(sent):
        yield "▮", "Accent", words("timeline.sent", number=sum(sent), peak=max(sent))
    elif len(sent) == HOURS:
        yield "▮", "Accent", words("timeline.sent.none")
    for place, (mark, color) in _MARKS.items():
        if hours := sum(place in (places or ()) for places in shown.signed_in):
            yield mark, color, words(f"timeline.{place.value}", number=hours)
    if shown.signed_in == (frozenset(),) * HOURS:
        yield "●", "Accent", words("timeline.signed_in.none")
    if hours := sum(failed is True for failed in shown.failed):
        yield "✕", None, words("timeline.failed", number=hours)
    for at in shown.restricted:
        yield "┆", "Attention", words("timeline.restricted", when=moment(at))
    if case.entry and case.entry.since is None:
        yield "┆", "Attention", words("timeline.restricted.unknown")
    for at in shown.passwords:
        yield "◆", "Good", words("timeline.password", when=moment(at))


def _legend(case: Case, shown: Timeline, view: View) -> list[str | BareObject]:
    pieces: list[str | BareObject] = []
    for mark, color, said in _said(case, shown, view):
        pieces += [run(f"{mark} ", bold=True, color=color), f"{said}  "]
    return pieces


def _unread(shown: Timeline, report: Report, view: View) -> list[str]:
    """What was not read, or not all of it."""
    said, cut = [], not isinstance(report.sent, Unknown) and not report.sent.complete
    for name, hours, short in (("sent", shown.recipients, cut), ("sign_ins", (*shown.signed_in, *shown.failed), False)):
        missing = sum(one is None for one in hours)
        if missing == len(hours) and not short:
            said.append(view.words(f"timeline.unread.{name}"))
        elif missing or short:
            said.append(view.words(f"timeline.unread.{name}.part"))
    return said


def _passwords(case: Case, report: Report) -> list[datetime]:
    """When the directory and its audit log say that the password changed."""
    changes = () if isinstance(report.changes, Unknown) else report.changes
    told = [change.at for change in changes if change.what is Change.PASSWORD_CHANGED]
    return [*told, *([case.proofs.password.changed_at] if case.proofs.password.changed_at else [])]
