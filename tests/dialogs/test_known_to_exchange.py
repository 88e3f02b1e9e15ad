"""An alias that only Exchange knows is found at the first look: a mailbox was renamed, or the directory lags."""

from services.domain.case.status import Status
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from tests.cases import ANA, BO, LIMIT_REASON
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, LONG_DAYS, World

RENAMED = "ana.miller@contoso.example"
ASKS = "why can't I send email?"


def exchange_knows(w: World, *addresses: str) -> None:
    owner = Holder(person=ANA, name="Ana Soto", upn=ANAS_ADDRESS, right=SendRight.OWNER)
    w.mailboxes.known[ANAS_ADDRESS] = SharedMailbox(
        address=ANAS_ADDRESS, name="Ana Soto", addresses=(ANAS_ADDRESS, *addresses), holders=(owner,)
    )


async def test_who_is_listed_by_an_alias_that_only_exchange_knows_is_told_at_once(w: World) -> None:
    exchange_knows(w, RENAMED)
    w.mail.restrict(RENAMED, LIMIT_REASON)
    await w.says(ANA_CLICKS, ASKS)
    case = await w.case()
    assert (case.status, case.restriction) == (Status.SECURING, w.mail.entries[RENAMED])
    assert RENAMED in case.sender.addresses, "or the next read would find the address gone"
    await w.passes(3 * LONG_DAYS.check_every)
    assert await w.status() is Status.SECURING


async def test_an_approver_who_asks_for_them_finds_it_too(w: World) -> None:
    exchange_knows(w, RENAMED)
    w.mail.restrict(RENAMED, LIMIT_REASON)
    await w.commands(BO, f"unblock {ANAS_ADDRESS} she called")
    assert await w.status() is Status.WAITING


async def test_who_is_not_listed_reads_which_addresses_were_looked_for(w: World) -> None:
    exchange_knows(w, RENAMED)
    assert RENAMED in await w.says(ANA_CLICKS, ASKS)


async def test_while_exchange_takes_its_time_nobody_is_told_that_they_are_not_restricted(w: World) -> None:
    exchange_knows(w, RENAMED)
    w.mail.restrict(RENAMED, LIMIT_REASON)
    w.mailboxes.trouble = UnknownReason.TIMED_OUT
    await w.says(ANA_CLICKS, ASKS)
    assert await w.status() is Status.LOOKING
    w.mailboxes.trouble = None
    await w.passes(LONG_DAYS.check_every)
    assert await w.status() is Status.SECURING


async def test_where_exchange_may_not_be_asked_the_directorys_addresses_have_to_do(w: World) -> None:
    w.mailboxes.trouble = UnknownReason.NO_PERMISSION
    assert "not restricted" in await w.says(ANA_CLICKS, ASKS)
