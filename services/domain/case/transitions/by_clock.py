"""What time and the restricted list do to a case."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from services.domain.case.case import Case
from services.domain.case.commands.clock import (
    Expired,
    ListRead,
    Looked,
    LookedTwice,
    LookFailed,
    OthersMentioned,
    Reminded,
    WatchEnded,
)
from services.domain.case.commands.command import ClockEvent
from services.domain.case.commands.intention import IntentionChecked, IntentionDropped
from services.domain.case.commands.person import RequestSent
from services.domain.case.commands.unblocking import (
    ApprovalLapsed,
    ReadBeforeUnblock,
    UnblockDone,
    UnblockGivenUp,
    UnblockIntended,
    UnblockNotBegun,
    UnblockRefused,
    UnblockSettled,
    UnblockUnclear,
)
from services.domain.case.facts import what_is_worse
from services.domain.case.listed import followed, with_entries_seen
from services.domain.case.noted_facts import has_relapsed, present_facts, shows_another_entry
from services.domain.case.parts import LapsedApproval
from services.domain.case.status import Status
from services.domain.case.timers import approval_is_over
from services.domain.case.timing import Timing
from services.domain.case.transition import (
    NO_MESSAGE,
    TELL_APPROVERS,
    TELL_BOTH,
    TELL_PERSON,
    CaseAndEffects,
    Effects,
)
from services.domain.case.transitions.by_person import sent
from services.domain.case.transitions.holding_up import held_up
from services.domain.case.transitions.intention import decided
from services.domain.case.transitions.removal import not_taken, released_after_all
from services.domain.case.transitions.stop import after_stop
from services.domain.case.unblocking import has_failed, in_work, is_any_left, set_aside, settled, turned_to
from services.domain.case.unresolved import reminded
from services.domain.case.workflow import FOLLOWED
from services.domain.people import SignOff
from services.domain.restriction import Restriction

_DOUBLED_AT_MOST = 5
_HANDED_OVER = (Status.NEEDS_TICKET, Status.WITH_MICROSOFT)
_RELEASED, _MAY_BE_RELEASED = (Status.UNBLOCKED, *_HANDED_OVER), (Status.FAILED, *_HANDED_OVER)


def clock_transition(case: Case, command: ClockEvent, now: datetime, timing: Timing) -> CaseAndEffects:
    """The case after an event of the clock or of a source, and the messages it asks for."""
    match command:
        case Looked():
            looked = after_look(case, command, now)
            # Somebody else asked meanwhile: what is not sent yet is sent by that.
            asked = looked.status is Status.SECURING and bool(looked.request.also_asked)
            looked = sent(looked, RequestSent(), now)[0] if asked else looked
            return looked, TELL_PERSON if case.look_failed else NO_MESSAGE
        case LookedTwice():
            past = replace(case.past, followed_by=command.goes_on_in)
            return replace(case, status=Status.NOT_RESTRICTED, past=past, ended_at=now), TELL_PERSON
        case LookFailed():
            return replace(case, look_failed=command.reason), NO_MESSAGE
        case ListRead():
            return list_read(case, command, timing)
        case IntentionChecked() | IntentionDropped():
            return decided(case, command, now)
        case Reminded() | OthersMentioned():
            return _called_to_mind(case, command, now)
        case Expired():
            return replace(case, status=Status.EXPIRED, ended_at=now), TELL_PERSON
        case WatchEnded():
            return replace(case, status=Status.CLOSED_UNCONFIRMED, ended_at=now), NO_MESSAGE
        case _ if case.status.is_ended:
            return after_stop(case, command, now)
        case _:
            return _unblock(case, command, now, timing)


def _called_to_mind(case: Case, command: Reminded | OthersMentioned, now: datetime) -> CaseAndEffects:
    if isinstance(command, OthersMentioned):
        return replace(case, request=replace(case.request, others_mentioned_at=now)), TELL_APPROVERS
    return reminded(case, now), NO_MESSAGE if command.quietly else TELL_APPROVERS


def after_look(case: Case, command: Looked, now: datetime) -> Case:
    """The case with the result of a finished look: `SECURING`, or `NOT_RESTRICTED`, which ends it."""
    owned = command.mailbox is not None and command.mailbox.owner is not None
    contact = command.owner if owned else command.person
    found = replace(
        case,
        sender=replace(
            case.sender,
            name=command.person.name,
            upn=command.person.upn,
            addresses=command.mailbox.addresses if command.mailbox else command.person.addresses,
            mailbox=command.mailbox,
            phone=contact.phone if contact else None,
            business_phone=contact.business_phone if contact else None,
            manager=contact.manager if contact else None,
            self_service_reset=command.self_service_reset,
        ),
        restriction=command.restriction,
        also_listed=command.also_listed,
        proofs=replace(case.proofs, password=command.password, mfa=command.mfa),
        past=replace(case.past, unblocks=command.earlier_unblocks, restrictions=command.earlier_restrictions),
        contact=replace(case.contact, person_spoke_at=now),
    )
    if command.person.guest:
        guest = replace(found, restriction=None, sender=replace(found.sender, is_guest=True))
        return replace(guest, status=Status.NOT_RESTRICTED, ended_at=now)
    if command.restriction is None:
        return replace(found, status=Status.NOT_RESTRICTED, ended_at=now)
    # What is there now is kept at once: who tidies up before the request is sent, or before the next case, shows.
    return replace(found, status=Status.SECURING, episode=command.episode, evidence_wanted_at=now)


def _unblock(
    case: Case,
    command: ReadBeforeUnblock
    | UnblockIntended
    | UnblockDone
    | UnblockRefused
    | UnblockUnclear
    | UnblockNotBegun
    | UnblockGivenUp
    | UnblockSettled
    | ApprovalLapsed,
    now: datetime,
    timing: Timing,
) -> CaseAndEffects:
    match command:
        case ReadBeforeUnblock():
            return _read_before_unblock(case, command, timing)
        case UnblockIntended():
            unblock = turned_to(case, command.address or in_work(case))
            intended = replace(
                case,
                unblock=replace(unblock, calls=unblock.calls + 1, tried_at=now, unclear_at=unblock.unclear_at or now),
                list_reads=replace(case.list_reads, absent_at=None),
            )
            return intended, NO_MESSAGE
        case UnblockDone():
            return _gone_on(settled(case, done_at=now), Status.UNBLOCKED)
        case UnblockRefused():
            refused = replace(case, unblock=replace(not_taken(case.unblock), error=command.error))
            return _gone_on(settled(refused), Status.FAILED)
        case UnblockUnclear():
            waits_until = now + command.wait if command.wait else case.unblock.waits_until
            unblock = replace(case.unblock, error=command.error, waits_until=waits_until)
            return set_aside(replace(case, unblock=unblock)), NO_MESSAGE
        case UnblockNotBegun():
            # Each time twice as long: whoever is asked to wait gains nothing by asking again at once.
            wait = timing.reads_apart * 2 ** min(case.unblock.put_off, _DOUBLED_AT_MOST)
            return _not_begun(case, command, now + max(wait, command.wait or wait)), NO_MESSAGE
        case UnblockGivenUp():
            given_up = settled(replace(case, unblock=turned_to(case, command.address or in_work(case))))
            return _failed(given_up) if approval_is_over(case, now, timing) else _gone_on(given_up, Status.FAILED)
        case UnblockSettled():
            return _nothing_left(case, command, timing)
        case ApprovalLapsed():
            return _lapsed(case, command, now)
        case _:
            assert_never(command)


def _gone_on(case: Case, then: Status) -> CaseAndEffects:
    """The case after one entry is settled: the others are next, and when none is left its status is `then`, or failed
    if any of them was not removed."""
    return (case, NO_MESSAGE) if is_any_left(case) else _over(case, then)


def _over(case: Case, then: Status) -> CaseAndEffects:
    if then is Status.FAILED or has_failed(case):
        return _failed(case)
    reads = replace(case.list_reads, checks=0, checked_at=None)
    return replace(case, status=Status.UNBLOCKED, list_reads=reads), NO_MESSAGE


def _nothing_left(case: Case, command: UnblockSettled, timing: Timing) -> CaseAndEffects:
    """What is listed is settled. What is not listed, and was not called for, is gone once a second read shows it."""
    absent_at = case.list_reads.absent_at
    if is_any_left(case) and (absent_at is None or command.read_at - absent_at < timing.reads_apart):
        reads = replace(case.list_reads, absent_at=absent_at or command.read_at)
        return replace(case, list_reads=reads), NO_MESSAGE
    return _over(replace(case, list_reads=replace(case.list_reads, absent_at=None)), Status.UNBLOCKED)


def _failed(case: Case) -> CaseAndEffects:
    """Trying again is an approval of its own, so the first of two approvals does not count for it."""
    return replace(case, status=Status.FAILED, first_approval=None, first_approval_on=None), TELL_APPROVERS


def _lapsed(case: Case, command: ApprovalLapsed, now: datetime) -> CaseAndEffects:
    """The case waits for a new decision. The approval stays on it, so that the approvers see what became of it."""
    decision = case.decision
    if decision is None:
        raise AssertionError("an approved case has its decision")
    approved = SignOff(by=decision.by, name=decision.name, at=decision.at, text=decision.internal)
    return replace(
        held_up(with_entries_seen(case, command.entries), command.worse),
        status=Status.WAITING,
        decision=None,
        first_approval=None,
        first_approval_on=None,
        lapsed=LapsedApproval(approved=approved, at=now, worse=command.worse),
    ), TELL_BOTH


def _not_begun(case: Case, command: UnblockNotBegun, again_at: datetime) -> Case:
    """The case without the call that it intended: no unblock was used up, so no grace is needed."""
    return replace(
        case,
        unblock=replace(
            not_taken(case.unblock),
            calls=case.unblock.calls - 1,
            put_off=case.unblock.put_off + 1,
            tried_at=None,
            error=command.error,
            waits_until=again_at,
        ),
    )


def _read_before_unblock(case: Case, command: ReadBeforeUnblock, timing: Timing) -> CaseAndEffects:
    if any(has_relapsed(case, entry) for entry in command.entries):
        return _relapsed(case, command.read_at)
    if command.entries:
        seen = with_entries_seen(case, command.entries)
        return replace(seen, list_reads=replace(case.list_reads, absent_at=None)), NO_MESSAGE
    return _absent(case, command.read_at, timing, Status.OFF_LIST)


def list_read(case: Case, read: ListRead, timing: Timing) -> CaseAndEffects:
    """The case after a read of the list that is complete for its mailbox, and the messages it asks for."""
    found, read_at = read.entries, read.read_at
    if case.status in FOLLOWED:
        # The case is over, and nobody is told; only the end of its episode is still to be seen.
        episode = case.episode.read(listed=bool(found), at=read_at, apart=timing.reads_apart)
        return replace(case, episode=episode), NO_MESSAGE
    if case.status in (Status.OFF_LIST, Status.WORKS):
        return _watched(case, found, read_at, timing)
    if case.status is Status.UNBLOCKED:
        case = replace(case, list_reads=replace(case.list_reads, checks=case.list_reads.checks + 1, checked_at=read_at))
    if not found:
        return _not_listed(case, read_at, timing)
    if _is_restricted_anew(case, found):
        # Not "still listed": Microsoft 365 restricted the sender anew, which is no matter for its support.
        return _relapsed(case, read_at)
    # Listed (again): a bounce no longer comes from lag, and the person is notified when the sender leaves the list.
    seen = followed(case, found, read_at, timing.reads_apart)
    seen = replace(seen, list_reads=replace(seen.list_reads, absent_at=None, off_list_at=None))
    still_listed_for = read_at - (case.unblock.done_at or read_at)
    if case.status is Status.UNBLOCKED and still_listed_for >= timing.support_after:
        return replace(seen, status=Status.NEEDS_TICKET), TELL_APPROVERS
    return seen, _worse_entries_told(case, seen, read_at)


def _is_restricted_anew(case: Case, found: tuple[Restriction, ...]) -> bool:
    """Whether one of these entries is none of those that were released: the release took effect before it began."""
    if case.status in _MAY_BE_RELEASED and any(has_relapsed(case, entry) for entry in found):
        return True
    is_released = case.unblock.done_at is not None or case.list_reads.off_list_at is not None
    return case.status in _RELEASED and is_released and shows_another_entry(case, found)


def _worse_entries_told(case: Case, seen: Case, read_at: datetime) -> Effects:
    """Another address, a later start or a worse cause, in a case that the approvers know: it is for them to hear of."""
    if not case.facts or case.decision is not None:
        return NO_MESSAGE
    shown = case.facts[-1]
    entries = replace(shown, entries=present_facts(seen, read_at).entries)
    return TELL_APPROVERS if what_is_worse(shown, entries) else NO_MESSAGE


def _relapsed(case: Case, read_at: datetime) -> CaseAndEffects:
    return replace(released_after_all(case), status=Status.RELAPSED, ended_at=read_at), TELL_APPROVERS


def _not_listed(case: Case, read_at: datetime, timing: Timing) -> CaseAndEffects:
    if case.list_reads.off_list_at is not None:
        return case, NO_MESSAGE  # the sender had left the list before mail went on bouncing: the person knows
    return _absent(case, read_at, timing, Status.ALREADY_LIFTED if case.decision is None else Status.OFF_LIST)


def _absent(case: Case, read_at: datetime, timing: Timing, then: Status) -> CaseAndEffects:
    """The case goes to `then` after a second read, at least `reads_apart` later, that does not show the sender."""
    if case.list_reads.absent_at is None:
        return replace(case, list_reads=replace(case.list_reads, absent_at=read_at)), NO_MESSAGE
    if read_at - case.list_reads.absent_at < timing.reads_apart:
        return case, NO_MESSAGE
    case = released_after_all(case)
    if then is Status.OFF_LIST:
        return replace(
            case, status=then, list_reads=replace(case.list_reads, off_list_at=read_at, absent_at=None)
        ), TELL_PERSON
    return replace(
        case, status=then, ended_at=read_at, list_reads=replace(case.list_reads, absent_at=None)
    ), TELL_PERSON


def _watched(case: Case, found: tuple[Restriction, ...], read_at: datetime, timing: Timing) -> CaseAndEffects:
    """An entry that began after the sender left the list is a relapse at once. An older or undated one may come from a
    lagging replica of the list, and is a relapse only when a second read shows it."""
    if not found:
        return replace(case, list_reads=replace(case.list_reads, relisted_at=None)), NO_MESSAGE
    off_list_at = case.list_reads.off_list_at or read_at
    if any(entry.since is not None and entry.since > off_list_at for entry in found):
        return replace(case, status=Status.RELAPSED, ended_at=read_at), TELL_APPROVERS
    if case.list_reads.relisted_at is None:
        return replace(case, list_reads=replace(case.list_reads, relisted_at=read_at)), NO_MESSAGE
    if read_at - case.list_reads.relisted_at < timing.reads_apart:
        return case, NO_MESSAGE
    return replace(case, status=Status.RELAPSED, ended_at=read_at), TELL_APPROVERS
