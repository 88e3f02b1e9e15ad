"""Cards with a form that was sent and is asked for again."""

from dataclasses import replace

from cards.approver.approver_card import approver_card
from cards.facts import facts_number
from cards.person.person_card import person_card
from cards.view import AskedAgain, View
from services.domain.card import Card
from services.domain.case.status import Status
from tests.cases import CASES, PROVEN_MFA, PROVEN_PASSWORD, SPAM_REASON, restriction

_SPAM = replace(CASES[Status.WAITING], restriction=restriction(SPAM_REASON))
_SECURING = CASES[Status.SECURING]
_MAILING = replace(_SECURING, proofs=replace(_SECURING.proofs, password=PROVEN_PASSWORD, mfa=PROVEN_MFA))


def asked_again(view: View) -> dict[str, Card]:
    """A form of the first row, one that was behind "More", one of a row at the card's end, and a field that is seen
    without any button."""
    words = view.words
    needed = words("refusal.reason_needed")
    called = {"by_another_route": "true", "ground": " ", **facts_number(_SPAM)}
    approval = AskedAgain(verb="approve", typed=called, field="ground", wrong=needed)
    steps = {"sessions": "false", "password": "false", "disable": "false"}
    containing = AskedAgain(verb="contain", typed=steps, field="sessions", wrong=words("refusal.no_step_chosen"))
    count = {"recipients": "about a lot", "to_whom": "customers", "until": "2026-12-24"}
    wrong = words("input.recipients.no_number")
    mailing = AskedAgain(verb="mailing_yes", typed=count, field="recipients", wrong=wrong)
    reply = AskedAgain(verb="reply", typed={"words": " "}, field="words", wrong=words("refusal.words_needed"))
    return {
        "approver-asked-again": approver_card(_SPAM, replace(view, notice=needed, asked_again=approval)),
        "approver-asked-again-steps": approver_card(_SPAM, replace(view, asked_again=containing)),
        "person-asked-again": person_card(_MAILING, replace(view, asked_again=mailing)),
        "person-asked-again-reply": person_card(CASES[Status.NEEDS_INFO], replace(view, asked_again=reply)),
    }
