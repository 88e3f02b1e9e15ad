"""What is left of a story once it is quiet, to be compared with another."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select

from cards.approver.approver_card import approver_card
from cards.person.joined_card import card_for
from cards.view import View
from cards.words import words_for
from sandbox import texts
from services.clients.store.tables import outbox
from services.domain.card import Card
from services.domain.case.case import Case
from services.domain.case.involved import spoken_to
from services.domain.case.parts import Decision
from services.domain.case.status import Status
from services.domain.case.transition import HistoryEntry
from services.domain.case.workflow import Verb
from services.ports.storage import Audience
from tests.cases import NOW
from tests.dialogs.world import LINKS, World

_TIMES = re.compile(r"\{\{(?:DATE|TIME)\([^)]*\)\}\}")


def persons_card(case: Case, view: View) -> Card:
    """The card of whoever is spoken to: the person of the case, or another asker where that one has withdrawn."""
    return card_for(case, spoken_to(case), view)


DRAWN = {Audience.PERSON: persons_card, Audience.APPROVERS: approver_card}


@dataclass(frozen=True, kw_only=True)
class Ending:
    """The parts that a death must not change, and the numbers it may change by one."""

    status: Status
    decision: Decision | None
    decisions: int
    tasks: tuple[str, ...]
    messages: Mapping[str, int]
    untrue: tuple[str, ...]


async def ending_of(world: World) -> Ending:
    """Returns how the story of case 1 ended."""
    case = await world.case()
    history = await world.cases.history(case.number)
    conversations = [sheet.posted.conversation.id for sheet in world.messenger.sheets]
    return Ending(
        status=case.status,
        decision=_undated(case.decision) if case.decision else None,
        decisions=decisions_in(history),
        tasks=tuple(await tasks(world)),
        messages={name: conversations.count(name) for name in sorted(set(conversations))},
        untrue=tuple(await untrue_cards(world, case)),
    )


def _undated(decision: Decision) -> Decision:
    facts = replace(decision.facts, noted_at=NOW) if decision.facts else None
    return replace(decision, at=NOW, facts=facts)


def decisions_in(history: Sequence[HistoryEntry]) -> int:
    """Returns how many decisions stand: an approval that lapsed stands no more."""
    decided = sum(event.verb in (Verb.APPROVE, Verb.DENY) for event in history)
    decided += sum(event.verb is Verb.DECIDE and event.facts["status"] == "approved" for event in history)
    return decided - sum(event.verb is Verb.UNBLOCK and event.facts["status"] == "waiting" for event in history)


async def tasks(world: World) -> Sequence[str]:
    """Returns every task in the outbox as text."""
    async with world.database.reading() as connection:
        rows = await connection.execute(select(outbox.c.case_number, outbox.c.kind))
        return sorted(f"{row.case_number}: {row.kind}" for row in rows)


async def untrue_cards(world: World, case: Case) -> list[str]:
    """Returns the current cards of a case that do not show its present state."""
    # Drawn at the last change or when somebody asked for it later; a pause may have ended in between.
    last_change = (await world.cases.history(case.number))[-1].at
    views = [
        View(words=words_for("en-GB"), now=now, timing=world.timing, links=LINKS, contains=world.responders is not None)
        for now in (last_change, world.clock.now())
    ]
    untrue = []
    for audience, draw in DRAWN.items():
        current = (await world.cards.shown(case.number, audience)).current
        if current is None:
            continue
        sheet = next(sheet for sheet in world.messenger.sheets if sheet.posted.activity == current.activity)
        if without_times(texts(sheet.card)) not in [without_times(texts(draw(case, view))) for view in views]:
            untrue.append(f"{audience} {case.status}: {texts(sheet.card)}")
    return untrue


def without_times(text: str) -> str:
    return _TIMES.sub("⏲", text)


def apart(moments: Sequence[datetime]) -> list[float]:
    """Returns the minutes between each time and the next."""
    return [(after - before).total_seconds() / 60 for before, after in pairwise(moments)]
