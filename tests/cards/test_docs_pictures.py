"""The documents' pictures show the cards of today."""

import pytest

from tests.cards.docs_pictures import FOLDER, SHOWN, words_of
from tests.cards.pictures import pictures
from tests.cards.spoken import spoken

OF_THE_PAGE = {"sandbox"}
"""Held against the page by the story that draws it: `tests/page/test_good_day.py`."""
OF_BENCHES = {"bench"}
"""Figures of one run, beside the table that came of it: `make bench`."""


@pytest.mark.parametrize("name", SHOWN)
def test_a_picture_shows_the_words_of_todays_card(name: str) -> None:
    card, _ = SHOWN[name]
    assert words_of(name) == spoken(pictures()[card]), "cards changed since: make pictures"


def test_no_picture_is_without_its_words() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == {*SHOWN, *OF_THE_PAGE, *OF_BENCHES}
