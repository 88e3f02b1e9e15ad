"""A database as years leave it behind: a few cases are played, and millions are copied of them by SQL.

The newest hundred ended cases lie within sixty days, in every size; what is more lies in the five years before. What
ended more than a year ago is forgotten, as in a tenant. So whatever is asked of late finds the same, however many there
are."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, create_engine, text

from services.clients.store.database import open_database
from services.domain.case.status import Status
from tests.cases import BO, NOW
from tests.dialogs.world import ANA_CLICKS, World

_DAY = timedelta(days=1)
_LATELY, _RECENT_DAYS, _EARLIER_DAYS, _KEPT_DAYS = 100, 60, 5 * 365, 365
_TASKS_AT_MOST, _OPEN, _OFTEN, _AT_A_TIME = 100_000, 50, 50, 20_000
OFTEN = "often@contoso.example"
"""A sender with every other one of the newest hundred cases, and some fifty more among all that are not forgotten."""
_FORGOTTEN, _KEPT, _WAITS = 1, 2, 3
"""The numbers of the cases that are played."""

_SQLITE = {
    "now": ":now",
    "ago": "strftime('%Y-%m-%d %H:%M:%S.000000', :now, '-' || ({0}) || ' seconds')",
    "later": "strftime('%Y-%m-%d %H:%M:%S.000000', {0}, '+' || ({1}) || ' minutes')",
    "body": "replace(t.body, 'ana@contoso', made.person || '@contoso')",
}
_POSTGRES = {
    "now": "cast(:now as timestamptz)",
    "ago": "cast(:now as timestamptz) - ({0}) * interval '1 second'",
    "later": "{0} + ({1}) * interval '1 minute'",
    "body": "cast(replace(cast(t.body as text), 'ana@contoso', made.person || '@contoso') as json)",
}
_AGE = f"""case when :cases - i < {_LATELY} then (:cases - i) * {_RECENT_DAYS * 86_400 // _LATELY}
  else {_RECENT_DAYS * 86_400} + cast((:cases - i - {_LATELY}) * {_EARLIER_DAYS * 86_400}.0 / :cases as bigint) end"""
_ENDED = f"""
with recursive n(i) as (select cast(:first as integer) union all select i + 1 from n where i < :last),
aged as (select i, {_AGE} as age from n),
made as (select i + 3 as number, age,
  case when age > {_KEPT_DAYS * 86_400} then '' else 'person-' || (i / 2) end as person,
  case when age > {_KEPT_DAYS * 86_400} then ''
    when (:cases - i) % case when :cases - i < {_LATELY} then 2 else :often end = 0 then '{OFTEN}'
    else 'mailbox-' || (i / 2) end as mailbox from aged)
insert into cases (number, version, person, mailbox, status, opened_at, sent_at, unblocked_at, restricted, cause,
  restricted_at, decided_after, works_after, body)
select made.number, t.version, made.person, made.mailbox, t.status, {{opened}}, {{opened}}, {{opened}}, t.restricted,
  t.cause, {{opened}}, t.decided_after + made.number % 999, t.works_after + made.number % 999, {{body}}
from made join cases t on t.number = case when made.person = '' then {_FORGOTTEN} else {_KEPT} end"""
_WAITING = f"""
with recursive made(i) as (select cast(:first as integer) union all select i + 1 from made where i < :last)
insert into cases (number, version, person, mailbox, status, opened_at, sent_at, restricted, cause, restricted_at, body)
select i, t.version, 'waits-' || i, 'waits-' || i, t.status, {{opened}}, {{opened}}, t.restricted, t.cause,
  {{opened}}, t.body
from made join cases t on t.number = {_WAITS}"""
_OF_SUCH = f"""from cases m join {{0}} t
  on t.case_number = case when m.person = '' then {_FORGOTTEN} when m.number > :ended then {_WAITS} else {_KEPT} end
where m.number between :first and :last"""
_EVENTS = f"""
insert into events (case_number, seq, at, actor, verb, who, name, facts)
select m.number, t.seq, {{later}}, t.actor, t.verb, case when t.actor = 'person' then m.person else t.who end, t.name,
  t.facts {_OF_SUCH.format("events")}"""
_CARDS = f"""
insert into cards (case_number, audience, current, conversation, service_url, locale, activity, facts)
select m.number, t.audience, t.current, t.conversation || case when t.audience = 'person' then m.person else '' end,
  t.service_url, t.locale, t.activity || '-' || m.number, t.facts {_OF_SUCH.format("cards")}"""
_CHATS = """
insert into conversations (whose, conversation, service_url, locale, team)
select m.person, 'chat-' || m.person, 'https://smba.example/', 'en', '' from cases m
where m.number between :first and :last and m.person <> '' on conflict do nothing"""
_TASKS = """
insert into outbox (case_number, kind, event, due, tries)
select m.number, case when m.number > :ended then 'remind' when m.number % 3 = 0 then 'check' else 'forget' end, 0,
  {due}, 0
from cases m where m.number between :first and :last and m.number > :ended - :tasks"""


async def fill(url: str, cases: int) -> None:
    """Migrate an empty database, and fill it with so many ended cases, with fifty open ones, and with a task of later
    for each, but for a hundred thousand ended ones at most."""
    async with open_database(url) as database:
        await _play(World(database))
    engine = create_engine(url.replace("+aiosqlite", ""))
    with engine.connect() as connection:
        if on_sqlite := engine.dialect.name == "sqlite":
            connection.exec_driver_sql("pragma synchronous=off")
        connection.execute(text("delete from outbox"))
        for first in range(1, cases + 1, _AT_A_TIME):
            _copy(connection, cases, first, min(first + _AT_A_TIME - 1, cases))
        _copy_open(connection, cases)
        if not on_sqlite:
            connection.execute(text("select setval('cases_number_seq', :last)"), {"last": cases + 3 + _OPEN})
        connection.commit()
    if not on_sqlite:  # where it does so by itself, in time
        with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text("vacuum analyze"))
            connection.execute(text("checkpoint"))
    engine.dispose()


async def _play(world: World) -> None:
    """One case that is forgotten by now, one that ended well, and one that waits: all of Ana."""
    world.clock.time = NOW - 40 * _DAY
    for number in (_FORGOTTEN, _KEPT):
        await world.ana_asks()
        await world.ana_secures()
        await world.presses(ANA_CLICKS, "send", number, note="a newsletter to our customers, sent once a month")
        await world.presses(BO, "approve", number, by_another_route="true", ground="called her at her desk")
        await world.passes(5 * world.timing.reads_apart)
        await world.presses(ANA_CLICKS, "works", number)
        await world.passes(31 * _DAY if number == _FORGOTTEN else _DAY)
    await world.ana_asks()
    await world.ana_secures()
    await world.presses(ANA_CLICKS, "send", _WAITS, note="")
    played = [(await world.case(number)).status for number in (_FORGOTTEN, _KEPT, _WAITS)]
    assert played == [Status.WORKS, Status.WORKS, Status.WAITING]
    assert not (await world.case(_FORGOTTEN)).sender.person


def _copy(connection: Connection, cases: int, first: int, last: int) -> None:
    kept = _LATELY + (cases - _LATELY) * (_KEPT_DAYS - _RECENT_DAYS) // _EARLIER_DAYS
    words = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES
    ended = _ENDED.format(opened=words["ago"].format("made.age"), body=words["body"])
    _run(connection, ended, {"first": first, "last": last, "cases": cases, "often": max(kept // _OFTEN, 1)})
    _copy_beside(connection, words, cases, first + 3, last + 3)
    connection.commit()


def _copy_open(connection: Connection, cases: int) -> None:
    words = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES
    first, last = cases + 4, cases + 3 + _OPEN
    _run(connection, _WAITING.format(opened=words["ago"].format("i % 80000")), {"first": first, "last": last})
    _copy_beside(connection, words, cases, first, last)


def _copy_beside(connection: Connection, words: Mapping[str, str], cases: int, first: int, last: int) -> None:
    """What belongs to the cases of these numbers."""
    later, due = (
        words["later"].format("m.opened_at", "t.seq"),
        words["later"].format(words["now"], "1440 + m.number % 40000"),
    )
    values = {"first": first, "last": last, "ended": cases + 3, "tasks": _TASKS_AT_MOST}
    for statement in (_EVENTS.format(later=later), _CARDS, _CHATS, _TASKS.format(due=due)):
        _run(connection, statement, values)


def _run(connection: Connection, statement: str, values: Mapping[str, Any]) -> None:
    now = NOW.replace(tzinfo=None).isoformat(" ") if connection.dialect.name == "sqlite" else NOW
    given = {**values, "now": now}
    connection.execute(text(statement), {name: given[name] for name in given if f":{name}" in statement})
