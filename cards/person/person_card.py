"""The person's card: their case as it is now, in calm words, with one clear next step."""

from collections.abc import Callable

from adaptivecards.baseobject import BareObject

from cards.asked_again import Fields, with_form
from cards.bounce import bounce_lines, bounce_of, report_buttons
from cards.checks import look_again_button
from cards.delivery import delivery_lines_for_person
from cards.elements import (
    Card15,
    Inputs,
    actions,
    box,
    execute,
    line,
    link,
    quiet_execute,
    run,
    text_input,
    timed_line,
    to_json,
)
from cards.entries import also_listed_lines
from cards.fit import bounded
from cards.hours import admins_back_lines
from cards.mailbox import about_mailbox_lines
from cards.person.returned import returned_lines
from cards.person.securing import Section, mailing_step, mfa_step, password_step, send_step
from cards.person.trouble_card import trouble_section
from cards.person.withdrawing import withdraw_form
from cards.restriction import cause_sentence, how_long_line
from cards.status_head import is_not_theirs, notice_lines, status_head, status_word
from cards.text import Moment, hour, moment, user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case, SecuringStep
from services.domain.case.status import Status
from services.domain.case.timers import lag_until
from services.domain.case.transition import Refusal
from services.domain.case.untold import is_untold
from services.domain.case.user_text import TEXT_AT_MOST
from services.domain.delivery.due import lists_returned
from services.domain.proofs.securing import Says

"""What a status adds to the card: its lines and its buttons."""


def person_card(case: Case, view: View) -> Card:
    """The case as its person sees it."""
    return bounded(with_form(lambda view: _drawn(case, view), view))


def _drawn(case: Case, view: View) -> Card:
    untold = is_untold(case)
    body, buttons = _untold(case, view) if untold else _section(case, view)
    about = [] if untold else about_mailbox_lines(case, view)
    headline = status_word(case, "person", view)
    speak = view.words("person.speak", number=str(case.number), status=headline)
    card = Card15(
        body=[status_head(case, "person", view), *notice_lines(view), *about, *body],
        actions=buttons,
        fallback=speak,
        speak=speak,
    )
    return to_json(card)


def _section(case: Case, view: View) -> Section:
    if case.status is Status.ASKED_BACK:
        return _needs_info(case, view)
    return trouble_section(case, case.trouble, view) if case.trouble else _PARTS[case.status](case, view)


def _sentence(case: Case, view: View, **filled: object) -> BareObject:
    return line(view.words(f"person.lead.{case.status.name.lower()}", **filled))


def _timed_sentence(case: Case, view: View, **filled: Moment | int) -> BareObject:
    return timed_line(view.words.timed(f"person.lead.{case.status.name.lower()}", **filled))


def _why(case: Case, view: View) -> list[BareObject]:
    if case.restriction is None:
        return []
    return [
        line(run(cause_sentence(case.restriction, view), bold=True)),
        how_long_line(case.restriction, view),
        *also_listed_lines(case, view, with_start=False),
        line(run(view.words("person.receiving"), subtle=True), spacing="Small"),
    ]


def _untold(case: Case, view: View) -> Section:
    """Of a mailbox that may not be theirs to ask for: that nothing is said of it, and the way to those who can look."""
    words = view.words
    withdraw = withdraw_form(case, view)
    if case.status is Status.WAITING:
        when = moment(case.request.sent_at or case.opened_at)
        return [
            _timed_sentence(case, view, number=case.number, when=when),
            *_held_up(case, view),
            *admins_back_lines(case, view),
        ], [withdraw]
    said = [line(words("answer.right_unread", address=user_text(case.sender.mailbox_address, 120)))]
    if case.status is not Status.SECURING:
        return said, []
    return said, [quiet_execute(words("button.tell_admins_now"), "tell", case.number), withdraw]


def _looking(case: Case, view: View) -> Section:
    withdraw = withdraw_form(case, view)
    if case.look_failed is None:
        return [_sentence(case, view)], [withdraw]
    why = view.words(f"why_not.{case.look_failed.name.lower()}")
    lines = [line(view.words("person.could_not_look", why=why)), line(view.words("person.keeps_looking"))]
    if case.request.admins_told_at:
        told = view.words.timed("person.admins_told", when=moment(case.request.admins_told_at))
        return [*lines, timed_line(told)], [withdraw]
    return lines, [execute(view.words("button.tell_admins"), "send", case.number), withdraw]


