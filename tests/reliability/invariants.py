"""What must hold at every moment, and what must hold once no task is due."""

from sqlalchemy import select

from services.clients.store.tables import cases, outbox
from services.domain.case.case import Case
from services.domain.case.parts import CaseNumber
from services.domain.case.transition import MESSAGES, SCHEDULED, HistoryEntry
from services.domain.case.workflow import Verb
from tests.reliability.endings import apart, decisions_in, untrue_cards
from tests.reliability.mortal import MortalWorld
from tests.reliability.plays import TIMING, LaggingMail


async def hold_always(world: MortalWorld) -> None:
    """Asserts the promises that hold at every moment."""
    everything = await _cases(world)
    effects = await _effects(world)
    for case, history in everything:
        told = f"case {case.number}, {case.status}"
        assert decisions_in(history) <= 1, f"{told}: decided more than once"
        assert case.decision is None or case.decision.by != case.sender.person, f"{told}: decided by its own person"
        assert case.version == len(history), f"{told}: a change without a line in its history"
        assert history[-1].facts["status"] == case.status or case.past.followed_by, (
            f"{told}: its history says otherwise"
        )
        assert case.status.is_ended == (case.ended_at is not None), f"{told}: ended or not?"
        assert case.status.is_ended or effects[case.number] & SCHEDULED, (
            f"{told}: open, and nothing ever looks at it again"
        )
    people = [case.sender.person for case, _ in everything if not case.status.is_ended]
    assert len(people) == len(set(people)), "two open cases of one person"
    _unblocks_hold(world, [event for _, history in everything for event in history])


def _unblocks_hold(world: MortalWorld, history: list[HistoryEntry]) -> None:
    mail = world.mail
    assert isinstance(mail, LaggingMail)
    allowed = [event for event in history if event.verb in (Verb.APPROVE, Verb.RETRY)]
    assert mail.effective <= len(allowed), "more releases than approvals"
    assert len(mail.removals) <= 3 * len(allowed), "more than three calls for an approval"
    assert all(mail.listed_at_call), "a removal for somebody who was not listed"
    for call in mail.removals:
        assert any(event.at <= call for event in allowed), "an unblock without an approval"
    for minutes, after in zip(apart(mail.removals), mail.removals[1:], strict=True):
        decided_again = any(mail.removals[0] <= event.at <= after for event in allowed[1:])
        assert decided_again or minutes * 60 >= TIMING.unblock_grace.total_seconds(), "called again within the grace"


async def hold_when_quiet(world: MortalWorld) -> None:
    """Asserts that every due task was completed and that people see the present state."""
    effects = await _effects(world)
    for case, _ in await _cases(world):
        assert not effects[case.number] & MESSAGES, f"case {case.number}: something is still to be said"
        assert await untrue_cards(world, case) == []


async def _cases(world: MortalWorld) -> list[tuple[Case, list[HistoryEntry]]]:
    async with world.database.reading() as connection:
        numbers = [CaseNumber(number) for number in (await connection.execute(select(cases.c.number))).scalars()]
    return [(case, list(await world.cases.history(case.number))) for case in await world.cases.many(sorted(numbers))]


async def _effects(world: MortalWorld) -> dict[CaseNumber, set[str]]:
    async with world.database.reading() as connection:
        rows = (await connection.execute(select(outbox.c.case_number, outbox.c.kind))).all()
    numbers = {case.number for case, _ in await _cases(world)}
    return {number: {row.kind for row in rows if row.case_number == number} for number in numbers}
