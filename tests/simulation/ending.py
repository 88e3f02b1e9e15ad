"""What must hold once everything works again and nobody presses anything."""

import re
from typing import TYPE_CHECKING

from cards.view import View
from cards.words import words_for
from sandbox import texts
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.status import OPEN, Status
from services.domain.case.transition import MESSAGES, TaskKind
from services.domain.limits.change import UNDER_WAY
from tests.dialogs.world import LINKS
from tests.reliability.endings import DRAWN, without_times
from tests.simulation.outside import TIMING

if TYPE_CHECKING:
    from tests.simulation.acts import Acts
    from tests.simulation.auditor import Auditor

_FOR_PEOPLE = frozenset({Status.FAILED, Status.NEEDS_TICKET, Status.WITH_MICROSOFT})
"""Cases that wait for an approver, and say so."""
_REPEATED = 3
"""How often one message may come again for a death or a lost answer."""


_REMINDERS = (
    "waiting for a decision",
    "is waiting for a decision",
    "are waiting for a decision",
    "still need",
)


async def broken_at_the_end(auditor: "Auditor", acts: "Acts", *, is_over: bool) -> list[str]:
    """What is not kept after some quiet hours; `is_over`: and after some days."""
    broken = [f"case {number}: {kind} is owed since {at:%a %H:%M}" for number, kind, at in auditor.overdue]
    for case in auditor.cases.values():
        broken += [f"case {case.number}: {what}" for what in _unfinished(case)]
        broken += _untrue(auditor, case)
    told = sum("notify" in kind or "repost" in kind for _, kind, _ in auditor.messages)
    posts = len(auditor.outside.messenger.sheets)
    if posts > 2 * told + len(acts.heard) + _REPEATED * (acts.deaths + acts.lost_answers) + 4 * len(auditor.cases) + 20:
        broken.append(f"{posts} posts for {told} messages")
    broken += _said_twice(auditor) if not acts.deaths and not acts.lost_answers else []
    if is_over:
        broken += [
            f"case {case.number} is {case.status} still, and nobody is asked"
            for case in auditor.cases.values()
            if case.status in OPEN - _FOR_PEOPLE
        ]
    return broken


def cards_left_behind(auditor: "Auditor") -> list[str]:
    """Cards that do not show their case, and no message about it is owed. A case is looked at once as it is."""
    owed = {number for (number,) in auditor.file.execute(_OWED).fetchall()}
    new = [one for one in auditor.cases.values() if auditor.shown.get(one.number) != one.version]
    settled = [one for one in new if one.number not in owed]
    auditor.shown.update({case.number: case.version for case in settled})
    return [what for case in settled for what in _untrue(auditor, case)]


_OWED = "select distinct case_number from outbox where kind in ({})".format(
    ", ".join(f"'{kind}'" for kind in sorted(MESSAGES))
)


def _unfinished(case: Case) -> list[str]:
    """What somebody wanted, and what came of it is never said."""
    begun = {
        "an approval that is being checked": case.intended is not None,
        "a containment": case.containment is not None and case.containment.is_under_way,
        "other limits": case.limit_change is not None and case.limit_change.stage in UNDER_WAY,
    }
    return [f"{what} goes nowhere" for what, is_so in begun.items() if is_so]


def _said_twice(auditor: "Auditor") -> list[str]:
    """Where nobody died and no answer was lost, a thread has a line for each that was owed, and no other. Reminders
    speak of several cases at once."""
    lines = [texts(sheet.card) for sheet in auditor.outside.messenger.sheets if sheet.thread is not None]
    broken = []
    for number in auditor.cases:
        said = sum(f"Case {number} (" in line for line in lines if not _reminds(line))
        events = [
            event for case, kind, event in auditor.messages if (case, kind) == (number, TaskKind.NOTIFY_APPROVERS)
        ]
        owed = sum(auditor.lines[number][event - 1].verb != "remind" for event in events)
        if said > owed:
            broken.append(f"case {number}: {said} lines in its thread for {owed} that were owed")
    return broken


def _reminds(line: str) -> bool:
    return any(said in line for said in _REMINDERS)


def _untrue(auditor: "Auditor", case: Case) -> list[str]:
    """The current cards of a case that do not show its present state."""
    # Drawn at a change that it shows or when somebody asked for it later; a pause may have ended since.
    moments = (auditor.outside.clock.now(), *(line.at for line in reversed(auditor.lines[case.number][-8:])))
    untrue = []
    for audience, draw in DRAWN.items():
        row = auditor.file.execute(_CURRENT, (case.number, audience)).fetchone()
        sheets = [one for one in auditor.outside.messenger.sheets if row and one.posted.activity == row[0]]
        views = [View(words=words_for("en-GB"), now=at, timing=TIMING, links=LINKS, contains=True) for at in moments]
        for sheet in sheets:
            shown = _told_by(sheet.card)
            if all(_told_by(draw(case, view)) != shown for view in views):
                untrue.append(f"case {case.number}: the card of {audience} does not show {case.status}")
    return untrue


def _told_by(card: Card) -> str:
    """What a card tells, without times, and without how often the list was read: that alone draws no card anew."""
    return _READS.sub("", without_times(texts(card)))


_READS = re.compile(r"(\| )?\d+ checks? so far[^|]*")
_CURRENT = "select activity from cards where case_number = ? and audience = ? and current order by id desc limit 1"
