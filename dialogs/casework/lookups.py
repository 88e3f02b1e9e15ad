"""Asking the directory and Exchange, all at once and under one time limit. A dead source costs one answer."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from dialogs.casework.shared_list import SAME_MOMENT, RestrictedLists, SharedList
from services.domain.case.case import Case
from services.domain.case.timing import Timing
from services.domain.people import AuthenticationMethod, PasswordChange, Person, PersonId, Registration
from services.domain.proofs.securing import MfaProof, PasswordProof, Says, judge_mfa, judge_password
from services.domain.proofs.shared_mailbox import HOLDERS_AT_MOST, Holder, SecuredHolder, SharedMailbox
from services.domain.restriction import RestrictedList, Restriction, find_all
from services.domain.unknown import PASSING, Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import NotFound, Unavailable
from services.ports.microsoft365 import MailSystem, Microsoft365

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a first look found. `person` is `None` where the directory knows nobody by that id."""

    person: Person | Unknown | None
    entries: tuple[Restriction, ...] | Unknown
    """Every entry of the mailbox, the worst first."""
    methods: tuple[AuthenticationMethod, ...] | Unknown
    registration: Registration | Unknown
    read_at: datetime
    mailbox: SharedMailbox | Unknown | None = None
    """The other mailbox asked for; `None` where no such mailbox is known, or none was asked for."""
    owner: Person | Unknown | None = None
    """The account of that mailbox's owner; `None` where nobody owns it."""

    @property
    def restriction(self) -> Restriction | Unknown | None:
        """The entry that judges; `None` where none is listed."""
        return self.entries if isinstance(self.entries, Unknown) else next(iter(self.entries), None)


async def or_unknown(question: Coroutine[Any, Any, T], within: timedelta) -> T | Unknown:
    """The answer, or why there is none."""
    try:
        async with asyncio.timeout(within.total_seconds()):
            return await question
    except TimeoutError:
        return Unknown(reason=UnknownReason.TIMED_OUT)
    except Unavailable as trouble:
        return Unknown(reason=trouble.reason)
    except NotFound:
        return Unknown(
            reason=UnknownReason.UNEXPECTED_RESPONSE
        )  # nothing is kept there of this person: no proof of anything


