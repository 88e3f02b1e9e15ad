"""The facts that a decision is made on, and whether later ones are worse.

A case keeps each set of facts that its approvers' card showed, with a number. The card's button carries the number; at
the click the facts of that number are compared with the present ones. See `what_is_worse`."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.domain.evidence.findings import Found
from services.domain.evidence.report import Gap
from services.domain.personal import Personal
from services.domain.proofs.securing import ApprovalCondition
from services.domain.restriction import RANK, Cause, Restriction


class Worse(StrEnum):
    """In what respect the present facts are worse than those that were shown."""

    NEW_ENTRY = "new_entry"
    WORSE_CAUSE = "worse_cause"
    LATER_START = "later_start"
    NEW_ALARM = "new_alarm"
    NEW_CONDITION = "new_condition"
    NEEDS_TWO = "needs_two"
    DECIDER_LEFT = "decider_left"
    """Who decided may not decide any more: that is no fact of the case, and found at the effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedEntry:
    """What a decision about an entry of the restricted list rests on. Counts are left out: they only go up."""

    address: Personal[str]
    cause: Cause
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A finding of the evidence, and what it was found in. A new count or time is the same alarm, unless it is found
    after the steps of a containment: then it is another one, for each containment."""

    found: Found
    names: Personal[tuple[str, ...]] = ()
    after_steps: datetime | None = None
    """When those steps had ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that a decision about a case is made on. `number`: its place among the facts of the case."""

    number: int = 0
    noted_at: datetime
    entries: tuple[ListedEntry, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    places: Personal[tuple[str, ...]] = ()
    """New for the person, though the rules expect them: no alarms, and yet for the approver to see."""
    conditions: tuple[ApprovalCondition, ...] = ()
    settled: tuple[Alarm, ...] = ()
    """Of the alarms those from before the steps that contained the account: found late, they are no news."""
    needs_two: bool = False
    """Whether one approver is not enough: it looks or looked stolen, and is not contained."""
    unread: frozenset[Gap] = frozenset()
    """The sources of evidence that should have answered and did not: what one condition stands for. Facts that have the
    condition and no source were stored before sources were kept."""
    unproven: Personal[tuple[str, ...]] = ()
    """What the conditions on proofs are about: each new sign-in method, and each of the others whose account is not
    proven; or `UNNAMED`. Where there is none, nothing is compared: facts that were stored before this was kept have
    none."""

    def same_as(self, other: "Facts") -> bool:
        """Whether both say the same, whenever they were noted."""
        return replace(self, number=other.number, noted_at=other.noted_at) == other


UNNAMED = "unnamed"
"""What such a condition is about where nothing can be named: a method that only the audit log tells of, or somebody
behind a group that could not be read. Whoever was shown that has not spoken of what is named since."""
_WAITED_FOR = frozenset({ApprovalCondition.EVIDENCE_PENDING})
"""Nothing is decided while it lasts, so that what comes of it is compared."""


def entry_of_list(restriction: Restriction) -> ListedEntry:
    """The entry without what does not matter to a decision."""
    return ListedEntry(address=restriction.address.casefold(), cause=restriction.cause, since=restriction.since)


def what_is_worse(shown: Facts, present: Facts) -> tuple[Worse, ...]:
    """In what the present facts are worse than those shown; empty if a decision about those shown still holds.

    Better news is never worse, and neither are counts and times of reading."""
    found = {
        *_worse_entries(shown, present),
        *({Worse.NEW_ALARM} if set(present.alarms) - set(shown.alarms) - set(present.settled) else ()),
        *({Worse.NEW_CONDITION} if set(present.conditions) - set(shown.conditions) - _WAITED_FOR else ()),
        *({Worse.NEW_CONDITION} if set(present.places) - set(shown.places) else ()),
        # Word that was given about one source, method or person says nothing about another.
        *({Worse.NEW_CONDITION} if _is_unread_anew(shown, present) or _is_unproven_anew(shown, present) else ()),
        *({Worse.NEEDS_TWO} if present.needs_two and not shown.needs_two else ()),
    }
    return tuple(worse for worse in Worse if worse in found)


def _is_unread_anew(shown: Facts, present: Facts) -> bool:
    """Whether a source did not answer that had answered; where none had, that is nothing new."""
    if ApprovalCondition.EVIDENCE_NOT_CHECKED not in shown.conditions or not shown.unread:
        return False  # a condition of its own, or stored before sources were kept
    return Gap.EVERYTHING not in shown.unread and bool(present.unread - shown.unread)


def _is_unproven_anew(shown: Facts, present: Facts) -> bool:
    return bool(shown.unproven) and bool({*present.unproven} - {*shown.unproven, UNNAMED})


def _worse_entries(shown: Facts, present: Facts) -> Iterator[Worse]:
    for entry in present.entries:
        known = [one for one in shown.entries if one.address == entry.address]
        if not known:
            yield Worse.NEW_ENTRY
            continue
        # An address may be listed twice, for two reasons.
        if all(RANK[entry.cause] > RANK[before.cause] for before in known):
            yield Worse.WORSE_CAUSE
        if all(_began_later(before, entry, shown.noted_at) for before in known):
            yield Worse.LATER_START


def _began_later(before: ListedEntry, entry: ListedEntry, noted_at: datetime) -> bool:
    """A start that is not known any more may be a later one. One that was not known before is later only if it lies
    after the time at which the facts were noted."""
    if before.since is None:
        return entry.since is not None and entry.since > noted_at
    return entry.since is None or entry.since > before.since
