"""A row of the restricted list that was read before is found again, and never read otherwise than anew."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from services.clients.exchange.list_rows import KnownRows, sender_entry
from tests.cases import HOUR, NOW

ROW = {
    "SenderAddress": "ana@contoso.example",
    "Reason": "OutboundSpamLast24Hours=120;OutboundMailLast24Hours=520",
    "CreatedDatetime": "2026-09-24T10:00:00Z",
    "ChangedDatetime": "2026-09-24T11:00:00Z",
}


async def test_a_row_that_stays_is_not_read_again() -> None:
    known = KnownRows()
    (first,), (second,) = await known.entries([ROW], NOW), await known.entries([dict(ROW)], NOW + HOUR)
    assert second is first
    (anew,) = await KnownRows().entries([ROW], NOW)
    assert anew is not first


async def test_a_row_that_changed_is_read_anew_and_one_that_left_is_forgotten() -> None:
    known = KnownRows()
    (first,) = await known.entries([ROW], NOW)
    changed = ROW | {"ChangedDatetime": "2026-09-24T12:00:00Z"}
    (second,) = await known.entries([changed], NOW)
    assert second.changed == first.changed + HOUR if first.changed else False
    (back,) = await known.entries([ROW], NOW)
    assert back == first
    assert back is not first


@pytest.mark.parametrize("created", [f"{NOW + HOUR:%Y-%m-%dT%H:%M:%SZ}", f"{NOW + HOUR:%m/%d/%Y %H:%M:%S}"])
async def test_a_date_that_lies_ahead_is_read_once_it_has_come(created: str) -> None:
    known, row = KnownRows(), {"SenderAddress": "ana@contoso.example", "CreatedDatetime": created}
    (early,), (later,) = await known.entries([row], NOW), await known.entries([row], NOW + 2 * HOUR)
    assert early == sender_entry(row, NOW)
    assert later == sender_entry(row, NOW + 2 * HOUR)


async def test_a_date_that_could_be_another_one_later_is_not_kept() -> None:
    """The tenth of December, read in October, can only be the twelfth of October."""
    at = NOW.replace(year=2026, month=11, day=1)
    known, row = KnownRows(), {"SenderAddress": "ana@contoso.example", "CreatedDatetime": "10/12/2026 08:00:00"}
    (early,) = await known.entries([row], at)
    assert early.since is not None
    (later,) = await known.entries([row], at + timedelta(days=90))
    assert later.since is None


def nested(depth: int) -> Any:
    value: Any = "deep"
    for _ in range(depth):
        value = [value]
    return value


async def test_rows_without_an_address_or_nested_without_end_are_read_as_before() -> None:
    rows: list[Mapping[str, Any]] = [
        {"Reason": "x"},
        {"SenderAddress": nested(5_000)},
        ROW | {"Odd": nested(5_000)},
    ]
    known = KnownRows()
    for _ in range(2):
        (entry,) = await known.entries(rows, NOW)
        assert entry.address == ROW["SenderAddress"]


async def test_two_entries_of_one_address_stay_two() -> None:
    rows = [ROW, ROW | {"Reason": "another"}]
    known = KnownRows()
    for _ in range(2):
        assert await known.entries(rows, NOW) == [sender_entry(row, NOW) for row in rows]
