"""Entries of the restricted lists, from rows whose fields may be missing, unknown or of any type."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.clients.exchange.list_dates import is_settled, read_list_date
from services.clients.wire_values import shown_value, text_of
from services.domain.restriction import Restriction, read_reason

_REASON_AT_MOST = 1_000
_DATES = ("CreatedDatetime", "ChangedDatetime")
_OTHERS_AT_MOST = 20
_NAME_AT_MOST, _VALUE_AT_MOST = 60, 200


class KnownRows:
    """The entries of the last read of a list. A list changes little between two reads, and reading a row costs more
    than finding it again; nothing is kept of a date that lies ahead: it may be read otherwise later."""

    def __init__(self) -> None:
        self._known: dict[str, Restriction] = {}

    def entries(self, rows: Sequence[Mapping[str, Any]], now: datetime) -> list[Restriction]:
        """The entries of all rows that name an address."""
        last, self._known = self._known, {}
        return [entry for row in rows if (entry := self._entry(row, last, now))]

    def _entry(self, row: Mapping[str, Any], last: Mapping[str, Restriction], now: datetime) -> Restriction | None:
        key = _key(row)
        known = last.get(key)
        entry = known or sender_entry(row, now)
        if key and entry and (known or all(is_settled(row.get(name), now) for name in _DATES)):
            self._known[key] = entry
        return entry


def _key(row: Mapping[str, Any]) -> str:
    """What tells two rows apart: nothing, where a value is nested too deeply to be looked at."""
    try:
        return repr(row)
    except RecursionError:
        return ""


def sender_entry(row: Mapping[str, Any], now: datetime) -> Restriction | None:
    """The entry of one row; `None` if it names no address, so that nobody can say whose it is."""
    address = _address(row.get("SenderAddress"))
    if address is None:
        return None
    reason = text_of(row.get("Reason")) or ""
    meaning = read_reason(reason)
    dates = read_dates(row, now)
    return Restriction(
        address=address,
        cause=meaning.cause,
        limit=meaning.limit,
        counts=meaning.counts,
        since=dates.since,
        changed=dates.changed,
        temporary=str(row.get("TemporaryBlock")).strip().casefold() in ("true", "1"),
        reason=reason[:_REASON_AT_MOST],
        other_fields=other_fields(row, "SenderAddress", "Reason", "TemporaryBlock", *dates.read),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    """The dates of an entry."""

    since: datetime | None
    """When it was made, or else changed: that is later, so that nothing from before it counts as done since."""
    changed: datetime | None
    """When it was last changed."""
    read: tuple[str, ...]
    """The names of the dates that could be read."""


def read_dates(row: Mapping[str, Any], now: datetime) -> Dates:
    created, changed = (read_list_date(row.get(name), now) for name in _DATES)
    read = tuple(name for name, moment in zip(_DATES, (created, changed), strict=True) if moment)
    return Dates(since=created or changed, changed=changed, read=read)


def other_fields(row: Mapping[str, Any], *read: str) -> tuple[str, ...]:
    """The fields that were not `read`, as texts of the form "name: value", so many and so long at most."""
    shown = [
        f"{name[:_NAME_AT_MOST]}: {shown_value(value)[:_VALUE_AT_MOST]}"
        for name, value in row.items()
        # `Size@data.type` and the like only say of what type their neighbour is.
        if "@" not in name and name not in read and value is not None
    ]
    return tuple(shown[:_OTHERS_AT_MOST])


def _address(value: object) -> str | None:
    """The SMTP address, bare. Exchange's own type for it may arrive as an object."""
    text = text_of(value.get("Address") if isinstance(value, Mapping) else value) or ""
    bare = text[5:].strip() if text[:5].casefold() == "smtp:" else text
    return bare if "@" in bare else None
