"""The approver's card: who wants what, what speaks for and against it, and what may be done next, at one look. The rest
is behind "More"."""

from dataclasses import replace

from adaptivecards.baseobject import BareObject

from cards.approver.buttons import approver_buttons
from cards.approver.containment import contain_form, containment_lines
from cards.approver.details import contains_first, details
from cards.approver.episode import denial_lines, signed_off_lines
from cards.approver.facts_line import facts_line
from cards.approver.intended import intended_lines
from cards.approver.limits import limits_lines
from cards.approver.stop import stopped_lines
from cards.approver.suggestion import head_line
from cards.approver.title import title_box
from cards.approver.trouble_card import trouble_card
from cards.approver.unblock import course_lines, lapsed_lines
from cards.approver.who_waits import two_needed_lines, who_waits_lines
from cards.asked_again import with_form
from cards.elements import Card15, actions, hidden, line, reveal, run, to_json
from cards.fit import Part, fitted
from cards.hours import waits_for_hours_lines
from cards.status_head import notice_lines, status_word
from cards.text import user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case

_MORE = "more"


def approver_card(case: Case, view: View) -> Card:
    """The case as the approvers see it, as much of it as Teams takes."""
    return fitted(lambda room: with_form(lambda view: _drawn(case, view), replace(view, room=room)))


def _drawn(case: Case, view: View) -> Card:
    view = view.about(case).in_channel()
    if case.trouble:
        return trouble_card(case, case.trouble, view)
    status, name = status_word(case, "approver", view), user_text(case.sender.name, 80)
    speak = view.words("approver.speak", number=str(case.number), status=status, name=name)
    body = [
        title_box(case, view),
        *waits_for_hours_lines(case, view),
        *denial_lines(case, view),
        *view.room.fit(Part.EXECUTION, course_lines(case, view)),
        *lapsed_lines(case, view),
        *intended_lines(case, view),
        *stopped_lines(case, view),
        *who_waits_lines(case, view),
        *head_line(case, view),
        *facts_line(case, view),
        *two_needed_lines(case, view),
        *([] if case.status.is_ended else signed_off_lines(case, view)),
        *view.room.fit(Part.CONTAINMENT, containment_lines(case, view)),
        *view.room.fit(Part.LIMITS, limits_lines(case, view)),
        # Beside the buttons: a refusal is seen where somebody pressed one.
        *notice_lines(view),
        *_buttons(case, view),
        *_not_shown(view),
    ]
    return to_json(Card15(body=body, fallback=speak, speak=speak))


def _buttons(case: Case, view: View) -> list[BareObject]:
    """What is done next, and below it what "More" shows."""
    buttons = approver_buttons(case, view)
    contain = contain_form(case, view) if contains_first(case) else []
    more = reveal(view.words("button.details" if case.status.is_ended else "button.more"), _MORE)
    return [actions(*contain, *buttons.first, more), hidden(_MORE, details(case, view, buttons.rest))]


def _not_shown(view: View) -> list[BareObject]:
    """What there was no room for."""
    words, said = view.words, []
    for name, parts in (("fit.left_out", view.room.left_out), ("fit.shortened", view.room.shortened)):
        if parts:
            named = ", ".join(words(f"fit.part.{part.value}") for part in parts)
            said.append(words(name, parts=named))
    return [line(run(f"✂ {' '.join(said)}", color="Warning"))] if said else []
