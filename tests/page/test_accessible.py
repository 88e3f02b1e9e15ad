"""What axe finds in the page with cards on it: nothing serious, in light and dark."""

from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

AXE = Path(__file__).parents[1] / "judges" / "node_modules" / "axe-core" / "axe.min.js"
_RUN = "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"


async def violations(window: Window) -> list[str]:
    """Returns axe's serious and critical violations, each with its element."""
    return await violations_on(window.page)


async def violations_on(page: Page) -> list[str]:
    """As `violations`, on any page."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = await page.evaluate(_RUN)
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:300]} {node['failureSummary'][:300]}"
        for rule in found
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]


async def is_accessible(window: Window) -> None:
    for scheme in ("light", "dark"):
        await window.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await window.page.locator(f"html[data-theme={scheme}]").wait_for()
        assert await violations(window) == [], scheme


@WIDE_ONLY
async def test_cards_of_every_stage_and_open_forms_are_accessible(window: Window) -> None:
    world, chat, channel = window.world, window.chat, window.channel
    world.tenant.restrict("ana", "spam")
    await world.ana_asks()
    world.tenant.reset_password("ana")
    await world.ana_presses("password_done")
    await world.ana_presses("mfa_done")
    await window.reads(chat, "Step 3 of 3")
    await window.presses(chat, "Yes")
    await window.presses(chat, "Save")
    await window.reads(chat, "Please give a number")
    await is_accessible(window)
    await world.ana_presses("mailing_no")
    await world.ana_sends()
    await window.sees_the_evidence()
    await window.becomes("dan")
    await window.finds(channel, "I'm looking into it")
    await window.reads(channel, "Only approvers")
    await is_accessible(window)
    await window.becomes("bo")
    await window.presses(channel, "Approve")
    await window.reads(channel, "or met them")
    await is_accessible(window)
    await world.decides("bo", "deny", reason="not yet")
    await window.reads(channel, "Denied")
    await window.changes("graph-fails")
    await window.becomes("ana")
    await is_accessible(window)
