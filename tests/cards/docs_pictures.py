"""`python -m tests.cards.docs_pictures`: the cards in the documents' pictures, drawn anew.

Each picture holds, as a text within the PNG, what a screen reader says of its card; so a test without a browser tells
whether the picture shows the card of today."""

import asyncio
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.cards.gallery import draw, drawing_page, drawn
from tests.cards.pictures import pictures
from tests.cards.spoken import spoken

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SHOWN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    # picture, the card of the gallery, the buttons that are pressed on it one after the other
    "person": ("person-mailing", ()),
    "approver-before": ("approver-honest", ()),
    "approver-after": ("approver-works", ()),
    "evidence": ("approver-timeline", ("More", "Evidence")),
    "limits": ("approver-limits-proposed", ("Show the change",)),
}
_WIDE = 500
"""Pixels: what a channel of Teams leaves for a card."""
_WORDS = "Words"


async def main() -> None:
    cards = pictures()
    async with drawing_page() as page:
        for name, (card, pressed) in SHOWN.items():
            await draw(page, {card: cards[card]}, width=_WIDE)
            for button in pressed:
                await page.get_by_role("button", name=button, exact=True).first.click()
            # Without the ring around what was pressed.
            await page.evaluate("document.activeElement.blur()")
            keep_with_words(name, await drawn(page, card).screenshot(), spoken(cards[card]))


def keep_with_words(name: str, png: bytes, words: Sequence[str]) -> None:
    """Writes the picture into the documents, with the words in it."""
    within = PngInfo()
    within.add_itxt(_WORDS, "\n".join(words))
    Image.open(BytesIO(png)).convert("RGB").save(FOLDER / f"{name}.png", pnginfo=within, optimize=True)


def words_of(name: str) -> list[str]:
    """The words in a picture of the documents."""
    with Image.open(FOLDER / f"{name}.png") as picture:
        return str(picture.info.get(_WORDS, "")).split("\n")


if __name__ == "__main__":
    asyncio.run(main())