def _unsolicited(case: Case, view: View) -> Section:
    """Nobody asked for this message: what is so, how to check that it is real, and no link to sign in anywhere."""
    words = view.words
    helpdesk = user_text(view.links.helpdesk, 200) if view.links.helpdesk else words("helpdesk.unnamed")
    intro = [line(words("person.relapsed_intro", number=str(case.past.previous)))] if case.past.previous else []
    real = line(run(words("person.unsolicited", helpdesk=helpdesk), subtle=True))
    return [*intro, *_why(case, view), real], [
        quiet_execute(words("button.steps"), "steps", case.number, style="positive"),
        quiet_execute(words("button.tell_admins_now"), "tell", case.number),
        withdraw_form(case, view),
    ]


def _securing(case: Case, view: View) -> Section:
    if case.contact.contacted_first:
        return _unsolicited(case, view)
    intro = [line(view.words("person.relapsed_intro", number=str(case.past.previous)))] if case.past.previous else []
    step_body, step_buttons = _STEPS[case.step](case, view)
    tell = (
        [quiet_execute(view.words("button.tell_admins_now"), "tell", case.number)]
        if case.step is not SecuringStep.SEND
        else []
    )
    withdraw = [withdraw_form(case, view)]
    return [*intro, *_why(case, view), box(step_body, style="emphasis", spacing="Medium")], [
        *step_buttons,
        *tell,
        *withdraw,
    ]


def _held_up(case: Case, view: View) -> list[BareObject]:
    """That the admins could not see the request yet."""
    return [line(run(view.words("person.held_up"), bold=True))] if case.request.is_held_up else []


def _waiting(case: Case, view: View) -> Section:
    sent = case.request.sent_at or case.opened_at
    lines = [_timed_sentence(case, view, number=case.number, when=moment(sent)), *_held_up(case, view)]
    lines += [*admins_back_lines(case, view), line(run(view.words("person.next"), subtle=True))]
    lines += _nobody_else(case, view)
    if case.request.question and case.request.question.reply:
        lines.append(line(view.words("person.your_reply", words=user_text(case.request.question.reply))))
    withdraw = withdraw_form(case, view)
    if case.step is SecuringStep.SEND:
        return lines, [withdraw]
    if case.contact.contacted_first or (case.request.requested_by and case.proofs.password.says is Says.NOTHING):
        # Whoever did not ask gets no links unasked.
        return lines, [quiet_execute(view.words("button.steps"), "steps", case.number), withdraw]
    steps, buttons = _STEPS[case.step](case, view)
    lines.append(line(view.words("person.go_on_securing")))
    return [*lines, box(steps, style="emphasis", spacing="Medium")], [*buttons, withdraw]


def _nobody_else(case: Case, view: View) -> list[BareObject]:
    """Of the only approver, who is restricted: that nobody here can decide, and the way that is left."""
    if not case.request.sole_approver:
        return []
    return [
        line(run(f"⚠️ {view.words('person.nobody_else')}", bold=True)),
        actions(link(view.words("button.defender"), view.links.restricted_entities)),
    ]


_REPLY = "words"


FIELDS: Fields = {"reply": {Refusal.WORDS_NEEDED: _REPLY}}


def read_reply(inputs: Inputs) -> str:
    """The reply to an approver's question."""
    return inputs.get(_REPLY, "")


def _needs_info(case: Case, view: View) -> Section:
    lines, reply = question_and_reply(case, view)
    return lines, [reply, withdraw_form(case, view)]


def question_and_reply(case: Case, view: View) -> tuple[list[BareObject], BareObject]:
    """What an approver wants to know, the field for the answer, and the button that sends it."""
    question = case.request.question
    asked = question.asked if question else None
    lines = [_sentence(case, view, name=user_text(asked.name, 80) if asked else "")]
    if asked:
        lines.append(box([line(user_text(asked.text))], style="emphasis"))
    field = text_input(
        _REPLY,
        view.words("input.reply"),
        error=view.words("input.reply.missing"),
        most=TEXT_AT_MOST,
        multiline=True,
        value=view.draft,
    )
    reply = execute(view.words("button.reply"), "reply", case.number, style="positive")
    return [*lines, field], reply


def _approved(case: Case, view: View) -> Section:
    when = moment(case.decision.at if case.decision else view.now)
    return [_timed_sentence(case, view, when=when), line(run(view.words("clock.honest"), subtle=True))], []


def _unblocked(case: Case, view: View) -> Section:
    when = moment(case.unblock.done_at or view.now)
    return [_timed_sentence(case, view, when=when), line(run(view.words("clock.honest"), subtle=True))], []


