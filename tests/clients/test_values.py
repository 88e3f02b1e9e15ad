"""Times and texts in the formats that vendors send."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.clients.wire_values import read_json, read_moment, text_of
from services.domain.storable import storable

NOON = datetime(2026, 9, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-24T12:00:00Z",
        "2026-09-24T12:00:00.0000000Z",
        " 2026-09-24T14:00:00+02:00 ",
        "2026-09-24T12:00:00",
        "2026-09-24 12:00:00",
    ],
)
def test_one_moment_in_many_spellings(text: str) -> None:
    assert read_moment(text) == NOON


@pytest.mark.parametrize("value", [None, "", "soon", 7, [], "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+23:00"])
def test_what_is_no_moment(value: object) -> None:
    assert read_moment(value) is None


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    moment = read_moment(text)
    assert moment is None or moment.tzinfo is UTC


def test_empty_text_is_none() -> None:
    assert (text_of(" a "), text_of("  "), text_of(7)) == ("a", None, None)


@pytest.mark.parametrize(
    "value", [{"a": ["x", 1, None, {"b": 'é\n"\\u0041'}]}, ["\x00"], {"\x00": [{"\x00": "\x00"}]}, 7, ""]
)
def test_what_is_read_can_be_stored_and_is_else_as_it_was(value: object) -> None:
    assert read_json(json.dumps(value).encode()) == storable(value)


def test_what_databases_do_not_take_is_replaced_wherever_it_stands() -> None:
    assert read_json(b'{"a\\u0000": ["\\ud83d", "\\uD83D\\uDE00", "\xff"]}') == {
        "a\ufffd": ["\ufffd", "\U0001f600", "\ufffd"]
    }
