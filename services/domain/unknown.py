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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A fact that could not be found out. Never treat it as `False` or as "clean"."""

    reason: UnknownReason
