"""The guide marks its steps as done when they really are."""

import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest_asyncio
from playwright.async_api import BrowserContext, ViewportSize, expect
from playwright.async_api import TimeoutError as Late

from tests.page.conftest import WIDE_ONLY, opened
from tests.page.window import Window

STEPS = ("asked", "secured", "requested", "approved", "works", "proven")
PRESSED = len(STEPS) - 1
"""The last step is only waited for."""
_QUOTED = re.compile(r"“([^”]+)”")
_SOON = {
    "SENDWELL_PROVE_AFTER": ",".join(f"{tenths}00ms" for tenths in range(3, 300, 3)),
    "SENDWELL_CLOCKS_DIFFER_BY": "1ms",
}


@pytest_asyncio.fixture(loop_scope="session")
async def proving_window(tmp_path: Path, browser: BrowserContext, viewport: ViewportSize) -> AsyncIterator[Window]:
    """A window whose bot soon looks for a delivered message."""
    async with opened(tmp_path, browser, viewport, bot=True, **_SOON) as window:
        # The trace shows whole seconds: what is sent once the list is empty is later than the removal in those, too.
        window.world.tenant.list_lag = 1.1
        yield window


async def ticked(window: Window, count: int) -> None:
    """Waits until exactly the first so many steps are marked as done and the next one is current."""
    await expect(window.tour.locator("li.done")).to_have_count(count)
    for step in STEPS[:count]:
        await expect(window.tour.locator(f"[data-step={step}]")).to_have_class("done")
    if count < len(STEPS):
        await expect(window.tour.locator(f"[data-step={STEPS[count]}]")).to_have_attribute("aria-current", "step")


async def begins_anew(window: Window, button: str) -> None:
    """Presses that button of the guide, and waits until the bot is there again."""
    async with window.page.expect_response("**/again"):
        await window.tour.get_by_role("button", name=button).click()
    await expect(window.tour.locator("li.done")).to_have_count(0)


async def is_pointed_to(window: Window, testid: str) -> None:
    await expect(window.page.get_by_test_id(testid)).to_contain_class("tour-target")


@WIDE_ONLY
async def test_the_guide_ticks_itself_off_and_begins_clean(proving_window: Window) -> None:
    window, world, page = proving_window, proving_window.world, proving_window.page
    world.tenant.restrict("ana", "limit")
    await ticked(window, 0)
    await is_pointed_to(window, "bounce-button")
    await page.get_by_test_id("bounce-button").click()
    await is_pointed_to(window, "chat-send")
    await page.get_by_test_id("chat-send").click()
    await ticked(window, 1)
    await window.reads(window.chat, "Step 1 of 3")
    await is_pointed_to(window, "tenant-reset-password")
    await world.ana_secures()
    await ticked(window, 2)
    await world.ana_sends()
    await ticked(window, 3)
    await expect(page.locator(".chip[data-key=bo]")).to_contain_class("tour-target")
    await world.bo_approves()
    await ticked(window, 4)
    await world.until_off_list()
    await world.ana_presses("works")
    await ticked(window, 5)
    await window.changes("send-message")
    await ticked(window, 6)
    await window.reads(window.chat, "Confirmed")
    await expect(window.tour).to_contain_text("the whole story")
    world.tenant.faults.fail("graph", "slow")
    await begins_anew(window, "Play it again")
    await expect(window.chat.locator(".messages")).to_have_attribute("data-empty", "No messages yet.")
    await expect(page.locator("[data-message-id]")).to_have_count(0)
    assert not world.tenant.faults.active
    assert world.removals() == []
    await window.pastes_a_bounce()
    await window.reads(window.chat, "Case 1")  # nothing of the case before is known


@WIDE_ONLY
async def test_what_sendwell_posts_by_itself_is_no_request(window: Window) -> None:
    window.world.tenant.restrict("ana", "limit")
    await window.world.watches()
    await window.reads(window.channel, "I watch the restricted list")
    await window.page.reload()
    await ticked(window, 0)


async def test_whoever_only_follows_the_guide_gets_to_the_end(window: Window) -> None:
    """A window with animations, as most people have them; each next button is in view when the guide points to it, and
    has the words that the guide has for it."""
    await window.page.emulate_media(reduced_motion="no-preference")
    window.world.tenant.restrict("ana", "limit")
    await ticked(window, 0)
    assert await follows(window, PRESSED) == {}
    await ticked(window, PRESSED)
    assert window.world.removals() == ["done"]
    assert window.world.approvers_see("Works again")


