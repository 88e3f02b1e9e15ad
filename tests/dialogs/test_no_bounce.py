""" "My mail doesn't go", of somebody who is not restricted and has no bounce: what can be looked up is looked up."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cards.bounce import REPORT
from cards.checks import LOOK_AGAIN
from dialogs.casework.lookups import Lookups
from dialogs.casework.own_checks import OwnChecks
from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.checks.checks import Finding, MailboxHome, OwnReads, findings
from services.domain.checks.mailbox_state import MailboxFill, OwnForwarding, SmtpAuth
from services.domain.checks.replies import ServerReply
from services.domain.delivery.traced import TracedRow, TracedStatus
from services.domain.limits.outbound_policy import AutoForwarding
from services.domain.limits.tenant_limit import TenantLimit
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.trouble.trouble import TroubleKind
from services.domain.unknown import Unknown, UnknownReason
from tests.cases import ANA, HOUR, MINUTE, person
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, World, button_data

ASKS = "my mail doesn't go"
KIM, LEE = "kim@fabrikam.example", "lee@fabrikam.example"
BLOCKED = "550 5.7.705 Access denied, tenant has exceeded threshold"


def comes_back(w: World, to: str, reply: str = "", ago: timedelta = HOUR, *, remote: bool = False) -> None:
    """A message of Ana's came back; `reply`: what the server said, if the trace shows it."""
    row = TracedRow(
        message=f"to {to} {ago}",
        sender=ANAS_ADDRESS,
        recipient=to,
        at=w.clock.now() - ago,
        status=TracedStatus.FAILED,
        subject="About your illness",
        trace=f"trace {to}",
    )
    w.traces.rows.append(row)
    if reply:
        w.traces.replies[to] = ServerReply(words=reply, remote=remote)


def has_button(w: World, verb: str) -> bool:
    return button_data(w.sheets(ANA_CLICKS)[-1].card, verb) is not None


async def test_the_newest_message_that_came_back_is_named_with_its_cause_and_a_way_to_the_admins(w: World) -> None:
    comes_back(w, KIM, ago=2 * HOUR)
    comes_back(w, LEE, BLOCKED)
    said = await w.says(ANA_CLICKS, ASKS)
    assert "I found something else" in said
    assert "2 of your messages came back" in said
    assert f"It did not reach {LEE}" in said
    assert "whole organisation" in said
    assert "illness" not in said, "a subject is not needed here"
    await w.presses(ANA_CLICKS, REPORT, 0, ConversationKind.PERSONAL, cause="tenant_blocked", code="5.7.705")
    assert "5.7.705" in w.approvers_see()
    assert LEE not in w.approvers_see(), "who gets her mail is hers to know"


async def test_where_the_trace_does_not_show_the_reply_the_bounce_of_that_message_is_wanted(w: World) -> None:
    comes_back(w, KIM)
    assert "Paste the bounce of that message" in await w.says(ANA_CLICKS, ASKS)
    w.traces.troubles = {"replies": UnknownReason.THROTTLED}
    comes_back(w, LEE, BLOCKED)
    said = await w.says(ANA_CLICKS, ASKS)
    assert f"It did not reach {LEE}" in said
    assert "Paste the bounce of that message" in said


