"""The sandbox page in headless Chromium, with the bot behind it. One Chromium serves all tests of a process, each in a
tab of its own at an address of its own where nothing is stored yet: so they share an event loop too."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, ViewportSize, async_playwright

from sandbox import Sandbox
from tests.browser import COMMAND, find_browser
from tests.page.window import Window
from tests.stories.world import World

WIDE: ViewportSize = {"width": 1500, "height": 1000}
PHONE: ViewportSize = {"width": 390, "height": 844}
WIDE_ONLY = pytest.mark.parametrize("viewport", [WIDE], indirect=True, ids=["wide"])
"""The window size for tests that do not depend on it."""
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
async def browser() -> AsyncIterator[BrowserContext]:
    browser_path = find_browser()
    if browser_path is None:
        # On a machine without a browser the other tests still run; `make test` installs one first, or fails there.
        pytest.skip(f"no Chromium; install one: {COMMAND}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=browser_path, args=_SWITCHES)
        # Without animations: drawing them sixty times a second took most of the time.
        yield await browser.new_context(locale="en-GB", timezone_id="Europe/Madrid", reduced_motion="reduce")
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def window(tmp_path: Path, browser: BrowserContext, viewport: ViewportSize) -> AsyncIterator[Window]:
    """A window with the page and a running bot; fails on any message in the browser's console."""
    async with opened(tmp_path, browser, viewport) as window:
        yield window


@pytest_asyncio.fixture(loop_scope="session")
async def calm_window(tmp_path: Path, browser: BrowserContext, viewport: ViewportSize) -> AsyncIterator[Window]:
    """A window whose bot reads the list a few times after an unblock and then no more: each read is counted on the
    approvers' card, and a card that is drawn anew closes a form that somebody is filling in."""
    after, every = "200ms,400ms,1200ms", "600s"
    async with opened(tmp_path, browser, viewport, SENDWELL_CHECK_AFTER=after, SENDWELL_CHECK_EVERY=every) as window:
        yield window


@pytest_asyncio.fixture(loop_scope="session")
async def still_window(tmp_path: Path, browser: BrowserContext, viewport: ViewportSize) -> AsyncIterator[Window]:
    """A window with the page and no bot, for what the sandbox's Microsoft 365 and Teams do themselves."""
    async with opened(tmp_path, browser, viewport, bot=False) as window:
        yield window


@asynccontextmanager
async def opened(
    folder: Path, browser: BrowserContext, viewport: ViewportSize, *, bot: bool = True, **settings: str
) -> AsyncIterator[Window]:
    async with Sandbox(data=folder) as box:
        world = World(box, folder)
        page = await _tab(browser, box.page_url)
        try:
            if bot:
                await world.start(**settings)
                box.restarts_the_bot(lambda meanwhile: world.begins_anew(meanwhile, **settings))
            await page.set_viewport_size(viewport)
            window = Window(page, world)
            await page.goto(box.page_url)
            yield window
        finally:
            await page.close()
            await world.stop()
        assert window.complaints == []


async def _tab(browser: BrowserContext, address: str) -> Page:
    """A new tab for that address; what an earlier test stored there, should it have had the same port, is gone."""
    page = await browser.new_page()
    session = await browser.new_cdp_session(page)
    await session.send("Storage.clearDataForOrigin", {"origin": address, "storageTypes": "all"})
    return page
