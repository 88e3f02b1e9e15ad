"""Earlier restrictions, from the unified audit log: a search is begun, looked at until it has ended, and deleted.

Each step is a task of its own, saved before the next one, so that a process that dies in between loses nothing."""

import logging
from datetime import datetime

from dialogs.casework.case_writer import CaseWriter
from services.domain.case.case import Case
from services.domain.case.transition import Refusal, Refused
from services.domain.evidence.audit import AuditBegun, AuditCommand, AuditEnded, AuditRead
from services.domain.evidence.audit_search import AuditSearch
from services.domain.evidence.report import HISTORY_OVER, Listing
from services.domain.unknown import Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.microsoft365 import AuditLog
from services.ports.storage import Outbox, OutboxTask

_MAY_PASS = frozenset({UnknownReason.TIMED_OUT, UnknownReason.THROTTLED, UnknownReason.UNREACHABLE})
_PATIENCE = 6
"""How many times longer than a search may take we wait for a place for it, or try to delete it."""
_DOUBLINGS_AT_MOST = 4

log = logging.getLogger("sendwell.audit")


class SearchAuditLog:
    """Runs AUDIT tasks."""

    def __init__(self, *, writer: CaseWriter, audit_log: AuditLog, outbox: Outbox, clock: Clock) -> None:
        self._writer = writer
        self._audit = audit_log
        self._outbox = outbox
        self._clock = clock

    async def run(self, case: Case, task: OutboxTask) -> None:
        """Take the next step of the case's search. Raises what `TaskHandlers.run` raises."""
        search = case.audit_search
        if search is None:
            raise Refused(Refusal.NOT_NOW)
        step = self._end if search.is_read else self._look if search.id else self._begin
        await step(case, search, task)

    async def _begin(self, case: Case, search: AuditSearch, task: OutboxTask) -> None:
        since, until = search.wanted_at - HISTORY_OVER, search.wanted_at
        try:
            found = await self._audit.begin(search.name(case.number), case.sender.addresses, since, until)
        except Unavailable as trouble:
            self._try_later(trouble, search.wanted_at, task)
            await self._save(case, AuditRead(listings=Unknown(reason=trouble.reason)), task)
            return
        await self._save(case, AuditBegun(search=found), task)

    async def _look(self, case: Case, search: AuditSearch, task: OutboxTask) -> None:
        found = await self._found(case, search)
        again = search.next_look(self._clock.now(), self._writer.timing.audit_after)
        if again and isinstance(found, Unknown) and found.reason in _MAY_PASS:
            await self._outbox.postpone(task, again)
            return
        await self._save(case, AuditRead(listings=found), task)

    async def _found(self, case: Case, search: AuditSearch) -> tuple[Listing, ...] | Unknown:
        """What the search found; a search that has not ended yet counts as one that did not answer in time."""
        try:
            listings = await self._audit.listings(search.id, case.sender.addresses)
        except Unavailable as trouble:
            return Unknown(reason=trouble.reason)
        return Unknown(reason=UnknownReason.TIMED_OUT) if listings is None else listings

    async def _end(self, case: Case, search: AuditSearch, task: OutboxTask) -> None:
        try:
            await self._audit.end(search.id)
        except Unavailable as trouble:
            self._try_later(trouble, search.begun_at or search.wanted_at, task)
            log.warning("case %s: its audit search is left over: %s", case.number, trouble.logged)
        await self._save(case, AuditEnded(), task)

    def _try_later(self, trouble: Unavailable, since: datetime, task: OutboxTask) -> None:
        """Raises `Unavailable` with a wait if trying again is worth it. Few searches run at a time in a tenant, shared
        by everybody in it, so each wait for a place is twice as long as the one before."""
        after = self._writer.timing.audit_after
        if trouble.reason not in _MAY_PASS or self._clock.now() >= since + after[-1] * _PATIENCE:
            return
        wait = after[0] * 2 ** min(task.tries - 1, _DOUBLINGS_AT_MOST)
        asked = trouble.retry_after or wait
        raise Unavailable(
            trouble.reason, trouble.detail, retry_after=max(wait, asked), quotes=trouble.quotes
        ) from trouble

    async def _save(self, case: Case, command: AuditCommand, task: OutboxTask) -> None:
        await self._writer.apply_to_latest(case, command, task)
