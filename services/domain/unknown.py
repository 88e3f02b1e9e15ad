"""Facts that could not be found out, as values."""

from dataclasses import dataclass
from enum import StrEnum


class UnknownReason(StrEnum):
    """Why a fact could not be found out."""

    TIMED_OUT = "timed_out"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    NO_PERMISSION = "no_permission"
    NO_LICENCE = "no_licence"
    INCOMPLETE = "incomplete"
    UNEXPECTED_RESPONSE = "unexpected_response"
    START_UNKNOWN = "start_unknown"
    START_UNCLEAR = "start_unclear"
    NOT_YET = "not_yet"
    NOT_SET_UP = "not_set_up"
    """The service first wants something done in the organisation, once."""
    NOT_ALL_SHOWN = "not_all_shown"
    """The source answered, and lacks what must be there: it may come late, or be elsewhere."""


PASSING = frozenset({UnknownReason.TIMED_OUT, UnknownReason.THROTTLED, UnknownReason.UNREACHABLE})
"""Reasons that may be gone when the source is asked again, and nobody has to do anything for it."""

NOT_OFFERED = frozenset({UnknownReason.NO_LICENCE, UnknownReason.NO_PERMISSION, UnknownReason.NOT_SET_UP})
"""Reasons that lie in the organisation, not in the moment: it has no licence for the source, or has not allowed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A fact that could not be found out. Never treat it as `False` or as "clean"."""

    reason: UnknownReason


NOT_ASKED = Unknown(reason=UnknownReason.NOT_YET)
"""Nobody has asked yet."""
