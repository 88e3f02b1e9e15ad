"""Times on cards: each reader's own where Teams writes them, else with the name of their zone."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards.elements import line, run, to_json
from cards.notices import one_line
from cards.text import hour, moment, user_text
from cards.words import languages, words_for
from services.domain.card import Card
from tests.cards.pictures import pictures
from tests.hostile import HOSTILE_WORDS

PICTURES = pictures()
VIENNA = ZoneInfo("Europe/Vienna")
WINTER, SUMMER = (datetime(2026, month, 25, 13, 2, 59, tzinfo=UTC) for month in (11, 7))


@cache
def in_vienna(language: str) -> Mapping[str, Card]:
    return pictures(words_for(language, VIENNA))


def texts_outside_of_blocks(element: Any) -> Iterator[str]:
    """Yields every text on a card but those of its TextBlocks."""
    if isinstance(element, str):
        yield element
    elif isinstance(element, list):
        yield from (text for item in element for text in texts_outside_of_blocks(item))
    elif isinstance(element, dict):
        block = element.get("type") == "TextBlock"
        inside = (value for key, value in element.items() if not (block and key == "text"))
        yield from (text for value in inside for text in texts_outside_of_blocks(value))


@pytest.mark.parametrize("language", languages())
def test_no_macro_stands_where_teams_shows_it_raw(language: str) -> None:
    for name, card in in_vienna(language).items():
        assert [text for text in texts_outside_of_blocks(card) if "{{" in text] == [], name


PLAIN = re.compile(r"(?<!\()\b\d\d:\d\d (?:UTC|CET)")
"""A time as text; that something resets at 00:00 UTC, in brackets, is none of a case."""


@pytest.mark.parametrize("language", languages())
def test_no_card_writes_its_times_in_two_ways(language: str) -> None:
    cards = {name: json.dumps(card) for name, card in in_vienna(language).items()}
    in_macros = {name for name, card in cards.items() if "{{TIME(" in card}
    in_text = {name for name, card in cards.items() if PLAIN.search(card)}
    assert len(in_macros) > 10
    assert len(in_text) > 10
    assert in_macros & in_text == set()
    assert {name for name in in_macros if name.startswith("approver-")} == set()


@pytest.mark.parametrize("name", ["person-waiting", "person-off_list", "person-bouncing", "person-password-again"])
def test_a_sentence_of_its_own_keeps_each_readers_time(name: str) -> None:
    card = PICTURES[name]
    assert "{{TIME(" in json.dumps(card)
    assert "UTC" not in json.dumps(card["body"][0]) + json.dumps(card["body"][1])


@pytest.mark.parametrize(
    ("zone", "at", "shown"),
    [
        (UTC, WINTER, "25 Nov 2026, 13:02 UTC"),
        (VIENNA, WINTER, "25 Nov 2026, 14:02 CET"),
        (VIENNA, SUMMER, "25 Jul 2026, 15:02 CEST"),
        (ZoneInfo("Asia/Kolkata"), WINTER, "25 Nov 2026, 18:32 (Asia/Kolkata)"),
        (ZoneInfo("America/Chicago"), WINTER, "25 Nov 2026, 07:02 (America/Chicago)"),
        (ZoneInfo("Asia/Dubai"), WINTER, "25 Nov 2026, 17:02 (Asia/Dubai)"),
        (ZoneInfo("Pacific/Auckland"), WINTER, "26 Nov 2026, 02:02 NZDT"),
    ],
)
def test_elsewhere_a_time_names_its_zone(zone: tzinfo, at: datetime, shown: str) -> None:
    words = words_for("en", zone)
    assert words("person.admins_told", when=moment(at)) == f"The admins were told {shown}."
    assert words.time(hour(at)) == shown.partition(", ")[2]


def test_a_date_is_written_as_the_language_writes_it() -> None:
    assert words_for("de", VIENNA).time(moment(WINTER)) == "25. Nov. 2026, 14:02 CET"


def test_a_sentence_with_a_time_is_spoken_and_notified_as_it_is_shown() -> None:
    said = one_line(words_for("en", VIENNA)("refusal.too_soon", when=hour(WINTER)))
    assert "until 14:02 CET." in said["speak"]
    assert said["speak"] == said["fallbackText"] == said["body"][0]["inlines"][0]["text"]


def test_every_card_of_an_organisation_has_its_zone() -> None:
    there = in_vienna("en")
    assert [name for name, card in there.items() if re.search(r" 2026, \d\d:\d\d UTC", json.dumps(card))] == []
    assert "14:30 CET" in json.dumps(there["approver-approved"])


def test_nobodys_words_become_a_macro() -> None:
    for words in HOSTILE_WORDS:
        shown = to_json(line(run(user_text(words)), user_text(words, 20)))
        assert "{{" not in json.dumps(shown), words


def test_only_times_and_numbers_stand_in_a_block_of_ours() -> None:
    with pytest.raises((TypeError, ValueError)):
        words_for("en").timed("person.lead.waiting", number="**1**", when=moment(WINTER))  # type: ignore[arg-type]  # on purpose


def test_a_time_is_no_text_by_itself() -> None:
    with pytest.raises(TypeError, match="Words"):
        f"{moment(WINTER)}"
