"""What message trace says of messages: which one proves that mail flows again, and which ones came back."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class TracedStatus(StrEnum):
    """What became of a message on its way to one recipient."""

    DELIVERED = "delivered"
    EXPANDED = "expanded"
    FAILED = "failed"
    QUARANTINED = "quarantined"
    FILTERED = "filtered"
    UNDECIDED = "undecided"
    """On its way still, or a word that we do not know: it says nothing."""


_ARRIVED = frozenset({TracedStatus.DELIVERED, TracedStatus.EXPANDED, TracedStatus.QUARANTINED, TracedStatus.FILTERED})
"""There is nothing to send again: it is in the recipient's mailbox, or the recipient's side keeps it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedRow:
    """One message on its way to one recipient. `message` stays the same when the service sends it on once more; `at` is
    when the service took it from the sender."""

    message: str
    sender: str
    recipient: str
    at: datetime
    status: TracedStatus
    subject: str = ""
    trace: str = field(default="", compare=False)
    """By which the service tells the route of this message; it may change when the message is sent on once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traced:
    """The rows of a span. `complete`: there are no more that show by now, and each could be read."""

    rows: tuple[TracedRow, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedMessage:
    """A message that came back, with the recipients it did not reach."""

    at: datetime
    subject: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedMail:
    """The messages that came back, by time. `complete`: they are all that the trace shows."""

    messages: tuple[ReturnedMessage, ...] = ()
    complete: bool = True


def first_delivered(traced: Traced, addresses: Collection[str], after: datetime) -> datetime | None:
    """When the first message was sent that proves that mail flows again; `None` if none is seen, which does not say
    that none was delivered.

    It was taken from one of these addresses later than `after`, and delivered to somebody else. No proof: what waits,
    was expanded, quarantined or filtered; a message that was there before and is sent on once more; mail to oneself.
    A read that is not complete proves nothing: what it lacks may be the earlier sight of the same message."""
    if not traced.complete:
        return None
    own = _folded(addresses)
    mine = [row for row in traced.rows if row.sender.casefold() in own]
    sent_before = {row.message for row in traced.rows if row.at <= after}
    return min(
        (
            row.at
            for row in mine
            if row.at > after
            and row.status is TracedStatus.DELIVERED
            and row.message not in sent_before
            and row.recipient.casefold() not in own
        ),
        default=None,
    )


def came_back(traced: Traced, addresses: Collection[str], since: datetime) -> ReturnedMail:
    """The messages of these addresses that came back since then: one for all its recipients, without those that it
    reached after all."""
    failed = _failed(traced, addresses, since)
    messages = sorted(map(_returned, failed.values()), key=lambda one: (one.at, one.subject, one.recipients))
    return ReturnedMail(messages=tuple(messages), complete=traced.complete)


def newest_failed(traced: Traced, addresses: Collection[str], since: datetime, most: int) -> tuple[TracedRow, ...]:
    """Of the messages that `came_back` has, the newest ones, each by the row that failed last: the newest first."""
    last = [max(rows, key=lambda row: (row.at, row.recipient)) for rows in _failed(traced, addresses, since).values()]
    return tuple(sorted(last, key=lambda row: (row.at, row.message), reverse=True)[:most])


def _failed(traced: Traced, addresses: Collection[str], since: datetime) -> dict[str, list[TracedRow]]:
    """By message the rows of those recipients whom it did not reach."""
    own = _folded(addresses)
    mine = [row for row in traced.rows if row.sender.casefold() in own and row.at >= since]
    arrived = {(row.message, row.recipient.casefold()) for row in mine if row.status in _ARRIVED}
    failed: dict[str, list[TracedRow]] = defaultdict(list)
    for row in mine:
        if row.status is TracedStatus.FAILED and (row.message, row.recipient.casefold()) not in arrived:
            failed[row.message].append(row)
    return failed


def _returned(rows: Iterable[TracedRow]) -> ReturnedMessage:
    first, *more = sorted(rows, key=lambda row: row.at)
    recipients = {row.recipient.casefold(): row.recipient for row in (first, *more)}
    return ReturnedMessage(at=first.at, subject=first.subject, recipients=tuple(sorted(recipients.values())))


def _folded(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(address.casefold() for address in addresses)
