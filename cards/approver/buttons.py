"""What an approver may do: only what the status allows, each form by itself, drawn and read here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from adaptivecards.baseobject import BareObject

from cards.approver.call_code import CALL_CODE, call_code_fields
from cards.approver.episode import alarm_fields
from cards.approver.since_steps import ground_sentence
from cards.approver.stop import offers_stop, stop_form
from cards.approver.who_to_call import another_route, who_to_call
from cards.asked_again import Fields
from cards.elements import (
    Inputs,
    Reader,
    execute,
    form,
    is_ticked,
    line,
    link,
    quiet_execute,
    run,
    text_input,
    tick,
)
from cards.entries import addresses_to_unblock
from cards.facts import facts_number, read_facts_number
from cards.view import View
from services.domain.case.case import Case
from services.domain.case.commands.approver import (
    Approved,
    Asked,
    AskedFor,
    ClosedByHand,
    Denied,
    Retried,
    StartedReview,
    Ticketed,
)
from services.domain.case.status import Status
from services.domain.case.transition import Refusal
from services.domain.case.user_text import TEXT_AT_MOST
from services.domain.case.workflow import TRANSITIONS, Actor, Verb
from services.domain.people import TeamsUser

_ANOTHER_ROUTE = "by_another_route"
_APPROVE_REASON = "ground"
_DENY_REASON, _INTERNAL = "reason", "internal"
_QUESTION = "words"
_REFERENCE = "reference"
CLOSE_REASON = "close_reason"
_ASK_FOR_REASON = "for_reason"
"""The names of the fields: a card that was posted long ago sends them too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Buttons:
    """The buttons that are seen at once, and those behind "More"."""

    first: Sequence[BareObject]
    rest: Sequence[BareObject]


def approver_buttons(case: Case, view: View) -> Buttons:
    """The buttons of the status, in the table's words; of what is behind "More" the ways out come last."""
    nobody = {*([Verb.ASK] if case.sender.connector_id else []), *([] if offers_stop(case) else [Verb.STOP])}
    allowed = {verb for actor, verb in TRANSITIONS[case.status] if actor is Actor.APPROVER} - nobody
    made = {verb: _BUTTONS[verb](case, view) for verb in _ORDER if verb in allowed}
    first = _FIRST.get(case.status, ())
    asks_microsoft = case.status is Status.NEEDS_TICKET
    style = "positive" if asks_microsoft else None
    support = [link(view.words("button.open_support"), view.links.support, style=style)]
    return Buttons(
        first=[*(support if asks_microsoft else []), *(made[verb] for verb in first if verb in made)],
        rest=[
            *(button for verb, button in made.items() if verb not in first),
            *(support if case.status is Status.FAILED else []),
            *([] if case.status.is_ended else _ways_out(case, view)),
        ],
    )


def _ways_out(case: Case, view: View) -> list[BareObject]:
    defender = link(view.words("button.defender"), view.links.restricted_entities)
    if case.sender.connector_id:
        return [defender]
    return [link(view.words("button.chat"), f"{view.links.teams}/l/chat/0/0?users={quote(case.sender.upn)}"), defender]


def _approval_fields(case: Case, view: View) -> list[BareObject]:
    """What an approval says, and each condition that it must answer for."""
    words = view.words
    fields = [line(run(words("form.approve", address=addresses_to_unblock(case)), bold=True))]
    if case.is_evidence_pending and not case.sender.connector_id:
        fields.append(line(words("ground.evidence_pending")))
    if case.needs_word:
        fields += [
            line(run(words("form.approve.grounds"), bold=True)),
            *(line(f"• {ground_sentence(case, ground, view)}", spacing="Small") for ground in case.needs_word),
            *alarm_fields(case, view),
            *([] if case.sender.connector_id else who_to_call(case, view)),
            *call_code_fields(case, view),
            tick(
                _ANOTHER_ROUTE,
                words("input.another_route.label"),
                another_route(case, view),
                words("input.another_route.missing"),
            ),
            text_input(
                _APPROVE_REASON,
                words("input.approve_reason"),
                error=words("input.reason.missing"),
                most=TEXT_AT_MOST,
                multiline=True,
            ),
        ]
    return fields


def approve_parts(case: Case, view: View, facts: int | None) -> tuple[list[BareObject], BareObject]:
    """The fields of an approval, and the button that sends them. `facts` are those that the channel shows: a form that
    was opened by words speaks of no others."""
    shown = facts_number(case, facts)
    return _approval_fields(case, view), execute(view.words("button.approve_yes"), "approve", case.number, shown=shown)


def _approve(case: Case, view: View) -> BareObject:
    # With an account that looks stolen, approving is not the obvious thing to do.
    style = None if case.looks_stolen or case.alarms_keep_coming else "positive"
    submit = execute(view.words("button.approve_yes"), "approve", case.number, style=style, shown=facts_number(case))
    return form(view.words("button.approve"), _approval_fields(case, view), submit, style=style)


def _retry(case: Case, view: View) -> BareObject:
    """Trying again is an approval: the same form."""
    style = None if case.looks_stolen or case.alarms_keep_coming else "positive"
    submit = execute(view.words("button.approve_yes"), "retry", case.number, style=style, shown=facts_number(case))
    return form(view.words("button.retry"), _approval_fields(case, view), submit, style=style)


def deny_parts(case: Case, view: View) -> tuple[list[BareObject], BareObject]:
    """The fields of a denial, and the button that sends them."""
    words = view.words
    fields = [
        text_input(
            _DENY_REASON,
            words("input.deny_reason"),
            error=words("input.reason.missing"),
            most=TEXT_AT_MOST,
            multiline=True,
        ),
        text_input(_INTERNAL, words("input.internal"), most=TEXT_AT_MOST, multiline=True),
    ]
    return fields, execute(words("button.deny_yes"), "deny", case.number, style="destructive")