@WIDE_ONLY
async def test_the_stolen_account_is_the_second_story(window: Window) -> None:
    await begins_anew(window, "Play the stolen account")
    await expect(window.tour.locator("li")).to_have_count(4)
    await expect(window.page.get_by_test_id("restricted-list")).to_contain_text("OutboundSpamLast24Hours")
    assert await follows(window, 4) == {}
    await expect(window.tour.locator("li.done")).to_have_count(4)
    await expect(window.tour).to_contain_text("The mailbox is safe")
    assert window.world.removals() == []
    assert window.world.tenant.accounts["ana"].sessions_revoked_at is not None


async def follows(window: Window, steps: int) -> dict[str, set[str]]:
    """Clicks what the guide points to, and writes into the fields among it, without a look around. Returns what the
    guide names that no button was called meanwhile, by its sentence."""
    target, done = window.page.locator(".tour-target"), window.tour.locator("li.done")
    await window.page.evaluate(_NOTES_BUTTONS)
    for _ in range(40):
        if await done.count() >= steps:
            seen = await window.page.evaluate("() => buttonsSeen()")
            quoted = {said: set(_QUOTED.findall(said)) for said, _ in seen if "Nothing to press" not in said}
            return {said: names for said, titles in seen if (names := quoted.get(said, set()) - set(titles))}
        # There may be nothing to click just now, and the element may disappear while it is clicked.
        with suppress(Late, AssertionError):
            await expect(target).to_be_in_viewport(timeout=2_000)
            if await target.evaluate("one => one.matches('textarea, input:not([type=checkbox], [type=radio])')"):
                await target.fill("2000", timeout=2_000)
            else:
                await target.click(timeout=2_000)
    raise AssertionError("the guide leads to no end")


_NOTES_BUTTONS = """() => {
  const seen = new Map();
  const note = () => {
    const said = document.querySelector("#tour-now b")?.textContent ?? "";
    if (!seen.has(said)) seen.set(said, new Set());
    for (const one of document.querySelectorAll("button")) seen.get(said).add(one.textContent.trim());
  };
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true, characterData: true });
  note();
  window.buttonsSeen = () => [...seen].map(([said, titles]) => [said, [...titles]]);
}"""
"""The page notes every button that there is while the guide says a sentence, however short it is there."""


@WIDE_ONLY
async def test_a_story_that_takes_another_turn_says_so_and_begins_again(window: Window) -> None:
    """Steps out of their order: every dead end has a way out."""
    world, astray = window.world, window.tour.get_by_text("The story took another turn")
    again = window.tour.get_by_role("button", name="Start over")
    world.tenant.restrict("ana", "limit")
    await ticked(window, 0)
    for turn in (lifted_before_asking, withdrawn, denied, expired):
        await turn(window)
        await astray.wait_for()
        await expect(again).to_contain_class("tour-target")
        await begins_anew(window, "Start over")


async def lifted_before_asking(window: Window) -> None:
    await window.changes("lift")


async def withdrawn(window: Window) -> None:
    await window.world.ana_asks()
    await window.world.ana_presses("withdraw")


async def denied(window: Window) -> None:
    await window.world.ana_asks()
    await window.world.ana_presses("tell")
    await window.world.until(window.world.posts)
    await window.world.decides("bo", "deny", reason="not yet")


async def expired(window: Window) -> None:
    await window.world.ana_asks()
    await window.world.ana_presses("tell")
    await window.reads(window.channel, "Waiting for a decision")
    await window.changes("later-days")
    await expect(window.page.get_by_test_id("time")).to_contain_text("4 days ahead")


@WIDE_ONLY
async def test_the_guide_can_be_closed_and_opened_again(window: Window) -> None:
    page = window.page
    await window.tour.get_by_role("button", name="Close the guide").click()
    await expect(window.tour).to_be_hidden()
    await expect(page.locator(".tour-target")).to_have_count(0)
    await page.reload()
    await expect(window.tour).to_be_hidden()
    await page.get_by_test_id("tour-toggle").press("Enter")
    await expect(window.tour).to_be_visible()
    await expect(page.get_by_test_id("tour-toggle")).to_be_focused()


@WIDE_ONLY
async def test_a_new_restriction_begins_a_new_story(window: Window) -> None:
    await window.world.ana_has_sent()
    await ticked(window, 3)
    await window.changes("restrict-spam")
    await ticked(window, 0)
