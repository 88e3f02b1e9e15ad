"""A database that has grown: rows made by SQL, what the stores ask of it, and how the database finds the answers."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.clients.store.announcements import SqlAnnouncementStore
from services.clients.store.askers import SqlAskers
from services.clients.store.cards import SqlCardStore
from services.clients.store.cases import SqlCaseStore
from services.clients.store.database import Database
from services.clients.store.outbox import SqlOutbox
from services.clients.store.reports import SqlReportStore
from services.clients.store.stalls import SqlStallStore
from services.domain.case.creation import created_by_person
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.case.transition import DECIDING, MESSAGES, SCHEDULED, TaskKind
from services.domain.people import PersonId
from services.domain.reporting.period import spans_of
from services.ports.storage import ActivityId, Audience, OutboxTask
from services.ports.teams import ConversationRef, Posted
from tests.cases import CASES, NOW

_LEASE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_FEW = 100
"""So many cases are open, and so many of late, however many there are."""

_CASES = """
with recursive n(i) as (select 2 union all select i + 1 from n where i < :cases)
insert into cases (number, version, person, mailbox, status, opened_at, sent_at, restricted_at, cause, decided_after,
  works_after, restricted, body)
select i, 4, 'person-' || i, 'mailbox-' || i, case when i <= :few or i > :ended then 'waiting' else 'works' end,
  case when i <= :few then :lately else :long_ago end, case when i <= :few then :lately else :long_ago end,
  case when i <= :few then :lately else :long_ago end, 'spam', i, i, true,
  (select body from cases where number = 1)