def _off_list(case: Case, view: View) -> Section:
    off = moment(case.list_reads.off_list_at or view.now)
    until = lag_until(case, view.timing)
    lines = [_timed_sentence(case, view, when=off)]
    if case.bouncing_at and until and view.now < until:
        lines.append(timed_line(view.words.timed("person.wait_for_lag", when=hour(until)), bold=True))
    elif case.bouncing_at:
        lines.append(line(run(view.words("person.try_once_more"), bold=True)))
    return [*lines, *delivery_lines_for_person(case, view), *returned_lines(view)], [
        *tested_buttons(case, view),
        *_returned_button(case, view),
    ]


def tested_buttons(case: Case, view: View) -> list[BareObject]:
    """What came of a test message: it works, or it bounced again."""
    return [
        execute(view.words("button.works"), "works", case.number, style="positive"),
        execute(view.words("button.bouncing"), "bouncing", case.number),
    ]


def _works(case: Case, view: View) -> Section:
    proof = delivery_lines_for_person(case, view)
    return [_sentence(case, view), *proof, *returned_lines(view)], _returned_button(case, view)


def _returned_button(case: Case, view: View) -> list[BareObject]:
    if not lists_returned(case):
        return []
    return [quiet_execute(view.words("button.returned"), "returned", case.number)]


def _told_only(case: Case, view: View) -> Section:
    return [_sentence(case, view)], []


def _not_restricted(case: Case, view: View) -> Section:
    if case.sender.is_guest:
        return [line(view.words("answer.guest"))], []
    if case.past.followed_by:
        return [line(view.words("answer.joined", number=str(case.past.followed_by)))], []
    if is_not_theirs(case):
        return [line(view.words("answer.not_your_mailbox", address=user_text(case.sender.mailbox_address, 120)))], []
    if bounce := bounce_of(case):
        known = case.sender.addresses
        return bounce_lines(bounce, known, view), report_buttons(bounce, known, view)
    lines, buttons = _told_only(case, view)
    if case.bounce_cause or case.sender.mailbox_address:
        return lines, buttons
    # The list took its time: what is looked up beside it, where no bounce tells why, was not yet.
    return lines, [*buttons, look_again_button(view)]


def _with_microsoft(case: Case, view: View) -> Section:
    return [_sentence(case, view, ticket=user_text(case.ticket or "", 100))], []


def _denied(case: Case, view: View) -> Section:
    decision = case.decision
    reason = decision.reason if decision else ""
    lines = [_sentence(case, view), box([line(user_text(reason))], style="emphasis")]
    if not reason:
        lines = [line(view.words("person.lead.denied_without_words"))]
    again = (case.ended_at or view.now) + view.timing.ask_again_after
    lines.append(line(view.words("person.what_would_change")))
    if view.now < again:
        lines.append(timed_line(view.words.timed("person.ask_again_from", when=hour(again))))
    return lines, [execute(view.words("button.ask_again"), "again", case.number)]


def _expired(case: Case, view: View) -> Section:
    """A request that was never sent was nobody's to decide."""
    if case.request.sent_at is not None:
        return _ended_ask_again(case, view)
    return [line(view.words("person.lead.expired_unsent"))], [
        execute(view.words("button.ask_again"), "again", case.number)
    ]


def _ended_ask_again(case: Case, view: View) -> Section:
    return [_sentence(case, view)], [execute(view.words("button.ask_again"), "again", case.number)]


_STEPS: dict[SecuringStep, Callable[[Case, View], Section]] = {
    SecuringStep.PASSWORD: password_step,
    SecuringStep.MFA: mfa_step,
    SecuringStep.MAILING: mailing_step,
    SecuringStep.SEND: send_step,
}

_PARTS: dict[Status, Callable[[Case, View], Section]] = {
    Status.LOOKING: _looking,
    Status.SECURING: _securing,
    Status.WAITING: _waiting,
    Status.NEEDS_INFO: _needs_info,
    Status.APPROVED: _approved,
    Status.FAILED: _told_only,
    Status.UNBLOCKED: _unblocked,
    Status.OFF_LIST: _off_list,
    Status.NEEDS_TICKET: _told_only,
    Status.WITH_MICROSOFT: _with_microsoft,
    Status.WORKS: _works,
    Status.ALREADY_LIFTED: _told_only,
    Status.CLOSED_UNCONFIRMED: _ended_ask_again,
    Status.CLOSED: _ended_ask_again,
    Status.DENIED: _denied,
    Status.WITHDRAWN: _ended_ask_again,
    Status.EXPIRED: _expired,
    Status.RELAPSED: _told_only,
    Status.NOT_RESTRICTED: _not_restricted,
}
