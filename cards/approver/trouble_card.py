"""A trouble as the approvers see it: who has it, what is known, what an admin does about it, and what was done."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from adaptivecards.baseobject import BareObject

from cards.approver.buttons import CLOSE_REASON, ask_form, ticket_form
from cards.asked_again import Fields
from cards.delivery import trouble_delivery
from cards.elements import (
    Card15,
    Inputs,
    Reader,
    actions,
    box,
    execute,
    form,
    hidden,
    line,
    link,
    quiet_execute,
    reveal,
    run,
    text_input,
    timed_line,
    to_json,
)
from cards.fit import Part
from cards.status_head import notice_lines, status_head, status_word
from cards.text import moment, user_text
from cards.view import View
from cards.words import ReadersTime
from services.domain.bounce.table import NAMED
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.case.transition import Refusal
from services.domain.case.user_text import TEXT_AT_MOST
from services.domain.case.workflow import TRANSITIONS, Actor, Verb
from services.domain.people import TeamsUser
from services.domain.trouble.commands import Mended
from services.domain.trouble.timers import due_at
from services.domain.trouble.trouble import Report, Trouble, TroubleKind, kind_of

_NAMES_AT_MOST = 12
_TO_BE_DONE = (Status.REPORTED, Status.ASKED_BACK)
_AS_REPORTED = (*_TO_BE_DONE, Status.LAGGING, Status.ESCALATED)
_DONE, _MORE = "done", "more"
_FIRST = 3
"""Buttons that are seen at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guide:
    """How many steps there are for an admin (`trouble.step.KIND.N`), and where they are done."""

    steps: int
    page: Literal["support", "restricted_entities", "anti_spam", "exchange_admin"]


_GUIDES: Mapping[TroubleKind, _Guide] = {
    TroubleKind.STILL_BOUNCING: _Guide(steps=2, page="restricted_entities"),
    TroubleKind.BANNED: _Guide(steps=2, page="support"),
    TroubleKind.TENANT_BLOCKED: _Guide(steps=3, page="support"),
    TroubleKind.TENANT_LIMIT: _Guide(steps=2, page="exchange_admin"),
    TroubleKind.CONNECTOR: _Guide(steps=2, page="restricted_entities"),
    TroubleKind.SEND_RIGHT: _Guide(steps=2, page="exchange_admin"),
    TroubleKind.SMTP_AUTH: _Guide(steps=3, page="exchange_admin"),
    TroubleKind.FORWARDING: _Guide(steps=2, page="anti_spam"),
    TroubleKind.UNCLEAR: _Guide(steps=2, page="exchange_admin"),
}


def trouble_card(case: Case, trouble: Trouble, view: View) -> Card:
    """The trouble as the approvers see it. Nothing on it unblocks anybody."""
    name, status = user_text(case.sender.name, 80), status_word(case, "approver", view)
    speak = view.words("approver.speak", number=str(case.number), status=status, name=name)
    what = view.words(f"trouble.title.{trouble.kind}", name=name)
    # Of what is done, or over, only that it was reported: whether it is so still is what the head speaks of.
    title = line(run(what if case.status in _AS_REPORTED else view.words("trouble.was", what=what), bold=True))
    body = [
        status_head(case, "approver", view, title),
        *_code(trouble, view),
        *_who_else(trouble, view),
        *view.room.fit(Part.EXECUTION, _course(case, trouble, view)),
        *trouble_delivery(case, view, for_approver=True),
        # Beside the buttons: a refusal is seen where somebody pressed one.
        *notice_lines(view),
        *_buttons(case, trouble, view),
    ]
    return to_json(Card15(body=body, fallback=speak, speak=speak))


def bounce_said(case: Case, view: View) -> list[BareObject]:
    """What the bounce of somebody restricted says, and whether it names another trouble beside the restriction."""
    cause = NAMED.get(case.bounce_cause)
    kind = kind_of(cause) if cause else None
    if cause is None or kind is None or kind is TroubleKind.UNCLEAR:
        return []
    if kind is TroubleKind.STILL_BOUNCING:
        said = _bounce(case.bounce_code or "", cause.name, view)
        return [line(run(said, subtle=True), spacing="Small"), _came(case, view)]
    # Not the bounce's own sentence: that speaks to somebody who is not restricted.
    what = view.words(f"trouble.title.{kind}", name=user_text(case.sender.name, 80))
    said = view.words("trouble.bounce", code=user_text(case.bounce_code, 20), means=what) if case.bounce_code else what
    warning = line(run(f"⚠️ {view.words('trouble.besides')} ", bold=True, color="Attention"), said)
    return [warning, _came(case, view)]


def _came(case: Case, view: View) -> BareObject:
    """When: a bounce of last week says less than one of this minute."""
    sent_at = case.bounce_sent_at
    name, when = ("trouble.message_sent", sent_at) if sent_at else ("trouble.bounce_told", case.opened_at)
    return timed_line(view.words.timed(name, when=moment(when)), subtle=True, spacing="None")


def _bounce(code: str, cause: str, view: View) -> str:
    if cause not in NAMED:
        return code and view.words("trouble.code", code=user_text(code, 20))
    means = view.words(f"bounce.{cause}.means")
    return view.words("trouble.bounce", code=user_text(code, 20), means=means) if code else means


def _code(trouble: Trouble, view: View) -> list[BareObject]:
    """What came back, and what it means."""
    first = next(iter(trouble.reports), None)
    said = _bounce(first.code, first.cause, view) if first else ""
    return [line(said)] if said else []


