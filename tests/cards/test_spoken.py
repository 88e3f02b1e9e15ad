"""What a screen reader says of each card, and in which order."""

import os
from collections.abc import Iterator
from difflib import ndiff
from pathlib import Path

import pytest

from tests.cards.goldens import WHOLE, section_of
from tests.cards.pictures import pictures
from tests.cards.spoken import spoken, symbols_in

SPOKEN = Path(__file__).parent / "spoken.txt"
SAID = {name: spoken(card) for name, card in pictures().items()}
LINES = [(name, line.strip()) for name, lines in SAID.items() for line in lines]


def written() -> str:
    """Some thirty cards whole, every other one as what differs from one of those."""
    return "".join("\n".join([*_of(name, lines), "", ""]) for name, lines in sorted(SAID.items()))


def _of(name: str, lines: list[str]) -> Iterator[str]:
    yield f"=== {name}"
    if name in WHOLE:
        yield from lines
        return
    _, base = section_of(name)
    yield f"as {base}, but"
    for line in ndiff(SAID.get(base, []), lines):
        if line[0] in "+-":
            yield line.rstrip()


def test_cards_are_read_as_the_golden_file_says() -> None:
    """`SENDWELL_REDRAW=1` rewrites it; the commit message then says why it changed."""
    if os.environ.get("SENDWELL_REDRAW"):
        SPOKEN.write_text(written(), encoding="utf-8")
    assert SPOKEN.read_text(encoding="utf-8") == written()


def test_no_heading_and_no_name_of_a_card_spells_out_a_symbol() -> None:
    """Who goes from heading to heading hears the words, not “hourglass with flowing sand”."""
    heard = [(name, line) for name, line in LINES if line.startswith(("heading:", "card:")) and symbols_in(line)]
    assert heard == []


def test_whatever_can_be_reached_has_a_name() -> None:
    assert [(name, line) for name, line in LINES if not line.partition(":")[2].strip()] == []


@pytest.mark.parametrize("kind", ["button", "button that unfolds", "link"])
def test_buttons_are_read_by_words(kind: str) -> None:
    said = [(name, line) for name, line in LINES if line.startswith(f"{kind}: ")]
    assert said
    assert [(name, line) for name, line in said if symbols_in(line)] == []


def test_a_card_with_a_button_has_a_heading() -> None:
    """But for a name that could be markdown, which Teams reads in headings: there the title is plain words."""
    with_buttons = {name for name, line in LINES if line.startswith("button")}
    assert with_buttons - {name for name, line in LINES if line.startswith("heading: ")} == {"approver-hostile"}


def test_a_list_that_could_not_be_read_is_not_announced_as_empty() -> None:
    assert SAID["restricted-unread"][0].startswith("card: The restricted list could not be read")
