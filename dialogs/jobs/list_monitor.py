"""Monitoring the restricted list: who comes onto it is written to, and the approvers get a quiet card."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

from cards.missing_roles import LACKING
from cards.notices import thread_card
from cards.text import user_text
from dialogs.casework.case_cards import CaseCards
from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.look_result import keys_of, look_result
from dialogs.casework.lookups import Look, Lookups, or_unknown
from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands import AddressesRead, ListRead
from services.domain.case.creation import created_by_monitor, first_case
from services.domain.case.parts import Sender
from services.domain.case.workflow import Actor, Verb, allows
from services.domain.evidence.report import HISTORY_OVER
from services.domain.exchange_roles import role_with
from services.domain.list_monitor import FAILURES_UNTIL_TOLD, MonitorState, compare, known_entry
from services.domain.people import Person, TeamsUser
from services.domain.proofs.shared_mailbox import Holder, SharedMailbox
from services.domain.restriction import RestrictedList, Restriction, find_all, worst_first
from services.domain.unknown import Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import ChangedMeanwhile, NotFound, Unavailable, Unreachable, UnreadableCase
from services.ports.microsoft365 import Microsoft365
from services.ports.storage import Storage

log = logging.getLogger("sendwell.watch")

_LEASE = timedelta(seconds=120)
_READ_WITHIN = timedelta(seconds=40)
"""Exchange may take half a minute for its first answer after a pause."""
_LOOK_WITHIN = timedelta(seconds=15)
_LOOK_AT_LEAST_EVERY = 5.0
_NAMED = 10


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
        self._case_cards = case_cards
        self._clock = clock

    async def run(self) -> None:
        """Read the list until cancelled; not at all where `Timing.watch_every` is `None`."""
        while self._every is not None:
            try:
                await self.once()
            except (Unavailable, ChangedMeanwhile) as trouble:
                log.info("the watch goes on later: %s", trouble)
            except Exception:
                log.exception("the watch failed")
            await asyncio.sleep(min(_LOOK_AT_LEAST_EVERY, self._every.total_seconds()))

    async def once(self) -> None:
        """One read, if it is due. A read that failed or was cut short says nothing of who is listed."""
        every = self._every
        state = await self._store.claim(self._clock.now(), _LEASE) if every is not None else None
        if state is None or every is None:
            return
        try:
            after = await self._looked(state)
        except (asyncio.CancelledError, Unavailable, ChangedMeanwhile):
            await self._store.settle(state, self._clock.now())  # what was not taken in is still news
            raise
        await self._store.settle(after, self._clock.now() + every)

    async def _looked(self, state: MonitorState) -> MonitorState:
        listing = await or_unknown(self._lookups.lists.senders.restricted(), _READ_WITHIN)
        if isinstance(listing, RestrictedList) and listing.complete:
            return await self._read(state, listing)
        return await self._failed(state, listing.reason if isinstance(listing, Unknown) else UnknownReason.INCOMPLETE)

    async def _read(self, state: MonitorState, listing: RestrictedList) -> MonitorState:
        if state.told and not await self._tell("watch.works_again"):
            return state
        if not state.begun:
            await self._take_in(listing)
            return MonitorState(begun=True)
        seen = compare(listing, await self._store.known(), self._writer.timing.reads_apart)
        for entry in seen.added:
            await self._notice(entry, listing)
            await self._store.remember([known_entry(entry)], ())
        await self._store.remember(seen.known, seen.gone)
        return MonitorState(begun=True)

    async def _take_in(self, listing: RestrictedList) -> None:
        """Who was restricted before the first read is no news: one line names them all."""
        if listing.entries:
            names = ", ".join(user_text(entry.address, 120) for entry in listing.entries[:_NAMED])
            await self._tell("watch.begins", n=len(listing.entries), names=names)
        await self._store.remember([known_entry(entry) for entry in listing.entries], ())

    async def _failed(self, state: MonitorState, why: UnknownReason) -> MonitorState:
        state = replace(state, failures=state.failures + 1)
        if state.told or state.failures < FAILURES_UNTIL_TOLD:
            return state
        return replace(state, told=await self._tell("watch.cannot_read", why=f"why_not.{why.name.lower()}"))

    async def _notice(self, entry: Restriction, listing: RestrictedList) -> None:
        """Raises `Unavailable` where it cannot be found out now whose address it is: it stays news."""
        try:
            mailbox = await self._mailboxes.mailbox(entry.address)
        except NotFound:
            mailbox = None
        except Unavailable as trouble:
            if trouble.reason not in LACKING:
                raise
            # Without the role it would stay news for ever.
            role = role_with("Get-Mailbox")
            await self._tell_of(entry, "watch.whose_unread", role=role.name if role else "")
            return
        try:
            opened = await self._cases.open_of(*mailbox.keys) if mailbox else None
        except UnreadableCase:
            return  # there is one: whoever can read it has it in hand
        if mailbox and opened:
            await self._becomes_part_of(opened, mailbox, listing)
        elif mailbox and mailbox.owner:
            await self._open(mailbox.owner, entry)
        else:
            await self._tell_of(entry, "watch.shared" if mailbox else "watch.nobody")

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

    async def _open(self, owner: Holder, entry: Restriction) -> None:
        look = await self._lookups.look(owner.person, _LOOK_WITHIN)
        if isinstance(look.person, Unknown):
            raise Unavailable(look.person.reason)
        if not isinstance(look.person, Person) or look.person.guest or not look.person.enabled:
            await self._tell_of(entry, "watch.not_written_to")
            return
        now = self._clock.now()
        asker = Sender(person=owner.person, name=owner.name, upn="")
        history = await self._queries.history_of(owner.person, now - HISTORY_OVER, keys_of(look, asker))
        found = look_result(look, look.person, _worst(look, entry), history, now)
        case = first_case(TeamsUser(id=owner.person, name=owner.name), history, now, look=found)
        await self._writer.create(created_by_monitor(case, now))

    async def _tell_of(self, entry: Restriction, name: str, **filled: object) -> None:
        if not await self._tell(name, address=user_text(entry.address, 120), **filled):
            raise Unavailable(UnknownReason.UNREACHABLE, "the approvals channel")

    async def _tell(self, name: str, **filled: object) -> bool:
        """A quiet line in the channel; whether it stands there."""
        conversation = await self._case_cards.channel()
        if conversation is None:
            return False
        view = self._case_cards.view(conversation.locale)
        said = {key: view.words(value) if key == "why" else value for key, value in filled.items()}  # type: ignore[arg-type]  # `why` names a sentence
        text = view.words(name, **said)
        try:
            await self._case_cards.post(conversation, thread_card(text, view), text)
        except (Unavailable, Unreachable):
            return False
        return True


def _worst(look: Look, entry: Restriction) -> Restriction:
    """The entry that judges: that of another address of theirs, if it has a worse cause."""
    others = () if isinstance(look.entries, Unknown) else look.entries
    return worst_first((entry, *others), {})[0]
