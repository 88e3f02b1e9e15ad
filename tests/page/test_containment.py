"""Containment by clicks: choose, read the list, say yes, see each result, give the account back."""

from playwright.async_api import expect

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window

pytestmark = WIDE_ONLY


async def test_an_account_is_contained_and_enabled_again(window: Window) -> None:
    await window.changes("finds-forwarding")
    await window.world.ana_has_sent()
    await window.becomes("bo")
    await window.reads(window.channel, "An unblock needs two approvers.")
    await window.sees_the_evidence()
    await window.presses(window.channel, "Contain the account")
    for tick in (
        "Sign the account out everywhere",
        "Set a password that no one knows",
        "Stop forwarding",
        "Disable the account",
    ):
        await window.channel.get_by_role("checkbox", name=tick).last.check()
    await window.presses(window.channel, "Show what will be done")
    await window.reads(window.channel, "Bo Larsen wants to contain this account")
    await window.presses(window.channel, "Yes, do all of this")
    await window.holds(window.channel, "Account disabled")
    await window.reads(window.channel, "Call: ")
    await window.reads(window.tenant.get_by_test_id("account-state"), "disabled")
    await window.finds(window.channel, "Re-enable the account")
    await window.reads(window.tenant.get_by_test_id("account-state"), "enabled, cloud-only, signed out everywhere")


async def test_whoever_is_no_responder_is_told_so(window: Window) -> None:
    await window.changes("responder")
    await window.world.ana_has_sent()
    await window.becomes("bo")
    await window.sees_the_evidence()
    await window.finds(window.channel, "Contain the account")
    await window.channel.get_by_role("checkbox", name="Sign the account out everywhere").last.check()
    await window.presses(window.channel, "Show what will be done")
    await window.reads(window.channel, "Only responders may contain an account.")


async def test_a_step_that_is_refused_names_its_error_and_is_repeated(window: Window) -> None:
    await window.changes("finds-forwarding")
    await window.changes("refuse-contain")
    await window.world.ana_has_sent()
    await window.becomes("bo")
    await window.sees_the_evidence()
    await _contains(window)
    await window.reads(window.channel, "failed; nothing was changed")
    await window.reads(window.tenant.get_by_test_id("account-state"), "signed out everywhere")
    await window.changes("refuse-contain")
    await window.reads(window.channel, "Not contained.")  # what the steps did was read since
    await _contains(window)
    ana = window.world.tenant.accounts["ana"]
    await window.world.until(lambda: ana.traces.forwarding is None)
    await window.holds(window.channel, "✔ Forwarding stopped")
    await expect(window.channel.get_by_text("failed; nothing was changed")).to_have_count(0)


async def _contains(window: Window) -> None:
    await window.finds(window.channel, "Contain the account")
    for tick in ("Sign the account out everywhere", "Stop forwarding"):
        await window.channel.get_by_role("checkbox", name=tick).last.check()
    await window.presses(window.channel, "Show what will be done")
    await window.presses(window.channel, "Yes, do all of this")