def _times(case: Case, trouble: Trouble, view: View) -> BareObject:
    """When it was told, how often, and what was checked."""
    first = next(iter(trouble.reports), None)
    checked = "trouble.checked" if trouble.checked_at else "trouble.not_checked"
    times = [_when(first, view)] if first else []
    times.append(view.words.timed(checked, when=moment(trouble.checked_at or case.opened_at)))
    return timed_line(*times)


def _when(report: Report, view: View) -> ReadersTime:
    if report.last_at is None:
        return view.words.timed("trouble.told_once", when=moment(report.at))
    return view.words.count_timed("trouble.told", report.times, when=moment(report.at), last=moment(report.last_at))


def _who_else(trouble: Trouble, view: View) -> list[BareObject]:
    others = trouble.reports[1:]
    if not others:
        return []
    names = ", ".join(user_text(one.name, 60) for one in others[:_NAMES_AT_MOST])
    return [line(run(f"👥 {view.words.count('trouble.joined', len(others), names=names)}", bold=True))]


def _course(case: Case, trouble: Trouble, view: View) -> list[BareObject]:
    """Who has it, by when, and what was asked, done or closed."""
    words, said = view.words, []
    if case.status in _TO_BE_DONE and case.request.sent_at:
        due, owner = moment(due_at(case, view.timing)), case.request.reviewing
        mine = {"name": user_text(owner.name, 80)} if owner else {}
        said.append(words("trouble.owner" if owner else "trouble.no_owner", due=due, **mine))
    if question := case.request.question:
        said.append(
            words("trouble.asked", name=user_text(question.asked.name, 80), words=user_text(question.asked.text))
        )
        said += [words("trouble.reply", words=user_text(question.reply))] if question.reply else []
    if done := trouble.done:
        said.append(
            words("trouble.done", name=user_text(done.name, 80), when=moment(done.at), words=user_text(done.text))
        )
    if case.bouncing_at and case.status is Status.REPORTED:
        said.append(words("trouble.bouncing_again", when=moment(case.bouncing_at)))
    if case.ticket:
        said.append(words("trouble.ticket", ticket=user_text(case.ticket, 100)))
    if case.past.followed_by:
        said.append(words("trouble.superseded", number=str(case.past.followed_by)))
    if closed := case.closed:
        name, when = user_text(closed.name, 80), moment(closed.at)
        said.append(words("trouble.closed", name=name, when=when, words=user_text(closed.text)))
    if case.contact.unreachable and not case.status.is_ended:
        said.append(words("approver.unreachable", error=user_text(case.contact.unreachable, 120)))
    return [line(one, spacing="Small") for one in said]


def _steps(trouble: Trouble, view: View) -> list[BareObject]:
    guide = _GUIDES[trouble.kind]
    rows = [
        line(f"{number}. {view.words(f'trouble.step.{trouble.kind}.{number}')}", spacing="Small")
        for number in range(1, guide.steps + 1)
    ]
    return [box(rows, style="emphasis", spacing="Medium")]


def _buttons(case: Case, trouble: Trouble, view: View) -> list[BareObject]:
    """What is done next, and below it what "More" shows: the times, how it is mended, and what else may be done. Once
    the case is over there is nothing to press."""
    words, number = view.words, case.number
    allowed = {verb for actor, verb in TRANSITIONS[case.status] if actor is Actor.APPROVER}
    if case.status.is_ended:
        return [_times(case, trouble, view)]
    made = {
        Verb.REVIEW: quiet_execute(words("button.take"), "looking", number),
        Verb.DONE: _done_form(case, view),
        Verb.ASK: ask_form(case, view),
        Verb.TICKET: ticket_form(case, view),
        Verb.CLOSE: _not_ours_form(case, view),
    }
    page = _GUIDES[trouble.kind].page
    open_page = link(words(f"button.page.{page}"), getattr(view.links, page))
    buttons = [button for verb, button in made.items() if verb in allowed]
    first, rest = buttons[:_FIRST], [*buttons[_FIRST:], open_page]
    steps = _steps(trouble, view) if case.status in _AS_REPORTED else []
    more = [_times(case, trouble, view), *steps, actions(*rest)]
    return [actions(*first, reveal(words("button.more"), _MORE)), hidden(_MORE, more)]


def _done_form(case: Case, view: View) -> BareObject:
    words = view.words
    field = _needed_text(_DONE, words("input.done"), view)
    return form(words("button.done"), [field], execute(words("button.done_yes"), "done", case.number))


def _not_ours_form(case: Case, view: View) -> BareObject:
    """Closing a trouble is told with its reason, which may be the only help that the person gets."""
    words = view.words
    field = _needed_text(CLOSE_REASON, words("input.not_ours"), view)
    return form(words("button.not_ours"), [field], execute(words("button.not_ours_yes"), "close", case.number))


def _needed_text(name: str, label: str, view: View) -> BareObject:
    missing = view.words("input.reason.missing")
    return text_input(name, label, error=missing, most=TEXT_AT_MOST, multiline=True)


def _read_done(by: TeamsUser, inputs: Inputs) -> Mended:
    return Mended(by=by, text=inputs.get(_DONE, ""))


READERS: Mapping[str, Reader] = {"done": _read_done}
"""The buttons drawn here, by the verbs that their cards carry."""
FIELDS: Fields = {"done": {Refusal.WORDS_NEEDED: _DONE}}
