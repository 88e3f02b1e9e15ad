"""A mention names somebody as Teams needs it, and nobody's name is anything but a name."""

import re

import pytest

from cards.mentions import mentioning
from cards.notices import thread_card
from services.domain.card import Card
from services.domain.mention import Mention
from tests.cards.sample_view import VIEW
from tests.hostile import HOSTILE_WORDS

CARD = thread_card("Case 17 waits.", VIEW)
BO = Mention(id="5a4d8f2e-0000-4000-8000-000000000002", name="Bo Larsen")


def line_of(card: Card) -> str:
    return str(card["body"][-1]["text"])


def test_a_mention_stands_in_a_block_of_its_own_with_its_entity() -> None:
    card = mentioning(CARD, [BO], VIEW)
    assert card["body"][:-1] == CARD["body"]
    assert card["body"][-1] == {**card["body"][-1], "type": "TextBlock", "text": "For <at>Bo Larsen</at>", "wrap": True}
    mentioned = {"id": BO.id, "name": "Bo Larsen"}
    entity = {"type": "mention", "text": "<at>Bo Larsen</at>", "mentioned": mentioned}
    assert card["msteams"] == {"width": "full", "entities": [entity]}
    assert "entities" not in CARD["msteams"]


def test_a_tag_says_that_it_is_one() -> None:
    card = mentioning(CARD, [Mention(id="c2FuZGJveA==", name="On duty", is_tag=True)], VIEW)
    mentioned = {"id": "c2FuZGJveA==", "name": "On duty", "type": "tag", "mentionType": "Tag"}
    assert card["msteams"]["entities"][0]["mentioned"] == mentioned


def test_who_has_one_name_is_told_apart() -> None:
    twins = [Mention(id=str(number), name=name) for number, name in enumerate(("Bo", "Bo 2", "Bo", "Bo", ""))]
    card = mentioning(CARD, twins, VIEW)
    names = ("Bo", "Bo 2", "Bo 3", "Bo 4", "an approver")
    assert line_of(card) == "For " + ", ".join(f"<at>{name}</at>" for name in names)
    assert [entity["mentioned"]["id"] for entity in card["msteams"]["entities"]] == ["0", "1", "2", "3", "4"]


def test_without_anybody_the_card_is_as_it_was() -> None:
    assert mentioning(CARD, [], VIEW) == CARD


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("José Núñez-Ōe", "José Núñez-Ōe"),
        ("Seán O'Brien", "Seán O'Brien"),
        ("山田 太郎", "山田 太郎"),
        ("Bo</at> <at>everyone", "Bo at at everyone"),
        ("**Bo** [x](https://evil.example)", "Bo x https evil example"),
        ("B" * 200, "B" * 60),
        ("<at></at>", "at at"),
        ("\u202e\n", "an approver"),
    ],
)
def test_a_name_is_a_name(name: str, shown: str) -> None:
    assert line_of(mentioning(CARD, [Mention(id="1", name=name)], VIEW)) == f"For <at>{shown}</at>"


def test_no_name_makes_markup_or_a_second_mention() -> None:
    for name in HOSTILE_WORDS:
        card = mentioning(CARD, [Mention(id="1", name=name), BO], VIEW)
        mention = re.fullmatch(r"For <at>([^<>]+)</at>, <at>Bo Larsen</at>", line_of(card))
        assert mention is not None, name
        assert not set(mention[1]) & set("*_[](){}`~#|\\/:@.!\u202e\u200b\n"), name
        assert any(char.isalnum() for char in mention[1]), name
