"""A case is its mailbox's: another alias or another asker is no way around it."""

from dataclasses import replace

import pytest

from dialogs.conversations.inbound import ConversationKind
from services.domain.case.status import Status
from services.domain.people import TeamsUser
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, HOUR, person
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, DAN, World

SALES, OFFERS = "sales@contoso.example", "offers@contoso.example"
ALIAS = "a.soto@contoso.example"


def holder(who: TeamsUser, right: SendRight = SendRight.SEND_AS) -> Holder:
    address = f"{who.name.split()[0].casefold()}@contoso.example"
    return Holder(person=who.id, name=who.name, upn=address, right=right)


SHARED = SharedMailbox(
    address=SALES,
    name="Sales",
    addresses=(SALES, OFFERS),
    holders=(holder(ANA_CLICKS), holder(DAN)),
    identity="5a4d8f2e-0000-4000-8000-0000000005a1",
)
ANAS = SharedMailbox(
    address=ANAS_ADDRESS,
    name="Ana Soto",
    addresses=(ANAS_ADDRESS, ALIAS),
    holders=(holder(ANA_CLICKS, SendRight.OWNER), holder(DAN)),
    identity=ANA,
)


@pytest.fixture
def w(w: World) -> World:
    w.mailboxes.known = {SALES: SHARED, OFFERS: SHARED, ANAS_ADDRESS: ANAS, ALIAS: ANAS}
    w.directory.people[DAN.id] = person(id=DAN.id, name="Dan Reyes", addresses=("dan@contoso.example",))
    return w


async def numbers(w: World) -> list[int]:
    return [case.number for case in await w.cases.open_cases()]


async def ana_has_sent_for_sales(w: World) -> None:
    w.mail.restrict(SALES)
    await w.says(ANA_CLICKS, f"mailbox {SALES}")
    await w.ana_secures()
    await w.presses(ANA_CLICKS, "send", note="")


@pytest.mark.parametrize("who", [ANA_CLICKS, DAN], ids=["the asker", "somebody else"])
async def test_another_alias_is_no_way_around_the_pause_after_a_denial(w: World, who: TeamsUser) -> None:
    await ana_has_sent_for_sales(w)
    await w.presses(BO, "deny", reason="call me first")
    assert "too soon" in await w.says(who, f"mailbox {OFFERS}")
    assert await numbers(w) == []
    await w.passes(2 * HOUR)
    await w.says(who, f"mailbox {OFFERS}")
    assert await numbers(w) == [2]


async def test_nor_is_it_while_exchange_is_too_slow_to_say_which_mailbox_it_is(w: World) -> None:
    await ana_has_sent_for_sales(w)
    await w.presses(BO, "deny", reason="call me first")
    w.mailboxes.trouble = UnknownReason.TIMED_OUT
    await w.says(ANA_CLICKS, f"mailbox {OFFERS}")
    w.mailboxes.trouble = None
    await w.passes(HOUR / 60)
    assert await w.status(2) is Status.SECURING
    assert "too soon" in await w.presses(ANA_CLICKS, "tell", 2)
    assert await w.status(2) is Status.SECURING


async def test_another_alias_shows_the_open_case_again(w: World) -> None:
    await ana_has_sent_for_sales(w)
    await w.says(ANA_CLICKS, f"mailbox {OFFERS}")
    assert await numbers(w) == [1]
    assert "Case 1" in w.ana_sees()


async def test_a_second_asker_joins_the_open_case_and_both_are_named(w: World) -> None:
    await ana_has_sent_for_sales(w)
    assert "Case 1 about this mailbox is already open" in await w.says(DAN, f"mailbox {OFFERS}")
    await w.says(DAN, f"mailbox {SALES}")
    assert await numbers(w) == [1]
    assert w.approvers_see().count("Dan Reyes asked about this mailbox too") == 1
    assert "Dan Reyes" not in w.ana_sees()


async def test_the_owner_joins_what_a_delegate_began_and_the_approvers_hear_of_it(w: World) -> None:
    """Dan asks, perhaps as a thief, and does nothing more: that must not keep Ana from being heard."""
    w.mail.restrict(ANAS_ADDRESS)
    await w.says(DAN, f"mailbox {ALIAS}")
    assert await w.status() is Status.SECURING
    assert "Case 1" in await w.says(ANA_CLICKS, "I can't send mail")
    assert (await w.status(), await numbers(w)) == (Status.WAITING, [1])
    assert "Ana Soto asked about this mailbox too" in w.approvers_see()


async def test_a_delegate_does_not_open_a_second_case_beside_the_owners(w: World) -> None:
    await w.ana_has_sent()
    await w.says(DAN, f"mailbox {ALIAS}")
    assert await numbers(w) == [1]
    await w.presses(BO, "deny", reason="call me first")
    assert "too soon" in await w.says(DAN, f"mailbox {ANAS_ADDRESS}")


async def test_a_look_that_ends_late_joins_the_case_that_is_open_by_then(w: World) -> None:
    w.mailboxes.trouble = UnknownReason.TIMED_OUT
    await w.says(DAN, f"mailbox {ALIAS}")
    assert await w.status() is Status.LOOKING
    await w.ana_asks()
    w.mailboxes.trouble = None
    await w.passes(HOUR / 60)
    assert (await w.status(1), await w.status(2)) == (Status.NOT_RESTRICTED, Status.WAITING)
    assert await numbers(w) == [2]
    told = w.text_of(w.sheets(DAN)[-1])
    assert "Case 2 about this mailbox is already open" in told
    assert "is not restricted" not in told


async def test_whoever_may_not_send_from_it_does_not_learn_of_the_open_case(w: World) -> None:
    w.mailboxes.known[OFFERS] = replace(SHARED, holders=(holder(ANA_CLICKS),))
    await ana_has_sent_for_sales(w)
    assert "no mailbox with that address" in await w.says(DAN, f"mailbox {OFFERS}")
    assert (await w.case()).request.also_asked == ()


async def test_history_and_counts_are_the_mailboxs(w: World) -> None:
    await ana_has_sent_for_sales(w)
    await w.bo_approves()
    await w.passes(HOUR / 6)
    await w.presses(ANA_CLICKS, "works")
    await w.passes(2 * w.timing.watch_for)
    w.mail.restrict(OFFERS)
    await w.says(DAN, f"mailbox {OFFERS}")
    assert ((await w.case(2)).past.restrictions, (await w.case(2)).past.unblocks) == (1, 1)
    for address in (SALES, OFFERS):
        said = await w.says(BO, f"history {address}", ConversationKind.PERSONAL)
        assert "Restricted 2 times in 90 days" in said
