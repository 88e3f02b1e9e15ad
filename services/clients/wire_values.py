"""Values in the formats of Microsoft's services."""

import json
import re
from datetime import UTC, datetime
from typing import Any

from services.domain.storable import storable

_FRACTION = re.compile(r"(\.\d{6})\d+")
_ESCAPED = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def read_moment(value: object) -> datetime | None:
    """The moment of an ISO time with up to seven fraction digits and `Z`, an offset, or neither (then UTC).

    Returns `None` for anything else."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(_FRACTION.sub(r"\1", value.strip()))
    except ValueError:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None


def list_of(value: object) -> list[Any]:
    """The list; empty if it is none."""
    return value if isinstance(value, list) else []


def text_of(value: object) -> str | None:
    """The text without outer blanks; `None` if it is empty or not a text."""
    return value.strip() or None if isinstance(value, str) else None


def shown_value(value: object) -> str:
    """Any JSON value as a text that a person can read."""
    try:
        return value if isinstance(value, str) else json.dumps(value)
    except RecursionError:
        return "…"


def read_json(text: bytes) -> Any:
    """The JSON value of these bytes, as `storable`. What is no UTF-8 in them is replaced as well.

    Raises `ValueError`, `RecursionError`."""
    decoded = text.decode("utf-8", errors="replace")
    value = json.loads(decoded)
    # Only an escape can put such a character there, and looking at each text of a list takes longer than reading it.
    return storable(value) if "\\u" in decoded and _ESCAPED.search(decoded) else value