class Lookups:
    """The questions this bot asks of Microsoft 365."""

    def __init__(self, *, microsoft365: Microsoft365, clock: Clock, timing: Timing) -> None:
        # Where two reads count as apart sooner than that, a read shared for longer would hold up the second one.
        within = min(SAME_MOMENT, timing.reads_apart)
        self.lists = RestrictedLists(
            senders=SharedList(microsoft365.senders, clock, within),
            connectors=SharedList(microsoft365.connectors, clock, within),
        )
        self._directory, self._mailboxes = microsoft365.directory, microsoft365.mailboxes
        self._clock = clock

    async def look(self, person: PersonId, within: timedelta, mailbox: str = "") -> Look:
        """Who is this, are they (or that other mailbox) on the list, how is the account secured: all at once.

        Where the list shows none of the person's addresses that the directory knows, Exchange is asked for its own,
        within the same time: nobody is told that they are not restricted who has an alias that only Exchange knows."""
        until = asyncio.get_running_loop().time() + within.total_seconds()
        async with asyncio.TaskGroup() as group:
            listing = group.create_task(or_unknown(self.lists.senders.restricted(), within))
            who = group.create_task(or_unknown(self._person(person), within))
            methods = group.create_task(or_unknown(self._directory.methods(person), within))
            registration = group.create_task(or_unknown(self._directory.registration(person), within))
            other = group.create_task(or_unknown(self._mailbox(mailbox), within))
        found, asked_for = who.result(), other.result()
        entries = await self._entries(listing.result(), asked_for if mailbox else found, within)
        if isinstance(found, Person) and not mailbox and entries == ():
            found, entries = await self._by_exchange(found, listing.result(), until)
        return Look(
            person=found,
            entries=entries,
            methods=methods.result(),
            registration=registration.result(),
            read_at=self._clock.now(),
            mailbox=asked_for,
            owner=await self._owner(asked_for, within),
        )

    async def _by_exchange(
        self, person: Person, listing: RestrictedList | Unknown, until: float
    ) -> tuple[Person, tuple[Restriction, ...] | Unknown]:
        """The person with every address that Exchange knows too, and the entries of these. Where Exchange may not be
        asked for mailboxes, or knows none of theirs, those of the directory have to do; where it only takes too long,
        it is not known whether they are listed."""
        left = timedelta(seconds=until - asyncio.get_running_loop().time())
        known = await or_unknown(self._all_addresses([person.upn, *person.addresses]), left)
        if isinstance(known, Unknown):
            return person, known if known.reason in PASSING else ()
        person = replace(person, addresses=known)
        return person, await self._entries(listing, person, left)

    async def listed(
        self, listing: RestrictedList, addresses: Sequence[str], mail: MailSystem
    ) -> tuple[Restriction, ...]:
        """Every entry of these addresses in one read of the list, the worst first; where that read was cut short, they
        are asked for alone.

        Raises:
            Unavailable: it could not be found out.
        """
        found = find_all(listing, addresses)
        if isinstance(found, Unknown):
            found = find_all(await mail.restricted_among(addresses), addresses)
        if isinstance(found, Unknown):
            raise Unavailable(found.reason)
        return found

    async def password(self, case: Case, says: Says, within: timedelta) -> PasswordProof:
        """What the directory says of the password at this moment, beside the person's word."""
        since = case.since or case.opened_at
        async with asyncio.TaskGroup() as group:
            who = group.create_task(or_unknown(self._directory.person(case.sender.person), within))
            changes = group.create_task(or_unknown(self._changes(case.sender.person, since), within))
        now = self._clock.now()
        proof = judge_password(who.result(), case.since, changes.result(), now, begun_by=case.begun_by)
        return replace(proof, says=says)

    async def mfa(self, case: Case, says: Says, within: timedelta) -> MfaProof:
        """What the directory says of second factors at this moment, beside the person's word."""
        methods = await or_unknown(self._directory.methods(case.sender.person), within)
        proof = judge_mfa(methods, case.episode.baseline.methods, case.since, self._clock.now())
        return replace(proof, says=says)

    async def others(self, case: Case, within: timedelta) -> tuple[SecuredHolder, ...] | None:
        """What the directory says of everybody else who can send from the mailbox; `None` for a person's own."""
        if case.sender.mailbox is None:
            return None
        holders = case.sender.mailbox.other_senders(case.sender.person)[:HOLDERS_AT_MOST]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._secured(holder, case, within)) for holder in holders]
        return tuple(task.result() for task in tasks)

    async def _secured(self, holder: Holder, case: Case, within: timedelta) -> SecuredHolder:
        async with asyncio.TaskGroup() as group:
            who = group.create_task(or_unknown(self._directory.person(holder.person), within))
            methods = group.create_task(or_unknown(self._directory.methods(holder.person), within))
        now, unasked = self._clock.now(), Unknown(reason=UnknownReason.START_UNKNOWN)
        password = judge_password(who.result(), case.since, unasked, now, begun_by=case.begun_by)
        return SecuredHolder(holder=holder, password=password, mfa=judge_mfa(methods.result(), None, case.since, now))

    async def _owner(self, mailbox: SharedMailbox | Unknown | None, within: timedelta) -> Person | Unknown | None:
        owner = mailbox.owner if isinstance(mailbox, SharedMailbox) else None
        return await or_unknown(self._person(owner.person), within) if owner else None

    async def _mailbox(self, address: str) -> SharedMailbox | None:
        try:
            return await self._mailboxes.mailbox(address) if address else None
        except NotFound:
            return None

    async def addresses(self, case: Case) -> tuple[str, ...]:
        """Every address of the case's mailbox at this moment, as the directory and Exchange know them.

        Where Exchange may not be asked for mailboxes, or knows none, the addresses that the case has are kept.
        Raises `Unavailable`."""
        if case.sender.connector_id:
            return case.sender.addresses
        own = [] if case.sender.mailbox_address else await self._own_addresses(case.sender.person)
        try:
            return await self._all_addresses(own, own[0] if own else _mailbox_of(case))
        except NotFound:
            return _once([*own, *case.sender.addresses])
        except Unavailable as trouble:
            if trouble.reason in PASSING:
                raise
            return _once([*own, *case.sender.addresses])

    async def _all_addresses(self, own: Sequence[str], of: str = "") -> tuple[str, ...]:
        """Those, and what Exchange knows beside them. Raises `Unavailable`, `NotFound`."""
        return _once([*own, *await self._mailboxes.addresses(of or own[0])])

    async def _own_addresses(self, person: PersonId) -> list[str]:
        """The UPN first; none of somebody who has left the directory."""
        found = await self._person(person)
        return [found.upn, *found.addresses] if found else []

    async def is_restricted(self, person: PersonId) -> bool:
        """Whether somebody is on the restricted list themselves. Raises `Unavailable`, `NotFound`."""
        account, listing = await asyncio.gather(self._directory.person(person), self.lists.senders.recent())
        return bool(await self.listed(listing, account.addresses, self.lists.senders))

    async def account(self, person: PersonId) -> Person:
        """Somebody's account. Raises `Unavailable`, `NotFound`."""
        return await self._directory.person(person)

    async def _person(self, person: PersonId) -> Person | None:
        try:
            return await self._directory.person(person)
        except NotFound:
            return None

    async def _changes(self, person: PersonId, since: datetime) -> tuple[PasswordChange, ...]:
        return await self._directory.password_changes(person, since)

    async def _entries(
        self, listing: RestrictedList | Unknown, whose: Person | SharedMailbox | Unknown | None, within: timedelta
    ) -> tuple[Restriction, ...] | Unknown:
        if isinstance(listing, Unknown):
            return listing
        if whose is None or isinstance(whose, Unknown):
            return whose or Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)
        return await or_unknown(self.listed(listing, whose.addresses, self.lists.senders), within)


def _mailbox_of(case: Case) -> str:
    """An address by which Exchange finds the mailbox."""
    return case.sender.mailbox.address if case.sender.mailbox else case.sender.upn or case.sender.mailbox_address


def _once(addresses: Sequence[str]) -> tuple[str, ...]:
    """Each address once, whatever its case."""
    return tuple({address.casefold(): address for address in reversed(addresses)}.values())[::-1]
