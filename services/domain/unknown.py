"""Knowing, and knowing that we do not know."""

from dataclasses import dataclass
from enum import StrEnum


class UnknownReason(StrEnum):
    """Why a fact could not be found out."""

    TIMED_OUT = "timed out"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    NO_PERMISSION = "no permission"
    NO_LICENCE = "no licence"
    INCOMPLETE = "incomplete"
    UNEXPECTED_RESPONSE = "strange answer"
    START_UNKNOWN = "start unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A fact that could not be found out. Never `False`, never "clean"."""

    reason: UnknownReason
