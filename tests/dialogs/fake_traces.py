"""Message trace, sign-ins, the audit log."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from services.domain.checks.replies import ServerReply
from services.domain.delivery.traced import Traced, TracedRow
from services.domain.evidence.report import (
    AccountChange,
    Excerpt,
    Forwarding,
    InboxRule,
    Listing,
    Report,
    Risk,
    SentMail,
    SignIn,
)
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.dialogs.fake_clock import FakeClock


@dataclass(kw_only=True)
class FakeTraces:
    """Implements the ports of evidence: one report, and `troubles` by the name of the question."""

    report: Report
    troubles: dict[str, UnknownReason] = field(default_factory=dict)
    retry_after: timedelta | None = None
    """How long a source in trouble asks to wait."""
    hanging: set[str] = field(default_factory=set)
    """The questions that are never answered."""
    reports: dict[PersonId, Report] = field(default_factory=dict)
    """What accounts show that are not as `report` says."""
    asked: int = 0
    rows: list[TracedRow] = field(default_factory=list)
    """What message trace holds, and `lag`: how late it shows."""
    lag: timedelta = timedelta()
    rows_complete: bool = True
    asked_for_messages: list[tuple[datetime, datetime]] = field(default_factory=list)
    replies: dict[str, ServerReply] = field(default_factory=dict)
    """What the servers said that did not take mail, by recipient; and whose reply was asked for."""
    asked_for_replies: list[str] = field(default_factory=list)
    traced: list[tuple[Sequence[str], bool]] = field(default_factory=list)
    """The addresses of each question for sent mail, and whether it was urgent."""

    def forwards(self, to: str, *, external: bool = True) -> None:
        """The mailbox forwards all its mail there."""
        self.report = replace(self.report, forwarding=Forwarding(to=to, keeps_copy=True, external=external))

    async def _found(self, question: str, person: PersonId | None = None) -> Any:
        self.asked += 1
        if question in self.hanging:
            await asyncio.Event().wait()
        if reason := self.troubles.get(question):
            raise Unavailable(reason, retry_after=self.retry_after)
        report = self.reports.get(person, self.report) if person else self.report
        return getattr(report, question)

    async def forwarding(self, address: str) -> Forwarding | None:
        return await self._found("forwarding")  # type: ignore[no-any-return]  # a field of the report, as its name says

    async def inbox_rules(self, address: str) -> Excerpt[InboxRule]:
        return Excerpt(rows=await self._found("rules"), cut=self.report.rules_cut)

    async def sent(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> SentMail:
        self.traced.append((addresses, urgent))
        return await self._found("sent")  # type: ignore[no-any-return]  # as above

    async def messages(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> Traced:
        self.asked_for_messages.append((since, until))
        if "messages" in self.hanging:
            await asyncio.Event().wait()
        if reason := self.troubles.get("messages"):
            raise Unavailable(reason, retry_after=self.retry_after)
        seen = tuple(row for row in self.rows if since <= row.at <= until - self.lag)
        return Traced(rows=seen, complete=self.rows_complete)

    async def reply(self, row: TracedRow) -> ServerReply | None:
        self.asked_for_replies.append(row.recipient)
        if "replies" in self.hanging:
            await asyncio.Event().wait()
        if reason := self.troubles.get("replies"):
            raise Unavailable(reason, retry_after=self.retry_after)
        return self.replies.get(row.recipient)

    async def sign_ins(self, person: PersonId, since: datetime) -> Excerpt[SignIn]:
        return Excerpt(rows=await self._found("sign_ins", person), cut=self.report.sign_ins_cut)

    async def risk(self, person: PersonId) -> Risk:
        return await self._found("risk", person)  # type: ignore[no-any-return]  # as above

    async def changes(self, person: PersonId, since: datetime) -> Excerpt[AccountChange]:
        return Excerpt(rows=await self._found("changes", person), cut=self.report.changes_cut)


@dataclass(kw_only=True)
class FakeAuditLog:
    """Searches of the audit log: each ends after `takes`, and at most `places` run at a time.

    `troubles` by the name of the method; `loses_an_answer`: the next search begins, and nobody hears of it."""

    clock: FakeClock
    takes: timedelta = timedelta()
    places: int = 10
    found: tuple[Listing, ...] = ()
    troubles: dict[str, UnknownReason] = field(default_factory=dict)
    loses_an_answer: bool = False
    searches: dict[str, tuple[str, datetime]] = field(default_factory=dict)
    """By id, the names of the searches that nobody has deleted, and when each began."""
    made: int = 0
    looks: list[datetime] = field(default_factory=list)

    def _ask(self, question: str) -> None:
        if reason := self.troubles.get(question):
            raise Unavailable(reason)

    def _is_running(self, search: str) -> bool:
        return self.clock.now() < self.searches[search][1] + self.takes

    async def begin(self, name: str, addresses: tuple[str, ...], since: datetime, until: datetime) -> str:
        self._ask("begin")
        if begun := next((search for search, (known, _) in self.searches.items() if known == name), None):
            return begun
        if sum(map(self._is_running, self.searches)) >= self.places:
            raise Unavailable(UnknownReason.THROTTLED)
        self.made += 1
        search = f"search-{self.made}"
        self.searches[search] = (name, self.clock.now())
        if self.loses_an_answer:
            self.loses_an_answer = False
            raise Unavailable(UnknownReason.TIMED_OUT)
        return search

    async def listings(self, search: str, addresses: tuple[str, ...]) -> tuple[Listing, ...] | None:
        self.looks.append(self.clock.now())
        self._ask("listings")
        return None if self._is_running(search) else self.found

    async def end(self, search: str) -> None:
        self._ask("end")
        self.searches.pop(search, None)
