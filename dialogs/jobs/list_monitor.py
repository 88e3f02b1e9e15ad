"""Monitoring the restricted list: who comes onto it is written to, and the approvers get a quiet card."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from cards.missing_roles import LACKING
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.look_result import keys_of, look_result
from dialogs.casework.lookups import Look, Lookups, or_unknown
from dialogs.jobs.monitor_lines import Line, MonitorLines, role_of
from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.clock import AddressesRead, ListRead
from services.domain.case.creation import created_by_monitor, first_case
from services.domain.case.parts import Sender
from services.domain.case.workflow import Actor, Verb, allows
from services.domain.evidence.report import HISTORY_OVER
from services.domain.list_monitor import (
    FAILURES_UNTIL_TOLD,
    KnownEntry,
    MonitorState,
    compare,
    is_due,
    known_entry,
    still_news,
)
from services.domain.people import Person, TeamsUser
from services.domain.proofs.shared_mailbox import Holder, SharedMailbox
from services.domain.restriction import RestrictedList, Restriction, find_all, worst_first
from services.domain.unknown import Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import ChangedMeanwhile, NotFound, Unavailable, UnreadableCase
from services.ports.microsoft365 import Microsoft365
from services.ports.storage import Storage

log = logging.getLogger("sendwell.watch")

_LEASE = timedelta(seconds=120)
_READ_WITHIN = timedelta(seconds=40)
"""Exchange may take half a minute for its first answer after a pause."""
_LOOK_WITHIN = timedelta(seconds=15)
_LOOK_AT_LEAST_EVERY = 5.0


_WHOSE_UNREAD = "watch.whose_unread"


class _LeaseIsOver(Exception):  # noqa: N818 - it names a state of the world, not a fault of ours
    """Another replica took up the read that was ours."""


class ListMonitor:
    """Reads the list every few minutes, one replica at a time."""

    def __init__(
        self,
        *,
        writer: CaseWriter,
        storage: Storage,
        microsoft365: Microsoft365,
        lookups: Lookups,
        case_cards: CaseCards,
        clock: Clock,
    ) -> None:
        self._every = writer.timing.watch_every
        self._store, self._cases, self._queries = storage.monitor, storage.cases, storage.queries
        self._mailboxes = microsoft365.mailboxes
        self._lookups = lookups
        self._writer = writer
        self._lines = MonitorLines(case_cards)
        self._clock = clock
        self._held = MonitorState()

    async def run(self) -> None:
        """Read the list until cancelled; not at all where `Timing.watch_every` is `None`."""
        while self._every is not None:
            try:
                await self.once()
            except Unavailable as trouble:
                log.info("the watch goes on later: %s", trouble.logged)
            except ChangedMeanwhile:
                log.info("the watch goes on later: a case changed meanwhile")
            except Exception:
                log.exception("the watch failed")
            await asyncio.sleep(min(_LOOK_AT_LEAST_EVERY, self._every.total_seconds()))

    async def once(self) -> None:
        """One read, if it is due. A read that failed or was cut short says nothing of who is listed."""
        every = self._every
        if every is None or (state := await self._store.claim(self._clock.now(), _LEASE, every)) is None:
            return
        self._held = state
        try:
            after = await self._looked(state, every)
            await self._store.settle(replace(after, lease=self._held.lease), self._clock.now() + every)
        except _LeaseIsOver:
            log.info("another replica reads the list by now")
        except (asyncio.CancelledError, Unavailable, ChangedMeanwhile):
            await self._store.settle(self._held, self._clock.now())  # what was not taken in is still news
            raise

    async def _looked(self, state: MonitorState, every: timedelta) -> MonitorState:
        listing = await or_unknown(self._lookups.lists.senders.restricted(), _READ_WITHIN)
        await self._hold()
        if isinstance(listing, RestrictedList) and listing.complete:
            return await self._read(state, listing, every)
        return await self._failed(state, listing.reason if isinstance(listing, Unknown) else UnknownReason.INCOMPLETE)

    async def _hold(self) -> None:
        """Make the lease last for the next step. Raises `_LeaseIsOver` where another replica took the read up: what we
        read is old by then, and must not be written over what the other found."""
        held = await self._store.settle(self._held, self._clock.now() + _LEASE)
        if held is None:
            raise _LeaseIsOver
        self._held = held

    async def _read(self, state: MonitorState, listing: RestrictedList, every: timedelta) -> MonitorState:
        told = state.told and not await self._lines.works_again()  # said later where it cannot be said now
        if not state.begun:
            await self._take_in(listing)
            return MonitorState(begun=True)
        known = await self._store.known()
        seen = compare(listing, known, self._writer.timing.reads_apart)
        await self._store.remember(seen.known, seen.gone)
        now = self._clock.now()
        news = [entry for entry in seen.added if is_due(known.get(entry.address.casefold()), now, every)]
        unread = await self._take_in_each(news, known, listing, every)
        return MonitorState(begun=True, told=told, whose_unread=state.whose_unread if unread is None else unread)

    async def _take_in_each(
        self, news: Sequence[Restriction], known: Mapping[str, KnownEntry], listing: RestrictedList, every: timedelta
    ) -> bool | None:
        """One by one: an entry that fails stays news by itself, and is tried again later and later. Returns whether it
        may not be read whose an address is; `None` where nothing was asked."""
        lines, failed, unread = list[Line](), list[Restriction](), None
        for entry in news:
            await self._hold()
            try:
                line = await self._notice(entry, listing)
            except Exception as trouble:
                failed.append(entry)
                if not isinstance(trouble, Unavailable | ChangedMeanwhile | UnreadableCase):
                    log.exception("a restricted sender could not be looked up")
                continue
            unread = bool(unread) or (line is not None and line.name == _WHOSE_UNREAD)
            if line is None:
                await self._store.remember([known_entry(entry)], ())
            else:
                lines.append(line)
        untold = await self._tell_each_kind(lines)
        await self._keep([*failed, *untold], known, every)
        return unread

    async def _tell_each_kind(self, lines: Sequence[Line]) -> list[Restriction]:
        """One message for all entries of a kind. Returns those that could not be told."""
        untold: list[Restriction] = []
        for name in dict.fromkeys(line.name for line in lines):
            of_kind = [line for line in lines if line.name == name]
            entries = [line.entry for line in of_kind]
            if await self._lines.of_kind(of_kind):
                await self._store.remember([known_entry(entry) for entry in entries], ())
            else:
                untold += entries
        return untold

    async def _keep(self, failed: Sequence[Restriction], known: Mapping[str, KnownEntry], every: timedelta) -> None:
        """What failed stays news. Those that failed several times are told, once and in one line."""
        now = self._clock.now()
        waiting = [still_news(entry, known.get(entry.address.casefold()), now, every) for entry in failed]
        late = [one for one in waiting if one.tries == FAILURES_UNTIL_TOLD]
        if late and not await self._lines.waits([one.address for one in late]):
            waiting = [replace(one, tries=one.tries - 1) if one in late else one for one in waiting]
        await self._store.remember(waiting, ())

    async def _take_in(self, listing: RestrictedList) -> None:
        """Who was restricted before the first read is no news: one line names them all."""
        if listing.entries:
            await self._lines.begins([entry.address for entry in listing.entries])
        await self._store.remember([known_entry(entry) for entry in listing.entries], ())

    async def _failed(self, state: MonitorState, why: UnknownReason) -> MonitorState:
        state = replace(state, failures=state.failures + 1, why=why)
        if state.told:
            return state
        if why in LACKING:  # no time mends it
            return replace(state, told=await self._lines.may_not_read())
        if state.failures < FAILURES_UNTIL_TOLD:
            return state
        return replace(state, told=await self._lines.cannot_read(why))

    async def _notice(self, entry: Restriction, listing: RestrictedList) -> Line | None:
        """Open the case of whoever it is, or make it part of the open one, or what the approvers are told instead.

        Raises `Unavailable` where it cannot be found out now whose address it is: it stays news."""
        try:
            mailbox = await self._mailboxes.mailbox(entry.address)
        except NotFound:
            mailbox = None
        except Unavailable as trouble:
            if trouble.reason not in LACKING:
                raise
            # Without the role it would stay news for ever.
            return Line(name=_WHOSE_UNREAD, entry=entry, filled={"role": role_of("Get-Mailbox")})
        try:
            opened = await self._cases.open_of(*mailbox.keys) if mailbox else None
        except UnreadableCase:
            return None  # there is one: whoever can read it has it in hand
        if mailbox and opened:
            await self._becomes_part_of(opened, mailbox, listing)
            return None
        if mailbox and mailbox.owner:
            return await self._open(mailbox.owner, entry)
        return Line(name="watch.shared" if mailbox else "watch.nobody", entry=entry)

    async def _becomes_part_of(self, case: Case, mailbox: SharedMailbox, listing: RestrictedList) -> None:
        """The case about this mailbox knows every address of it from now on, and with that the entry. One that is being
        looked up, or unblocked at this moment, reads the list itself."""
        known = {address.casefold() for address in case.sender.addresses}
        if allows(case.status, Actor.CLOCK, Verb.RENAME) and {one.casefold() for one in mailbox.addresses} - known:
            addresses = tuple({one.casefold(): one for one in (*mailbox.addresses, *case.sender.addresses)}.values())
            case = await self._writer.apply_to_latest(case, AddressesRead(addresses=addresses))
        entries = find_all(listing, case.sender.addresses)
        if isinstance(entries, Unknown) or not allows(case.status, Actor.CLOCK, Verb.READ):
            return
        read = ListRead(restriction=next(iter(entries), None), also_listed=entries[1:], read_at=listing.read_at)
        if apply(case, read, self._clock.now(), self._writer.timing).case != case:
            await self._writer.apply_to_latest(case, read)

    async def _open(self, owner: Holder, entry: Restriction) -> Line | None:
        look = await self._lookups.look(owner.person, _LOOK_WITHIN)
        if isinstance(look.person, Unknown):
            raise Unavailable(look.person.reason)
        if not isinstance(look.person, Person) or look.person.guest or not look.person.enabled:
            return Line(name="watch.not_written_to", entry=entry)
        now = self._clock.now()
        asker = Sender(person=owner.person, name=owner.name, upn="")
        history = await self._queries.history_of(owner.person, now - HISTORY_OVER, keys_of(look, asker))
        found = look_result(
            look, look.person, _worst(look, entry), history, now, watch_for=self._writer.timing.watch_for
        )
        case = first_case(TeamsUser(id=owner.person, name=owner.name), history, now, look=found)
        await self._writer.create(created_by_monitor(case, now))
        return None


def _worst(look: Look, entry: Restriction) -> Restriction:
    """The entry that judges: that of another address of theirs, if it has a worse cause."""
    others = () if isinstance(look.entries, Unknown) else look.entries
    return worst_first((entry, *others), {})[0]
