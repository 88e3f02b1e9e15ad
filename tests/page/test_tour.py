"""The guide marks its steps as done when they really are."""

from contextlib import suppress

from playwright.async_api import TimeoutError as Late
from playwright.async_api import expect

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

STEPS = ("asked", "secured", "requested", "approved", "works")


async def ticked(window: Window, count: int) -> None:
    """Waits until exactly the first so many steps are marked as done and the next one is current."""
    await expect(window.tour.locator("li.done")).to_have_count(count)
    for step in STEPS[:count]:
        await expect(window.tour.locator(f"[data-step={step}]")).to_have_class("done")
    if count < len(STEPS):
        await expect(window.tour.locator(f"[data-step={STEPS[count]}]")).to_have_attribute("aria-current", "step")


async def test_the_guide_ticks_itself_off(window: Window) -> None:
    world, page = window.world, window.page
    world.tenant.restrict("ana", "limit")
    await ticked(window, 0)
    await expect(page.get_by_test_id("bounce-button")).to_contain_class("tour-target")
    await page.get_by_test_id("bounce-button").click()
    await expect(page.get_by_test_id("chat-send")).to_contain_class("tour-target")
    await page.get_by_test_id("chat-send").click()
    await ticked(window, 1)
    await window.reads(window.chat, "Step 1 of 3")
    await expect(page.get_by_test_id("tenant-reset-password")).to_contain_class("tour-target")
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
    await expect(window.tour).to_contain_text("the whole story")
    await window.tour.get_by_role("button", name="Play it again").click()
    await ticked(window, 0)


@WIDE_ONLY
async def test_what_sendwell_posts_by_itself_is_no_request(window: Window) -> None:
    window.world.tenant.restrict("ana", "limit")
    await window.world.watches()
    await window.reads(window.channel, "I now watch the restricted list")
    await window.page.reload()
    await ticked(window, 0)


async def test_whoever_only_follows_the_guide_gets_to_the_end(window: Window) -> None:
    """A window with animations, as most people have them."""
    await window.page.emulate_media(reduced_motion="no-preference")
    window.world.tenant.restrict("ana", "limit")
    await ticked(window, 0)
    target, done = window.page.locator(".tour-target"), window.tour.locator("li.done")
    for _ in range(40):
        if await done.count() == len(STEPS):
            break
        with suppress(Late):  # the element may disappear while it is clicked
            await target.click(timeout=2_000)
    await ticked(window, 5)
    assert window.world.removals() == ["done"]


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
