"""The case as somebody sees it who asked about a mailbox that somebody else had asked about before: how it stands, and
no more. What the other one said, and what was found of their account, is not theirs to read."""

from adaptivecards.baseobject import BareObject

from cards.asked_again import with_form
from cards.elements import Card15, line, to_json
from cards.fit import bounded
from cards.person.person_card import person_card, question_and_reply, tested_buttons
from cards.person.trouble_card import joiner_card
from cards.person.withdrawing import withdraw_form
from cards.status_head import notice_lines, status_head, status_word
from cards.view import View
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.involved import askers, has_withdrawn, spoken_to
from services.domain.case.status import Status
from services.domain.case.workflow import Actor, Verb, allows
from services.domain.people import PersonId


def card_for(case: Case, viewer: PersonId, view: View) -> Card:
    """The case as this one of its askers sees it."""
    if has_withdrawn(case, viewer):
        return _withdrawn(case, view)
    report = case.trouble.of(viewer) if case.trouble else None
    if report is not None and viewer != case.sender.person:
        return joiner_card(case, report, view)
    return person_card(case, view) if viewer == case.sender.person else _joined(case, viewer, view)


def _withdrawn(case: Case, view: View) -> Card:
    """Nothing more is told to whoever asks no more."""
    said = view.words("joined.withdrawn", number=str(case.number))
    return to_json(Card15(body=[line(said)], fallback=said, speak=said))


def _joined(case: Case, viewer: PersonId, view: View) -> Card:
    return bounded(with_form(lambda view: _drawn(case, viewer, view), view))


def _drawn(case: Case, viewer: PersonId, view: View) -> Card:
    words = view.words
    is_theirs = spoken_to(case) == viewer
    body: list[BareObject] = [line(words("joined.yours" if is_theirs else "joined.state"))]
    buttons: list[BareObject] = []
    if is_theirs and case.status is Status.NEEDS_INFO:
        asked, reply = question_and_reply(case, view)
        body, buttons = [*body, *asked], [reply]
    if is_theirs and case.status is Status.OFF_LIST:
        buttons += tested_buttons(case, view)
    if viewer in askers(case) and allows(case.status, Actor.PERSON, Verb.WITHDRAW):
        buttons.append(withdraw_form(case, view))
    speak = words("person.speak", number=str(case.number), status=status_word(case, "person", view))
    head = [status_head(case, "person", view), *notice_lines(view)]
    return to_json(Card15(body=[*head, *body], actions=buttons, fallback=speak, speak=speak))
