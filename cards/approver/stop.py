"""Stopping what was approved or released: the form, and what the card says afterwards."""

from collections.abc import Mapping

from adaptivecards.baseobject import BareObject

from cards.asked_again import Fields
from cards.elements import Inputs, Reader, box, execute, form, line, run, text_input
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.commands.approver import Stopped
from services.domain.case.status import Status
from services.domain.case.transition import Refusal
from services.domain.case.user_text import TEXT_AT_MOST
from services.domain.people import TeamsUser

_REASON = "stop_reason"
_BEFORE = (Status.APPROVED, Status.FAILED)
"""While an unblock can still be kept from happening."""
_OFFERED = frozenset(
    {
        *_BEFORE,
        Status.UNBLOCKED,
        Status.OFF_LIST,
        Status.NEEDS_TICKET,
        Status.WITH_MICROSOFT,
    }
)
"""Where the card has the button. Before a decision it has Deny, which does the same."""


def offers_stop(case: Case) -> bool:
    """Whether the card has the button: once, where there is something to stop. Before a request, and after the end,
    that is a release."""
    if case.stopped is not None or not case.sender.person:
        return False
    if case.sender.connector_id:  # once it is unblocked, no account is to be contained and no word is to be doubted
        return case.status in _BEFORE
    if case.status is Status.SECURING:
        is_stopped = any(one.at >= case.opened_at for one in case.episode.denials)
        return case.past.previous is not None and not is_stopped
    return case.status in _OFFERED or (case.status.is_ended and case.unblock.may_have_released)


def stop_form(case: Case, view: View) -> BareObject:
    """The button with its form. What is unblocked cannot be stopped: then it says that it was wrong."""
    title = view.words("button.stop" if case.status in _BEFORE else "button.stop_after")
    return form(title, *stop_parts(case, view), style="destructive")


def stop_parts(case: Case, view: View) -> tuple[list[BareObject], BareObject]:
    """What stopping can do at this stage and the field of the reason, and the button that sends it."""
    words = view.words
    before = case.status in _BEFORE
    fields = [
        line(run(words("form.stop.before" if before else "form.stop.after"))),
        text_input(
            _REASON, words("input.stop_reason"), error=words("input.reason.missing"), most=TEXT_AT_MOST, multiline=True
        ),
    ]
    yes = words("button.stop_yes" if before else "button.stop_after_yes")
    return fields, execute(yes, "stop", case.number, style="destructive")


def stopped_lines(case: Case, view: View) -> list[BareObject]:
    """Who stopped it and why, and that the account is to be contained where the sender may be able to send."""
    mark, words = case.stopped, view.words
    if mark is None:
        return []
    facts = {"name": user_text(mark.stopped.name, 80), "when": view.brief(mark.stopped.at)}
    lines = [
        line(run(f"🛑 {words('stopped.by', **facts)}", bold=True, color="Attention")),
        line(words("decision.internal", words=user_text(mark.stopped.text)), spacing="Small"),
    ]
    if mark.approved is not None:
        approved = {"name": user_text(mark.approved.name, 80), "when": view.brief(mark.approved.at)}
        lines.append(line(words("stopped.approved", **approved), spacing="Small"))
    if case.is_removal_open:
        lines.append(line(words("stopped.removal_open"), spacing="Small"))
    elif (case.unblock.done_at is not None or case.status is not Status.DENIED) and not case.is_contained:
        lines.append(line(run(words("stopped.contain"), bold=True), spacing="Small"))
    if mark.works_said_at is not None:
        lines.append(line(words("stopped.works_said", when=view.brief(mark.works_said_at)), spacing="Small"))
    return [box(lines, style="attention")]


def _read_stop(by: TeamsUser, inputs: Inputs) -> Stopped:
    return Stopped(by=by, reason=inputs.get(_REASON, ""))


READERS: Mapping[str, Reader] = {"stop": _read_stop}
"""The button drawn here, by the verb that its card carries."""
FIELDS: Fields = {"stop": {Refusal.REASON_NEEDED: _REASON}}
