"""Over HTTPS: evidence from Graph, Exchange and the audit log, and the verdict that follows from it."""

import asyncio
from datetime import timedelta

import pytest

from tests.stories.world import World


async def test_a_mailing_that_fits_looks_honest(world: World) -> None:
    await world.ana_has_sent_a_mailing()
    await world.until(lambda: world.on_the_card("Looks like a legitimate mailing."), 40)
    assert world.on_the_card("at most 2,000 a day")
    assert world.on_the_card("no external forwarding")
    assert not world.on_the_card("not checked")


async def test_earlier_restrictions_are_searched_for_while_the_card_is_there(world: World) -> None:
    audit_log = world.tenant.audit_log
    audit_log.takes = 3_600
    world.tenant.restrict("ana")
    before = timedelta(days=9)
    world.tenant.hygiene = [(at - before, who, what, why) for at, who, what, why in world.tenant.hygiene]
    await world.ana_has_sent_a_mailing()
    await world.until(lambda: world.on_the_card("Looks like a legitimate mailing.") and audit_log.made, 40)
    assert world.on_the_card("The audit log is being checked")
    audit_log.takes = 0
    await world.until(lambda: world.on_the_card("Restricted 2 times in 90 days"), 40)
    await world.until(lambda: not audit_log.searches)
    assert audit_log.made == 1


@pytest.mark.parametrize(
    ("finds", "says"),
    [
        (["forwarding"], "all mail is forwarded to collector@mail.example"),
        (["hidden rule"], "rule “.” forwards mail to collector@mail.example"),
        (["risk"], "Entra reports high risk (suspiciousSendingPatterns)"),
        (["burst", "abroad"], "signed in after 12 failures within an hour"),
        (["deleting rule", "consent"], "an app was given access"),
    ],
)
async def test_what_a_thief_leaves_behind_is_found(world: World, finds: list[str], says: str) -> None:
    for what in finds:
        world.tenant.investigate("ana", what)
    await world.ana_has_sent()
    await world.until(lambda: world.on_the_card("Looks like a stolen account."), 40)
    assert world.on_the_card(says)


async def test_what_cannot_be_read_is_not_checked_and_names_what_is_missing(world: World) -> None:
    for what in ("sign-ins", "risk", "message trace", "mailboxes", "inbox rules", "audit"):
        world.tenant.switch("unreadable", what, on=True)
    await world.ana_has_sent()
    await world.evidence_is_there()
    assert world.on_the_card("the evidence is not complete and clean")
    for needs in ("Get-Mailbox", "Get-InboxRule", "Entra ID P1", "Entra ID P2", "ExchangeMessageTrace.Read.All"):
        assert world.on_the_card(f"Needs {needs}") or world.on_the_card(needs), needs
    world.tenant.readable()
    world.tenant.switch("unreadable", "message trace set-up", on=True)
    world.tenant.investigate("ana", "forwarding")
    await world.until(lambda: world.teams.has_button("bo", world.approvers_card(), "gather"))
    await asyncio.sleep(5)  # sources are not asked twice within five seconds
    await world.decides("bo", "gather")
    await world.until(lambda: world.on_the_card("Looks like a stolen account."), 40)
    assert world.on_the_card("New-MgServicePrincipal -AppId 8bd644d1-64a1-4d4b-ae52-2e0cbf64e373")
    assert not world.on_the_card("Needs ExchangeMessageTrace.Read.All")


async def test_a_slow_source_is_asked_twice_and_holds_up_nobody(unstarted: World) -> None:
    world, sign_ins = unstarted, "graph:/v1.0/auditLogs/signIns"
    world.tenant.faults.fail(sign_ins, "timeout")
    await world.start(SENDWELL_SLOW_READ="1s")
    world.tenant.restrict("ana", "limit")
    await world.ana_asks()
    await world.ana_secures()
    await world.until(lambda: world.tenant.faults.active[sign_ins].met == 2)  # at the first look
    await world.ana_sends()
    # What should answer and does not takes word by another route; it does not hang anybody.
    await world.decides("bo", "approve", by_another_route="true", ground="called her: her log did not answer")
    await world.until_off_list()
    await world.until(lambda: world.on_the_card("not checked: Microsoft 365 did not answer in time"), 40)
    assert world.tenant.faults.active[sign_ins].met == 4
