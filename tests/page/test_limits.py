"""Other sending limits by clicks: requested, refused to the same approver, applied by another, reverted."""

from playwright.async_api import expect

from tests.page.conftest import WIDE_ONLY
from tests.page.window import Window


@WIDE_ONLY
async def test_limits_are_proposed_applied_and_reverted(window: Window) -> None:
    await _bo_reads_an_honest_request(window)
    await window.finds(window.channel, "New sending limits")
    await window.fills(window.channel, "Recipients per day", "3,000")
    await window.presses(window.channel, "Preview")
    await window.reads(window.channel, "Please write a limit without separators")
    await window.fills(window.channel, "Recipients per day", "")
    await window.presses(window.channel, "Preview")
    await window.reads(window.channel, "Another approver has to apply this.")
    await window.page.wait_for_timeout(1_500)  # no update is on its way any more
    await window.finds(window.channel, "Apply these limits", behind="Show the change")
    await window.reads(window.channel, "so another approver must apply it")
    await window.becomes("cleo")
    await window.finds(window.channel, "Apply these limits", behind="Show the change")
    await window.reads(window.channel, "applied by Cleo")
    await window.unfolds("policies-unreadable")
    await window.reads(window.tenant.get_by_test_id("policies-list"), "Sendwell ana.soto@contoso.example")
    await window.finds(window.channel, "Revert the limits", behind="Show the change")
    await window.reads(window.channel, "reverted by Cleo")


@WIDE_ONLY
async def test_a_rule_that_is_refused_takes_its_policy_back_and_a_group_gets_them_later(window: Window) -> None:
    await _bo_reads_an_honest_request(window)
    await window.changes("refuse-rule")
    await _asks_for_a_group(window)
    await window.becomes("cleo")
    await window.finds(window.channel, "Apply these limits", behind="Show the change")
    await window.reads(window.channel, "The limits could not be applied")
    await window.reads(window.channel, "Exchange says: ")
    policies = window.tenant.get_by_test_id("policies-list").get_by_role("listitem")
    await expect(policies).to_have_count(1)
    await window.changes("refuse-rule")
    await _asks_for_a_group(window)
    await window.becomes("bo")
    await window.finds(window.channel, "Apply these limits", behind="Show the change")
    await window.reads(window.channel, "applied by Bo")
    await expect(policies).to_have_count(2)
    await expect(policies.last).to_contain_text("bulk-senders@contoso.example")


async def _bo_reads_an_honest_request(window: Window) -> None:
    await window.world.ana_has_sent_a_mailing()
    await window.becomes("bo")
    await window.reads(window.channel, "Looks like a legitimate mailing.")
    await window.sees_the_evidence()


async def _asks_for_a_group(window: Window) -> None:
    await window.finds(window.channel, "New sending limits")
    await window.fills(window.channel, "For all members of this group", "bulk-senders@contoso.example")
    await window.presses(window.channel, "Preview")
    news = "All members of bulk-senders@contoso.example get these limits"
    await window.uncovers(window.channel, news, behind="Show the change")
