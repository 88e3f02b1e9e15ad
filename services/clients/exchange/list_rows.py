"""Entries of the restricted lists, from rows whose fields may be missing, unknown or of any type."""

import asyncio
import marshal
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from services.clients.exchange.list_dates import is_settled, read_list_date
from services.clients.wire_values import shown_value, text_of
from services.domain.restriction import Restriction, read_reason

_REASON_AT_MOST = 1_000
_DATES = ("CreatedDatetime", "ChangedDatetime")
_AT_A_TIME = 100
"""Rows that are read in one go: some milliseconds' worth."""
_WITHOUT_REFERENCES = 2
"""The newest version of this format in which equal rows are equal bytes, whoever else has their texts."""
_OTHERS_AT_MOST = 20
_NAME_AT_MOST, _VALUE_AT_MOST = 60, 200


class KnownRows:
    """The entries of the last read of a list. A list changes little between two reads, and reading a row costs more
    than finding it again; nothing is kept of a date that lies ahead: it may be read otherwise later."""

    def __init__(self) -> None:
        self._known: Mapping[bytes, Restriction] = {}

    async def entries(self, rows: Sequence[Mapping[str, Any]], now: datetime) -> list[Restriction]:
        """The entries of all rows that name an address. Between some hundreds of rows others are heard, and before the
        first: the JSON of a long list came in one piece."""
        last, known, entries = self._known, dict[bytes, Restriction](), []
        for number, row in enumerate(rows):
            if number % _AT_A_TIME == 0:
                await asyncio.sleep(0)
            key = _key(row)
            entry = last.get(key) or sender_entry(row, now)
            if entry:
                entries.append(entry)
                if key and (key in last or all(is_settled(row.get(name), now) for name in _DATES)):
                    known[key] = entry
        self._known = known
        return entries


def _key(row: Mapping[str, Any]) -> bytes:
    """What tells two rows apart: nothing, where a value is nested too deeply to be looked at. Bytes, and not the row:
    rows of a long list would be as many objects more for the garbage collector to look at in one turn of the loop."""
    try:
        return marshal.dumps(row, _WITHOUT_REFERENCES)  # type: ignore[arg-type]  # it came as JSON
    except ValueError:
        return b""


def sender_entry(row: Mapping[str, Any], now: datetime) -> Restriction | None:
    """The entry of one row; `None` if it names no address, so that nobody can say whose it is."""
    address = _address(row.get("SenderAddress"))
    if address is None:
        return None
    reason = text_of(row.get("Reason")) or ""
    meaning, dates = read_reason(reason), dates_of(row, now)
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


class ListDates(NamedTuple):
    """`since`: when the entry was made, or else changed: that is later, so that nothing from before it counts as done
    since. `changed`: when it was last changed. `read`: the names of the dates that could be read."""

    since: datetime | None
    changed: datetime | None
    read: tuple[str, ...]


def dates_of(row: Mapping[str, Any], now: datetime) -> ListDates:
    """The dates of one row."""
    created, changed = (read_list_date(row.get(name), now) for name in _DATES)
    read = tuple(name for name, at in zip(_DATES, (created, changed), strict=True) if at)
    return ListDates(since=created or changed, changed=changed, read=read)


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
