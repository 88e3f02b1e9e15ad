"""Message trace, from Microsoft Graph: how much was sent from a mailbox.

https://learn.microsoft.com/graph/api/messagetracingroot-list-messagetraces
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from services.clients.call_budget import CallBudget
from services.clients.graph.pages import pages
from services.clients.graph.traced_rows import reply_in, traced_of
from services.clients.http import ApiClient
from services.clients.wire_values import read_moment, text_of
from services.domain.checks.replies import ServerReply
from services.domain.delivery.traced import Traced, TracedRow
from services.domain.evidence.report import SentByTool, SentHour, SentMail
from services.domain.rules.rules import MailingTool
from services.domain.unknown import UnknownReason
from services.ports.clock import Clock
from services.ports.errors import Unavailable

_TRACE = "/v1.0/admin/exchange/tracing/messageTraces"
_ROWS_A_PAGE = 5_000
_ADDRESSES_AT_MOST = 20
"""Of somebody with more addresses than these the numbers are lower bounds."""
_CLOCKS_DIFFER_BY = timedelta(minutes=1)
"""A window that ends in the service's future is refused. What is missed so does not show yet anyway."""


def trace_budget(clock: Clock, calls: int = 60) -> CallBudget:
    """The calls of one process, a quarter of them kept for what somebody waits for. The service takes 100 within five
    minutes from a whole organisation, whose other programs need theirs too.

    https://learn.microsoft.com/graph/throttling-limits"""
    return CallBudget(clock, calls=calls, kept=calls // 4, within=timedelta(minutes=5))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """The rows of one address. `complete`: there are no more, and each could be read."""

    rows: tuple[Mapping[str, Any], ...]
    complete: bool


class MessageTraces:
    """Reads message traces within the budget. `offered`: whether the cloud has the service; only the worldwide one
    does."""

    def __init__(
        self,
        api: ApiClient,
        budget: CallBudget,
        *,
        offered: bool = True,
        clocks_differ_by: timedelta = _CLOCKS_DIFFER_BY,
        tools: Sequence[MailingTool] = (),
    ) -> None:
        self._api = api
        self._budget = budget
        self._offered = offered
        self._clocks_differ_by = clocks_differ_by
        self._tools = tools

    async def sent(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> SentMail:
        """What was sent from all these addresses; see the port `MailboxEvidence`."""
        found, complete = await self._all(addresses, since, until, urgent=urgent)
        return replace(_sent(found, complete=complete), by_tools=_by_tools(found, self._tools))

    async def messages(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool = False
    ) -> Traced:
        """Each message that was sent from all these addresses; see the port `MailboxEvidence`."""
        found, complete = await self._all(addresses, since, until, urgent=urgent)
        complete = complete and all(one.complete for one in found)
        return traced_of((row for one in found for row in one.rows), complete=complete)

    async def reply(self, row: TracedRow) -> ServerReply | None:
        """What the server said that did not take the message; see the port `MailboxEvidence`."""
        if not row.trace:
            return None
        # https://learn.microsoft.com/graph/api/exchangemessagetrace-getdetailsbyrecipient
        # Its limit may be one of its own; it is counted as if it were the list's.
        self._budget.take(urgent=True)
        recipient = quote(row.recipient.replace("'", "''"), safe="")
        call = f"getDetailsByRecipient(recipientAddress='{recipient}')"
        page = await self._get(f"{_TRACE}/{quote(row.trace, safe='')}/{call}")
        events = page.get("value")
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "a route of no known shape")
        return reply_in(events)

    async def _all(
        self, addresses: Sequence[str], since: datetime, until: datetime, *, urgent: bool
    ) -> tuple[list[_Rows], bool]:
        """The rows of each address, and whether every address was asked."""
        if not self._offered:
            raise Unavailable(UnknownReason.NO_LICENCE, "this cloud has no message trace")
        asked = list({address.casefold(): address for address in addresses}.values())
        few = asked[:_ADDRESSES_AT_MOST]
        # All at once: calls that do not suffice for the sender would be lost to the others.
        self._budget.take(len(few), urgent=urgent)
        until -= self._clocks_differ_by
        outcomes = await asyncio.gather(
            *(self._of(address, since, until, urgent=urgent) for address in few), return_exceptions=True
        )
        found = []
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
            found.append(outcome)
        return found, len(few) == len(asked)

    async def _of(self, address: str, since: datetime, until: datetime, *, urgent: bool) -> _Rows:
        """One address a query: of several values for one field the service keeps the last."""
        wanted = (
            f"senderAddress eq '{address.replace(chr(39), chr(39) * 2)}' and receivedDateTime ge {_stamp(since)} "
            f"and receivedDateTime le {_stamp(until)}"
        )
        rows: list[Mapping[str, Any]] = []
        complete = False
        async for page in pages(self._get, f"{_TRACE}?$filter={quote(wanted)}&$top={_ROWS_A_PAGE}", "message trace"):
            # Filters may be dropped without a word: another sender's mail must not count.
            rows += [row for row in page.rows if _sender_of(row) in (None, address.casefold())]
            complete = page.is_last
            if not (complete or self._has_one_more(urgent=urgent)):
                break
        return _Rows(rows=tuple(rows), complete=complete)

    def _has_one_more(self, *, urgent: bool) -> bool:
        try:
            self._budget.take(urgent=urgent)
        except Unavailable:
            return False
        return True

    async def _get(self, path: str) -> Mapping[str, Any]:
        """Asked once, for each try counts: who wants it comes again later."""
        try:
            response = await self._api.once("GET", path)
        except Unavailable as trouble:
            if trouble.reason is UnknownReason.THROTTLED:
                self._budget.close(trouble.retry_after)
            raise
        if not response.is_success or not isinstance(response.json, dict):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status}")
        return response.json


def _sender_of(row: Mapping[str, Any]) -> str | None:
    sender = text_of(row.get("senderAddress"))
    return sender.casefold() if sender else None


def _sent(found: Iterable[_Rows], *, complete: bool) -> SentMail:
    """Counted once for each message and recipient: the same row may come on two pages, and for two addresses."""
    recipients: dict[datetime, set[tuple[str, str]]] = defaultdict(set)
    messages: dict[datetime, set[str]] = defaultdict(set)
    subjects: set[str] = set()
    for one in found:
        complete = complete and one.complete
        for row in one.rows:
            at, message = read_moment(row.get("receivedDateTime")), text_of(row.get("id"))
            if at is None or message is None:
                complete = False
                continue
            hour = at.replace(minute=0, second=0, microsecond=0)
            recipients[hour].add((message, str(row.get("recipientAddress")).casefold()))
            messages[hour].add(message)
            subjects.add(str(row.get("subject") or "").strip().casefold())
    hours = tuple(
        SentHour(start=at, recipients=len(recipients[at]), messages=len(messages[at])) for at in sorted(recipients)
    )
    return SentMail(hours=hours, subjects=len(subjects), complete=complete)


def _by_tools(found: Iterable[_Rows], tools: Sequence[MailingTool]) -> tuple[SentByTool, ...]:
    """What each of the organisation's mailing tools sent of it, each message and recipient once. A row that does not
    say where it was handed in is no tool's."""
    counted: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in (row for one in found for row in one.rows):
        message, sender = text_of(row.get("id")), text_of(row.get("senderAddress")) or ""
        for tool in tools:
            if message and tool.sent(sender=sender, address=text_of(row.get("fromIP"))):
                counted[tool.name].add((message, str(row.get("recipientAddress")).casefold()))
    return tuple(SentByTool(name=name, recipients=len(rows)) for name, rows in counted.items())


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
