"""What an approval is judged on, read at its click: the list, the proofs, and who the approver is."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from dialogs.casework.lookups import Lookups, or_unknown
from services.domain.case.case import Case
from services.domain.case.involved import why_not_theirs_to_decide
from services.domain.case.listed import with_entries_seen
from services.domain.case.rechecked import Rechecked
from services.domain.case.transition import Refusal
from services.domain.people import Person, PersonId
from services.domain.proofs.securing import MfaProof, PasswordProof
from services.domain.restriction import RestrictedList, Restriction
from services.domain.unknown import Unknown, UnknownReason

WITHIN = timedelta(seconds=6)
"""How long a click may wait for what it is judged on."""
_SHARE = 2 / 3
"""Of that time, what each source but the list may take: one that hangs costs its own answer, and not the decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClickReads:
    """What was read at a click. `fresh` is `Unknown` if the list could not be read.

    `involved`: why this approver may not decide about this mailbox; `Unknown` if that could not be found out."""

    fresh: Rechecked | Unknown
    involved: Refusal | Unknown | None


async def read_at_click(lookups: Lookups, case: Case, by: PersonId, within: timedelta = WITHIN) -> ClickReads:
    """Asks everything at once, within that time. A proof that cannot be read is none."""
    try:
        async with asyncio.timeout(within.total_seconds()):
            return await _read(lookups, case, by, within * _SHARE)
    except TimeoutError:
        return ClickReads(fresh=Unknown(reason=UnknownReason.TIMED_OUT), involved=None)


async def _read(lookups: Lookups, case: Case, by: PersonId, each: timedelta) -> ClickReads:
    mail = lookups.lists.of(case)
    async with asyncio.TaskGroup() as group:
        listing = group.create_task(or_unknown(mail.fresh(), WITHIN))
        decider = group.create_task(or_unknown(lookups.account(by), each))
        password = group.create_task(_password(lookups, case, each))
        mfa = group.create_task(_mfa(lookups, case, each))
        others = group.create_task(lookups.others(case, each))
    entries = await _entries(lookups, case, listing.result(), case.sender.addresses)
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
    return ClickReads(fresh=fresh, involved=await _involved(lookups, case, decider.result(), listing.result()))


async def _judged_anew(lookups: Lookups, case: Case, fresh: Rechecked, each: timedelta) -> Rechecked:
    async with asyncio.TaskGroup() as group:
        password = group.create_task(_password(lookups, case, each))
        mfa = group.create_task(_mfa(lookups, case, each))
        others = group.create_task(lookups.others(case, each))
    return replace(fresh, password=password.result(), mfa=mfa.result(), other_senders=others.result())


async def _entries(
    lookups: Lookups, case: Case, listing: RestrictedList | Unknown, addresses: Sequence[str]
) -> tuple[Restriction, ...] | Unknown:
    if isinstance(listing, Unknown):
        return listing
    return await or_unknown(lookups.listed(listing, addresses, lookups.lists.of(case)), WITHIN)


async def _involved(
    lookups: Lookups, case: Case, decider: Person | Unknown, listing: RestrictedList | Unknown
) -> Refusal | Unknown | None:
    """Whatever their group says: the mailbox is theirs, they may send from it directly, or they are restricted."""
    if case.sender.connector_id:
        return None
    if isinstance(decider, Unknown):
        return decider
    if {one.casefold() for one in decider.addresses} & {one.casefold() for one in case.sender.addresses}:
        return Refusal.OWN_CASE
    if why_not := why_not_theirs_to_decide(case, decider.id):
        return why_not
    listed = await _entries(lookups, case, listing, decider.addresses)
    return listed if isinstance(listed, Unknown) else Refusal.RESTRICTED_YOURSELF if listed else None


async def _password(lookups: Lookups, case: Case, each: timedelta) -> PasswordProof:
    proof = case.proofs.password
    # Nobody's password belongs to a connector.
    return proof if case.sender.connector_id else await lookups.password(case, proof.says, each)


async def _mfa(lookups: Lookups, case: Case, each: timedelta) -> MfaProof:
    proof = case.proofs.mfa
    return proof if case.sender.connector_id else await lookups.mfa(case, proof.says, each)
