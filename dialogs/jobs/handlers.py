"""Each kind of task and what is done for it."""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.channel_return import ChannelReturn, asked_again_after
from dialogs.casework.known_addresses import KnownAddresses, confirms_absence
from dialogs.casework.look_result import found_by, keys_of, look_result, right_unread
from dialogs.casework.lookups import Look, Lookups
from dialogs.casework.pause import Pauses
from dialogs.casework.traced_mail import TracedMail
from dialogs.jobs.audit import SearchAuditLog
from dialogs.jobs.containment import ContainAccount
from dialogs.jobs.decide import Decide
from dialogs.jobs.evidence import GatherEvidence
from dialogs.jobs.limits import ChangeLimits
from dialogs.jobs.prove import ProveDelivery
from dialogs.jobs.reminders import Reminders
from dialogs.jobs.stalls import Stalls
from dialogs.jobs.trouble import TroubleJobs
from dialogs.jobs.unblock import Unblock
from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.clock import (
    EvidenceIsLate,
    Expired,
    Forgotten,
    ListRead,
    LookedTwice,
    LookFailed,
    PassedOn,
    RequestHeldUp,
    WatchEnded,
)
from services.domain.case.commands.person import Joined
from services.domain.case.involved import told_of_the_end
from services.domain.case.status import Status
from services.domain.case.timers import timers
from services.domain.case.transition import Refusal, Refused, TaskKind
from services.domain.evidence.report import HISTORY_OVER
from services.domain.people import Person, TeamsUser
from services.domain.unknown import Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import CardRefused, ChangedMeanwhile, ChannelRefuses, Unavailable, Unreachable
from services.ports.microsoft365 import Microsoft365
from services.ports.storage import ChannelLoss, OutboxTask, Storage

log = logging.getLogger("sendwell.cards")

_Outcome = TypeVar("_Outcome")

_LOOK_WITHIN = timedelta(seconds=40)
"""Exchange may take half a minute for its first answer after a pause."""

_LOOK_AT_LEAST_EVERY = timedelta(minutes=5)


