"""The sandbox page in headless Chromium, with the bot behind it. One Chromium serves all tests of a process, each in a
context of its own, as a window in private mode is: so they share an event loop too."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, ViewportSize, async_playwright

from sandbox import Sandbox
from tests.browser import COMMAND, find_browser
from tests.page.window import Window
from tests.stories.world import World

WIDE: ViewportSize = {"width": 1500, "height": 1000}
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDE_ONLY = pytest.mark.parametrize("viewport", [WIDE], indirect=True, ids=["wide"])
"""For what does not depend on the window's size."""
_SWITCHES = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
_ON_ONE_LOOP = pytest.mark.asyncio(loop_scope="session")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(_ON_ONE_LOOP, append=False)


@pytest.fixture(params=[WIDE, PHONE], ids=["wide", "phone"])
def viewport(request: pytest.FixtureRequest) -> ViewportSize:
    size: ViewportSize = request.param
    return size


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    browser_path = find_browser()
    if browser_path is None:
        # On a desk without a browser the rest still runs; `make test` installs one first, or fails there.
        pytest.skip(f"no Chromium; install one: {COMMAND}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path, args=_SWITCHES)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def window(tmp_path: Path, browser: Browser, viewport: ViewportSize) -> AsyncIterator[Window]:
    """Somebody looking at the page, the bot behind it; the console must stay silent."""
    async with opened(tmp_path, browser, viewport) as window:
        yield window


@pytest_asyncio.fixture(loop_scope="session")
async def still_window(tmp_path: Path, browser: Browser, viewport: ViewportSize) -> AsyncIterator[Window]:
    """The page alone, without a bot: for what Microsoft 365 and Teams do themselves."""
    async with opened(tmp_path, browser, viewport, bot=False) as window:
        yield window


@asynccontextmanager
async def opened(folder: Path, browser: Browser, viewport: ViewportSize, *, bot: bool = True) -> AsyncIterator[Window]:
    async with Sandbox(data=folder) as box:
        world = World(box, folder)
        context = await browser.new_context(viewport=viewport, locale="en-GB", timezone_id="Europe/Madrid")
        try:
            if bot:
                await world.start()
            page = await context.new_page()
            window = Window(page, world)
            await page.goto(box.page_url)
            yield window
        finally:
            await context.close()
            await world.stop()
        assert window.complaints == []