from n"""
_EVENTS = """
insert into events (case_number, seq, at, actor, verb, who, name, facts)
select number, seq, opened_at, 'person', case seq when 1 then 'open' else 'send' end, person, '', '{}'
from cases, (select 1 as seq union all select 2 union all select 3) as steps where number > 1"""
_TASKS = """
with recursive n(i) as (select 2 union all select i + 1 from n where i < :tasks)
insert into outbox (case_number, kind, event, due, tries)
select i, case i % 3 when 0 then 'check' when 1 then 'expire' else 'forget' end, 0, :later, 0 from n"""
_CARDS = """
insert into cards (case_number, audience, current, conversation, service_url, locale, activity)
select number, who, true, 'chat-' || number, '', 'en', 'activity-' || number
from cases, (select 'person' as who union all select 'approvers' union all select 'digest'
  union all select 'reminder') as audiences"""
_CHATS = """
insert into conversations (whose, conversation, service_url, locale)
select person, 'chat-' || number, '', 'en' from cases where number > 1"""
_SEEN = """insert into seen (conversation, activity, at)
select 'chat-' || number, 'activity-' || number, :lately from cases"""


async def grow(database: Database, cases: int, tasks: int, open_ones: int = 0) -> None:
    """Fill an empty database with so many cases, the oldest hundred of them open and so many of the newest, and with so
    many tasks of later."""
    await SqlCaseStore(database).save(created_by_person(CASES[Status.WAITING], NOW), {})
    async with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("select setval('cases_number_seq', :cases)"), {"cases": cases})
        moments = {"lately": NOW - _DAY, "long_ago": NOW - 400 * _DAY, "later": NOW + _DAY}
        for statement in (_CASES, _EVENTS, _TASKS, _CARDS, _CHATS, _SEEN):
            values = {**moments, "cases": cases, "tasks": tasks, "few": _FEW, "ended": cases - open_ones}
            named = {name: _stored(value, connection) for name, value in values.items() if f":{name}" in statement}
            await connection.execute(text(statement), named)
    if database.engine.dialect.name == "postgresql":  # where it does so by itself, in time
        async with database.engine.connect() as connection:
            await connection.execute(text("analyze"))


async def all_wait(database: Database, cases: int, *, with_checks: bool = False) -> None:
    """Fill an empty database with so many requests that wait for a decision. `with_checks`: each has a check due."""
    await grow(database, cases, 0)
    async with database.writing() as connection:
        await connection.execute(text("delete from outbox"))
        await connection.execute(text("update cases set status = 'waiting'"))
        if with_checks:
            due = "select number, 'check', 0, opened_at, 0 from cases"
            await connection.execute(text(f"insert into outbox (case_number, kind, event, due, tries) {due}"))


def _stored(value: Any, connection: AsyncConnection) -> Any:
    """SQLite has no times: they are text."""
    is_text = connection.dialect.name == "sqlite" and not isinstance(value, int)
    return value.replace(tzinfo=None).strftime("%Y-%m-%d %H:%M:%S.%f") if is_text else value


def questions(database: Database) -> Mapping[str, Callable[[], Awaitable[object]]]:
    """What is asked again and again, by what a person would call it."""
    cases, outbox, cards = SqlCaseStore(database), SqlOutbox(database), SqlCardStore(database)
    person, number, mailbox = PersonId("person-400"), CaseNumber(400), "mailbox-400"
    chat, askers = ConversationRef(id="chat-400", service_url=""), SqlAskers(database, cases)
    posted = Posted(conversation=chat, activity="activity-400")
    return {
        "the open case of a mailbox": lambda: cases.open_of(mailbox),
        "the newest case of a person": lambda: cases.latest_of(person),
        "the newest case of a mailbox": lambda: cases.latest_about(mailbox),
        "whether it was processed": lambda: cases.was_processed(
            ActivityId(conversation_id="chat-1", activity_id="activity-1")
        ),
        "what happened in a case": lambda: cases.history(number),
        "who somebody is that writes": lambda: askers.of(
            person, chat, ActivityId(conversation_id="chat-1", activity_id="activity-9"), NOW - 30 * _DAY
        ),
        "“cases”": cases.open_cases,
        "a page of “cases”": lambda: cases.open_cases(most=40),
        "the history of a sender": lambda: cases.history_of(person, NOW - 30 * _DAY, (mailbox,)),
        "how often they reached the approvers": lambda: cases.reached(person, NOW - _DAY, (mailbox,)),
        "the case that the next one follows": lambda: cases.newest_restricted(mailbox),
        "“history”": lambda: cases.of_sender(mailbox, most=20),
        "a page of “history”": lambda: cases.of_sender(mailbox, before=CaseNumber(500), most=20),
        "how long a “history” is": lambda: cases.count_of_sender(mailbox),
        "how many came lately": lambda: cases.came_since(NOW - timedelta(minutes=10)),
        "what is due of messages": lambda: outbox.claim(NOW, _LEASE, 40, MESSAGES),
        "what is due of checks": lambda: outbox.claim(NOW, _LEASE, 40, SCHEDULED - DECIDING),
        "what is due of decisions": lambda: outbox.claim(NOW, _LEASE, 40, DECIDING),
        "when the next message is due": lambda: outbox.next_due(MESSAGES),
        "when the next check is due": lambda: outbox.next_due(SCHEDULED),
        "where its card stands": lambda: cards.shown(number, Audience.APPROVERS),
        "of which cases a line speaks": lambda: cards.spoken_of(posted),
        "the digest of a case": lambda: cards.of(number),
        "the newest digest": cards.latest,
        "“report”": lambda: SqlReportStore(database).of(spans_of(30, NOW), NOW),
        "what the webhook is not told": lambda: SqlAnnouncementStore(database).untold_since(NOW),
        "what it is told before": lambda: SqlAnnouncementStore(database).ahead_of(
            OutboxTask(case=number, kind=TaskKind.WEBHOOK, event=9, due=NOW, tries=1)
        ),
        "which cases cannot go on": lambda: SqlStallStore(database).present(NOW),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One statement, and the lines of its plan."""

    question: str
    statement: str
    lines: tuple[str, ...]


async def plans(
    database: Database, asked: Mapping[str, Callable[[], Awaitable[object]]] | None = None
) -> list[Planned]:
    """How the database finds the answer to each question, statement by statement."""
    found = []
    explain = "explain query plan " if database.engine.dialect.name == "sqlite" else "explain "
    for question, ask in (asked or questions(database)).items():
        with _sent(database) as sent:
            await ask()
        for statement, values in tuple(sent):
            async with database.engine.connect() as connection:
                rows = (await connection.exec_driver_sql(explain + statement, values)).all()
            found.append(Planned(question=question, statement=statement, lines=tuple(str(row[-1]) for row in rows)))
    return found


@contextmanager
def _sent(database: Database) -> Iterator[Sequence[tuple[str, Any]]]:
    """The statements that are sent meanwhile."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if not statement.startswith("BEGIN"):
            sent.append((statement, values))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
