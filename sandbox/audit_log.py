"""Searches of the unified audit log: jobs that take minutes, few at a time, kept until somebody deletes them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

AT_ONCE = 10
"""How many searches run at a time in one tenant, whoever began them."""


@dataclass(frozen=True, kw_only=True)
class Search:
    """One search as it was asked for."""

    id: str
    body: dict[str, Any]
    made_at: datetime


@dataclass(kw_only=True)
class AuditLog:
    """`takes` seconds a search, and then `ends` as succeeded, failed or cancelled.

    `says_why`: too many searches are refused in words, not with 429. `deletes`: whether searches can be deleted at all,
    which the documentation does not say and others have seen fail."""

    takes: float = 0.3
    ends: str = "succeeded"
    rows_a_page: int = 500
    says_why: bool = False
    deletes: bool = True
    searches: dict[str, Search] = field(default_factory=dict)
    made: int = 0
    most_at_once: int = 0

    def begin(self, body: dict[str, Any], now: datetime) -> Search | None:
        """The new search, or nothing where too many are running."""
        running = sum(self.status(search, now) in ("notStarted", "running") for search in self.searches.values())
        if running >= AT_ONCE:
            return None
        self.made, self.most_at_once = self.made + 1, max(self.most_at_once, running + 1)
        search = Search(id=f"0a{self.made:06d}-0000-4000-8000-00000000a0d1", body=body, made_at=now)
        self.searches[search.id] = search
        return search

    def status(self, search: Search, now: datetime) -> str:
        age = now - search.made_at
        if age < timedelta(seconds=self.takes / 3):
            return "notStarted"
        return self.ends if age >= timedelta(seconds=self.takes) else "running"
