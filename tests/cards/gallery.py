"""`python -m tests.cards.gallery FOLDER [PATTERN]`: every card as the sandbox page draws it, to be looked at.

Wide and narrow, light and dark, one PNG a card and look."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from fnmatch import fnmatch
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import Locator, Page, async_playwright

from sandbox import Sandbox
from services.domain.card import Card
from tests.browser import find_browser
from tests.cards.pictures import pictures

_LOOKS = (("wide", 640, "light", 1), ("narrow", 320, "light", 1), ("dark", 480, "dark", 1), ("large", 480, "light", 2))
_DRAW = """async ([cards, theme, zoom]) => {
  const { renderCard } = await import("/page/cards.js");
  document.documentElement.dataset.theme = theme;
  document.body.style.cssText = "display:block;height:auto;padding:8px;overflow:visible;zoom:" + zoom;
  document.body.replaceChildren(...cards.map(([name, card]) => {
    const box = document.createElement("div");
    box.id = name;
    box.style.marginBottom = "16px";
    box.append(renderCard(card, async () => {}, () => {}).box);
    return box;
  }));
}"""


async def main(folder: Path, pattern: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    cards = {name: card for name, card in pictures().items() if fnmatch(name, pattern)}
    async with drawing_page() as page:
        for name_of_look, width, theme, zoom in _LOOKS:
            await draw(page, cards, width=width, theme=theme, zoom=zoom)
            for name in cards:
                await drawn(page, name).screenshot(path=folder / f"{name}-{name_of_look}.png")


@asynccontextmanager
async def drawing_page() -> AsyncIterator[Page]:
    """The sandbox's page, to draw cards on. Its clock shows UTC, as the cards' own times do."""
    with TemporaryDirectory() as data:
        async with Sandbox(data=Path(data)) as box, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_browser(), args=["--no-sandbox", "--disable-background-networking"]
            )
            page = await browser.new_page(timezone_id="UTC", locale="en-GB")
            await page.goto(box.page_url)
            yield page
            await browser.close()


async def draw(page: Page, cards: Mapping[str, Card], *, width: int, theme: str = "light", zoom: int = 1) -> None:
    """These cards and nothing else, below each other."""
    await page.set_viewport_size({"width": width, "height": 900})
    await page.evaluate(_DRAW, [list(cards.items()), theme, zoom])


def drawn(page: Page, name: str) -> Locator:
    return page.locator(f"[id='{name}']")


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "*"))
