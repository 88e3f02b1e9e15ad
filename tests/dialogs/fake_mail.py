"""Exchange, as far as the restricted list and mailboxes go: it keeps state and can be told to fail."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from services.domain.checks.checks import MailboxHome
from services.domain.checks.mailbox_state import MailboxFill, SmtpAuth
from services.domain.proofs.shared_mailbox import SharedMailbox
from services.domain.restriction import RestrictedList, Restriction
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable
from services.ports.microsoft365 import Removal, RemovalDone, RemovalRefused, RemovalUnclear
from tests.cases import restriction
from tests.dialogs.fake_clock import FakeClock

REFUSED = RemovalRefused(error="This sender was unblocked too often.")
UNCLEAR = RemovalUnclear(error="timed out: HTTP 504")


@dataclass(kw_only=True)
class FakeMail:
    """A restricted list. `outcomes` are the results of the next calls of Remove; later calls succeed."""

    clock: FakeClock
    entries: dict[str, Restriction] = field(default_factory=dict)
    trouble: UnknownReason | None = None
    pause: timedelta | None = None
    """How long it asks to be left alone while there is trouble."""
    truncated: bool = False
    cut_everywhere: bool = False
    """Whether the list of one sender is incomplete as well."""
    keeps_listing: bool = False
    outcomes: list[Removal] = field(default_factory=list)
    removals: list[datetime] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unblocked: list[str] = field(default_factory=list)
    """The addresses that Remove was called for, in order."""
    reads: int = 0
    when_read: Callable[[], Awaitable[None]] | None = None
    """What happens while somebody waits for the list."""

    def restrict(self, address: str, *reason: str, since: datetime | None = None) -> None:
        since = since or self.clock.now() - timedelta(minutes=1)
        self.entries[address] = replace(restriction(*reason, since=since), address=address)

    async def restricted(self) -> RestrictedList:
        self.reads += 1
        if self.when_read:
            await self.when_read()
        if self.trouble:
            raise Unavailable(self.trouble, retry_after=self.pause)
        shown = () if self.truncated else tuple(self.entries.values())
        return RestrictedList(entries=shown, complete=not self.truncated, read_at=self.clock.now())

    async def restricted_among(self, addresses: Sequence[str]) -> RestrictedList:
        if self.trouble:
            raise Unavailable(self.trouble, retry_after=self.pause)
        if self.cut_everywhere:
            raise Unavailable(UnknownReason.INCOMPLETE)
        mine = tuple(entry for address, entry in self.entries.items() if address in addresses)
        return RestrictedList(entries=mine, complete=True, read_at=self.clock.now())

    async def unblock(self, address: str, note: str) -> Removal:
        self.notes.append(note)
        self.removals.append(self.clock.now())
        self.unblocked.append(address)
        outcome = self.outcomes.pop(0) if self.outcomes else RemovalDone()
        if isinstance(outcome, RemovalDone) and not self.keeps_listing:
            self.entries.pop(address, None)
        return outcome

    async def ping(self) -> None:
        await self.restricted()


@dataclass(kw_only=True)
class FakeMailboxes:
    """Mailboxes and who may send from them. `troubles` names addresses that cannot be asked about, `trouble` all."""

    known: dict[str, SharedMailbox] = field(default_factory=dict)
    trouble: UnknownReason | None = None
    bug: Exception | None = None
    troubles: dict[str, UnknownReason] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    homes: dict[str, MailboxHome] = field(default_factory=dict)
    """Where mailboxes are that are not here."""

    async def home(self, address: str) -> MailboxHome:
        if reason := self.trouble or self.troubles.get(address):
            raise Unavailable(reason)
        return self.homes.get(address, MailboxHome.HERE)

    fills: dict[str, MailboxFill] = field(default_factory=dict)
    auth: SmtpAuth = SmtpAuth.ON

    async def fill(self, address: str) -> MailboxFill:
        if reason := self.trouble or self.troubles.get(address):
            raise Unavailable(reason)
        return self.fills.get(address, MailboxFill(used=1, sends_below=50_000_000_000))

    async def smtp_auth(self, address: str) -> SmtpAuth:
        if reason := self.trouble or self.troubles.get(address):
            raise Unavailable(reason)
        return self.auth

    async def mailbox(self, address: str) -> SharedMailbox:
        self.asked.append(address)
        if reason := self.trouble or self.troubles.get(address):
            raise Unavailable(reason)
        if self.bug is not None:
            raise self.bug
        if address not in self.known:
            raise NotFound(address)
        return self.known[address]

    async def addresses(self, address: str) -> tuple[str, ...]:
        return (await self.mailbox(address)).addresses
