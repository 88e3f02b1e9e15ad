"""Every card is compared with its golden file, and the golden files leave nothing out."""

import json
import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from services.domain.card import Card
from tests.cards.goldens import NOTHING, SECTIONS, WHOLE, differences, golden_files, is_among, outline, section_of
from tests.cards.pictures import pictures

GOLDEN = Path(__file__).parent / "golden"
PICTURES = pictures()
FILES = golden_files(PICTURES)


@pytest.mark.parametrize("name", FILES)
def test_cards_are_as_their_golden_file(name: str) -> None:
    """`SENDWELL_REDRAW=1` rewrites the golden files; the commit message then says why they changed."""
    path = GOLDEN / name
    if os.environ.get("SENDWELL_REDRAW"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(FILES[name], encoding="utf-8")
    assert path.read_text(encoding="utf-8") == FILES[name]


def test_there_is_no_golden_file_without_a_card() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == set(FILES)


def test_each_row_of_the_sections_has_its_states_and_its_whole_card() -> None:
    others = set(PICTURES) - WHOLE
    assert {section_of(name) for name in others} == {(file, base) for file, base, _ in SECTIONS}
    assert {base for _, base, _ in SECTIONS} <= WHOLE | {NOTHING}
    patterns = [pattern for _, _, row in SECTIONS for pattern in row.split()]
    assert [pattern for pattern in patterns if not any(is_among(name, pattern) for name in others)] == []


def test_each_element_of_a_state_stands_in_a_golden_file() -> None:
    for name in sorted(set(PICTURES) - WHOLE):
        _, base = section_of(name)
        added = [line for line in differences(PICTURES.get(base), PICTURES[name]) if line.startswith("+")]
        shared = set(outline(PICTURES[base])) if base in PICTURES else set()
        assert set(outline(PICTURES[name])) <= {line.removeprefix("+ ") for line in added} | shared, name


def changed_somewhere(card: Card) -> Iterator[Card]:
    """Yields a copy of the card for each of its values, with that value changed."""

    def paths(value: Any, way: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        yield from (path for key, one in inside for path in paths(one, (*way, key)))
        if not isinstance(value, dict | list):
            yield way

    for *way, last in paths(card, ()):
        changed = deepcopy(card)
        holder: Any = changed
        for key in way:
            holder = holder[key]
        holder[last] = "changed"
        yield changed


@pytest.mark.parametrize("name", ["approver-denied", "person-mailing", "restricted"])
def test_whatever_changes_on_a_card_changes_what_sets_it_apart(name: str) -> None:
    card = PICTURES[name]
    assert list(differences(card, card)) == []
    for changed in changed_somewhere(card):
        assert list(differences(card, changed)) != [], json.dumps(changed)
