"""What the person sees of a trouble that they told the admins of."""

from adaptivecards.baseobject import BareObject

from cards.delivery import trouble_delivery
from cards.elements import Card15, box, execute, heading, line, quiet_execute, run, timed_line, to_json
from cards.fit import bounded
from cards.hours import admins_back_lines
from cards.person.securing import Section
from cards.person.withdrawing import withdraw_form
from cards.status_head import status_icon, status_word
from cards.text import hour, moment, user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.trouble.timers import due_at
from services.domain.trouble.transitions import lag_ends
from services.domain.trouble.trouble import Report, Trouble


def trouble_section(case: Case, trouble: Trouble, view: View) -> Section:
    """The lines and buttons of every status but that of a question, which looks like any other question."""
    if case.status is Status.LAGGING:
        return _lagging(case, view)
    lines = [*_said(case, trouble, view), *trouble_delivery(case, view, for_approver=False)]
    if case.status.is_ended:
        again = [] if case.status is Status.SOLVED else [execute(view.words("button.ask_again"), "again", case.number)]
        return lines, again
    buttons = _word_buttons(case, view)
    return lines, [*buttons, withdraw_form(case, view)]


def joiner_card(case: Case, who: Report, view: View) -> Card:
    """How the case stands, for somebody who joined it."""
    title, icon = status_word(case, "person", view), status_icon(case.status)
    lines = [line(view.words("person.trouble.joined", number=str(case.number)))]
    if case.trouble and case.status is not Status.ASKED_BACK:  # the first one was asked, not they
        lines = [*_said(case, case.trouble, view), *trouble_delivery(case, view, for_approver=False)]
    buttons = [] if case.status.is_ended or not who.is_open else _word_buttons(case, view)
    card = Card15(
        body=[box([heading(title, icon=icon)], edge=True), *lines], actions=buttons, fallback=title, speak=title
    )
    return bounded(to_json(card))


def _word_buttons(case: Case, view: View) -> list[BareObject]:
    works = quiet_execute(view.words("button.works"), "works", case.number, style="positive")
    if case.status is not Status.MENDED:
        return [works]
    return [works, quiet_execute(view.words("button.bouncing"), "bouncing", case.number)]


def _lagging(case: Case, view: View) -> Section:
    until = lag_ends(case, view.timing)
    works = quiet_execute(view.words("button.works"), "works", case.number, style="positive")
    withdraw = withdraw_form(case, view)
    if view.now < until:
        return [timed_line(view.words.timed("person.trouble.lagging", when=hour(until)))], [works, withdraw]
    tell = quiet_execute(view.words("button.tell_admins"), "tell", case.number)
    return [line(view.words("person.trouble.lag_over"))], [tell, works, withdraw]


def _said(case: Case, trouble: Trouble, view: View) -> list[BareObject]:
    words = view.words
    match case.status:
        case Status.MENDED:
            name, text = (trouble.done.name, trouble.done.text) if trouble.done else ("", "")
            lead = line(words("person.trouble.mended", name=user_text(name, 80)))
            return [lead, _quoted(text), line(words("person.trouble.please_test"))]
        case Status.ESCALATED:
            return [line(words("person.trouble.escalated", ticket=user_text(case.ticket or "", 100)))]
        case Status.CLOSED if case.past.followed_by:
            return [line(words("person.trouble.superseded", number=str(case.past.followed_by)))]
        case Status.CLOSED:
            return [line(words("person.trouble.closed")), _quoted(case.closed.text if case.closed else "")]
        case Status.SOLVED if case.delivery.proven_at:
            return [line(words("person.trouble.proven"))]
        case Status.SOLVED | Status.WITHDRAWN | Status.EXPIRED:
            return [line(words(f"person.trouble.{case.status.name.lower()}"))]
        case _:
            return _reported(case, view)


def _reported(case: Case, view: View) -> list[BareObject]:
    sent, due = moment(case.request.sent_at or case.opened_at), moment(due_at(case, view.timing))
    said = [timed_line(view.words.timed("person.trouble.reported", number=case.number, when=sent, due=due))]
    said += admins_back_lines(case, view)
    if case.request.sole_approver:
        said.append(line(run(f"⚠️ {view.words('person.trouble.nobody_else')}", bold=True)))
    if case.bouncing_at:
        said.append(line(view.words("person.trouble.bouncing_again")))
    return said


def _quoted(text: str) -> BareObject:
    return box([line(user_text(text))], style="emphasis")
