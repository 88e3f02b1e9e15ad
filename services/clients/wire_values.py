"""Values as Microsoft's services write them."""

import re
from datetime import UTC, datetime

_FRACTION = re.compile(r"(\.\d{6})\d+")


def read_moment(value: object) -> datetime | None:
    """An ISO time with up to seven fraction digits, `Z`, an offset or none (then UTC); `None` for anything else."""
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


def text_of(value: object) -> str | None:
    """A non-empty text, or nothing."""
    return value.strip() or None if isinstance(value, str) else None
