"""“Why is case 17 waiting?”: what stands in the way, by name, and the one next thing to do; for approvers."""

from collections.abc import Iterator

from adaptivecards.baseobject import BareObject

from cards.approver.approver_card import approver_card
from cards.approver.evidence import finding_sentence
from cards.approver.intended import dropped_sentence
from cards.approver.since_steps import ground_sentence
from cards.approver.unblock import execution_lines, lapsed_lines
from cards.approver.what_next import next_sentence
from cards.elements import Card15, heading, line, run, to_json
from cards.fit import bounded
from cards.status_head import status_icon, status_word
from cards.text import hour, moment, user_text
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import Status

_ALARMS_SHOWN = 8


def why_waiting_card(case: Case, view: View) -> Card:
    """The conditions that block an approval, or whom else the case waits for, which a trouble's own card says; and what
    is to be done next."""
    view = view.about(case)
    todo = line(run(next_sentence(case, view), bold=True))
    if case.trouble:
        card = approver_card(case, view)
        return bounded({**card, "body": [*card["body"], *to_json(Card15(body=[todo]))["body"]]})
    title = view.words("why_waiting.title", number=str(case.number), name=user_text(case.sender.name, 80))
    status = f"{status_icon(case.status)} {status_word(case, 'approver', view)}"
    body = [heading(title), line(status), *_rows(case, view), todo]
    return bounded(to_json(Card15(body=body, fallback=title, speak=title)))


def _rows(case: Case, view: View) -> list[BareObject]:
    if case.is_undecided:
        return [line(f"• {said}", spacing="Small") for said in _undecided(case, view)]
    if case.status is Status.SECURING:
        return [line(f"• {said}", spacing="Small") for said in _securing(case, view)]
    return [*lapsed_lines(case, view), *execution_lines(case, view)]


def _undecided(case: Case, view: View) -> Iterator[str]:
    """For whose word it waits, then each condition that the word must answer for."""
    yield from _whose_word(case, view)
    for condition in case.conditions:
        yield ground_sentence(case, condition, view)
    for alarm in case.open_alarms[:_ALARMS_SHOWN]:
        yield finding_sentence(case, alarm, view)
    if not case.conditions:
        yield view.words("why_waiting.nothing")
    yield view.words("why_waiting.since", when=moment(case.request.sent_at or case.opened_at))


def _whose_word(case: Case, view: View) -> Iterator[str]:
    words, request = view.words, case.request
    if case.status is Status.NEEDS_INFO:
        yield words("why_waiting.reply", name=user_text(case.sender.name, 80))
    if case.intended:
        yield words("intended.checking", name=user_text(case.intended.name, 80), when=hour(case.intended.at))
    elif case.dropped:
        yield dropped_sentence(case.dropped, view)
    if request.sole_approver:
        yield words("approver.nobody_left")
    if first := case.first_approval:
        yield words("approver.one_of_two", name=user_text(first.name, 80), when=moment(first.at))
    elif case.needs_two:
        yield words("approver.two_needed")
    if request.reviewing:
        looking = {"name": user_text(request.reviewing.name, 80), "when": moment(request.reviewing.at)}
        yield words("approver.is_looking", **looking)


def _securing(case: Case, view: View) -> Iterator[str]:
    name = user_text(case.sender.name, 80)
    yield view.words("why_waiting.securing", name=name)
    if case.open_steps:
        steps = ", ".join(view.words(f"topic.{step.value}") for step in case.open_steps)
        yield f"{view.words('approver.open_steps')} {steps}"
