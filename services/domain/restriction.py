"""Reading the restricted list: who is on it, since when and why."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.domain.personal import Personal
from services.domain.unknown import Unknown, UnknownReason


class Cause(StrEnum):
    """Why Microsoft 365 restricted a sender."""

    SPAM = "spam"
    POLICY_LIMIT = "policy_limit"
    SERVICE_RATE = "service_rate"
    UNKNOWN = "unknown"


class Limit(StrEnum):
    """Which limit of the outbound policy was exceeded."""

    INTERNAL = "internal"
    EXTERNAL = "external"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The numbers in a Reason text; `None` for those it does not give."""

    spam: int | None = None
    sent: int | None = None
    internal: int | None = None
    external: int | None = None
    recipients: int | None = None
    allowed: int | None = None

    @property
    def total(self) -> int:
        """How much was counted in all."""
        return sum(count or 0 for count in (self.sent, self.internal, self.external, self.recipients))


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """One entry of the restricted list. `reason` is Exchange's own text, for the approver to read.

    `since` and `changed` are the entry's two dates. What the second one means is not documented: where they differ the
    restriction may have begun at either."""

    address: Personal[str]
    cause: Cause = Cause.UNKNOWN
    limit: Limit | None = None
    counts: Counts = Counts()
    since: datetime | None = None
    changed: datetime | None = None
    temporary: bool = False
    reason: Personal[str] = ""
    other_fields: Personal[tuple[str, ...]] = ()
    """What else the entry says, as texts of the form "name: value", for a support request."""

    @property
    def begun_by(self) -> datetime | None:
        """By then the restriction had begun, whichever of its dates is its start; `None` if its start is not known."""
        return max(self.since, self.changed or self.since) if self.since else None

    def lifts_at(self, now: datetime) -> datetime | None:
        """When a temporary restriction ends by itself: the 00:00 UTC that follows its start."""
        if not self.temporary:
            return None
        start = self.begun_by or now
        return start.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def first_start(entries: Sequence[Restriction]) -> datetime | None:
    """When the first of them began; `None` if any start is not known, which may have been earlier."""
    starts = [entry.since for entry in entries if entry.since]
    return min(starts) if starts and len(starts) == len(entries) else None


def all_begun_by(entries: Sequence[Restriction]) -> datetime | None:
    """By then all of them had begun; `None` if any start is not known."""
    bounds = [entry.begun_by for entry in entries if entry.begun_by]
    return max(bounds) if bounds and len(bounds) == len(entries) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictedList:
    """One read of the list. If it is not complete, a missing address may still be listed."""

    entries: tuple[Restriction, ...]
    complete: bool
    read_at: datetime


def find(listing: RestrictedList, addresses: Iterable[str]) -> Restriction | Unknown | None:
    """The entry of these addresses that has the worst cause; of several the one of the first address.

    Returns `None` only if the list was complete, else `Unknown`."""
    if mine := _entries_of(listing, addresses):
        return mine[0]
    return None if listing.complete else Unknown(reason=UnknownReason.INCOMPLETE)


def find_all(listing: RestrictedList, addresses: Iterable[str]) -> tuple[Restriction, ...] | Unknown:
    """Every entry of these addresses, the one with the worst cause first; of several the one of the first address.

    `Unknown` if the list was cut short: it may have one more."""
    return _entries_of(listing, addresses) if listing.complete else Unknown(reason=UnknownReason.INCOMPLETE)


def _entries_of(listing: RestrictedList, addresses: Iterable[str]) -> tuple[Restriction, ...]:
    order = {address.casefold(): place for place, address in reversed(list(enumerate(addresses)))}
    mine = (entry for entry in listing.entries if entry.address.casefold() in order)
    return worst_first(mine, order)


def worst_first(entries: Iterable[Restriction], order: Mapping[str, int]) -> tuple[Restriction, ...]:
    """The entries with the worst cause first; of several the one whose lower-case address has the lowest place. Two of
    one address, which is listed for two reasons, stand in the same order whatever that of the list is."""
    last = len(order)

    def place(one: Restriction) -> tuple[int, int, str, str]:
        return -RANK[one.cause], order.get(one.address.casefold(), last), one.cause, f"{one.since}"

    return tuple(sorted(entries, key=place))


RANK = {Cause.SERVICE_RATE: 0, Cause.POLICY_LIMIT: 0, Cause.UNKNOWN: 1, Cause.SPAM: 1}
"""How bad a cause is. One that is not known counts as spam."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What a Reason text means."""

    cause: Cause
    limit: Limit | None = None
    counts: Counts = Counts()


_READ_AT_MOST = 4_000
_PAIR = re.compile(r"(?<![^=:;])([^=:;]++)[=:]([^;]*+)")
_LIMITS = (("internal", Limit.INTERNAL), ("external", Limit.EXTERNAL))


def read_reason(text: str) -> Reason:
    """Decode Exchange's Reason: keywords and `key=value` or `key:value` pairs, separated by `;`, in three known formats
    (spam, policy limit, service rate). Any other text is `UNKNOWN`."""
    pairs = {key.strip().casefold(): value.strip() for key, value in _PAIR.findall(text[:_READ_AT_MOST])}
    folded = text.casefold()
    if "outboundspamlast24hours" in pairs:
        counts = Counts(spam=_number(pairs, "outboundspamlast24hours"), sent=_number(pairs, "outboundmaillast24hours"))
        return Reason(cause=Cause.SPAM, counts=counts)
    if folded.startswith("emailsendinglimitexceeded"):
        counts = Counts(
            internal=_number(pairs, "internalrecipientcounttoday"),
            external=_number(pairs, "externalrecipientcounttoday"),
        )
        return Reason(cause=Cause.POLICY_LIMIT, limit=_limit(pairs.get("exceedinglimittype", "")), counts=counts)
    if folded.startswith("recipientratelimitexceeded"):
        counts = Counts(recipients=_number(pairs, "recipientcountlast24hours"), allowed=_number(pairs, "rcptratelimit"))
        return Reason(cause=Cause.SERVICE_RATE, counts=counts)
    return Reason(cause=Cause.UNKNOWN)


def _limit(text: str) -> Limit:
    return next((limit for word, limit in _LIMITS if text.casefold().startswith(word)), Limit.OTHER)


def _number(pairs: dict[str, str], key: str) -> int | None:
    value = pairs.get(key, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 12 else None
