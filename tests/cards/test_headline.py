"""No card contradicts itself: restricted or not, whatever the bounce says, whether the list could be read or not."""

import json
from dataclasses import replace
from itertools import product

import pytest

from cards.approver.approver_card import approver_card
from cards.headline import Headline, headline_of
from cards.notices import Checked, not_restricted_card, restricted_card
from cards.person.person_card import person_card
from cards.words import languages, words_for
from sandbox import texts
from services.domain.bounce.bounce import Bounce, Trouble
from services.domain.bounce.meaning import Meaning
from services.domain.bounce.table import ALL
from services.domain.bounce.whose import Whose
from services.domain.card import Card
from services.domain.case.status import TROUBLES, Status
from services.domain.restriction import RestrictedList
from services.domain.trouble.trouble import Report, TroubleKind, kind_of
from services.domain.trouble.trouble import Trouble as CaseTrouble
from services.domain.unknown import UnknownReason
from tests.cards.sample_view import VIEW
from tests.cases import ADDRESSES, ANA, CASES, NOW, restriction

BOUNCES = [Bounce(troubles=(Trouble(code=next(iter(sorted(cause.codes)), None), cause=cause),)) for cause in ALL]
CLAIMS = ("address is restricted", "restricted this address", "you are restricted.", "can mean that the address is")
"""What may stand on no card of somebody who is not restricted."""
DRAWN = (approver_card, person_card)
VOICES = [replace(VIEW, words=words_for(language)) for language in languages()]


def test_not_restricted_is_never_followed_by_because_it_is_restricted() -> None:
    for bounce in BOUNCES:
        shown = texts(not_restricted_card(Checked(addresses=ADDRESSES, read_at=NOW), bounce, VIEW)).casefold()
        assert "your address is not restricted" in shown, bounce.cause.name
        assert not [claim for claim in CLAIMS if claim in shown], (bounce.cause.name, shown)


def test_restricted_or_not_read_is_never_beside_not_restricted() -> None:
    unread = replace(CASES[Status.LOOKING], look_failed=UnknownReason.UNREACHABLE)
    for bounce, case in product(BOUNCES, (CASES[Status.SECURING], CASES[Status.WAITING], unread)):
        told = replace(case, bounce_code=bounce.code, bounce_cause=bounce.cause.name)
        for card in (person_card(told, VIEW), approver_card(told, VIEW)):
            shown = texts(card).casefold()
            claims = [claim for claim in ("not restricted", "restricted, not you") if claim in shown]
            assert not claims, (bounce.cause.name, shown)


@pytest.mark.parametrize("listed", [True, False, None])
@pytest.mark.parametrize("about", Whose)
def test_one_function_decides_the_headline(listed: bool | None, about: Whose) -> None:
    for meaning in (None, *Meaning):
        bounce = next((one for one in BOUNCES if one.meaning is meaning), None)
        said = headline_of(listed, bounce, about)
        if listed is not False:
            expected = Headline.RESTRICTED if listed else Headline.NOT_CHECKED
        elif bounce is None or about is not Whose.ASKERS:
            expected = Headline.NOT_RESTRICTED
        elif meaning in (Meaning.RESTRICTED_SENDER, Meaning.MAYBE_RESTRICTED):
            expected = Headline.NOT_ANY_MORE
        else:
            expected = Headline.ANOTHER_CAUSE
        assert (said.headline, said.tint == "good") == (expected, expected is Headline.NOT_RESTRICTED), meaning


@pytest.mark.parametrize("kind", TroubleKind)
def test_each_kind_of_trouble_has_a_card_in_every_language(kind: TroubleKind) -> None:
    cause = next(cause for cause in ALL if kind_of(cause) is kind)
    report = Report(person=ANA, name="Ana Soto", at=NOW, code="5.7.1", cause=cause.name)
    case = replace(CASES[Status.REPORTED], trouble=CaseTrouble(kind=kind, reports=(report,), checked_at=NOW))
    for voice in VOICES:
        shown = texts(approver_card(case, voice))
        assert shown.count("Ana Soto") == 1, "who has what trouble is said once"
        assert "5.7.1" in shown
        assert "1. " in shown
        assert person_card(case, voice)
    assert "| Open " in texts(approver_card(case, VIEW)), "where it is mended is a link behind More"


def test_whatever_an_admin_can_do_something_about_has_a_way_to_the_admins() -> None:
    for bounce in BOUNCES:
        card = not_restricted_card(Checked(addresses=ADDRESSES, read_at=NOW), bounce, VIEW)
        assert bool(card.get("actions")) == (kind_of(bounce.cause) is not None), bounce.cause.name
        if bounce.cause.fixer in ("your-admin", "microsoft"):
            assert card["actions"], bounce.cause.name


def test_a_bounce_about_the_whole_organisation_is_on_no_green_card() -> None:
    """Whether the look was quick or slow, and while nobody has said that mail flows again."""
    bounce = next(one for one in BOUNCES if one.cause.name == "tenant_blocked")
    slow = replace(CASES[Status.NOT_RESTRICTED], bounce_code="5.7.705", bounce_cause=bounce.cause.name)
    report = Report(person=ANA, name="Ana Soto", at=NOW, code="5.7.705", cause=bounce.cause.name)
    trouble = CaseTrouble(kind=TroubleKind.TENANT_BLOCKED, reports=(report,), checked_at=NOW)
    ended = (Status.SOLVED, Status.CLOSED)
    told = [replace(CASES[status], trouble=trouble) for status in TROUBLES if status not in ended]
    quick = not_restricted_card(Checked(addresses=ADDRESSES, read_at=NOW), bounce, VIEW)
    for card in (quick, person_card(slow, VIEW), *(draw(case, VIEW) for case in told for draw in DRAWN)):
        assert not _is_green(card), texts(card)
    assert "whole organisation" in texts(person_card(slow, VIEW))
    assert "paste the bounce" not in texts(person_card(slow, VIEW)), "they did"
    assert _is_green(person_card(CASES[Status.NOT_RESTRICTED], VIEW))


def _is_green(card: Card) -> bool:
    return '"style": "good"' in json.dumps(card)


@pytest.mark.parametrize(
    ("entries", "complete", "says"),
    [
        (0, True, "No one is restricted."),
        (0, False, "The restricted list came without its entries."),
        (1, True, "1 restricted sender"),
        (2, False, "At least 2 restricted senders"),
    ],
)
def test_a_list_that_was_cut_short_is_counted_as_such(entries: int, complete: bool, says: str) -> None:
    found = tuple(replace(restriction(), address=address) for address in ADDRESSES[:entries])
    senders = RestrictedList(entries=found, complete=complete, read_at=NOW)
    nothing = RestrictedList(entries=(), complete=True, read_at=NOW)
    assert texts(restricted_card(senders, nothing, VIEW)).startswith(says)


def test_no_line_is_drawn_below_the_head_of_a_trouble() -> None:
    assert not any(part.get("separator") for part in approver_card(CASES[Status.REPORTED], VIEW)["body"])


def test_what_counts_is_how_often_somebody_was_restricted_and_not_how_often_they_asked() -> None:
    asked = replace(CASES[Status.WAITING], past=replace(CASES[Status.WAITING].past, times_asked=7, restrictions=2))
    for case in (asked, replace(asked, status=Status.WITHDRAWN, ended_at=NOW)):
        shown = texts(approver_card(case, VIEW))
        assert "asked 7 times" not in shown
        assert "Restricted 3 times in 90 days" in shown
