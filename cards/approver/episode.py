"""What earlier cases of the same restriction left behind: alarms, their sign-offs, and denials."""

from collections.abc import Sequence

from adaptivecards.baseobject import BareObject

from cards.approver.evidence import alarm_line
from cards.elements import line, run
from cards.fit import Part
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.episode import alarm_of
from services.domain.evidence.findings import Finding
from services.domain.people import SignOff

_SHOWN, _SHOWN_AT_LEAST = 12, 2
"""Alarms in a form, and where there is little room."""


def denial_lines(case: Case, view: View) -> list[BareObject]:
    """The last denial in the same restriction, and who may approve now; nothing once the case is over."""
    mine = case.stopped.stopped if case.stopped else None
    denials = [one for one in case.episode.denials if one != mine]  # its own stop has lines of its own
    if not denials or case.status.is_ended:
        return []
    denial = denials[-1]
    facts = {"name": user_text(denial.name, 80), "when": view.brief(denial.at), "reason": user_text(denial.text, 300)}
    said = view.words("episode.denied", **facts)
    return [line(run(f"⛔ {said}", bold=True, color="Attention"), spacing="Small")]


def alarm_lines(case: Case, view: View, named: Sequence[Finding] = ()) -> list[BareObject]:
    """Alarms of after a containment, and those that the latest evidence does not show any more, but for those that are
    `named` elsewhere."""
    left = [found for found in case.open_alarms if alarm_of(found) not in {alarm_of(one) for one in named}]
    present = {alarm_of(finding) for finding in case.judgement.findings if finding.found}
    gone = [found for found in left if not found.after_steps and alarm_of(found) not in present]
    again = [found for found in left if found.after_steps]
    earlier = [line(run(view.words("episode.alarms"), bold=True), spacing="Small")] if gone else []
    shown = [*_some(case, again, view), *earlier, *_some(case, gone, view)]
    return view.room.fit(Part.EVIDENCE, shown)


def _some(case: Case, found: Sequence[Finding], view: View) -> list[BareObject]:
    """The first ones, and how many more there are: the evidence shows them all."""
    most = _SHOWN_AT_LEAST if Part.EVIDENCE in view.room.shortened else _SHOWN
    left = len(found) - most
    more = [line(run(view.words("evidence.more_findings", number=left), bold=True))] if left > 0 else []
    return [*(alarm_line(case, one, view) for one in found[:most]), *more]


def signed_off_lines(case: Case, view: View) -> list[BareObject]:
    """One line for each word of an approver, however many alarms it answered for."""
    signed = dict.fromkeys(one.signed for one in case.episode.signed_off)
    return [line(run(_signed(case, one, view), subtle=True), spacing="Small") for one in signed]


def _signed(case: Case, signed: SignOff, view: View) -> str:
    """Whose reason stands above, with the approval that it was given with, is not quoted again."""
    name, decision = user_text(signed.name, 80), case.decision
    if decision and decision.approved and (decision.by, decision.internal) == (signed.by, signed.text):
        return view.words("episode.signed_off_too", name=name)
    filled = {"when": view.brief(signed.at), "reason": user_text(signed.text, 300)}
    return view.words("episode.signed_off", name=name, **filled)


def alarm_fields(case: Case, view: View) -> list[BareObject]:
    """In the form of an approval: each alarm that it answers for."""
    if not case.open_alarms:
        return []
    title = line(run(view.words("form.approve.alarms"), bold=True), spacing="Small")
    return [title, *view.room.fit(Part.EXECUTION, _some(case, case.open_alarms, view))]
