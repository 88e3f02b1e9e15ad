"""What a case knows of delivered mail after its unblock."""

from dataclasses import dataclass
from datetime import datetime

from services.domain.unknown import UnknownReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Whether a delivered message has shown that mail flows again. Nothing seen is no sign that it does not: message
    trace shows mail hours late."""

    proven_at: datetime | None = None
    """When the first message was sent that was delivered after the unblock."""
    seen_at: datetime | None = None
    """When the trace showed it to us."""
    unread: UnknownReason | None = None
    """Why the trace could not be read the last time; `None` if it was."""
