"""What the database promises, on SQLite, on PostgreSQL, and on the SQLite that the conversations are tested with."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import insert, update

from services.clients.store import tables
from services.clients.store.cards import CardStore
from services.clients.store.cases import CaseStore
from services.clients.store.conversations import PlaceStore
from services.clients.store.database import Database, open_database
from services.clients.store.outbox import TodoStore
from services.domain.case.apply import moved, opened
from services.domain.case.case import Case, CaseNumber, Status
from services.domain.case.commands import ListRead, Reminded, SaidWorks, Withdrew
from services.domain.case.timers import timers
from services.domain.case.transition import SPOKEN, TIMED, Duty
from services.domain.case.workflow import Verb
from services.domain.people import PersonId
from services.ports.errors import ChangedMeanwhile, HeardBefore
from services.ports.storage import Audience, Digest, Heard, Loss, Todo
from services.ports.teams import Place, Posted
from tests.cases import ANA, CASES, HOUR, LIMITS, NOW, restriction
from tests.databases import POSTGRESQL, SQLITE, Databases, Files, Postgres
from tests.on_loop import ON_LOOP

ALL = frozenset(Duty)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=[SQLITE, POSTGRESQL, ON_LOOP])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    if request.param == POSTGRESQL:
        server: Postgres = request.getfixturevalue("postgres_server")
        return server
    return Files(tmp_path, ON_LOOP) if request.param == ON_LOOP else Files(tmp_path)


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with open_database(databases.fresh()) as database:
        yield database


@pytest.fixture
def cases(database: Database) -> CaseStore:
    return CaseStore(database)


@pytest.fixture
def todos(database: Database) -> TodoStore:
    return TodoStore(database)


async def saved(cases: CaseStore, case: Case = CASES[Status.SECURING]) -> Case:
    return await cases.save(opened(case, NOW), timers(case, NOW, LIMITS))


@pytest.mark.parametrize("status", Status)
async def test_a_case_comes_back_as_it_went(cases: CaseStore, status: Status) -> None:
    case = await saved(cases, CASES[status])
    assert await cases.get(case.number) == case
    assert replace(case, number=CASES[status].number, version=CASES[status].version) == CASES[status]


async def test_one_open_case_a_person(cases: CaseStore) -> None:
    await saved(cases)
    with pytest.raises(ChangedMeanwhile):
        await saved(cases, CASES[Status.LOOKING])
    await saved(cases, CASES[Status.WORKS])
    await saved(cases, replace(CASES[Status.SECURING], person=PersonId("another")))
    assert [case.person for case in await cases.open_cases()] == [ANA, "another"]


async def test_of_many_at_once_one_is_opened(cases: CaseStore) -> None:
    outcomes = await asyncio.gather(*(saved(cases) for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(outcome, Case) for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes} == {Case, ChangedMeanwhile}


async def test_of_two_moves_from_one_version_one_is_saved(cases: CaseStore) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    move = moved(case, Withdrew(), NOW, LIMITS)
    await cases.save(move, {})
    with pytest.raises(ChangedMeanwhile):
        await cases.save(move, {})
    assert [event.verb for event in await cases.history(case.number)] == [Verb.OPEN, Verb.WITHDRAW]


async def test_what_was_heard_moves_a_case_once(cases: CaseStore) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    heard = Heard(conversation="a:1", activity="7")
    assert not await cases.was_heard(heard)
    move = moved(case, Withdrew(), NOW, LIMITS)
    await cases.save(move, {}, heard=heard)
    assert await cases.was_heard(heard)
    with pytest.raises(HeardBefore):
        await cases.save(move, {}, heard=heard)
    assert not await cases.was_heard(replace(heard, conversation="a:2"))


async def test_a_refused_save_leaves_nothing(cases: CaseStore, todos: TodoStore) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    before = await todos.claim(NOW + HOUR, MINUTE, 100, ALL)
    stale = replace(case, version=0)
    with pytest.raises(ChangedMeanwhile):
        await cases.save(
            moved(stale, Withdrew(), NOW, LIMITS), {}, heard=Heard(conversation="a:1", activity="7"), paid=before[0]
        )
    assert not await cases.was_heard(Heard(conversation="a:1", activity="7"))
    assert len(await cases.history(case.number)) == 1
    assert await cases.get(case.number) == case
    assert len(await todos.claim(NOW + 3 * HOUR, MINUTE, 100, ALL)) == len(before)


async def test_a_relapse_opens_the_linked_case_in_the_same_transaction(cases: CaseStore, todos: TodoStore) -> None:
    case = await saved(cases, CASES[Status.OFF_LIST])
    seen = ListRead(restriction=restriction(since=NOW + MINUTE), read_at=NOW + 2 * MINUTE)
    move = moved(case, seen, NOW + 2 * MINUTE, LIMITS)
    assert move.opens is not None
    await cases.save(move, {}, opened_timers=timers(move.opens.case, NOW, LIMITS))
    fresh = await cases.open_of(ANA)
    assert fresh is not None
    assert (fresh.number, fresh.previous, fresh.status) == (2, case.number, Status.SECURING)
    owed = {todo.duty for todo in await todos.claim(NOW + HOUR, MINUTE, 100, ALL) if todo.case == 2}
    assert owed == {Duty.TELL_PERSON, Duty.CHECK}


async def test_claiming_is_postponing(cases: CaseStore, todos: TodoStore) -> None:
    await saved(cases)
    claimed = await todos.claim(NOW + HOUR, MINUTE, 100, ALL)
    assert {todo.duty for todo in claimed} == {Duty.SHOW_PERSON, Duty.CHECK}
    assert await todos.claim(NOW + HOUR, MINUTE, 100, ALL) == []
    # Whoever crashed left them due again; a second try is counted.
    again = await todos.claim(NOW + HOUR + MINUTE, MINUTE, 100, ALL)
    assert {todo.tries for todo in again} == {2}


async def test_a_late_payer_pays_nothing(cases: CaseStore, todos: TodoStore) -> None:
    case = await saved(cases)
    (first,) = await todos.claim(NOW, MINUTE, 1, SPOKEN)
    (second,) = await todos.claim(NOW + 2 * MINUTE, MINUTE, 1, SPOKEN)
    await todos.pay(first)
    await todos.postpone(first, NOW)
    with pytest.raises(ChangedMeanwhile):
        await cases.save(moved(case, Withdrew(), NOW, LIMITS), {}, paid=first)
    assert await todos.next_due(SPOKEN) == second.due
    await todos.pay(second)
    assert await todos.next_due(SPOKEN) is None


async def test_two_writers_of_a_case_do_not_wait_for_each_other(
    cases: CaseStore, todos: TodoStore, database: Database
) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    (due,) = await todos.claim(NOW + 100 * HOUR, MINUTE, 10, frozenset({Duty.CHECK}))
    mine, its = tables.cases.c.number == case.number, tables.todos.c.case_number == case.number
    async with database.writing() as other:
        await other.execute(update(tables.cases).where(mine).values(restricted=True))
        paying = asyncio.create_task(cases.save(moved(case, Reminded(), NOW, LIMITS), {}, paid=due))
        await asyncio.sleep(0.5)  # by now it waits for the case
        await other.execute(update(tables.todos).where(its).values(tries=1))
    assert (await paying).version == case.version + 1


async def test_one_duty_is_claimed_by_one_of_many(cases: CaseStore, todos: TodoStore) -> None:
    for number in range(30):
        await saved(cases, replace(CASES[Status.SECURING], person=PersonId(f"p{number}")))
    claims = await asyncio.gather(*(todos.claim(NOW, MINUTE, 7, SPOKEN) for _ in range(8)))
    taken = [todo.case for claim in claims for todo in claim]
    assert sorted(taken) == sorted(set(taken))
    rest = await todos.claim(NOW, MINUTE, 100, SPOKEN)
    assert len(taken) + len(rest) == 30


async def test_only_the_duties_asked_for(cases: CaseStore, todos: TodoStore) -> None:
    await saved(cases)
    assert {todo.duty for todo in await todos.claim(NOW + HOUR, MINUTE, 9, TIMED)} == {Duty.CHECK}
    assert await todos.next_due(SPOKEN) == NOW


async def test_the_latest_picture_settles_the_older_ones(cases: CaseStore, todos: TodoStore) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    await cases.save(moved(case, Reminded(), NOW, LIMITS), timers(case, NOW, LIMITS))
    shows = [todo for todo in await todos.claim(NOW, MINUTE, 9, SPOKEN) if todo.duty is Duty.SHOW_PERSON]
    assert len(shows) == 2
    await todos.pay(max(shows, key=lambda todo: todo.event))
    left = await todos.claim(NOW + HOUR, MINUTE, 9, SPOKEN)
    assert {todo.duty for todo in left} == {Duty.SHOW_APPROVERS, Duty.TELL_APPROVERS}


async def test_a_later_picture_does_not_settle_an_older_one_that_somebody_is_drawing(
    cases: CaseStore, todos: TodoStore
) -> None:
    """They may die with the older picture on its way: then it is drawn once more, as the case is by then."""
    case = await saved(cases, CASES[Status.WAITING])
    (drawing,) = [todo for todo in await todos.claim(NOW, MINUTE, 9, SPOKEN) if todo.duty is Duty.SHOW_PERSON]
    later = NOW + timedelta(seconds=1)
    await cases.save(moved(case, Reminded(), later, LIMITS), timers(case, later, LIMITS))
    (newest,) = [todo for todo in await todos.claim(later, MINUTE, 9, SPOKEN) if todo.duty is Duty.SHOW_PERSON]
    await todos.pay(newest)
    again = await todos.claim(NOW + HOUR, MINUTE, 9, SPOKEN)
    assert (Duty.SHOW_PERSON, drawing.event) in {(todo.duty, todo.event) for todo in again}


async def test_timers_are_those_of_the_status(cases: CaseStore, todos: TodoStore) -> None:
    case = await saved(cases, CASES[Status.OFF_LIST])
    assert {todo.duty for todo in await todos.claim(NOW + 99 * HOUR, MINUTE, 9, TIMED)} == {Duty.CHECK, Duty.WATCH_END}
    move = moved(case, SaidWorks(), NOW, LIMITS)
    await cases.save(move, timers(move.case, NOW, LIMITS))
    assert {todo.duty for todo in await todos.claim(NOW + 199 * HOUR, MINUTE, 9, TIMED)} == {Duty.CHECK}


async def test_a_timer_somebody_holds_keeps_its_time(cases: CaseStore, todos: TodoStore) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    (held,) = [t for t in await todos.claim(NOW + 6 * MINUTE, MINUTE, 9, TIMED) if t.duty is Duty.CHECK]
    await cases.save(moved(case, Reminded(), NOW + 6 * MINUTE, LIMITS), timers(case, NOW + 6 * MINUTE, LIMITS))
    await todos.pay(held)
    assert Duty.CHECK not in {todo.duty for todo in await todos.claim(NOW + 99 * HOUR, MINUTE, 9, TIMED)}


async def test_the_tally_counts_what_our_records_say(cases: CaseStore) -> None:
    await saved(cases, CASES[Status.WORKS])
    await saved(cases, CASES[Status.DENIED])
    await saved(cases, CASES[Status.NOT_RESTRICTED])
    tally = await cases.tally(ANA, NOW - 24 * HOUR)
    assert (tally.restrictions, tally.releases, tally.asked) == (2, 1, 2)
    assert (await cases.tally(ANA, NOW)).restrictions == 0
    latest = await cases.latest_of(ANA)
    assert latest is not None
    assert latest.number == 3
    assert await cases.get(CaseNumber(9)) is None


async def test_places(database: Database) -> None:
    chat = Place(conversation="a:1", service_url="https://x/", locale="en-GB")
    places = PlaceStore(database, channel=replace(chat, conversation="19:settings"))
    assert await places.person(ANA) is None
    await places.remember(ANA, chat)
    await places.remember(ANA, replace(chat, locale="de"))
    assert await places.person(ANA) == replace(chat, locale="de")
    assert (await places.channel()) == replace(chat, conversation="19:settings")
    await places.use_channel(replace(chat, conversation="19:teams"))
    assert (await places.channel()) == replace(chat, conversation="19:teams")


async def test_posted_cards(cases: CaseStore, database: Database) -> None:
    number = (await saved(cases)).number
    chat, cards = Place(conversation="a:1", service_url="https://x/"), CardStore(database)
    first, second = (Posted(place=chat, activity=name) for name in ("1", "2"))
    await cards.record(number, Audience.PERSON, first)
    await cards.record(number, Audience.PERSON, second)
    shown = await cards.shown(number, Audience.PERSON)
    assert (shown.living, shown.outdated) == (second, (first,))
    await cards.forget(number, first)
    assert (await cards.shown(number, Audience.PERSON)).outdated == ()
    assert (await cards.shown(number, Audience.APPROVERS)).living is None


async def test_of_two_cards_recorded_at_the_same_moment_one_lives(cases: CaseStore, database: Database) -> None:
    """PostgreSQL lets both replicas in: neither sees the other's card before both are written."""
    number = (await saved(cases)).number
    first, second = ({"conversation": "a:1", "service_url": "https://x/", "activity": name} for name in ("1", "2"))
    async with database.writing() as connection:
        for where in (first, second):
            values = {"case_number": number, "audience": Audience.PERSON, "living": True, "locale": "en-GB", **where}
            await connection.execute(insert(tables.cards).values(values))
    shown = await CardStore(database).shown(number, Audience.PERSON)
    assert shown.living is not None
    assert (shown.living.activity, [card.activity for card in shown.outdated]) == ("2", ["1"])


