"""`python -m tests.cards.heights [PATTERN]`: how high each card is, in pixels, at each width a card is read at."""

import asyncio
import sys
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Page, async_playwright

from sandbox import Sandbox
from services.domain.card import Card
from tests.browser import find_browser
from tests.cards.pictures import pictures

WIDTHS = (320, 500, 700)
"""Pixels: a telephone, a Teams channel, a wide window."""
_MEASURE = """async ([cards, width]) => {
  const { renderCard } = await import("/page/cards.js");
  document.body.style.cssText = "display:block;height:auto;overflow:visible";
  const shown = cards.map(([name, card]) => {
    const box = renderCard(card, async () => {}, () => {}).box;
    box.style.cssText = `width:${width}px;max-width:none;box-sizing:border-box`;
    return [name, box];
  });
  document.body.replaceChildren(...shown.map(([, box]) => box));
  return shown.map(([name, box]) =>
    [name, Math.ceil(box.getBoundingClientRect().height), box.scrollWidth - box.clientWidth]);
}"""


async def heights(page: Page, cards: Mapping[str, Card], width: int) -> dict[str, tuple[int, int]]:
    """For each card its height, and how many pixels of it do not fit beside each other."""
    found = await page.evaluate(_MEASURE, [list(cards.items()), width])
    return {name: (height, over) for name, height, over in found}


async def main(pattern: str) -> None:
    cards = {name: card for name, card in pictures().items() if fnmatch(name, pattern)}
    with TemporaryDirectory() as data:
        async with Sandbox(data=Path(data)) as box, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_browser(), args=["--no-sandbox", "--disable-background-networking"]
            )
            page = await browser.new_page(timezone_id="Europe/Madrid", locale="en-GB")
            await page.goto(box.page_url)
            found = [await heights(page, cards, width) for width in WIDTHS]
            await browser.close()
    _print(cards, found)


def _print(names: Iterable[str], found: list[dict[str, tuple[int, int]]]) -> None:
    for name in names:
        numbers = "".join(f"{one[name][0]:6}{'!' if one[name][1] else ' '}" for one in found)
        sys.stdout.write(f"{numbers}  {name}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "approver-*"))
