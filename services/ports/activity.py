"""Which message or click of Teams something answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityId:
    """The id of one Teams activity. `activity_id` alone is unique only within its conversation."""

    conversation_id: str
    activity_id: str
