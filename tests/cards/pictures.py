"""Every card the bot can draw, by name: for the judges, the golden files and the screenshots."""

from dataclasses import replace
from functools import cache

from cards.approver.approver_card import approver_card
from cards.approver.call_code import code_notice
from cards.person.person_card import person_card
from cards.view import View
from cards.words import Words
from services.domain.card import Card
from services.domain.case.status import Status
from tests.cards.approver_pictures import approver_cases, called
from tests.cards.asked_again import asked_again
from tests.cards.decisions import decisions
from tests.cards.list_pictures import other_cards
from tests.cards.person_pictures import joined_cards, person_cases
from tests.cards.sample_cases import CANNOT_PASSWORD, SECURING, WAITING
from tests.cards.sample_evidence import STOLEN
from tests.cards.sample_view import LINKS, VIEW, with_notice
from tests.cases import CASES, TIMING


def _both(view: View) -> dict[str, Card]:
    drawn = {f"person-{status.name.lower()}": person_card(case, view) for status, case in CASES.items()}
    return drawn | {f"approver-{status.name.lower()}": approver_card(case, view) for status, case in CASES.items()}


@cache
def pictures(words: Words = VIEW.words) -> dict[str, Card]:
    """Returns every card in one language, by name: drawn once, since drawing them takes a second, so nobody changes
    them."""
    view = replace(VIEW, words=words)
    calling = replace(view, timing=replace(TIMING, call_code=True))
    noticed, bare = with_notice(view), replace(view, links=replace(LINKS, helpdesk=None))
    return (
        _both(view)
        | {f"person-{name}": person_card(case, view) for name, case in person_cases().items()}
        | {f"approver-{name}": approver_card(case, view) for name, case in approver_cases().items()}
        | joined_cards(view)
        | asked_again(view)
        | other_cards(view)
        | {
            "approver-noticed": approver_card(WAITING, noticed),
            "approver-alarms-keep-coming": approver_card(
                replace(WAITING, evidence=STOLEN, held_up=2, alarms_keep_coming=True), view
            ),
            "approver-call-code": approver_card(called(), calling),
            "approver-call-code-told": approver_card(
                replace(called(), call_codes=()),
                replace(calling, notice=code_notice(WAITING, "123456", view)),
            ),
            "person-noticed": person_card(WAITING, noticed),
            "person-denied-without-words": person_card(decisions()["stopped"], view),
            "person-drafted": person_card(CASES[Status.NEEDS_INFO], replace(view, draft="Our own tool.")),
            "person-no-helpdesk": person_card(
                replace(SECURING, proofs=replace(SECURING.proofs, password=CANNOT_PASSWORD)), bare
            ),
        }
    )
