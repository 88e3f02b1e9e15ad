"""The page around the cards for eyes and hands that are not everybody's: large text, high contrast, letters that run
from right to left, and the keyboard alone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page, ViewportSize

from sandbox import PEOPLE
from tests.page.conftest import WIDE, WIDE_ONLY, opened
from tests.page.test_gallery import BETWEEN_MARKS
from tests.page.window import Window

LUMA = "لمى خالد"
_WIDER_THAN_THE_PAGE = """() => [...document.querySelectorAll("body *")]
  .filter(one => one.checkVisibility() && !one.closest(".hidden, .skip, ol.messages, #tenant"))
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && getComputedStyle(one).clipPath === "none")
  .map(one => `${one.tagName}#${one.id}.${one.className}: ${one.textContent.slice(0, 40)}`)"""
_CUT_OFF = """() => [...document.querySelectorAll("button, summary, label, select, h2, .tabs a")]
  .filter(one => one.checkVisibility() && !one.closest(".hidden, .skip") && !one.matches(".hidden, .skip"))
  .filter(one => one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 1)
  .filter(one => getComputedStyle(one).display !== "inline")
  .map(one => `${one.tagName}#${one.id}: ${one.textContent.slice(0, 40)}`)"""
_LEFT_OF = """([text, marks]) => {
  const shown = [...document.querySelectorAll(".message .text")].find(one => one.textContent === text).firstChild;
  return marks.map(mark => {
    const range = document.createRange(), at = text.lastIndexOf(mark);
    range.setStart(shown, at); range.setEnd(shown, at + mark.length);
    return range.getBoundingClientRect().left; }); }"""
_ROOM = """() => [...document.querySelectorAll("ol.messages, #tenant")].filter(one => one.checkVisibility())
  .map(one => one.getBoundingClientRect().height)"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def window_of_all(tmp_path_factory: pytest.TempPathFactory, browser: BrowserContext) -> AsyncIterator[Window]:
    """One window without a bot for all of these tests."""
    folder = tmp_path_factory.mktemp("for-all")
    async with opened(folder, browser, WIDE, bot=False) as window:
        yield window


@pytest_asyncio.fixture(loop_scope="session")
async def plain_window(window_of_all: Window, viewport: ViewportSize) -> Window:
    """The window at a size, with the usual colours and text."""
    await window_of_all.page.set_viewport_size(viewport)
    await window_of_all.page.emulate_media(forced_colors="none", color_scheme="light", reduced_motion="reduce")
    await writes(window_of_all.page, 16)
    return window_of_all


async def writes(page: Page, pixels: int) -> None:
    """The reader's own size of text, by which rules about the window's width go as well."""
    session = await page.context.new_cdp_session(page)
    await session.send("Page.setFontSizes", {"fontSizes": {"standard": pixels}})
    await page.wait_for_function(
        "(size) => getComputedStyle(document.documentElement).fontSize === size", arg=f"{pixels}px"
    )


async def test_twice_the_text_size_runs_over_nothing_and_leaves_room_to_read(plain_window: Window) -> None:
    page = plain_window.page
    await writes(page, 32)
    assert await page.evaluate(_WIDER_THAN_THE_PAGE) == []
    assert await page.evaluate(_CUT_OFF) == []
    assert min(await page.evaluate(_ROOM)) > 150


_SAID_BY_COLOUR_ALONE = """() => {
  const shows = one => { const look = getComputedStyle(one);
    return look.outlineStyle !== "none" || parseFloat(look.borderTopWidth) > 0 || look.forcedColorAdjust === "none"; };
  return [...document.querySelectorAll(`button:not(.link), select, textarea, .badge, .avatar, .text,
      .chip:has(:checked), .tabs a[aria-current], .tour li.here, .dot, .notice, .mark`)]
    .filter(one => one.checkVisibility() && !shows(one))
    .map(one => `${one.tagName}#${one.id}.${one.className}`); }"""
_WHERE = """() => { const one = document.activeElement, look = getComputedStyle(one);
  if (one.tagName === "I") return null;
  const ring = one.closest(".chip") ?? one;
  const seen = getComputedStyle(ring).outlineStyle !== "none";
  const named = one.getAttribute("aria-label") || one.labels?.[0]?.textContent || one.innerText || one.title;
  return `${seen ? "" : "unseen "}${one.id || one.dataset.testid || named.trim() || one.outerHTML}`; }"""
_STOPS = """() => [...document.querySelectorAll("a[href], button, select, textarea, summary, [tabindex='0']")]
  .filter(one => one.checkVisibility() && !one.disabled && !one.closest("[inert]") && one.tagName !== "I")
  .map(one => one.id || one.dataset.testid || one.innerText.trim() || one.outerHTML)"""


async def test_in_high_contrast_nothing_is_said_by_colour_alone(plain_window: Window) -> None:
    await plain_window.page.emulate_media(forced_colors="active")
    plain_window.world.box.chats.begin_thread("bot", "Case 1 waits.", None, ["bo"])
    await plain_window.reads(plain_window.channel, "Case 1 waits.")
    assert await plain_window.page.evaluate(_SAID_BY_COLOUR_ALONE) == []


async def test_the_keyboard_comes_to_everything_and_is_seen_there(plain_window: Window) -> None:
    page = plain_window.page
    await page.evaluate(BETWEEN_MARKS)
    reached: list[Any] = []
    await page.keyboard.press("Tab")
    while (there := await page.evaluate(_WHERE)) is not None:
        reached.append(there)
        await page.keyboard.press("Tab")
    assert [one for one in reached if one.startswith("unseen")] == []
    assert [one for one in await page.evaluate(_STOPS) if one not in reached] == []


@WIDE_ONLY
async def test_words_that_run_from_right_to_left_end_on_the_left(plain_window: Window) -> None:
    text = f"{LUMA}!"
    plain_window.world.box.chats.post(PEOPLE["ana"].chat_id, "ana", text)
    await plain_window.reads(plain_window.chat, text)
    ends = await plain_window.page.evaluate(_LEFT_OF, [text, ["!", LUMA]])
    assert ends == sorted(ends)
