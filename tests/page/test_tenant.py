"""The third pane: Microsoft 365 as it changes."""

from playwright.async_api import expect

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window


@WIDE_ONLY
async def test_a_message_comes_back_or_goes_out(still_window: Window) -> None:
    window = still_window
    tenant, compose = window.tenant, window.page.get_by_test_id("chat-compose")
    window.world.tenant.restrict("ana", "limit")
    await window.becomes("bo")
    await window.changes("send-message")
    await window.reads(tenant, "came back: 550 5.1.8")
    await window.page.get_by_test_id("use-bounce").click()
    await expect(window.chat.get_by_role("heading", name="Ana's chat")).to_be_visible()
    assert "550 5.1.8 Access denied, bad outbound sender" in await compose.input_value()
    await window.changes("lift")
    await window.reads(tenant, "Can send")
    await window.changes("send-message")
    await window.reads(tenant, "delivered")


@WIDE_ONLY
async def test_a_removed_entry_lingers_visibly_and_goes(still_window: Window) -> None:
    window = still_window
    world, listed = window.world, window.page.get_by_test_id("restricted-list")
    world.tenant.restrict("ana", "limit")
    await expect(listed).to_contain_text("EmailSendingLimitExceeded")
    await window.changes("lag")
    world.tenant.remove("ana.soto@contoso.example")
    await window.reads(listed, "removed, still shown")
    world.tenant.list_lag = 0
    await window.reads(listed, "No one is restricted.")


@WIDE_ONLY
async def test_a_source_is_switched_and_healed(still_window: Window) -> None:
    window = still_window
    page, faults = window.page, window.world.tenant.faults
    await window.changes("graph-fails")
    await expect(page.get_by_test_id("tenant-graph-fails")).to_have_attribute("aria-pressed", "true")
    assert {name: fault.kind for name, fault in faults.active.items()} == {"graph": "503"}
    await window.changes("login-slow")
    await window.changes("graph-works")
    await expect(page.get_by_test_id("tenant-graph-works")).to_have_attribute("aria-pressed", "true")
    assert set(faults.active) == {"login"}
    await window.changes("heal")
    await expect(page.get_by_test_id("tenant-login-works")).to_have_attribute("aria-pressed", "true")
    assert not faults.active


@WIDE_ONLY
async def test_rare_buttons_are_folded_away_and_work(still_window: Window) -> None:
    window = still_window
    account = window.world.tenant.accounts["ana"]
    await window.changes("remove-methods")
    await expect(window.tenant.locator("#methods")).to_have_text("none besides the password")
    await window.changes("limit")
    await expect(window.tenant.locator("#people")).to_contain_text("no unblocks left")
    assert account.unblocks_spent
