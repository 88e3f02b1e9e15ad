"""Gathering evidence: every source at once, each within its own bound; a source that fails costs one line.

The audit log is not among them: it takes minutes, and has a task of its own (`audit.py`)."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from dialogs.casework.case_writer import CaseWriter
from dialogs.casework.lookups import or_unknown
from services.domain.case.case import Case
from services.domain.case.commands.clock import Gathered
from services.domain.evidence.report import EVIDENCE_OVER, Excerpt, Report, SenderEvidence, SentMail, name_of
from services.domain.people import PersonId
from services.domain.proofs.shared_mailbox import HOLDERS_AT_MOST, Holder, SharedMailbox
from services.domain.unknown import NOT_ASKED, PASSING, Unknown, UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable
from services.ports.microsoft365 import Microsoft365
from services.ports.storage import OutboxTask

_Row = TypeVar("_Row")

_AGAIN_AFTER, _AGAIN_FOR = timedelta(minutes=5), timedelta(days=1)
"""When what was sent is asked for again, unless the source says when, and until when."""


class GatherEvidence:
    """Runs GATHER tasks."""

    def __init__(self, *, writer: CaseWriter, microsoft365: Microsoft365, clock: Clock) -> None:
        self._writer = writer
        self._mailbox, self._account = microsoft365.mailbox_evidence, microsoft365.account_evidence
        self._mailboxes = microsoft365.mailboxes
        self._clock = clock

    async def run(self, case: Case, task: OutboxTask) -> None:
        """Ask everything, or what could not answer before, and record what came of it. Raises what `TaskHandlers.run`
        raises."""
        evidence = case.evidence
        if evidence is not None and evidence.ask_again_at is not None and not case.is_evidence_wanted:
            report = await self._with_sent(case, evidence)
        else:
            report = await self._report(case)
        await self._writer.apply_to_latest(case, Gathered(report=report), task)

    async def _report(self, case: Case) -> Report:
        now, within = self._clock.now(), self._writer.timing.gather_within
        since = now - EVIDENCE_OVER
        # By its main address: the cmdlets need not know the one that is listed.
        address = case.sender.mailbox.address if case.sender.mailbox else case.sender.upn
        person = case.sender.account.person
        async with asyncio.TaskGroup() as group:
            forwarding = group.create_task(or_unknown(self._mailbox.forwarding(address), within))
            rules = group.create_task(or_unknown(self._mailbox.inbox_rules(address), within))
            sent = group.create_task(self._sent(case, since, now))
            sign_ins = group.create_task(or_unknown(self._account.sign_ins(person, since), within))
            risk = group.create_task(or_unknown(self._account.risk(person), within))
            changes = group.create_task(or_unknown(self._account.changes(person, since), within))
            senders = group.create_task(self._senders(address, person, since, within / 2))
        who, others = senders.result()
        return Report(
            gathered_at=self._clock.now(),
            begun_at=now,
            forwarding=forwarding.result(),
            rules=_rows(rules.result()),
            rules_cut=_is_cut(rules.result()),
            sign_ins=_rows(sign_ins.result()),
            sign_ins_cut=_is_cut(sign_ins.result()),
            risk=risk.result(),
            changes=_rows(changes.result()),
            changes_cut=_is_cut(changes.result()),
            sent=sent.result(),
            senders=who,
            others=others,
            ask_again_at=self._clock.now() + _AGAIN_AFTER if _may_pass(sent.result()) else None,
        )

    async def _sent(self, case: Case, since: datetime, now: datetime) -> SentMail | Unknown:
        """What was sent is not asked at a first look: nobody decides yet, no thief can take it back, and the service
        takes few calls."""
        before = case.evidence
        if case.request.sent_at is None and before is None:
            return NOT_ASKED
        # Gathered before, and now again: an approver asked for it and waits.
        urgent = before is not None and before.sent != NOT_ASKED
        mail = self._mailbox.sent(_addresses(case), since, now, urgent=urgent)
        return await or_unknown(mail, self._writer.timing.gather_within)

    async def _senders(
        self, address: str, but: PersonId, since: datetime, within: timedelta
    ) -> tuple[SharedMailbox | Unknown, tuple[SenderEvidence, ...]]:
        """Who can send from the mailbox, and what their accounts show, up to a bound."""
        mailbox = await or_unknown(self._mailboxes.mailbox(address), within)
        others = () if isinstance(mailbox, Unknown) else mailbox.other_senders(but)[:HOLDERS_AT_MOST]
        return mailbox, tuple(await asyncio.gather(*(self._of(holder, since, within) for holder in others)))

    async def _of(self, holder: Holder, since: datetime, within: timedelta) -> SenderEvidence:
        async with asyncio.TaskGroup() as group:
            sign_ins = group.create_task(or_unknown(self._account.sign_ins(holder.person, since), within))
            risk = group.create_task(or_unknown(self._account.risk(holder.person), within))
            changes = group.create_task(or_unknown(self._account.changes(holder.person, since), within))
        return SenderEvidence(
            name=name_of(holder),
            sign_ins=_rows(sign_ins.result()),
            sign_ins_cut=_is_cut(sign_ins.result()),
            risk=risk.result(),
            changes=_rows(changes.result()),
            changes_cut=_is_cut(changes.result()),
        )

    async def _with_sent(self, case: Case, evidence: Report) -> Report:
        """The evidence with what was sent, of the same days. While that still cannot be read nothing is written, and
        the task comes again, for a day.

        Raises:
            Unavailable: later, when `retry_after` is over.
        """
        until = evidence.gathered_at
        try:
            async with asyncio.timeout(self._writer.timing.gather_within.total_seconds()):
                sent = await self._mailbox.sent(_addresses(case), until - EVIDENCE_OVER, until)
        except TimeoutError:
            trouble = Unavailable(UnknownReason.TIMED_OUT)
        except Unavailable as unavailable:
            trouble = unavailable
        else:
            return replace(evidence, sent=sent, ask_again_at=None)
        if trouble.reason in PASSING and self._clock.now() < until + _AGAIN_FOR:
            trouble.retry_after = trouble.retry_after or _AGAIN_AFTER
            raise trouble
        return replace(evidence, sent=Unknown(reason=trouble.reason), ask_again_at=None)


def _addresses(case: Case) -> tuple[str, ...]:
    """Every address that mail of the sender may carry. The list names one of them, often not the one that it did."""
    return (*([case.restriction.address] if case.restriction else []), case.sender.upn, *case.sender.addresses)


def _rows(answer: Excerpt[_Row] | Unknown) -> tuple[_Row, ...] | Unknown:
    return answer if isinstance(answer, Unknown) else answer.rows


def _is_cut(answer: Excerpt[Any] | Unknown) -> bool:
    return isinstance(answer, Excerpt) and answer.cut


def _may_pass(answer: object) -> bool:
    return isinstance(answer, Unknown) and answer.reason in PASSING
