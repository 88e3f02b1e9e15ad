"""A case that this program cannot read: damaged, or stored by a newer one that runs beside it."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text, update

from services.clients.store.case_schema import SCHEMA
from services.clients.store.newer import Newer
from services.clients.store.outbox import SqlOutbox
from services.clients.store.tables import cases, outbox
from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from tests.cases import BO, HOUR
from tests.dialogs.fake_mail import REFUSED
from tests.dialogs.test_called_to_mind import CALLED
from tests.dialogs.test_digest import OVER, sends
from tests.dialogs.test_settled_lines import said, waits
from tests.dialogs.test_watch import begun
from tests.dialogs.world import ANA_CLICKS, ANAS_ADDRESS, DAN, WATCH_EVERY, World

SAID = "cannot be read by this version of Sendwell"


async def becomes_unreadable(w: World, number: int = 1) -> Any:
    """Stores the case as a newer program would; returns the body from before."""
    mine = cases.c.number == number
    async with w.database.writing() as connection:
        before = (await connection.execute(select(cases.c.body).where(mine))).scalar_one()
        await connection.execute(update(cases).where(mine).values(body={"schema": SCHEMA + 1}))
    return before


async def test_an_approver_who_asks_for_it_is_told(w: World) -> None:
    await w.ana_has_sent()
    await becomes_unreadable(w)
    assert f"Case 1 {SAID}" in await w.commands(BO, "case 1")
    assert SAID in await w.commands(BO, "approve 1 called her")
    assert SAID in await w.bo_approves()
    await w.passes(HOUR)
    assert w.mail.removals == []


async def test_whoever_may_not_decide_is_told_nothing_of_it(w: World) -> None:
    await w.ana_has_sent()
    await becomes_unreadable(w)
    assert SAID not in await w.commands(DAN, "case 1")


async def test_its_person_is_told_in_their_language_and_given_no_second_case(w: World) -> None:
    await w.ana_has_sent()
    await becomes_unreadable(w)
    for words in ("why can't I send email?", "status", "withdraw"):
        assert f"Case 1 {SAID}" in await w.says(ANA_CLICKS, words), words
    assert SAID in await w.presses(ANA_CLICKS, "withdraw")
    await w.says(ANA_CLICKS, "language de")
    assert "Diese Version von Sendwell kann Fall 1 nicht lesen" in await w.says(ANA_CLICKS, "status")
    async with w.database.reading() as connection:
        assert (await connection.execute(select(func.count()).select_from(cases))).scalar_one() == 1


async def test_lists_and_digests_show_the_others(w: World) -> None:
    for number in range(1, OVER + 3):
        await sends(w, number)
    await becomes_unreadable(w, 1)
    await becomes_unreadable(w, OVER + 1)
    digest = w.posts()[-1]
    listed = await w.commands(BO, "cases")
    assert "Sample Person 2" in listed
    assert "Sample Person 1" not in listed
    await sends(w, OVER + 3)
    assert f"Sample Person {OVER + 3}" in w.text_of(digest)
    assert f"Sample Person {OVER + 1}" not in w.text_of(digest)


async def test_its_tasks_wait_longer_and_longer_and_other_cases_go_on(w: World) -> None:
    await sends(w, 1)
    await sends(w, 2)
    await becomes_unreadable(w, 1)
    await w.bo_approves(2)
    await w.passes(8 * HOUR)
    assert await w.status(2) is Status.CLOSED_UNCONFIRMED
    async with w.database.reading() as connection:
        tries = (await connection.execute(select(outbox.c.tries).where(outbox.c.case_number == 1))).scalars().all()
    assert tries
    assert max(tries) < 15  # once an hour, after the first


async def test_once_it_can_be_read_it_goes_on_by_itself(w: World) -> None:
    await w.ana_has_sent()
    body = await becomes_unreadable(w)
    await w.passes(5 * HOUR)
    async with w.database.writing() as connection:
        await connection.execute(update(cases).values(body=body))
    await w.passes(HOUR)
    assert "waiting for a decision" in " ".join(w.lines())


async def test_the_watch_takes_it_for_the_open_case_it_is_and_sees_the_next(w: World) -> None:
    await begun(w)
    await w.ana_asks()
    await becomes_unreadable(w)
    other = "sales@contoso.example"
    w.mail.restrict(other)
    await w.watches(WATCH_EVERY)
    assert other in w.approvers_see()
    assert ANAS_ADDRESS in await w.monitor_store.known()


async def due_of(w: World, number: int) -> list[tuple[datetime, int]]:
    """When each task of the case is due, and how often it was begun."""
    tasks = select(outbox.c.due, outbox.c.tries).where(outbox.c.case_number == number)
    async with w.database.reading() as connection:
        return [(row.due, row.tries) for row in await connection.execute(tasks)]


async def test_its_tasks_are_left_due_for_the_newer_program_beside_us(w: World) -> None:
    await sends(w, 1)
    await becomes_unreadable(w)
    before = await due_of(w, 1)
    await w.passes(5 * HOUR)
    now = w.clock.now()
    w.database.newer = Newer()  # what another process knows: one as old as ours
    await w.passes()
    after = await due_of(w, 1)
    assert sum(due <= now for due, _ in after) == sum(due <= now for due, _ in before) > 0
    assert max(tries for _, tries in after) <= 7  # looked at once an hour, in case it was restored
    w.database.newer = Newer()  # and a newer one
    found = await SqlOutbox(w.database).claim(now, w.timing.lease, 99, frozenset(TaskKind))
    assert len(found) == sum(due <= now for due, _ in after)


async def test_a_program_that_cannot_read_it_does_not_look_for_its_tasks_without_end(w: World) -> None:
    await sends(w, 1)
    await becomes_unreadable(w)
    await w.passes(HOUR)
    due = await w.outbox.next_due(frozenset(TaskKind))
    assert due is not None
    assert due > w.clock.now()


async def test_the_operator_is_told_until_a_newer_program_runs(w: World) -> None:
    said = "{} stored by a newer Sendwell, and left to it: update this process."
    for number in (1, 2, 3):
        await sends(w, number)
    body = await becomes_unreadable(w, 1)
    await w.passes(HOUR)
    assert w.database.newer.said() == [said.format("1 case was")]
    await becomes_unreadable(w, 2)
    await w.passes(HOUR)
    assert w.database.newer.said() == [said.format("2 cases were")]
    async with w.database.writing() as connection:
        await connection.execute(update(cases).values(body=body))
    await w.passes(2 * HOUR)
    assert w.database.newer.said() == []


async def test_what_is_damaged_is_not_taken_for_newer(w: World) -> None:
    await sends(w, 1)
    async with w.database.writing() as connection:
        await connection.execute(update(cases).values(body={"schema": SCHEMA}))
    await w.passes(HOUR)
    assert w.database.newer.said() == []


async def test_a_database_that_a_newer_program_migrated_is_told_and_still_used(w: World) -> None:
    await w.database.ping()
    assert w.database.newer.said() == []
    async with w.database.writing() as connection:
        await connection.execute(text("update alembic_version set version_num = '9999'"))
    await w.database.ping()
    assert "does not start again on it" in " ".join(w.database.newer.said())
    await w.ana_has_sent()
    assert await w.status() is Status.WAITING


async def test_a_line_that_speaks_of_it_too_is_left_to_the_newer_program(w: World) -> None:
    w.mail.outcomes = [REFUSED] * 2
    for number in (1, 2):
        await sends(w, number)
        await w.presses(BO, "approve", number, None, **CALLED)
    await w.passes(w.timing.remind_after)
    (line,) = waits(w)
    body = await becomes_unreadable(w, 2)
    await w.presses(BO, "close", 1, close_reason="she left")
    assert waits(w) == [line]
    w.database.newer = Newer()
    async with w.database.writing() as connection:
        await connection.execute(update(cases).where(cases.c.number == 2).values(body=body))
    await w.presses(BO, "close", 2, close_reason="he left")
    assert waits(w) == []
    assert any("Settled: cases 1, 2 are" in text for text in said(w))