def _deny(case: Case, view: View) -> BareObject:
    return form(view.words("button.deny"), *deny_parts(case, view), style="destructive")


def ask_form(case: Case, view: View) -> BareObject:
    """The form that asks the person."""
    words = view.words
    field = text_input(
        _QUESTION, words("input.question"), error=words("input.question.missing"), most=TEXT_AT_MOST, multiline=True
    )
    return form(words("button.ask"), [field], execute(words("button.ask_send"), "ask", case.number))


def _looking(case: Case, view: View) -> BareObject:
    return quiet_execute(view.words("button.looking"), "looking", case.number)


def ticket_form(case: Case, view: View) -> BareObject:
    """The form for the number of a support request."""
    words = view.words
    field = text_input(_REFERENCE, words("input.ticket"), error=words("input.ticket.missing"), most=60)
    return form(words("button.ticket"), [field], execute(words("button.ticket_save"), "ticket", case.number))


def _close(case: Case, view: View) -> BareObject:
    words = view.words
    field = text_input(CLOSE_REASON, words("input.close_reason"), most=TEXT_AT_MOST)
    return form(words("button.close"), [field], execute(words("button.close_yes"), "close", case.number))


def _ask_for(case: Case, view: View) -> BareObject:
    words = view.words
    field = text_input(
        _ASK_FOR_REASON, words("input.ask_for"), error=words("input.reason.missing"), most=TEXT_AT_MOST, multiline=True
    )
    return form(words("button.ask_for"), [field], execute(words("button.ask_for_yes"), "ask_for", case.number))


_BUTTONS: dict[Verb, Callable[[Case, View], BareObject]] = {
    Verb.APPROVE: _approve,
    Verb.DENY: _deny,
    Verb.ASK: ask_form,
    Verb.REVIEW: _looking,
    Verb.RETRY: _retry,
    Verb.STOP: stop_form,
    Verb.TICKET: ticket_form,
    Verb.CLOSE: _close,
    Verb.ASK_FOR: _ask_for,
}
_ORDER = tuple(_BUTTONS)
_FIRST: Mapping[Status, tuple[Verb, ...]] = {
    Status.SECURING: (Verb.ASK_FOR,),
    Status.WAITING: (Verb.APPROVE, Verb.DENY, Verb.ASK),
    Status.NEEDS_INFO: (Verb.APPROVE, Verb.DENY),
    Status.FAILED: (Verb.RETRY,),
    Status.APPROVED: (Verb.STOP,),
    Status.UNBLOCKED: (Verb.STOP,),
    Status.OFF_LIST: (Verb.STOP,),
    Status.NEEDS_TICKET: (Verb.TICKET,),
    Status.WITH_MICROSOFT: (Verb.CLOSE,),
}
"""What is done next in each status."""


def _read_approval(command: type[Approved], by: TeamsUser, inputs: Inputs) -> Approved:
    """What the form of approving, or of trying again, says."""
    return command(
        by=by,
        by_another_route=is_ticked(inputs, _ANOTHER_ROUTE),
        reason=inputs.get(_APPROVE_REASON, ""),
        # A card that names no facts was drawn before they were noted: what it showed is not known.
        facts=read_facts_number(inputs) or 0,
    )


def _read_denial(by: TeamsUser, inputs: Inputs) -> Denied:
    """What the form of denying says."""
    return Denied(by=by, reason=inputs.get(_DENY_REASON, ""), internal=inputs.get(_INTERNAL, ""))


def _read_question(by: TeamsUser, inputs: Inputs) -> Asked:
    """What the form of asking the person says."""
    return Asked(by=by, text=inputs.get(_QUESTION, ""))


def _read_ticket(by: TeamsUser, inputs: Inputs) -> Ticketed:
    """What the form of the support request says."""
    return Ticketed(by=by, reference=inputs.get(_REFERENCE, ""))


def _read_closing(by: TeamsUser, inputs: Inputs) -> ClosedByHand:
    """What the form of closing says."""
    return ClosedByHand(by=by, reason=inputs.get(CLOSE_REASON, ""))


def _read_asking_for(by: TeamsUser, inputs: Inputs) -> AskedFor:
    """What the form of asking in the person's place says."""
    return AskedFor(by=by, reason=inputs.get(_ASK_FOR_REASON, ""))


READERS: Mapping[str, Reader] = {
    "approve": partial(_read_approval, Approved),
    "deny": _read_denial,
    "ask": _read_question,
    "looking": lambda by, _: StartedReview(by=by),
    "retry": partial(_read_approval, Retried),
    "ticket": _read_ticket,
    "close": _read_closing,
    "ask_for": _read_asking_for,
}
"""The buttons drawn here, by the verbs that their cards carry."""
_APPROVAL = {
    Refusal.ANOTHER_ROUTE_NEEDED: _ANOTHER_ROUTE,
    Refusal.CALL_CODE_NEEDED: CALL_CODE,
    Refusal.REASON_NEEDED: _APPROVE_REASON,
}
FIELDS: Fields = {
    "approve": _APPROVAL,
    "retry": _APPROVAL,
    "deny": {Refusal.REASON_NEEDED: _DENY_REASON},
    "ask": {Refusal.WORDS_NEEDED: _QUESTION},
    "ticket": {Refusal.WORDS_NEEDED: _REFERENCE},
    "close": {Refusal.REASON_NEEDED: CLOSE_REASON},
    "ask_for": {Refusal.REASON_NEEDED: _ASK_FOR_REASON},
}
