"""The list monitor: a newly restricted sender is contacted first, and approvers get a card without notification."""

import json

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.evidence.report import Forwarding
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, MINUTE, person, report
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, CLEO, WATCH_EVERY, World

OWN = SharedMailbox(
    address=ANAS_ADDRESS,
    name="Ana Soto",
    addresses=(ANAS_ADDRESS,),
    holders=(Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER),),
)
SALES = SharedMailbox(address="sales@contoso.example", name="Sales", addresses=(), holders=())


async def begun(w: World) -> None:
    """The list monitor has read an empty list, and Ana has the app."""
    w.mailboxes.known = {ANAS_ADDRESS: OWN, SALES.address: SALES}
    await w.installs(ANA_CLICKS)
    await w.watches()


async def test_a_newly_restricted_person_hears_of_it_before_they_wonder(w: World) -> None:
    await begun(w)
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    assert await w.status() is Status.SECURING
    seen = w.ana_sees()
    assert "To check that this message is real" in seen
    assert "https://" not in json.dumps(w.sheets(ANA_CLICKS)[-1].card["actions"])
    assert "Detected" in w.approvers_see()
    assert "has not replied yet" in w.approvers_see()
    await w.watches(WATCH_EVERY)
    assert len(w.posts()) == 1  # one quiet card, once
    assert len(await w.cases.open_cases()) == 1


async def test_the_steps_come_with_their_links_when_they_are_wanted_and_the_request_notifies(w: World) -> None:
    await begun(w)
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    assert "Step 1 of 3" in await w.presses(ANA_CLICKS, "steps")
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")
    assert await w.status() is Status.WAITING
    quiet, request = w.posts()
    assert "continues below" in w.text_of(quiet)
    assert "Waiting for a decision" in w.text_of(request)


async def test_what_was_there_when_the_watch_found_them_is_not_tidied_away_before_they_ask(w: World) -> None:
    await begun(w)
    w.traces.report = report(forwarding=Forwarding(to="x@mail.example", keeps_copy=True, external=True))
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    assert "Looks like a stolen account" in w.approvers_see()
    assert "x@mail.example" not in w.ana_sees()
    assert "The audit log is being checked" not in json.dumps(w.posts()[-1].card)
    w.traces.report = report()
    await w.presses(ANA_CLICKS, "steps")
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")
    assert (await w.case()).needs_two
    assert "x@mail.example" in w.approvers_see()


async def test_an_approver_asks_for_them_from_the_quiet_card(w: World) -> None:
    await begun(w)
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    await w.presses(BO, "ask_for", for_reason="she called")
    assert await w.status() is Status.WAITING
    assert "Bo Larsen requested this on behalf of Ana Soto" in w.approvers_see()
    assert "https://" not in json.dumps(w.sheets(ANA_CLICKS)[-1].card.get("actions", []))


async def test_who_asked_already_is_joined_and_not_doubled(w: World) -> None:
    await begun(w)
    await w.ana_asks()
    before = len(w.sheets(ANA_CLICKS))
    await w.watches(WATCH_EVERY)
    await w.watches(WATCH_EVERY)
    assert len(await w.cases.open_cases()) == 1
    assert len(w.sheets(ANA_CLICKS)) == before
    assert w.posts() == []


async def test_a_restriction_that_disappears_closes_its_case_and_a_new_one_is_news(w: World) -> None:
    await begun(w)
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    w.mail.entries.clear()
    for _ in range(3):
        await w.watches(2 * w.timing.check_every)
    assert await w.status() is Status.ALREADY_LIFTED
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    assert await w.status(2) is Status.SECURING


async def test_who_was_restricted_before_the_watch_began_is_one_line(w: World) -> None:
    w.mailboxes.known = {ANAS_ADDRESS: OWN}
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches()
    await w.watches(WATCH_EVERY)
    assert await w.cases.open_cases() == []
    (line,) = w.posts()
    assert w.text_of(line).endswith(f"Already on it (not notified): {ANAS_ADDRESS}.")


async def test_of_many_who_were_restricted_before_the_watch_began_the_number_is_said(w: World) -> None:
    for number in range(11):
        w.mail.restrict(f"s{number}@contoso.example")
    await w.watches()
    await w.watches(WATCH_EVERY)
    (line,) = w.posts()
    assert "11 addresses are already on it (not notified), among them: s0@contoso.example, " in w.text_of(line)


@pytest.mark.parametrize("fails", ["trouble", "truncated"])
async def test_a_read_that_fails_is_no_empty_list_and_is_told_once(w: World, fails: str) -> None:
    await begun(w)
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    setattr(w.mail, fails, UnknownReason.UNREACHABLE if fails == "trouble" else True)
    told = []
    for _ in range(5):
        await w.watches(WATCH_EVERY)
        told.append(sum("could not be read several times" in w.text_of(sheet) for sheet in w.posts()))
    assert told == [0, 0, 1, 1, 1]
    setattr(w.mail, fails, None if fails == "trouble" else False)
    await w.watches(WATCH_EVERY)
    await w.watches(WATCH_EVERY)
    assert sum("The restricted list can be read again" in w.text_of(sheet) for sheet in w.posts()) == 1
    assert len(await w.cases.open_cases()) == 1  # no entry was new and none was gone


