"""“case 17 why” ends with the one next thing, and whoever reads it finds the buttons that it names."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from cards.approver.approver_card import approver_card
from cards.approver.why_waiting import why_waiting_card
from cards.person.person_card import person_card
from cards.view import View
from cards.words import languages, words_for
from sandbox.teams import texts
from services.domain.case.case import Case
from services.domain.case.status import TROUBLES, Status
from tests.cards.approver_pictures import approver_cases
from tests.cards.sample_cases import HONEST
from tests.cards.sample_view import VIEW
from tests.cases import CASES

ALL = {**{str(status): case for status, case in CASES.items()}, **approver_cases()}
RESTRICTED = {name: case for name, case in ALL.items() if case.status not in TROUBLES}
CONTAINING = replace(VIEW, contains=True)
STARTS = {"en": ("Next: ", "Nothing to do"), "de": ("Als Nächstes: ", "ichts zu tun")}
QUOTED = re.compile(r"[“„]([^”“]+)[”“]")


def next_of(case: Case, language: str = "en") -> str:
    """The last line of the answer."""
    return str(why_waiting_card(case, in_language(language))["body"][-1]["inlines"][0]["text"])


def in_language(language: str) -> View:
    return replace(CONTAINING, words=words_for(language))


def titles(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        yield from [part["title"]] if str(part.get("type")).startswith("Action.") else []
        yield from (title for value in part.values() for title in titles(value))
    elif isinstance(part, list):
        yield from (title for one in part for title in titles(one))


@pytest.mark.parametrize("language", languages())
def test_the_answer_ends_with_what_to_do_and_its_buttons_are_there(language: str) -> None:
    view, named = in_language(language), 0
    some = list(RESTRICTED.items())[:: 1 if language == "en" else 4]
    for name, case in some:
        said = next_of(case, language)
        assert said.endswith("."), name
        assert any(start in said for start in STARTS[language]), (name, said)
        wanted = {one for one in QUOTED.findall(said) if one not in case.sender.name}
        left = wanted - {*titles(approver_card(case, view))} if wanted else wanted
        assert not left or left <= {*titles(person_card(case, view))}, (name, said)
        named += len(wanted)
    assert named >= len(some)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("honest", "Next: an approver presses “Approve” or “Deny”."),
        ("spam", "Next: an approver calls or meets Ana Soto, then presses “Approve” or “Deny”."),
        ("stolen", "Next: a responder presses “Contain the account”."),
        ("contain-to-confirm", "Next: a responder presses “Yes, do all of this” or “No, do nothing”."),
        ("contained", "Nothing to do for a moment: the account is being contained, then checked again."),
        ("contained-read", "Next: an approver calls or meets Ana Soto, then presses “Approve” or “Deny”."),
        ("contained-no-more", "Next: a responder presses “Yes, contain again”."),
        ("one-of-two", "Next: a responder presses “Contain the account”."),
        (Status.NEEDS_INFO, "Next: Ana Soto replies. An approver can also decide now: “Approve” or “Deny”."),
        (Status.OFF_LIST, "Next: Ana Soto sends a test message and presses “It works” in their own chat."),
        (Status.WORKS, "Nothing to do: the case has ended."),
        (Status.RELAPSED, "Nothing to do here: case 18 continues."),
    ],
)
def test_the_next_thing_is_the_one_that_helps(name: str, said: str) -> None:
    assert next_of(ALL[str(name)]) == said


def test_where_nobody_may_contain_nobody_is_sent_to_contain() -> None:
    said = texts(why_waiting_card(ALL["stolen"], replace(VIEW, contains=False)))
    assert "a responder presses" not in said
    assert "an approver calls or meets Ana Soto" in said


def test_a_second_approver_is_asked_for_once_the_account_is_contained() -> None:
    first = replace(HONEST, first_approval=CASES[Status.CLOSED].closed)
    assert next_of(first) == "Next: a second approver presses “Approve” or “Deny”."
