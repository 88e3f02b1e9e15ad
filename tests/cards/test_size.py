"""Every message is one that Teams takes: measured in bytes as it is sent."""

import json
from dataclasses import replace

import pytest

from bot.messenger import card_message
from cards.approver.approver_card import approver_card
from cards.approver.digest_card import digest_card
from cards.approver.history_card import history_card
from cards.fit import CARD_AT_MOST, in_bytes, size_of
from cards.mentions import mentioning
from cards.notices import cases_card, restricted_card
from cards.person.person_card import person_card
from sandbox.actions import executes
from sandbox.teams import texts
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import Status
from services.domain.evidence.report import InboxRule, RuleDeed
from services.domain.mention import Mention
from services.domain.restriction import RestrictedList
from tests.cards.approver_pictures import approver_cases
from tests.cards.contained_pictures import contained_cases
from tests.cards.limit_pictures import limit_cases
from tests.cards.person_pictures import person_cases
from tests.cards.sample_evidence import STOLEN
from tests.cards.sample_view import VIEW
from tests.cards.swollen import SCRIPTS, swollen
from tests.cases import CASES, NOW, restriction
from tests.judges.judges import judge_all

TEAMS_TAKES = 28 * 1024
ALL: dict[str, Case] = {
    **approver_cases(),
    **contained_cases(),
    **limit_cases(),
    **person_cases(),
}


def size_as_sent(card: Card, summary: str = "17: waiting for a decision") -> int:
    return len(json.dumps(card_message(card, summary), ensure_ascii=False).encode("utf-8", "replace"))


def buttons(card: Card) -> set[str]:
    return {str(hit.action.get("verb")) for hit in executes(card)}


LARGEST = ("stolen", "contained", "contain-done", "contain-to-confirm", "limits-proposed", "off-list-with-evidence")


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_case_however_full_is_more_than_teams_takes(script: str) -> None:
    for name in ALL if script == "japanese" else LARGEST:
        full = swollen(ALL[name], script)
        for card in (approver_card(full, VIEW), person_card(full, VIEW)):
            assert size_of(card) <= CARD_AT_MOST, name


@pytest.mark.parametrize("script", ["japanese", "emoji"])
def test_a_full_card_keeps_its_buttons_and_says_what_it_lost(script: str) -> None:
    case = ALL["stolen"]
    card = approver_card(swollen(case, script), VIEW)
    assert buttons(card) == buttons(approver_card(case, VIEW))
    assert "too large for Teams" in texts(card)
    assert judge_all({"full": card}) == {"full": []}


def test_a_card_that_fits_loses_nothing() -> None:
    assert all("too large for Teams" not in texts(approver_card(case, VIEW)) for case in ALL.values())


def test_names_that_somebody_chose_push_nothing_out_as_long_as_shorter_ones_do() -> None:
    """Whoever sits in the mailbox names its rules: that must not take the evidence off the card."""
    rules = tuple(
        InboxRule(
            id=str(n), name="💥" * 256, enabled=True, hidden=False, deeds=(RuleDeed.DELETES,), targets=("💥" * 256,)
        )
        for n in range(20)
    )
    case = CASES[Status.WAITING]
    note = replace(case.request, note="💥" * 1_000)
    card = approver_card(replace(case, evidence=replace(STOLEN, rules=rules), request=note), VIEW)
    assert size_of(card) <= CARD_AT_MOST
    assert "Left out" not in texts(card)
    assert "Inbox rules" in texts(card)


@pytest.mark.parametrize("script", SCRIPTS)
def test_lists_show_as_many_as_there_is_room_for_and_count_the_others(script: str) -> None:
    name = (SCRIPTS[script] * 300)[:300]
    many = [swollen(CASES[Status.WAITING], script)] * 500
    entries = (replace(restriction(), address=name, reason=name),) * 500
    listing = RestrictedList(entries=entries, complete=True, read_at=NOW)
    drawn = {
        "cases": cases_card(many, VIEW),
        "digest": digest_card(many, VIEW),
        "history": history_card(name, many, VIEW),
        "restricted": restricted_card(listing, listing, VIEW),
    }
    assert {kind: size_as_sent(card) for kind, card in drawn.items() if size_as_sent(card) > TEAMS_TAKES} == {}
    for kind in ("cases", "digest", "restricted"):
        assert " more" in texts(drawn[kind]), kind


@pytest.mark.parametrize("script", SCRIPTS)
def test_whom_a_card_mentions_gives_way_before_the_card_does(script: str) -> None:
    name = (SCRIPTS[script] * 300)[:300]
    mentions = [Mention(id=f"0000000{n}-0000-4000-8000-000000000000", name=name) for n in range(20)]
    card = approver_card(swollen(ALL["stolen"], script), VIEW)
    assert size_as_sent(mentioning(card, mentions, VIEW)) <= TEAMS_TAKES
    assert mentioning(card, mentions[:1], VIEW) != card


def test_a_text_is_cut_between_characters() -> None:
    assert in_bytes("色は匂へど", 8) == "色は …"
    assert in_bytes("ab", 2) == "ab"
    assert in_bytes("💥💥", 7) == "💥 …"