async def test_without_the_role_that_says_whose_an_address_is_each_is_named_once_with_the_role(w: World) -> None:
    await begun(w)
    w.mailboxes.trouble = UnknownReason.NO_PERMISSION
    w.mail.restrict(ANAS_ADDRESS)
    w.mail.restrict("dan@contoso.example")
    for _ in range(3):
        await w.watches(WATCH_EVERY)
    told = [w.text_of(sheet) for sheet in w.posts() if "can't be read" in w.text_of(sheet)]
    (line,) = told
    assert "2 addresses" in line
    assert "Get-Mailbox (the Exchange role “Sendwell Mailboxes”)" in line
    assert set(await w.monitor_store.known()) == {ANAS_ADDRESS, "dan@contoso.example"}


async def test_an_address_that_is_nobodys_is_a_line_in_the_channel(w: World) -> None:
    await begun(w)
    w.mail.restrict(SALES.address)
    w.mail.restrict("nobody@contoso.example")
    await w.watches(WATCH_EVERY)
    texts = " ".join(w.text_of(sheet) for sheet in w.posts())
    assert "sales@contoso.example was restricted. It is a shared mailbox" in texts
    assert "nobody@contoso.example was restricted. The directory has no account for it" in texts
    assert await w.cases.open_cases() == []


@pytest.mark.parametrize("changes", [{"guest": True}, {"enabled": False}])
async def test_guests_and_disabled_accounts_are_not_written_to(w: World, changes: dict[str, bool]) -> None:
    await begun(w)
    w.directory.people[ANA] = person(**changes)
    w.mail.restrict(ANAS_ADDRESS)
    before = len(w.sheets(ANA_CLICKS))
    await w.watches(WATCH_EVERY)
    assert "no one was notified" in w.approvers_see()
    assert len(w.sheets(ANA_CLICKS)) == before


async def test_whose_address_it_is_can_be_found_out_later(w: World) -> None:
    await begun(w)
    w.mail.restrict(ANAS_ADDRESS)
    w.mailboxes.trouble = UnknownReason.UNREACHABLE
    await w.watches(WATCH_EVERY)
    assert await w.cases.open_cases() == []
    w.mailboxes.trouble = None
    await w.watches(WATCH_EVERY)  # an entry that was not taken in is tried again at the next read
    assert await w.status() is Status.SECURING


async def test_a_sender_already_reported_is_not_reported_again_when_another_cannot_be_looked_up(w: World) -> None:
    await begun(w)
    w.mail.restrict(SALES.address)
    w.mail.restrict(ANAS_ADDRESS)
    w.mailboxes.troubles = {ANAS_ADDRESS: UnknownReason.TIMED_OUT}
    await w.watches(WATCH_EVERY)
    w.mailboxes.troubles = {}
    await w.watches(WATCH_EVERY)
    assert sum("sales@contoso.example was restricted" in w.text_of(sheet) for sheet in w.posts()) == 1
    assert await w.status() is Status.SECURING


async def test_the_app_is_installed_for_who_never_had_it(w: World) -> None:
    w.mailboxes.known = {ANAS_ADDRESS: OWN}
    await w.watches()
    w.installer.chats[ANA] = w.conversation(ANA_CLICKS, ConversationKind.PERSONAL).id
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    assert w.installer.installed == [ANA]
    assert "To check that this message is real" in w.ana_sees()


async def test_who_cannot_be_reached_is_named_on_the_quiet_card(w: World) -> None:
    w.mailboxes.known = {ANAS_ADDRESS: OWN}
    await w.watches()
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    await w.passes(MINUTE)
    assert "no chat with this person is known" in w.approvers_see()
    assert "does not know yet: call them" in w.approvers_see()


async def test_two_replicas_notice_once(w: World) -> None:
    await begun(w)
    other = World(w.database, w.timing)
    other.mailboxes, other.mail = w.mailboxes, w.mail
    w.mail.restrict(ANAS_ADDRESS)
    await w.passes(WATCH_EVERY)
    other.clock.time = w.clock.time
    await w.list_monitor.once()
    await other.list_monitor.once()
    await w.passes()
    assert len(await w.cases.open_cases()) == 1
    assert len(w.posts()) == 1


async def test_an_expected_case_can_be_opened_by_its_number(w: World) -> None:
    await begun(w)
    w.mail.restrict(ANAS_ADDRESS)
    await w.watches(WATCH_EVERY)
    await w.commands(CLEO, "case 1")
    assert "Detected" in w.approvers_see()
