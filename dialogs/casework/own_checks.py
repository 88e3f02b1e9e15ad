"""What can be looked up of somebody's own account, mailbox and messages, all at once and under one time limit."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from dialogs.casework.lookups import Lookups, or_unknown
from services.domain.checks.checks import CameBack, MailboxHome, OwnReads
from services.domain.checks.mailbox_state import OwnForwarding
from services.domain.checks.replies import ServerReply, bounce_in
from services.domain.delivery.traced import TracedRow, came_back, newest_failed
from services.domain.limits.outbound_policy import effective_policy
from services.domain.people import Person, PersonId
from services.domain.restriction import find_all
from services.domain.unknown import Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.microsoft365 import Microsoft365

_LAST_DAY = timedelta(days=1)
_REPLIES_AT_MOST = 3
"""Each is one call of the few that message trace takes from the whole organisation."""

Own = Awaitable[OwnReads | None]
"""What is being read, beside something else."""
Left = Callable[[], timedelta]
"""How much of the time limit is left."""


class OwnChecks:
    """Reads beside the look at the restricted list, and waits for nobody: whoever is restricted is not kept waiting."""

    def __init__(self, *, lookups: Lookups, microsoft365: Microsoft365, clock: Clock) -> None:
        self._lookups = lookups
        self._mailboxes, self._evidence = microsoft365.mailboxes, microsoft365.mailbox_evidence
        self._policies = microsoft365.policies
        self._clock = clock

    @asynccontextmanager
    async def beside(self, person: PersonId, within: timedelta) -> AsyncIterator[Own]:
        """The reads, begun now; they are given up when the look has its answer without them."""
        reading = asyncio.create_task(self.of(person, within))
        try:
            yield reading
        finally:
            reading.cancel()

    async def of(self, person: PersonId, within: timedelta) -> OwnReads | None:
        """What is found within that time; `None` where the look has to answer: of somebody who is listed or unknown,
        or whose list cannot be read. The list is waited for, because a wave of restricted people would use up the calls
        of message trace that the evidence of their cases needs."""
        loop = asyncio.get_running_loop()
        until = loop.time() + within.total_seconds()

        def left() -> timedelta:
            return timedelta(seconds=until - loop.time())

        async with asyncio.TaskGroup() as group:
            asked = group.create_task(or_unknown(self._lookups.account(person), within))
            listing = group.create_task(or_unknown(self._lookups.lists.senders.recent(), within))
        account, shown = asked.result(), listing.result()
        if isinstance(account, Unknown) or account.guest or isinstance(shown, Unknown):
            return None
        return None if find_all(shown, account.addresses) != () else await self._read(account, left)

    async def _read(self, account: Person, left: Left) -> OwnReads:
        async with asyncio.TaskGroup() as group:
            mailbox = group.create_task(or_unknown(self._home(account), left()))
            returned = group.create_task(self._came_back(account, left))
            tenant = group.create_task(or_unknown(self._policies.tenant_limit(), left()))
            fill = group.create_task(or_unknown(self._mailboxes.fill(account.upn), left()))
            forwarding = group.create_task(self._forwarding(account, left))
            smtp_auth = group.create_task(or_unknown(self._mailboxes.smtp_auth(account.upn), left()))
        is_away = isinstance(mailbox.result(), MailboxHome) and mailbox.result() is not MailboxHome.HERE
        return OwnReads(
            enabled=account.enabled,
            mailbox=mailbox.result(),
            came_back=returned.result(),
            tenant=tenant.result(),
            fill=None if is_away else fill.result(),
            forwarding=None if is_away else forwarding.result(),
            smtp_auth=None if is_away else smtp_auth.result(),
        )

    async def _forwarding(self, account: Person, left: Left) -> OwnForwarding | Unknown:
        """Where the mailbox forwards outside, and only then what the policy in effect says of that."""
        found = await or_unknown(self._evidence.forwarding(account.upn), left())
        if isinstance(found, Unknown):
            return found
        if found is None or not found.external:
            is_unclear = found is not None and found.external is None
            return Unknown(reason=UnknownReason.INCOMPLETE) if is_unclear else OwnForwarding()
        snapshot = await or_unknown(self._policies.snapshot(account.addresses, account.id), left())
        governing = snapshot if isinstance(snapshot, Unknown) else effective_policy(snapshot, account.addresses)
        if isinstance(governing, Unknown):
            return governing
        return OwnForwarding(to=found.to, policy=governing.policy.forwarding)

    async def _home(self, account: Person) -> MailboxHome:
        return await self._mailboxes.home(account.upn)

    async def _came_back(self, account: Person, left: Left) -> CameBack | Unknown:
        """The messages of the last day that came back, and what was said of the newest."""
        now = self._clock.now()
        since = now - _LAST_DAY
        traced = await or_unknown(self._evidence.messages(account.addresses, since, now, urgent=True), left())
        if isinstance(traced, Unknown):
            return traced
        mail = came_back(traced, account.addresses, since)
        if not mail.messages and not mail.complete:
            return Unknown(reason=UnknownReason.INCOMPLETE)
        rows = newest_failed(traced, account.addresses, since, _REPLIES_AT_MOST)
        return CameBack(mail=mail, bounce=bounce_in(await self._replies(rows, left)))

    async def _replies(self, rows: tuple[TracedRow, ...], left: Left) -> list[tuple[str, ServerReply]]:
        """What was said, by recipient; a reply that cannot be read is missing."""
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(or_unknown(self._evidence.reply(row), left())) for row in rows]
        said = zip(rows, (task.result() for task in tasks), strict=True)
        return [(row.recipient, reply) for row, reply in said if isinstance(reply, ServerReply)]