async def test_a_digest_knows_its_cases_and_moves_with_them(cases: CaseStore, database: Database) -> None:
    cards = CardStore(database)
    numbers = [(await saved(cases, CASES[Status.WORKS])).number for _ in range(3)]
    assert await cards.latest() is None
    assert await cards.of(numbers[0]) is None
    posted, anew = (Posted(place=Place(conversation="19:c", service_url="https://x/"), activity=n) for n in ("1", "2"))
    for number in numbers[:2]:
        await cards.join(number, posted)
    digest = await cards.of(numbers[0])
    assert digest == Digest(posted=posted, cases=(numbers[0], numbers[1])) == await cards.latest()
    await cards.move(digest, anew)
    assert await cards.of(numbers[1]) == Digest(posted=anew, cases=(numbers[0], numbers[1]))
    assert await cards.of(numbers[2]) is None
    assert [case.number for case in await cases.many((numbers[2], CaseNumber(99), numbers[0]))] == [
        numbers[2],
        numbers[0],
    ]
    assert await cases.sent_since(NOW - HOUR) == 3
    assert await cases.sent_since(NOW) == 0


async def test_a_lost_channel_is_remembered_until_it_is_found(database: Database) -> None:
    channel = Place(conversation="19:c", service_url="https://x/", team="19:t")
    nowhere, places = PlaceStore(database), PlaceStore(database, channel=channel)
    assert not await nowhere.lost("404", NOW)
    await nowhere.found()
    assert await nowhere.loss() is None
    assert await places.lost("404 ConversationNotFound", NOW)
    assert not await places.lost("removed", NOW + HOUR)
    assert await places.loss() == Loss(why="404 ConversationNotFound", since=NOW)
    await places.found()
    assert await places.loss() is None
    await places.lost("removed", NOW)
    await places.use_channel(replace(channel, conversation="19:other"))
    assert await places.loss() is None
    assert await places.channel() == replace(channel, conversation="19:other")


async def test_a_chosen_language_outlasts_what_teams_says(database: Database) -> None:
    places, chat = PlaceStore(database), Place(conversation="a:1", service_url="https://x/", locale="en-GB")
    assert await places.remember(ANA, chat) == chat
    await places.speak(ANA, "de")
    german = replace(chat, locale="de")
    assert await places.person(ANA) == german
    assert await places.remember(ANA, replace(chat, conversation="a:2")) == replace(german, conversation="a:2")


async def test_a_todo_of_nobody_is_harmless(todos: TodoStore) -> None:
    ghost = Todo(case=CaseNumber(99), duty=Duty.CHECK, event=0, due=NOW, tries=1)
    await todos.pay(ghost)
    await todos.postpone(ghost, NOW)
    assert await todos.next_due(ALL) is None
