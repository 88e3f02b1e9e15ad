"""What an approver may do: only what the status allows, each form by itself."""

from collections.abc import Callable
from urllib.parse import quote

from adaptivecards.baseobject import BareObject

from cards.elements import execute, form, line, link, quiet_execute, run, text_input, tick
from cards.text import user_text
from cards.view import View
from services.domain.case.case import Case, Status
from services.domain.case.user_text import TEXT_AT_MOST
from services.domain.case.workflow import TRANSITIONS, Actor, Verb


def approver_buttons(case: Case, view: View) -> list[BareObject]:
    """The buttons of the status, in the table's words, then the ways out: chat and Defender."""
    nobody = {Verb.ASK} if case.sender.connector_id else set()
    allowed = {verb for actor, verb in TRANSITIONS[case.status] if actor is Actor.APPROVER} - nobody
    made = [_BUTTONS[verb](case, view) for verb in _ORDER if verb in allowed]
    if not case.status.is_ended:
        if not case.sender.connector_id:
            chat = f"https://teams.microsoft.com/l/chat/0/0?users={quote(case.sender.upn)}"
            made.append(link(view.words("button.chat"), chat))
        made.append(link(view.words("button.defender"), view.links.restricted_entities))
    if case.status in (Status.NEEDS_TICKET, Status.FAILED):
        made.append(link(view.words("button.open_support"), view.links.support))
    return made


def _approve(case: Case, view: View) -> BareObject:
    words = view.words
    listed = case.restriction.address if case.restriction else case.sender.upn
    fields = [line(run(words("form.approve", address=user_text(listed, 120)), bold=True))]
    if case.conditions:
        grounds = " ".join(words(f"ground.{ground.name.lower()}") for ground in case.conditions)
        fields += [
            line(words("form.approve.grounds", grounds=grounds)),
            tick(
                "by_another_route",
                words("input.another_route.label"),
                words("input.connector_secured" if case.sender.connector_id else "input.another_route"),
                words("input.another_route.missing"),
            ),
            text_input(
                "ground",
                words("input.approve_reason"),
                error=words("input.reason.missing"),
                most=TEXT_AT_MOST,
                multiline=True,
            ),
        ]
    submit = execute(words("button.approve_yes"), "approve", case.number, style="positive")
    return form(words("button.approve"), fields, submit, style="positive")


def _deny(case: Case, view: View) -> BareObject:
    words = view.words
    fields = [
        text_input(
            "reason",
            words("input.deny_reason"),
            error=words("input.reason.missing"),
            most=TEXT_AT_MOST,
            multiline=True,
        ),
        text_input("internal", words("input.internal"), most=TEXT_AT_MOST, multiline=True),
    ]
    submit = execute(words("button.deny_yes"), "deny", case.number, style="destructive")
    return form(words("button.deny"), fields, submit, style="destructive")


def _ask(case: Case, view: View) -> BareObject:
    words = view.words
    field = text_input(
        "words", words("input.question"), error=words("input.question.missing"), most=TEXT_AT_MOST, multiline=True
    )
    return form(words("button.ask"), [field], execute(words("button.ask_send"), "ask", case.number))


def _looking(case: Case, view: View) -> BareObject:
    return quiet_execute(view.words("button.looking"), "looking", case.number)


def _retry(case: Case, view: View) -> BareObject:
    return quiet_execute(view.words("button.retry"), "retry", case.number)


def _ticket(case: Case, view: View) -> BareObject:
    words = view.words
    field = text_input("reference", words("input.ticket"), error=words("input.ticket.missing"), most=60)
    return form(words("button.ticket"), [field], execute(words("button.ticket_save"), "ticket", case.number))


def _close(case: Case, view: View) -> BareObject:
    words = view.words
    field = text_input("close_reason", words("input.close_reason"), most=TEXT_AT_MOST)
    return form(words("button.close"), [field], execute(words("button.close_yes"), "close", case.number))


def _ask_for(case: Case, view: View) -> BareObject:
    words = view.words
    field = text_input(
        "for_reason", words("input.ask_for"), error=words("input.reason.missing"), most=TEXT_AT_MOST, multiline=True
    )
    return form(words("button.ask_for"), [field], execute(words("button.ask_for_yes"), "ask_for", case.number))


_BUTTONS: dict[Verb, Callable[[Case, View], BareObject]] = {
    Verb.APPROVE: _approve,
    Verb.DENY: _deny,
    Verb.ASK: _ask,
    Verb.REVIEW: _looking,
    Verb.RETRY: _retry,
    Verb.TICKET: _ticket,
    Verb.CLOSE: _close,
    Verb.ASK_FOR: _ask_for,
}
_ORDER = tuple(_BUTTONS)