async def test_a_few_replies_are_asked_for_and_no_more(w: World) -> None:
    for hours in range(1, 9):
        comes_back(w, f"r{hours}@fabrikam.example", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", hours * HOUR)
    said = await w.says(ANA_CLICKS, ASKS)
    assert "8 of your messages came back" in said
    assert w.traces.asked_for_replies == [f"r{hours}@fabrikam.example" for hours in (1, 2, 3)]


async def test_what_is_older_than_a_day_arrived_after_all_or_is_not_hers_says_nothing(w: World) -> None:
    comes_back(w, KIM, BLOCKED, 25 * HOUR)
    comes_back(w, LEE, BLOCKED)
    w.traces.rows.append(replace(w.traces.rows[-1], status=TracedStatus.DELIVERED, at=w.clock.now() - MINUTE))
    w.traces.rows.append(replace(w.traces.rows[0], sender="dan@contoso.example", at=w.clock.now() - HOUR))
    said = await w.says(ANA_CLICKS, ASKS)
    assert (
        "None of your messages seems to have come back in the last 24 hours; the newest can show up hours late" in said
    )
    assert "Your address is not restricted" in said
    assert "something else" not in said


@pytest.mark.parametrize(
    ("home", "sentence"),
    [(MailboxHome.NONE, "no mailbox in Exchange Online"), (MailboxHome.ELSEWHERE, "on other servers")],
)
async def test_a_mailbox_that_is_not_here_is_said_with_who_can_help(w: World, home: MailboxHome, sentence: str) -> None:
    w.mailboxes.homes[ANAS_ADDRESS] = home
    said = await w.says(ANA_CLICKS, ASKS)
    assert sentence in said
    assert "Your admins" in said
    assert "Your mailbox is in Exchange Online" not in said
    assert has_button(w, REPORT) == (home is MailboxHome.NONE)


async def test_a_full_mailbox_is_said_with_what_helps(w: World) -> None:
    w.mailboxes.fills[ANAS_ADDRESS] = MailboxFill(used=50, sends_below=50)
    said = await w.says(ANA_CLICKS, ASKS)
    assert "Your mailbox is full" in said
    assert "empty Deleted Items" in said
    assert not has_button(w, REPORT), "nobody but her can make room"
    w.mailboxes.fills.clear()
    assert "Your mailbox is not full" in await w.says(ANA_CLICKS, ASKS)


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [(AutoForwarding.OFF, "does not allow that"), (AutoForwarding.AUTOMATIC, "in most organisations")],
)
async def test_forwarding_that_the_policy_stops_is_said_with_where_it_goes(
    w: World, policy: AutoForwarding, sentence: str
) -> None:
    w.traces.forwards(KIM)
    w.policies.forwards(policy)
    said = await w.says(ANA_CLICKS, ASKS)
    assert f"forwards all its mail to {KIM}" in said
    assert sentence in said
    assert "someone else may be using your account" in said
    w.policies.forwards(AutoForwarding.ON)
    assert KIM not in await w.says(ANA_CLICKS, ASKS)
    w.policies.forwards(policy)
    w.traces.forwards("dan@contoso.example", external=False)
    assert "forwards all its mail" not in await w.says(ANA_CLICKS, ASKS)


async def test_smtp_auth_that_is_off_is_an_aside_and_no_cause(w: World) -> None:
    w.mailboxes.auth = SmtpAuth.OFF_EVERYWHERE
    said = await w.says(ANA_CLICKS, ASKS)
    assert "SMTP AUTH off" in said
    assert "something else" not in said
    w.mailboxes.auth = SmtpAuth.ON
    assert "SMTP AUTH" not in await w.says(ANA_CLICKS, ASKS)


async def test_a_disabled_account_is_said(w: World) -> None:
    w.directory.people[ANA] = person(enabled=False)
    assert "Your account is disabled" in await w.says(ANA_CLICKS, ASKS)
    carried = button_data(w.sheets(ANA_CLICKS)[-1].card, REPORT) or {}
    await w.presses(ANA_CLICKS, REPORT, 0, ConversationKind.PERSONAL, **carried)
    assert "The sending account is disabled" in w.approvers_see()


async def test_what_could_not_be_read_is_not_checked_each_reason_once_and_never_clean(w: World) -> None:
    w.mailboxes.trouble = UnknownReason.NO_PERMISSION
    w.traces.troubles = {"messages": UnknownReason.NO_PERMISSION}
    said = await w.says(ANA_CLICKS, ASKS)
    what = (
        "your mailbox, how full your mailbox is, whether printers and programs may send for you, "
        "your messages of the last 24 hours"
    )
    assert f"Not checked: {what} (the permission is missing)" in said
    assert "Your account is enabled" in said
    for clean in ("Your mailbox is in Exchange Online", "I see no message of yours"):
        assert clean not in said
    assert not has_button(w, LOOK_AGAIN), "looking again would find the same"


async def test_what_is_missing_for_the_moment_can_be_looked_at_again(w: World) -> None:
    w.traces.troubles = {"messages": UnknownReason.TIMED_OUT}
    assert "Not checked: your messages of the last 24 hours" in await w.says(ANA_CLICKS, ASKS)
    assert has_button(w, LOOK_AGAIN)
    w.traces.troubles = {}
    comes_back(w, KIM, BLOCKED)
    assert "One of your messages came back" in await w.presses(ANA_CLICKS, LOOK_AGAIN, 0)
    assert KIM not in await w.presses(ANA_CLICKS, LOOK_AGAIN, 0, ConversationKind.CHANNEL)


async def test_a_trace_cut_short_is_a_lower_bound_or_not_checked(w: World) -> None:
    w.traces.rows_complete = False
    assert "Not checked: your messages of the last 24 hours (the answer was incomplete)" in await w.says(
        ANA_CLICKS, ASKS
    )
    comes_back(w, KIM)
    assert "At least one of your messages came back" in await w.says(ANA_CLICKS, ASKS)


