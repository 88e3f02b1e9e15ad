"""Cases that wait for an approval, made of first looks; and the clicks that approve them."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text

from cards.facts import facts_number
from services.clients.clock import SystemClock
from services.clients.store.cards import SqlCardStore
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database, open_database
from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.clock import Gathered
from services.domain.case.commands.person import RequestSent
from services.domain.evidence.audit import AuditBegun, AuditEnded, AuditRead
from services.ports.storage import Audience
from services.ports.teams import ConversationRef, Posted
from tests.cases import TIMING, report

Clicks = Sequence[tuple[str, str]]
"""A conversation, and the body of the click."""


async def all_sent(url: str, template: str, channel: str) -> Clicks:
    """Let everybody in the database who looked send their request, with clean evidence of this moment, a card in the
    approvals channel (as the settings name it), and no task left. Returns an approval for each, in the order of their
    cases."""
    now = SystemClock().now()
    async with open_database(url) as database:
        store = SqlCaseStore(database)
        made = [await _sent(store, case, now) for case in await store.open_cases(most=100_000)]
        for case in made:
            await _shown(SqlCardStore(database), case, channel)
        await _nothing_owed(database)
    return [("", template.replace('"@DATA@"', json.dumps(_data(case)))) for case in made]


async def approved(url: str) -> int:
    """How many were approved in that database."""
    async with open_database(url) as database, database.reading() as connection:
        query = text("select count(*) from events where verb = 'approve'")
        return int((await connection.execute(query)).scalar_one())


async def _sent(store: SqlCaseStore, case: Case, now: datetime) -> Case:
    evidence = (Gathered(report=report(gathered_at=now)), AuditBegun(search="1"), AuditRead(listings=()), AuditEnded())
    for command in (RequestSent(note="a newsletter"), *evidence):
        case = await store.save(apply(case, command, now, TIMING), {})
    return case


async def _shown(store: SqlCardStore, case: Case, channel: str) -> None:
    team, name, service_url = channel.split(";")
    place = ConversationRef(id=name, service_url=service_url, locale="", team=team)
    facts = case.facts[-1].number if case.facts else None
    await store.record(case.number, Audience.APPROVERS, Posted(conversation=place, activity=str(case.number)), facts)


async def _nothing_owed(database: Database) -> None:
    async with database.writing() as connection:
        await connection.execute(text("delete from outbox"))


def _data(case: Case) -> dict[str, object]:
    """What the button of its card carries, with the form filled in."""
    return {"case": case.number, **facts_number(case), "by_another_route": "true", "ground": "called them"}
