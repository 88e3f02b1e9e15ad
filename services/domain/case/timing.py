"""The durations in the life of a case."""

from dataclasses import dataclass
from datetime import timedelta

from services.domain.rules.rules import NO_RULES, Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """The durations in the life of a case, and what else rules it: from how many cases on a digest replaces single
    cards, and whether a call takes a code. Each is a setting."""

    check_after: tuple[timedelta, ...]
    check_every: timedelta
    support_after: timedelta
    lag_window: timedelta
    unblock_grace: timedelta
    remind_after: timedelta
    expire_after: timedelta
    watch_for: timedelta
    ask_again_after: timedelta
    digest_over: int
    digest_within: timedelta
    requests_a_day: int
    messages_a_minute: int
    keep_details_for: timedelta
    watch_every: timedelta | None
    """How often the list monitor reads the restricted list; `None`: never."""
    approval_lasts: timedelta
    """An approval that could not be carried out within this time lapses."""
    lease: timedelta
    """How long a claimed outbox task belongs to the process that claimed it."""
    slow_read: timedelta
    """How long a source that is asked in the background may take to respond; it is asked twice at most."""
    call_code: bool = False
    """Whether word by another route takes a code that is told on the telephone."""
    click_within: timedelta = timedelta(seconds=6)
    """How long the click of an approval may wait for what it is judged on."""
    decide_within: timedelta = timedelta(seconds=60)
    """How long an intended approval may wait for what it is judged on, once its evidence is there."""
    evidence_within: timedelta = timedelta(minutes=2)
    """How long evidence that was asked for is waited for; what has not come by then is not checked."""
    evidence_lasts: timedelta = timedelta(minutes=30)
    """How old the evidence may be that an approval rests on."""
    trouble_due: timedelta = timedelta(hours=24)
    """By when a trouble that was told to the admins should be solved."""
    audit_after: tuple[timedelta, ...] = tuple(timedelta(minutes=minutes) for minutes in (1, 3, 8, 18, 38))
    """When to look whether a search of the audit log has ended, from its begin; after the last it is given up."""

    prove_after: tuple[timedelta, ...] = tuple(
        timedelta(minutes=minutes) for minutes in (2, 10, 30, 120, 360, 1_080, 1_380)
    )
    """When to look in message trace whether mail flows again, from when the sender left the list."""

    rules: Rules = NO_RULES
    """What the organisation says of itself: its hours, whom else to mention, what it expects."""

    @property
    def gather_within(self) -> timedelta:
        """How long one source of evidence may take in all: two slow reads, and some more for what asks several."""
        return self.slow_read * 2.5

    @property
    def gather_lease(self) -> timedelta:
        """The lease of a task that gathers evidence: it may take three quarters of it."""
        return max(self.lease, self.slow_read * 4)

    @property
    def decide_lease(self) -> timedelta:
        """The lease of a task that decides: it may take three quarters of it."""
        return max(self.lease, self.decide_within * 1.5)

    @property
    def reads_apart(self) -> timedelta:
        """How far apart two reads must be to confirm each other: Exchange serves the list from replicas that lag."""
        return self.check_after[0]
