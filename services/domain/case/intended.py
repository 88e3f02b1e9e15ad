"""An approval whose facts need longer than its click may wait: the case keeps it, and a task decides soon after."""

from dataclasses import dataclass
from datetime import datetime

from services.domain.case.facts import Worse
from services.domain.people import PersonId, SignOff
from services.domain.personal import Personal


@dataclass(frozen=True, slots=True, kw_only=True)
class IntendedApproval:
    """What an approver clicked, and when. `facts`: the number of the facts that their card showed."""

    by: Personal[PersonId]
    name: Personal[str]
    at: datetime
    facts: int
    reason: Personal[str] = ""
    by_another_route: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedApproval:
    """An intended approval that was not taken, for the approvers to read. `why`: the identifier of the refusal."""

    intended: Personal[SignOff]
    at: datetime
    why: str
    worse: tuple[Worse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedRelease:
    """An approver stopped what was approved or released. `approved`: the approval that it ended, if there was one."""

    stopped: Personal[SignOff]
    approved: Personal[SignOff | None] = None
    works_said_at: datetime | None = None
    """When the person said that mail works again: that closes a stopped case no more."""
