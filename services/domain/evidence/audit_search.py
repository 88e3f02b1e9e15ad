"""A search of the unified audit log for earlier restrictions: a job of minutes, which no other evidence waits for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSearch:
    """A search on its way, from when it is wanted until it is deleted.

    `id`: Microsoft 365's, once it has begun. `is_read`: its result is kept, and only its deletion is left."""

    wanted_at: datetime
    id: str = ""
    begun_at: datetime | None = None
    is_read: bool = False

    def name(self, case_number: int) -> str:
        """The name by which a search is found again that began and whose id was lost."""
        return f"Sendwell case {case_number}, {self.wanted_at:%Y-%m-%dT%H:%M:%S.%fZ}"

    def next_look(self, now: datetime, after: Sequence[timedelta]) -> datetime | None:
        """When to look next whether it has ended; `None` if that was the last time. `after` counts from its begin."""
        return next((at for wait in after if (at := (self.begun_at or self.wanted_at) + wait) > now), None)

    def due(self, now: datetime, after: Sequence[timedelta]) -> datetime:
        """When the next thing is to be done: begin it, look at it, or delete it."""
        looking = bool(self.id) and not self.is_read
        return (self.next_look(now, after) or now) if looking else now
