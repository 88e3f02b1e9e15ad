"""What an approval is judged on, read at its click: the list, the proofs, and who the approver is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from dialogs.casework.lookups import Lookups, or_unknown
from services.domain.case.case import Case
from services.domain.case.facts import Worse
from services.domain.case.involved import why_not_theirs_to_decide
from services.domain.case.listed import with_entries_seen
from services.domain.case.rechecked import Rechecked
from services.domain.case.transition import Refusal, Refused
from services.domain.people import Person, PersonId, SignOff, Standing
from services.domain.proofs.securing import MfaProof, PasswordProof
from services.domain.restriction import RestrictedList, Restriction
from services.domain.unknown import PASSING, Unknown, UnknownReason
from services.ports.microsoft365 import Approvers, MailSystem

_SHARE = 2 / 3
"""Of that time, what each source but the list may take: one that hangs costs its own answer, and not the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstWord:
    """Who gave the first of two words, and the group that they must still be of for it to count."""

    by: PersonId
    members: Approvers


def first_word(said: SignOff | None, by: PersonId, members: Approvers) -> FirstWord | None:
    """Whose standing is asked again beside that of who clicks; `None` without another's word."""
    return None if said is None or said.by == by else FirstWord(by=said.by, members=members)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickReads:
    """What was read at a click. `fresh` is `Unknown` if the list could not be read.

    `involved`: why this approver may not decide about this mailbox; `Unknown` if that could not be found out.
    `first_stands`: whether the earlier word still counts, if there was one."""

    fresh: Rechecked | Unknown
    involved: Refusal | Unknown | None
    first_stands: bool = True

    @property
    def is_late(self) -> bool:
        """Whether the list or the approver's account could not be read for a reason that may pass."""
        return _may_pass(self.fresh) or _may_pass(self.involved)

    @property
    def refusal(self) -> Refusal | None:
        """Why nothing can be decided on this, whatever the facts are; `None` if it can."""
        if isinstance(self.fresh, Unknown):
            return Refusal.LIST_NOT_READ
        return Refusal.RIGHTS_NOT_CHECKED if isinstance(self.involved, Unknown) else self.involved


def is_only_late(refused: Refused, fresh: Rechecked) -> bool:
    """Whether an approval was refused for want of proofs alone, and one of them could not be read for a reason that
    may pass: then it need not stay refused."""
    proofs: list[PasswordProof | MfaProof] = [fresh.password, fresh.mfa]
    for one in fresh.other_senders or ():
        proofs += [one.password, one.mfa]
    return refused.worse == (Worse.NEW_CONDITION,) and any(proof.not_checked in PASSING for proof in proofs)


def _may_pass(answer: object) -> bool:
    return isinstance(answer, Unknown) and answer.reason in PASSING


async def read_at_click(
    lookups: Lookups, case: Case, by: PersonId, within: timedelta, first: FirstWord | None = None
) -> ClickReads:
    """Asks everything at once, within that time. A proof that cannot be read is none, and neither is a first word of
    somebody of whom it cannot be found out whether they may still give it."""
    try:
        async with asyncio.timeout(within.total_seconds()):
            reads, standing = await asyncio.gather(_read(lookups, case, by, within, first), _standing(first, within))
            return replace(reads, first_stands=reads.first_stands and standing is Standing.APPROVER)
    except TimeoutError:
        return ClickReads(fresh=Unknown(reason=UnknownReason.TIMED_OUT), involved=None)


async def _standing(first: FirstWord | None, within: timedelta) -> Standing | Unknown:
    return await or_unknown(first.members.standing(first.by), within * _SHARE) if first else Standing.APPROVER


async def _read(lookups: Lookups, case: Case, by: PersonId, within: timedelta, first: FirstWord | None) -> ClickReads:
    each = within * _SHARE
    mail = lookups.lists.of(case)
    async with asyncio.TaskGroup() as group:
        listing = group.create_task(or_unknown(mail.fresh(), within))
        senders = group.create_task(_senders(lookups, case, within))
        decider = group.create_task(or_unknown(lookups.account(by), each))
        earlier = group.create_task(or_unknown(lookups.account(first.by), each)) if first else None
        password = group.create_task(_password(lookups, case, each))
        mfa = group.create_task(_mfa(lookups, case, each))
        others = group.create_task(lookups.others(case, each))
    entries = await _entries(lookups, mail, listing.result(), case.sender.addresses, within)
    fresh: Rechecked | Unknown
    if isinstance(entries, Unknown):
        fresh = entries
    else:
        fresh = Rechecked(
            password=password.result(),
            mfa=mfa.result(),
            other_senders=others.result(),
            restriction=next(iter(entries), None),
            also_listed=entries[1:],
        )
        seen = with_entries_seen(case, entries)
        if (seen.since, seen.begun_by) != (case.since, case.begun_by):
            # The proofs were judged by the start that the case knew.
            fresh = await _judged_anew(lookups, seen, fresh, each)
    people = senders.result() or listing.result()
    involved = await _involved(lookups, case, decider.result(), people, within)
    stands = earlier is None or await _involved(lookups, case, earlier.result(), people, within) is None
    return ClickReads(fresh=fresh, involved=involved, first_stands=stands)


async def _senders(lookups: Lookups, case: Case, within: timedelta) -> RestrictedList | Unknown | None:
    """The list on which people stand, where that is not the case's own."""
    return await or_unknown(lookups.lists.senders.fresh(), within) if case.sender.connector_id else None


async def _judged_anew(lookups: Lookups, case: Case, fresh: Rechecked, each: timedelta) -> Rechecked:
    async with asyncio.TaskGroup() as group:
        password = group.create_task(_password(lookups, case, each))
        mfa = group.create_task(_mfa(lookups, case, each))
        others = group.create_task(lookups.others(case, each))
    return replace(fresh, password=password.result(), mfa=mfa.result(), other_senders=others.result())


async def _entries(
    lookups: Lookups, mail: MailSystem, listing: RestrictedList | Unknown, addresses: Sequence[str], within: timedelta
) -> tuple[Restriction, ...] | Unknown:
    if isinstance(listing, Unknown):
        return listing
    return await or_unknown(lookups.listed(listing, addresses, mail), within)


async def _involved(
    lookups: Lookups, case: Case, decider: Person | Unknown, listing: RestrictedList | Unknown, within: timedelta
) -> Refusal | Unknown | None:
    """Whatever their group says: the mailbox is theirs, they may send from it directly, or they are restricted."""
    if isinstance(decider, Unknown):
        return decider
    if {one.casefold() for one in decider.addresses} & {one.casefold() for one in case.sender.addresses}:
        return Refusal.OWN_CASE
    if why_not := why_not_theirs_to_decide(case, decider.id):
        return why_not
    listed = await _entries(lookups, lookups.lists.senders, listing, decider.addresses, within)
    return listed if isinstance(listed, Unknown) else Refusal.RESTRICTED_YOURSELF if listed else None


async def _password(lookups: Lookups, case: Case, each: timedelta) -> PasswordProof:
    proof = case.proofs.password
    # Nobody's password belongs to a connector.
    return proof if case.sender.connector_id else await lookups.password(case, proof.says, each)


async def _mfa(lookups: Lookups, case: Case, each: timedelta) -> MfaProof:
    proof = case.proofs.mfa
    return proof if case.sender.connector_id else await lookups.mfa(case, proof.says, each)
