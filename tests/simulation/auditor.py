"""Looks at the database after every commit, and at every call of Remove, whether the promises hold.

It reads with a connection of its own and judges with rules of its own, so that a rule that is broken in the product is
not broken here as well."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sandbox import texts
from services.clients.store.case_schema import read
from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber
from services.domain.case.status import OPEN, Status
from services.domain.case.transition import MESSAGES, SCHEDULED, TaskKind
from services.domain.limits.policy_plan import Plan
from services.ports.storage import ActivityId
from tests.cases import NOW
from tests.simulation.deliveries import HEARD
from tests.simulation.outside import Outside
from tests.simulation.promises import Kept, Line, broken_by, broken_by_call
from tests.simulation.tenant import Call
from tests.simulation.two_hands import TwoHands
from tests.simulation.wire import ASKS_TO_WAIT, THROTTLED, Weather


class Broken(Exception):  # noqa: N818 - it names what happened to a promise
    """A promise that was not kept."""


@dataclass(kw_only=True)
class Auditor:
    """`note` writes into the run's log. `broken`: what was not kept, the first of it first."""

    file: sqlite3.Connection
    outside: Outside
    weather: Weather
    note: Callable[[str], None]
    cases: dict[int, Case] = field(default_factory=dict)
    lines: dict[int, list[Line]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    acted_on: dict[ActivityId, int] = field(default_factory=dict)
    effective: set[ActivityId] = field(default_factory=set)
    """The activities that changed something."""
    messages: dict[tuple[int, str, int], int] = field(default_factory=dict)
    """Every message task that was ever owed, and how often it was tried."""
    shown: dict[int, int] = field(default_factory=dict)
    """Of each case the version whose cards were looked at."""
    hands: TwoHands = field(init=False)
    _throttled: dict[tuple[int, str, int], tuple[datetime, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Watches every call that changes something outside."""
        around = self.outside
        self.hands = TwoHands(outside=around)
        around.tenant.called = self.called
        around.containing.taken = lambda step, person: self._add("containment", self.hands.taken(step, person))
        around.containing.given_back = lambda step, person: self._add(
            "containment", self.hands.given_back(step, person)
        )
        around.policies.applied = self._applied

    def _add(self, about: str, broken: Iterator[str]) -> None:
        self.broken += [f"{about}: {what}" for what in broken]

    def _applied(self, plan: Plan, note: str) -> None:
        number = int(note.rpartition(" ")[2])
        shown = self.outside.tenant.shown_for(self.cases[number].sender.addresses, _SEEN_WITHIN)
        self._add(f"case {number}", self.hands.applied(plan, number, shown))

    def committed(self) -> None:
        """Somebody committed something."""
        self.outside.pace.something_changed()
        for number, version in self.file.execute("select number, version from cases").fetchall():
            known = self.cases.get(number)
            if known is None or known.version != version:
                self._changed(number, version)
        self._owed()

    def _changed(self, number: int, version: int) -> None:
        body, mailbox = self.file.execute("select body, mailbox from cases where number = ?", (number,)).fetchone()
        before, after = self.cases.get(number), read(json.loads(body), CaseNumber(number), version)
        lines = [_line(row) for row in self.file.execute(_HISTORY, (number,)).fetchall()]
        self.cases[number], self.lines[number] = after, lines
        self.note(f"case {number} is {after.status} by {lines[-1].actor} {lines[-1].verb}")
        kept = Kept(before=before, after=after, lines=lines, cases=self.cases, outside=self.outside)
        for broken in (broken_by(kept), self._beside(after, lines, mailbox), self.hands.broken_by(kept)):
            self._add(f"case {number}, {after.status}", broken)

    def _beside(self, case: Case, lines: list[Line], mailbox: str) -> Iterator[str]:
        """What the other tables say of the change."""
        if case.version != len(lines):
            yield "a change without a line in its history"
        if lines[-1].facts.get("status") != case.status and not case.past.followed_by:
            yield "its history says otherwise"
        if case.status.is_ended != (case.ended_at is not None):
            yield "ended, or not?"
        tasks = {kind for (kind,) in self.file.execute("select kind from outbox where case_number = ?", (case.number,))}
        if missing := _NEEDS.get(case.status, frozenset()) - tasks:
            yield f"nothing is planned for it: {', '.join(sorted(missing))}"
        if case.status in OPEN and not tasks & SCHEDULED:
            yield "open, and nothing ever looks at it again"
        yield from _unseen(lines, tasks)
        same = "select count(*) from cases where mailbox = ? and status in ({})"
        same = same.format(",".join("?" * len(OPEN)))
        if self.file.execute(same, (mailbox, *sorted(OPEN))).fetchone()[0] > 1:
            yield "two open cases of one mailbox"
        heard, by_hand = HEARD.get(), lines[-1].actor in ("person", "approver", "responder")
        if heard is not None and by_hand:
            self.effective.add(heard)
        if heard is not None and by_hand and lines[-1].verb != "open":
            if self.acted_on.get(heard) == case.number:
                yield "one activity was acted on twice"
            self.acted_on[heard] = case.number

    def _owed(self) -> None:
        now, throttled = self.outside.clock.now(), self.weather.of("Teams") == THROTTLED
        if not throttled:
            self._throttled.clear()
        for number, kind, event, tries in self.file.execute(_MESSAGES).fetchall():
            if kind not in _UPDATES:
                self.messages[number, kind, event] = tries
            if not throttled:
                continue
            since, before = self._throttled.setdefault((number, kind, event), (now, tries))
            if tries - before > _PATIENCE + (now - since) / ASKS_TO_WAIT:
                self.broken.append(f"case {number}: {kind} is tried {tries - before} times while Teams asks to wait")

    def called(self, call: Call) -> None:
        """Remove is called at this moment."""
        number = int(call.note.rpartition(" ")[2])
        self.note(f"Remove for case {number}, {'effective' if call.effective else 'without effect'}")
        mine = [one for one in self.outside.tenant.calls if one.note == call.note]
        case = self.cases[number]
        self._add(f"case {number}", broken_by_call(case, self.lines[number], call, mine))

    def out_for_long(self, since: datetime, somebody_died: bool) -> None:
        """The list is away since then: who waits for a removal was told so, unless nobody could be."""
        chats = self.outside.messenger
        if somebody_died or chats.gone_until >= since or self.outside.clock.now() <= since:
            return
        told = any(
            _STALLED in texts(sheet.card)
            for at, sheet in zip(chats.posted_at, chats.sheets, strict=True)
            if at >= since
        )
        self.broken += [
            f"case {case.number}: its removal waits for an hour, and nobody is told"
            for case in self.cases.values()
            if case.status is Status.APPROVED and case.decision and case.decision.at <= since and not told
        ]

    @property
    def overdue(self) -> list[tuple[int, str, datetime]]:
        """The tasks that were due some time ago."""
        late = self.outside.clock.now() - timedelta(minutes=20)
        rows = self.file.execute("select case_number, kind, due from outbox").fetchall()
        due = [(number, kind, datetime.fromisoformat(at).replace(tzinfo=NOW.tzinfo)) for number, kind, at in rows]
        return [(number, kind, at) for number, kind, at in due if at < late]


_SEEN_WITHIN = timedelta(minutes=1)
"""How long what the list shows may be unknown to a process that is about to act."""
_STALLED = "Approved, but the unblock has been stuck since"
_PATIENCE = 4
"""A task that a dead process held is tried again too."""
_HISTORY = "select at, actor, verb, who, facts from events where case_number = ? order by seq"
_UPDATES = (TaskKind.UPDATE_PERSON_CARD, TaskKind.UPDATE_APPROVERS_CARD)
_MESSAGES = "select case_number, kind, event, tries from outbox where kind in ({})".format(
    ", ".join(f"'{kind}'" for kind in sorted(MESSAGES - {TaskKind.NOTIFY_JOINED}))
)
_NEEDS: Mapping[Status, frozenset[str]] = {
    Status.LOOKING: frozenset({TaskKind.LOOK, TaskKind.EXPIRE}),
    Status.SECURING: frozenset({TaskKind.CHECK, TaskKind.EXPIRE}),
    Status.WAITING: frozenset({TaskKind.CHECK, TaskKind.REMIND, TaskKind.EXPIRE}),
    Status.NEEDS_INFO: frozenset({TaskKind.CHECK, TaskKind.REMIND, TaskKind.EXPIRE}),
    Status.APPROVED: frozenset({TaskKind.UNBLOCK}),
    Status.FAILED: frozenset({TaskKind.CHECK}),
    Status.UNBLOCKED: frozenset({TaskKind.CHECK}),
    Status.OFF_LIST: frozenset({TaskKind.CHECK, TaskKind.WATCH_END}),
    Status.NEEDS_TICKET: frozenset({TaskKind.CHECK}),
    Status.WITH_MICROSOFT: frozenset({TaskKind.CHECK}),
}


def _unseen(lines: Sequence[Line], tasks: Set[str]) -> Iterator[str]:
    """A case that became something else is shown to somebody, or will be looked at now."""
    became, was = (line.facts.get("status") for line in (lines[-1], (lines[-2:] or lines)[0]))
    if (became != was or len(lines) == 1) and not tasks & (MESSAGES | {TaskKind.LOOK}):
        yield "nobody is shown what it became"


def _line(row: Any) -> Line:
    at, actor, verb, who, facts = row
    moment = datetime.fromisoformat(at).replace(tzinfo=NOW.tzinfo)
    return Line(at=moment, actor=actor, verb=verb, who=who, facts=json.loads(facts))