class TaskHandlers:
    """Runs one task at a time."""

    def __init__(
        self,
        *,
        writer: CaseWriter,
        storage: Storage,
        microsoft365: Microsoft365,
        lookups: Lookups,
        channel_return: ChannelReturn,
        clock: Clock,
    ) -> None:
        case_cards = channel_return.case_cards
        self._writer = writer
        self._cases, self._queries, self._outbox = storage.cases, storage.queries, storage.outbox
        self._pauses = Pauses(storage.cases, writer.timing.ask_again_after)
        self._channel, self._return = storage.channel_health, channel_return
        self._lookups = lookups
        self._addresses = KnownAddresses(writer=writer, lookups=lookups)
        self._case_cards = case_cards
        self._clock = clock
        self._asked_last: datetime | None = None
        """When this process posted into the channel last, or tried to."""
        self._stalls = Stalls(storage=storage, case_cards=case_cards, clock=clock, hours=writer.timing.rules.hours)
        self._reminders = Reminders(writer=writer, storage=storage, clock=clock)
        self._troubles = TroubleJobs(
            writer=writer, storage=storage, lookups=lookups, case_cards=case_cards, clock=clock
        )
        patient = microsoft365.unhurried or microsoft365
        self._ways: dict[TaskKind, Callable[[Case, OutboxTask], Awaitable[None]]] = {
            TaskKind.UPDATE_PERSON_CARD: self._show_person,
            TaskKind.UPDATE_APPROVERS_CARD: self._show_approvers,
            TaskKind.NOTIFY_PERSON: self._tell_person,
            TaskKind.NOTIFY_APPROVERS: self._tell_approvers,
            TaskKind.NOTIFY_JOINED: self._tell_joined,
            TaskKind.LOOK: self._look,
            TaskKind.UNBLOCK: Unblock(writer=writer, lookups=lookups, approvers=patient.approvers, clock=clock).run,
            TaskKind.DECIDE: Decide(
                writer=writer,
                lookups=Lookups(microsoft365=patient, clock=clock, timing=writer.timing),
                approvers=patient.approvers,
                clock=clock,
            ).run,
            TaskKind.CHECK: self._check,
            TaskKind.REMIND: self._reminders.run,
            TaskKind.MENTION: self._reminders.mention,
            TaskKind.EXPIRE: self._expire,
            TaskKind.WATCH_END: self._watch_end,
            TaskKind.ASK_BACK: self._ask_back,
            TaskKind.FORGET: self._forget,
            TaskKind.GATHER: GatherEvidence(writer=writer, microsoft365=microsoft365, clock=clock).run,
            TaskKind.EVIDENCE_LATE: self._evidence_late,
            TaskKind.REPOST_APPROVERS_CARD: self._post_approvers,
            TaskKind.PASS_ON: self._pass_on,
            TaskKind.CONTAIN: ContainAccount(
                writer=writer, microsoft365=microsoft365, lookups=lookups, clock=clock
            ).run,
            TaskKind.AUDIT: SearchAuditLog(
                writer=writer, audit_log=microsoft365.audit_log, outbox=storage.outbox, clock=clock
            ).run,
            TaskKind.PROVE: ProveDelivery(
                writer=writer,
                traced=TracedMail(microsoft365.mailbox_evidence, clock, writer.timing.gather_within),
                outbox=storage.outbox,
                clock=clock,
            ).run,
            TaskKind.LIMITS: ChangeLimits(writer=writer, microsoft365=microsoft365, lookups=lookups, clock=clock).run,
        }

    async def run(self, task: OutboxTask) -> None:
        """Run a task and complete it.

        Raises:
            Unavailable: try again later.
            ChangedMeanwhile: somebody changed the case; look again soon.
            UnreadableCase: this program cannot read the case.
            Refused: the case has changed and needs this no more.
        """
        case = await self._cases.get(task.case)
        if case is None:
            raise Refused(Refusal.NO_SUCH_CASE)
        try:
            await self._ways[task.kind](case, task)
        except Unavailable as trouble:
            await self._stalls.failed(case, task, trouble)
            raise
        await self._stalls.went_on(case, task)

    async def _show_person(self, case: Case, task: OutboxTask) -> None:
        await self._reach(case, task, self._case_cards.update_person_card)

    async def _tell_person(self, case: Case, task: OutboxTask) -> None:
        await self._reach(case, task, self._case_cards.tell_person)

    async def _reach(self, case: Case, task: OutboxTask, way: Callable[[Case, OutboxTask], Awaitable[bool]]) -> None:
        """A person who cannot be written to is named on the approvers' card; the message is given up."""
        error = None
        try:
            await self._case_cards.make_reachable(case)
            if not await way(case, task):
                shown = await self._case_cards.catch_up(case, self._case_cards.update_person_card)
                await self._outbox.complete(task, shown.version)
        except Unreachable as trouble:
            error = str(trouble)
            await self._outbox.complete(task)
        await self._writer.record_reach(case, error)

    async def _show_approvers(self, case: Case, task: OutboxTask) -> None:
        if case.status.is_ended and not await self._case_cards.is_shown(case):
            await self._came_and_went()
            await self._outbox.complete(task)
            return
        try:
            was_taken = await self._in_channel(self._update_approvers_card(case, task))
        except ChannelRefuses:
            await self._request_is_held_up(case)
            raise
        if not was_taken:
            await self._outbox.complete(task)
        if case.request.is_held_up:
            await self._note_held_up(case, held_up=False)

    async def _update_approvers_card(self, case: Case, task: OutboxTask) -> bool:
        """Show it, and complete the task."""
        if not await self._case_cards.update_approvers_card(case, task):
            shown = await self._case_cards.catch_up(case, self._case_cards.update_approvers_card)
            await self._outbox.complete(task, shown.version)
        return True

    async def _request_is_held_up(self, case: Case) -> None:
        """Its person hears once that nobody could see the request yet."""
        is_new = case.is_undecided and case.request.sent_at is not None and not case.request.is_held_up
        if is_new and not await self._case_cards.was_posted(case):
            await self._note_held_up(case, held_up=True)

    async def _note_held_up(self, case: Case, *, held_up: bool) -> None:
        with suppress(ChangedMeanwhile, Refused):
            await self._writer.apply_to_latest(case, RequestHeldUp(held_up=held_up))

    async def _post_approvers(self, case: Case, task: OutboxTask) -> None:
        await self._in_channel(self._case_cards.repost_approvers_card(case, notify=True))
        await self._outbox.complete(task)

    async def _tell_approvers(self, case: Case, task: OutboxTask) -> None:
        event = (await self._cases.history(case.number))[task.event - 1]
        others = await self._reminders.spoken_for(case, event)
        await self._in_channel(
            self._case_cards.remind_of((case, *others)) if others else self._case_cards.notify_approvers(case, event)
        )
        await self._outbox.complete(task)

    async def _tell_joined(self, case: Case, task: OutboxTask) -> None:
        if case.trouble:
            await self._troubles.tell_joined(case, task)
            return
        for person in told_of_the_end(case):
            with suppress(Unreachable):  # nobody is written to who has not the app
                await self._case_cards.tell_end(case, person)
        await self._outbox.complete(task)

    async def _pass_on(self, case: Case, task: OutboxTask) -> None:
        """The newest case about a restriction is the one that the next takes its episode from."""
        newest = await self._queries.newest_restricted(*case.sender.mailbox_keys)
        if newest is None or newest.number == case.number:
            await self._outbox.complete(task)
            return
        said = case.stopped.stopped if case.stopped else None
        known = PassedOn(stopped=said, made_way=case.episode.made_way)
        await self._writer.apply_to_latest(newest, known, task)

    async def _came_and_went(self) -> None:
        """A case that ended before the channel showed it gets no card. Where the channel refuses it is kept: once that
        is back a line names it. Raises `ChannelRefuses`."""
        if loss := await self._channel.loss():
            wait = asked_again_after(self._clock.now() - loss.since)
            raise ChannelRefuses(UnknownReason.UNREACHABLE, loss.reason, retry_after=wait)

    async def _in_channel(self, work: Coroutine[Any, Any, _Outcome]) -> _Outcome | None:
        """A channel that is gone may come back: the request is kept and tried again, by one task for all. Returns what
        the work does; `None` for a message that Teams does not take."""
        loss = await self._channel.loss()
        if loss and (wait := self._until_asked_again(loss)) > timedelta():
            work.close()
            raise ChannelRefuses(UnknownReason.UNREACHABLE, loss.reason, retry_after=wait)
        self._asked_last = self._clock.now()
        outcome = None
        try:
            outcome = await work
        except CardRefused as refused:
            # The line's fault, not the channel's: sent again it would be refused again.
            log.warning("a message for the approvers was not taken by Teams: %s", refused.logged)
        except Unreachable as trouble:
            raise await self._lost(trouble) from trouble
        if loss and await self._channel.found():
            await self._return.back()
        return outcome

    def _until_asked_again(self, loss: ChannelLoss) -> timedelta:
        """Negative where it is time: a clock that was set back must not make anybody wait longer than that."""
        if self._asked_last is None:
            return timedelta()
        wait = asked_again_after(self._asked_last - loss.since)
        return min(self._asked_last + wait - self._clock.now(), wait)

    async def _lost(self, trouble: Unreachable) -> Unavailable:
        now = self._clock.now()
        if await self._channel.lost(str(trouble), now):
            log.warning("the approvals channel refuses, requests are kept: %s", trouble.logged)
        loss = await self._channel.loss()
        wait = asked_again_after(now - loss.since if loss else timedelta())
        return ChannelRefuses(UnknownReason.UNREACHABLE, str(trouble), retry_after=wait)

    async def _look(self, case: Case, task: OutboxTask) -> None:
        look = await self._lookups.look(case.sender.person, _LOOK_WITHIN, case.sender.mailbox_address)
        found = found_by(look, case.sender.mailbox_address)
        if not isinstance(look.person, Person) or isinstance(found, Unknown):
            why = _reason_of(look)
            if why is not case.look_failed:
                await self._writer.apply_for_worker(case, LookFailed(reason=why))
            # Ever more rarely: somebody who looks at their chat a day later needs no look a minute.
            raise Unavailable(why, retry_after=min(timedelta(seconds=2 ** min(task.tries, 10)), _LOOK_AT_LEAST_EVERY))
        keys = keys_of(look, case.sender)
        if (other := await self._cases.open_of(*keys)) and other.number != case.number:
            if not right_unread(look, look.person):
                await self._join(case, other, task)
                return
            found = None  # they are told no more of it than of a mailbox that is not restricted
        now = self._clock.now()
        history = await self._queries.history_of(case.sender.person, now - HISTORY_OVER, keys)
        looked = look_result(look, look.person, found, history, now, watch_for=self._writer.timing.watch_for)
        await self._writer.apply_for_worker(case, looked, task)

    async def _join(self, case: Case, other: Case, task: OutboxTask) -> None:
        """The mailbox has an open case by now, or was asked for by another of its addresses: that case goes on."""
        asker = TeamsUser(id=case.sender.person, name=case.sender.name)
        if await self._pauses.until_sent(other, self._clock.now()) is None:
            with suppress(Refused):  # they ask in that case already
                await self._writer.apply_to_latest(other, Joined(by=asker))
        await self._writer.apply_for_worker(case, LookedTwice(goes_on_in=other.number), task)

    async def _check(self, case: Case, task: OutboxTask) -> None:
        if case.trouble is not None:
            await self._troubles.check(case, task)
            return
        restricted = self._lookups.lists.of(case)
        listing = await restricted.recent()
        entries = await self._lookups.listed(listing, case.sender.addresses, restricted)
        if not entries and confirms_absence(case, listing.read_at, self._writer.timing):
            case = await self._addresses.read_again(case)
            entries = await self._lookups.listed(listing, case.sender.addresses, restricted)
        command = ListRead(restriction=next(iter(entries), None), also_listed=entries[1:], read_at=listing.read_at)
        now = self._clock.now()
        if apply(case, command, now, self._writer.timing).case == case:
            due = timers(case, now, self._writer.timing).get(TaskKind.CHECK)
            await (self._outbox.postpone(task, due) if due else self._outbox.complete(task))
            return
        await self._writer.apply_for_worker(case, command, task)

    async def _expire(self, case: Case, task: OutboxTask) -> None:
        if not await self._is_early(case, task):
            await self._writer.apply_for_worker(case, Expired(), task)

    async def _evidence_late(self, case: Case, task: OutboxTask) -> None:
        if not await self._is_early(case, task):
            await self._writer.apply_for_worker(case, EvidenceIsLate(), task)

    async def _watch_end(self, case: Case, task: OutboxTask) -> None:
        if not await self._is_early(case, task):
            await self._writer.apply_for_worker(case, WatchEnded(), task)

    async def _ask_back(self, case: Case, task: OutboxTask) -> None:
        if case.status not in (Status.OFF_LIST, Status.LAGGING):
            raise Refused(Refusal.NOT_NOW)
        await self._reach(case, task, self._case_cards.tell_person)

    async def _forget(self, case: Case, task: OutboxTask) -> None:
        if await self._is_early(case, task):
            return
        await self._case_cards.collapse_all(case)
        await self._case_cards.refresh_digest(await self._writer.apply_for_worker(case, Forgotten(), task))

    async def _is_early(self, case: Case, task: OutboxTask) -> bool:
        """Whether this is due later than when it was claimed: somebody spoke, or a setting changed."""
        now = self._clock.now()
        due = timers(case, now, self._writer.timing).get(task.kind)
        if due is None or due <= now:
            return False
        await self._outbox.postpone(task, due)
        return True


def _reason_of(look: Look) -> UnknownReason:
    unknown = next((found for found in (look.person, look.restriction) if isinstance(found, Unknown)), None)
    return unknown.reason if unknown else UnknownReason.UNEXPECTED_RESPONSE
