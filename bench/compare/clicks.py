"""Cases that wait for an approval, made of first looks; and the clicks that approve them."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from cards.facts import facts_number
from services.clients.clock import SystemClock
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_database
from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.clock import Gathered
from services.domain.case.commands.person import RequestSent
from tests.cases import TIMING, report

Clicks = Sequence[tuple[str, str]]
"""A conversation, and the body of the click."""


async def all_sent(url: str, template: str) -> Clicks:
    """Let everybody in the database who looked send their request, with clean evidence of this moment, and no task
    left. Returns an approval for each, in the order of their cases."""
    now = SystemClock().now()
    async with open_database(url) as database:
        store = SqlCaseStore(database)
        made = [await _sent(store, case, now) for case in await store.open_cases(most=100_000)]
        await _nothing_owed(database)
    return [("", template.replace('"@DATA@"', json.dumps(_data(case)))) for case in made]


async def approved(url: str) -> int:
    """How many were approved in that database."""
    async with open_database(url) as database, database.reading() as connection:
        query = text("select count(*) from events where verb = 'approve'")
        return int((await connection.execute(query)).scalar_one())


async def _sent(store: SqlCaseStore, case: Case, now: datetime) -> Case:
    for command in (RequestSent(note="a newsletter"), Gathered(report=report(gathered_at=now))):
        case = await store.save(apply(case, command, now, TIMING), {})
    return case


async def _nothing_owed(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(text("delete from outbox"))


def _data(case: Case) -> dict[str, object]:
    """What the button of its card carries, with the form filled in."""
    return {"case": case.number, **facts_number(case), "by_another_route": "true", "ground": "called them"}
