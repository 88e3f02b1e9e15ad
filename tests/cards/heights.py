"""`python -m tests.cards.heights [PATTERN]`: how high each card is, in pixels, at each width a card is read at."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
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
_MEASURE = """async ([cards, widths]) => {
  const { renderCard } = await import("/page/cards.js");
  document.body.style.cssText = "display:block;height:auto;overflow:visible";
  const boxes = cards.map(([, card]) => renderCard(card, async () => {}, () => {}).box);
  document.body.replaceChildren(...boxes);
  const drawn = (width) => {
    for (const box of boxes) box.style.cssText = `width:${width}px;max-width:none;box-sizing:border-box`;
    return boxes.map((box) => Math.ceil(box.getBoundingClientRect().height));
  };
  const heights = widths.map(drawn);
  for (const box of boxes) {
    [...box.querySelectorAll("button")].find((one) => ["More", "Details"].includes(one.textContent))?.click();
  }
  drawn(Math.min(...widths));
  const over = boxes.map((box) => box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight + 1);
  return cards.map(([name], place) => [name, heights.map((at) => at[place]), over[place]]);
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How high a card is as it arrives, at each of the widths; and whether anything of it sticks out or is cut off at
    the smallest of them once "More" is open."""

    heights: tuple[int, ...]
    overflows: bool


async def stage(page: Page, address: str) -> None:
    """Opens the sandbox's page with its style and without its life: only what is drawn on it stands there."""
    await page.route("**/app.js", lambda route: route.fulfill(content_type="text/javascript", body=""))
    await page.goto(address)


async def measured(page: Page, cards: Mapping[str, Card]) -> dict[str, Measured]:
    """Draws all the cards on the page, once."""
    found = await page.evaluate(_MEASURE, [list(cards.items()), list(WIDTHS)])
    return {name: Measured(heights=tuple(heights), overflows=overflows) for name, heights, overflows in found}


async def main(pattern: str) -> None:
    cards = {name: card for name, card in pictures().items() if fnmatch(name, pattern)}
    with TemporaryDirectory() as data:
        async with Sandbox(data=Path(data)) as box, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_browser(), args=["--no-sandbox", "--disable-background-networking"]
            )
            page = await browser.new_page(timezone_id="Europe/Madrid", locale="en-GB")
            await stage(page, box.page_url)
            found = await measured(page, cards)
            await browser.close()
    for name, one in found.items():
        numbers = "".join(f"{height:6}" for height in one.heights)
        sys.stdout.write(f"{numbers} {'!' if one.overflows else ' '} {name}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "approver-*"))
