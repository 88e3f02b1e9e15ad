"""Unblocking several entries of one mailbox: one call of Remove at a time, and none of them twice for nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from services.domain.case.case import UNBLOCK_CALLS_AT_MOST, Case
from services.domain.case.parts import EntryProgress, UnblockProgress
from services.domain.restriction import Restriction


def is_any_left(case: Case) -> bool:
    """Whether some of several entries were neither removed nor refused nor given up since the decision."""
    return bool(case.also_listed) and not all(_is_settled(case, entry) for entry in case.entries)


def next_entry(case: Case, listed: Iterable[Restriction]) -> Restriction | None:
    """Of the listed entries the one to call Remove for: first those without a call, then the one whose last call is
    oldest. `None` if nothing is left to remove."""
    left = [entry for entry in listed if not _is_settled(case, entry)]
    untried = [entry for entry in left if progress_of(case, entry).tried_at is None]
    oldest_first = sorted(left, key=lambda entry: progress_of(case, entry).tried_at or case.opened_at)
    return next(iter(untried or oldest_first), None)


def progress_of(case: Case, entry: Restriction) -> EntryProgress:
    """How far the unblock of this entry has come."""
    if _same(in_work(case), entry.address):
        now = case.unblock
        return _of(now, entry.address)
    return _kept(case.unblock, entry.address)


def calls_are_spent(case: Case, entry: Restriction) -> bool:
    """Whether the approval's calls of Remove for this entry are used up."""
    return progress_of(case, entry).calls >= UNBLOCK_CALLS_AT_MOST


def in_work(case: Case) -> str:
    """The address of the entry in work: before any call, that of the entry that judges."""
    return case.unblock.address or (case.restriction.address if case.restriction else "")


def turned_to(case: Case, address: str) -> UnblockProgress:
    """The progress with the entry of this address in work; the one that was is set aside."""
    unblock, before = case.unblock, in_work(case)
    if _same(before, address):
        return replace(unblock, address=address)
    aside = _of(unblock, before)
    return _taken_up(replace(unblock, entries=(*unblock.entries, aside)) if aside.calls else unblock, address)


def settled(case: Case, *, done_at: datetime | None = None) -> Case:
    """The case with the entry in work removed at `done_at`, or else ended. Of several the next one that is left is in
    work then; if none is left, one that was not removed, so that its error is the one that is shown."""
    unblock = case.unblock
    if not case.also_listed:
        error = None if done_at else unblock.error
        unclear_at = None if done_at else unblock.unclear_at
        return replace(
            case, unblock=replace(unblock, done_at=done_at or unblock.done_at, error=error, unclear_at=unclear_at)
        )
    now = replace(_of(unblock, in_work(case)), ended=done_at is None, done_at=done_at)
    if done_at:
        now = replace(now, error=None, unclear_at=None)
    entries = (*(one for one in unblock.entries if not _same(one.address, now.address)), now)
    unblock = replace(unblock, entries=entries, done_at=done_at or unblock.done_at)
    following = next_entry(replace(case, unblock=unblock), case.entries)
    failed = next((one.address for one in entries if one.ended), now.address)
    return replace(case, unblock=_taken_up(unblock, following.address if following else failed))


def set_aside(case: Case) -> Case:
    """The case after a call of unknown outcome: an entry without a call, if there is one, does not wait for it."""
    following = next_entry(case, case.entries)
    return replace(case, unblock=turned_to(case, following.address)) if following else case


def begun_anew(unblock: UnblockProgress) -> UnblockProgress:
    """The progress after a new approval: no call is counted yet. What was removed before stays removed, though the list
    may lag, and so does what is not known of an earlier call; and whoever was asked to wait waits still."""
    known = (*unblock.entries, *([_of(unblock, unblock.address)] if unblock.address else []))
    kept = tuple(
        one if one.done_at else EntryProgress(address=one.address, unclear_at=one.unclear_at)
        for one in known
        if one.done_at or one.unclear_at
    )
    unclear_at = None if unblock.address else unblock.unclear_at
    fresh = replace(unblock, calls=0, put_off=0, tried_at=None, error=None, address="")
    return replace(fresh, unclear_at=unclear_at, entries=kept)


def has_failed(case: Case) -> bool:
    """Whether one of several entries was refused or given up."""
    return any(one.ended for one in case.unblock.entries)


def _taken_up(unblock: UnblockProgress, address: str) -> UnblockProgress:
    """Whoever was asked to wait waits for the next entry as well: `waits_until` stays."""
    now = _kept(unblock, address)
    return replace(
        unblock,
        address=address,
        calls=now.calls,
        tried_at=now.tried_at,
        unclear_at=now.unclear_at,
        error=now.error,
        entries=tuple(one for one in unblock.entries if one is not now or one.is_settled),
    )


def _of(unblock: UnblockProgress, address: str) -> EntryProgress:
    """What the progress says of the entry in work."""
    return EntryProgress(
        address=address,
        calls=unblock.calls,
        tried_at=unblock.tried_at,
        unclear_at=unblock.unclear_at,
        error=unblock.error,
    )


def _kept(unblock: UnblockProgress, address: str) -> EntryProgress:
    known = (one for one in unblock.entries if _same(one.address, address))
    return next(known, EntryProgress(address=address))


def _is_settled(case: Case, entry: Restriction) -> bool:
    """Whether nothing is to be called for the entry any more. One that began after its removal is another one."""
    known = _kept(case.unblock, entry.address)
    anew = known.done_at is not None and entry.since is not None and entry.since > known.done_at
    return known.is_settled and not anew


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