async def test_who_is_restricted_waits_for_no_check_and_costs_no_call_of_the_trace(w: World) -> None:
    w.traces.hanging = {"messages"}
    w.mail.restrict(ANAS_ADDRESS)
    await w.says(ANA_CLICKS, ASKS)
    assert "Step 1 of 3" in w.ana_sees()
    assert w.traces.asked_for_messages == []


async def test_who_pasted_a_bounce_or_named_another_mailbox_is_answered_without(w: World) -> None:
    comes_back(w, KIM, BLOCKED)
    assert "whole organisation" not in await w.says(ANA_CLICKS, "550 5.1.10 RecipientNotFound")
    assert KIM not in await w.says(ANA_CLICKS, "mailbox sales@contoso.example")
    assert w.traces.asked_for_messages == []


async def test_a_message_that_came_back_for_a_restriction_that_is_over_contradicts_nothing(w: World) -> None:
    comes_back(w, KIM, "550 5.1.8 Access denied, bad outbound sender AS(42004)")
    said = await w.says(ANA_CLICKS, ASKS)
    assert "Your address is not restricted" in said
    assert "something else" not in said
    assert has_button(w, REPORT), "the admins can be told that it still bounces"


async def test_a_source_that_hangs_costs_its_own_check_and_no_other(w: World) -> None:
    microsoft365 = w.ports().microsoft365
    lookups = Lookups(microsoft365=microsoft365, clock=w.clock, timing=w.timing)
    await lookups.lists.senders.recent()
    checks = OwnChecks(lookups=lookups, microsoft365=microsoft365, clock=w.clock)
    late, no_time = Unknown(reason=UnknownReason.TIMED_OUT), timedelta()
    w.traces.hanging = {"messages"}
    assert await checks.of(ANA, no_time) == OwnReads(
        enabled=True,
        mailbox=MailboxHome.HERE,
        came_back=late,
        tenant=w.policies.tenant,
        fill=await w.mailboxes.fill(ANAS_ADDRESS),
        forwarding=OwnForwarding(),
        smtp_auth=SmtpAuth.ON,
    )
    w.traces.hanging = {"replies"}
    comes_back(w, KIM, BLOCKED)
    reads = await checks.of(ANA, no_time)
    assert reads is not None
    assert findings(reads) == (Finding.CAME_BACK,)
    assert reads.bounce is None


async def test_of_another_mailbox_it_says_whether_they_may_send_from_it_and_nothing_to_who_may_not(w: World) -> None:
    sales = "sales@contoso.example"
    hers = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.SEND_AS)
    w.mailboxes.known[sales] = SharedMailbox(address=sales, name="Sales", addresses=(sales,), holders=(hers,))
    said = await w.says(ANA_CLICKS, f"mailbox {sales}")
    assert "You may send from this mailbox" in said
    assert "Your account is enabled" not in said, "what is looked up of her own mailbox says nothing of that one"
    w.mailboxes.known[sales] = replace(w.mailboxes.known[sales], holders=())
    said = await w.says(ANA_CLICKS, f"mailbox {sales}")
    assert "Being able to open a mailbox is not enough" in said
    assert "You may send from this mailbox" not in said


async def test_a_limit_of_the_whole_organisation_is_said_and_shared_with_the_admins_once(w: World) -> None:
    w.policies.tenant = TenantLimit(observed=10_001, threshold=10_000)
    assert "Your whole organisation has used up its daily limit" in await w.says(ANA_CLICKS, ASKS)
    carried = button_data(w.sheets(ANA_CLICKS)[-1].card, REPORT) or {}
    await w.presses(ANA_CLICKS, REPORT, 0, ConversationKind.PERSONAL, **carried)
    trouble = (await w.case()).trouble
    assert trouble is not None
    assert trouble.kind is TroubleKind.TENANT_LIMIT


async def test_where_the_list_took_its_time_the_rest_is_one_click_away(w: World) -> None:
    comes_back(w, KIM, BLOCKED)
    w.mail.trouble = UnknownReason.TIMED_OUT
    await w.says(ANA_CLICKS, ASKS)
    assert "Checking" in w.ana_sees()
    w.mail.trouble = None
    await w.passes(5 * MINUTE)
    assert await w.status() is Status.NOT_RESTRICTED
    assert has_button(w, LOOK_AGAIN)
    assert "whole organisation" in await w.presses(ANA_CLICKS, LOOK_AGAIN, 0)
