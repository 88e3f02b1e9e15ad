"""What the database promises, on SQLite, on PostgreSQL, and on the SQLite that the conversations are tested with."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import insert, update

from services.clients.store import tables
from services.clients.store.cards import SqlCardStore
from services.clients.store.cases import SqlCaseStore
from services.clients.store.conversations import SqlConversationStore
from services.clients.store.database import Database
from services.clients.store.outbox import SqlOutbox
from services.domain.case.apply import apply
from services.domain.case.case import Case
from services.domain.case.commands.clock import ListRead, Reminded
from services.domain.case.commands.person import SaidWorks, Withdrew
from services.domain.case.creation import created_by_person
from services.domain.case.parts import CaseNumber
from services.domain.case.status import Status
from services.domain.case.timers import timers
from services.domain.case.transition import MESSAGES, SCHEDULED, TaskKind
from services.domain.case.workflow import Verb
from services.domain.people import PersonId
from services.ports.errors import ChangedMeanwhile, DuplicateActivity
from services.ports.storage import ActivityId, Audience, ChannelLoss, Digest, OutboxTask
from services.ports.teams import ConversationRef, Posted
from tests.cases import ANA, CASES, HOUR, NOW, SINCE, TIMING, restriction
from tests.databases import POSTGRESQL, SQLITE, Databases, Files, Postgres
from tests.no_driver import opened
from tests.on_loop import ON_LOOP

ALL = frozenset(TaskKind)
MINUTE = timedelta(minutes=1)
WAITS = CASES[Status.WAITING]


@pytest.fixture(params=[SQLITE, POSTGRESQL, ON_LOOP])
def databases(request: pytest.FixtureRequest, tmp_path: Path) -> Databases:
    if request.param == POSTGRESQL:
        server: Postgres = request.getfixturevalue("postgres_server")
        return server
    return Files(tmp_path, ON_LOOP) if request.param == ON_LOOP else Files(tmp_path)


@pytest_asyncio.fixture
async def database(databases: Databases) -> AsyncIterator[Database]:
    async with opened(databases.fresh()) as database:
        yield database


@pytest.fixture
def cases(database: Database) -> SqlCaseStore:
    return SqlCaseStore(database)


@pytest.fixture
def outbox(database: Database) -> SqlOutbox:
    return SqlOutbox(database)


async def saved(cases: SqlCaseStore, case: Case = CASES[Status.SECURING]) -> Case:
    return await cases.save(created_by_person(case, NOW), timers(case, NOW, TIMING))


@pytest.mark.parametrize("status", Status)
async def test_a_case_comes_back_as_it_went(cases: SqlCaseStore, status: Status) -> None:
    case = await saved(cases, CASES[status])
    assert await cases.get(case.number) == case
    assert replace(case, number=CASES[status].number, version=CASES[status].version) == CASES[status]


async def test_one_open_case_a_person(cases: SqlCaseStore) -> None:
    await saved(cases)
    with pytest.raises(ChangedMeanwhile):
        await saved(cases, CASES[Status.LOOKING])
    await saved(cases, CASES[Status.WORKS])
    await saved(
        cases,
        replace(CASES[Status.SECURING], sender=replace(CASES[Status.SECURING].sender, person=PersonId("another"))),
    )
    assert [case.sender.person for case in await cases.open_cases()] == [ANA, "another"]


async def test_of_many_at_once_one_is_opened(cases: SqlCaseStore) -> None:
    outcomes = await asyncio.gather(*(saved(cases) for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(outcome, Case) for outcome in outcomes) == 1
    assert {type(outcome) for outcome in outcomes} == {Case, ChangedMeanwhile}


async def test_of_two_transitions_from_one_version_one_is_saved(cases: SqlCaseStore) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    transition = apply(case, Withdrew(), NOW, TIMING)
    await cases.save(transition, {})
    with pytest.raises(ChangedMeanwhile):
        await cases.save(transition, {})
    assert [event.verb for event in await cases.history(case.number)] == [Verb.OPEN, Verb.WITHDRAW]


async def test_an_activity_that_was_processed_changes_a_case_once(cases: SqlCaseStore) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    activity = ActivityId(conversation_id="a:1", activity_id="7")
    assert not await cases.was_processed(activity)
    transition = apply(case, Withdrew(), NOW, TIMING)
    await cases.save(transition, {}, activity=activity)
    assert await cases.was_processed(activity)
    with pytest.raises(DuplicateActivity):
        await cases.save(transition, {}, activity=activity)
    assert not await cases.was_processed(replace(activity, conversation_id="a:2"))


async def test_what_was_processed_an_hour_before_is_forgotten_whichever_way_the_clock_goes(
    cases: SqlCaseStore,
) -> None:
    case = await saved(cases, CASES[Status.WAITING])

    async def processed(name: str, at: datetime) -> ActivityId:
        nonlocal case
        activity = ActivityId(conversation_id="a:1", activity_id=name)
        case = await cases.save(apply(case, Reminded(), at, TIMING), {}, activity=activity)
        return activity

    first = await processed("first", NOW)
    second = await processed("second", NOW + HOUR)
    assert await cases.was_processed(first), "an hour is not over"
    await processed("third", NOW + HOUR + MINUTE)
    assert not await cases.was_processed(first)
    assert await cases.was_processed(second)
    await processed("a clock that was ahead", NOW + 48 * HOUR)
    await processed("set back", NOW + 2 * HOUR)
    last = await processed("soon after", NOW + 2 * HOUR + MINUTE / 2)
    await processed("and later", NOW + 3 * HOUR + MINUTE)
    assert not await cases.was_processed(second)
    assert not await cases.was_processed(last)


async def test_a_refused_save_leaves_nothing(cases: SqlCaseStore, outbox: SqlOutbox) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    before = await outbox.claim(NOW + HOUR, MINUTE, 100, ALL)
    stale = replace(case, version=0)
    with pytest.raises(ChangedMeanwhile):
        await cases.save(
            apply(stale, Withdrew(), NOW, TIMING),
            {},
            activity=ActivityId(conversation_id="a:1", activity_id="7"),
            completes=before[0],
        )
    assert not await cases.was_processed(ActivityId(conversation_id="a:1", activity_id="7"))
    assert len(await cases.history(case.number)) == 1
    assert await cases.get(case.number) == case
    assert len(await outbox.claim(NOW + 3 * HOUR, MINUTE, 100, ALL)) == len(before)


async def test_a_relapse_opens_the_linked_case_in_the_same_transaction(cases: SqlCaseStore, outbox: SqlOutbox) -> None:
    case = await saved(cases, CASES[Status.OFF_LIST])
    seen = ListRead(restriction=restriction(since=NOW + MINUTE), read_at=NOW + 2 * MINUTE)
    transition = apply(case, seen, NOW + 2 * MINUTE, TIMING)
    assert transition.creates is not None
    await cases.save(transition, {}, created_timers=timers(transition.creates.case, NOW, TIMING))
    fresh = await cases.open_of(ANA)
    assert fresh is not None
    assert (fresh.number, fresh.past.previous, fresh.status) == (2, case.number, Status.SECURING)
    kinds = {task.kind for task in await outbox.claim(NOW + HOUR, MINUTE, 100, ALL) if task.case == 2}
    timed = {TaskKind.CHECK, TaskKind.GATHER, TaskKind.EVIDENCE_LATE}
    assert kinds == {TaskKind.NOTIFY_PERSON, TaskKind.UPDATE_APPROVERS_CARD} | timed


async def test_claiming_is_postponing(cases: SqlCaseStore, outbox: SqlOutbox) -> None:
    await saved(cases)
    claimed = await outbox.claim(NOW + HOUR, MINUTE, 100, ALL)
    assert {task.kind for task in claimed} == {TaskKind.UPDATE_PERSON_CARD, TaskKind.CHECK}
    assert await outbox.claim(NOW + HOUR, MINUTE, 100, ALL) == []
    # A worker that crashed leaves its tasks due again; the second try is counted.
    again = await outbox.claim(NOW + HOUR + MINUTE, MINUTE, 100, ALL)
    assert {task.tries for task in again} == {2}


async def test_a_worker_that_is_late_completes_nothing(cases: SqlCaseStore, outbox: SqlOutbox) -> None:
    case = await saved(cases)
    (first,) = await outbox.claim(NOW, MINUTE, 1, MESSAGES)
    (second,) = await outbox.claim(NOW + 2 * MINUTE, MINUTE, 1, MESSAGES)
    await outbox.complete(first)
    await outbox.postpone(first, NOW)
    with pytest.raises(ChangedMeanwhile):
        await cases.save(apply(case, Withdrew(), NOW, TIMING), {}, completes=first)
    assert await outbox.next_due(MESSAGES) == second.due
    await outbox.complete(second)
    assert await outbox.next_due(MESSAGES) is None


async def test_of_tasks_put_off_in_one_moment_each_is_due_at_its_own_time_and_a_lost_one_stays(
    cases: SqlCaseStore, outbox: SqlOutbox
) -> None:
    for number in range(3):
        await saved(cases, replace(WAITS, sender=replace(WAITS.sender, person=PersonId(f"person {number}"))))
    checks = frozenset({TaskKind.CHECK})
    mine, other, lost = await outbox.claim(NOW + HOUR, MINUTE, 100, checks)
    (taken,) = (one for one in await outbox.claim(NOW + 2 * HOUR, MINUTE, 100, checks) if one.case == lost.case)
    mine, other = (replace(one, due=taken.due) for one in (mine, other))
    await asyncio.gather(*(outbox.postpone(one, NOW + at * HOUR) for one, at in ((mine, 7), (other, 5), (lost, 1))))
    due = [(one.case, one.due) for one in await outbox.claim(NOW + 4 * HOUR, MINUTE, 100, checks)]
    assert due == [(lost.case, NOW + 4 * HOUR + MINUTE)], "its lease went on: that of another worker"
    assert [one.case for one in await outbox.claim(NOW + 6 * HOUR, MINUTE, 1, checks)] == [lost.case]
    assert [one.case for one in await outbox.claim(NOW + 6 * HOUR, MINUTE, 1, checks)] == [other.case]
    assert [one.case for one in await outbox.claim(NOW + 8 * HOUR, MINUTE, 9, checks)][-1:] == [mine.case]


async def test_cases_asked_for_in_one_moment_each_come_to_who_asked(cases: SqlCaseStore) -> None:
    first = await saved(cases)
    second = await saved(cases, replace(WAITS, sender=replace(WAITS.sender, person=PersonId("another"))))
    asked = (second.number, CaseNumber(99), first.number, second.number)
    assert await asyncio.gather(*map(cases.get, asked)) == [second, None, first, second]


async def test_two_writers_of_a_case_do_not_wait_for_each_other(
    cases: SqlCaseStore, outbox: SqlOutbox, database: Database
) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    (due,) = await outbox.claim(NOW + 100 * HOUR, MINUTE, 10, frozenset({TaskKind.CHECK}))
    mine, its = tables.cases.c.number == case.number, tables.outbox.c.case_number == case.number
    async with database.writing() as other:
        await other.execute(update(tables.cases).where(mine).values(restricted=True))
        completing = asyncio.create_task(cases.save(apply(case, Reminded(), NOW, TIMING), {}, completes=due))
        await asyncio.sleep(0.5)  # by now it waits for the lock on the case
        await other.execute(update(tables.outbox).where(its).values(tries=1))
    assert (await completing).version == case.version + 1


async def test_one_task_is_claimed_by_one_of_many(cases: SqlCaseStore, outbox: SqlOutbox) -> None:
    for number in range(30):
        await saved(
            cases,
            replace(
                CASES[Status.SECURING], sender=replace(CASES[Status.SECURING].sender, person=PersonId(f"p{number}"))
            ),
        )
    claims = await asyncio.gather(*(outbox.claim(NOW, MINUTE, 7, MESSAGES) for _ in range(8)))
    taken = [task.case for claim in claims for task in claim]
    assert sorted(taken) == sorted(set(taken))
    rest = await outbox.claim(NOW, MINUTE, 100, MESSAGES)
    assert len(taken) + len(rest) == 30


async def test_only_the_kinds_asked_for(cases: SqlCaseStore, outbox: SqlOutbox) -> None:
    await saved(cases)
    assert {task.kind for task in await outbox.claim(NOW + HOUR, MINUTE, 9, SCHEDULED)} == {TaskKind.CHECK}
    assert await outbox.next_due(MESSAGES) == NOW


async def test_the_latest_update_completes_the_older_ones(cases: SqlCaseStore, outbox: SqlOutbox) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    await cases.save(apply(case, Reminded(), NOW, TIMING), timers(case, NOW, TIMING))
    shows = [task for task in await outbox.claim(NOW, MINUTE, 9, MESSAGES) if task.kind is TaskKind.UPDATE_PERSON_CARD]
    assert len(shows) == 2
    await outbox.complete(max(shows, key=lambda task: task.event))
    left = await outbox.claim(NOW + HOUR, MINUTE, 9, MESSAGES)
    assert {task.kind for task in left} == {TaskKind.UPDATE_APPROVERS_CARD, TaskKind.NOTIFY_APPROVERS}


async def test_a_later_update_does_not_complete_an_older_one_that_is_running(
    cases: SqlCaseStore, outbox: SqlOutbox
) -> None:
    """A worker may die while it sends the older update: the card is then sent once more, in its newest state."""
    case = await saved(cases, CASES[Status.WAITING])
    (drawing,) = [
        task for task in await outbox.claim(NOW, MINUTE, 9, MESSAGES) if task.kind is TaskKind.UPDATE_PERSON_CARD
    ]
    later = NOW + timedelta(seconds=1)
    await cases.save(apply(case, Reminded(), later, TIMING), timers(case, later, TIMING))
    (newest,) = [
        task for task in await outbox.claim(later, MINUTE, 9, MESSAGES) if task.kind is TaskKind.UPDATE_PERSON_CARD
    ]
    await outbox.complete(newest)
    again = await outbox.claim(NOW + HOUR, MINUTE, 9, MESSAGES)
    assert (TaskKind.UPDATE_PERSON_CARD, drawing.event) in {(task.kind, task.event) for task in again}


@pytest.mark.parametrize("is_held", [False, True])
async def test_an_update_of_what_was_shown_already_is_completed_unless_another_process_holds_it(
    cases: SqlCaseStore, outbox: SqlOutbox, is_held: bool
) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    later = NOW + timedelta(seconds=1)
    running = await outbox.claim(NOW, MINUTE, 9, MESSAGES)
    latest = await cases.save(apply(case, Reminded(), later, TIMING), timers(case, later, TIMING))
    if is_held:
        await outbox.claim(later, MINUTE, 9, MESSAGES)
    (first,) = [task for task in running if task.kind is TaskKind.UPDATE_PERSON_CARD]
    await outbox.complete(first, latest.version)
    left = {(task.kind, task.event) for task in await outbox.claim(NOW + HOUR, MINUTE, 9, MESSAGES)}
    assert ((TaskKind.UPDATE_PERSON_CARD, latest.version) in left) is is_held
    assert (TaskKind.NOTIFY_APPROVERS, latest.version) in left


async def test_timers_are_those_of_the_status(cases: SqlCaseStore, outbox: SqlOutbox) -> None:
    case = await saved(cases, CASES[Status.OFF_LIST])
    assert {task.kind for task in await outbox.claim(NOW + 99 * HOUR, MINUTE, 9, SCHEDULED)} == {
        TaskKind.CHECK,
        TaskKind.PROVE,
        TaskKind.WATCH_END,
    }
    transition = apply(case, SaidWorks(), NOW, TIMING)
    await cases.save(transition, timers(transition.case, NOW, TIMING))
    assert {task.kind for task in await outbox.claim(NOW + 199 * HOUR, MINUTE, 9, SCHEDULED)} == {
        TaskKind.CHECK,
        TaskKind.PROVE,
    }


async def test_timers_are_due_in_the_very_moment_they_were_planned_for(cases: SqlCaseStore, outbox: SqlOutbox) -> None:
    """SQLite compares times as texts: each is written in one way, whatever part of a second it has."""
    case, kinds = await saved(cases, CASES[Status.WAITING]), frozenset((TaskKind.REMIND, TaskKind.EXPIRE))
    for fraction in (timedelta(), timedelta(milliseconds=200), timedelta(microseconds=7)):
        due = NOW + MINUTE + fraction
        case = await cases.save(apply(case, Reminded(), NOW, TIMING), dict.fromkeys(kinds, due))
        assert await outbox.next_due(kinds) == due
        assert await outbox.claim(due - timedelta(microseconds=1), MINUTE, 9, kinds) == []
        claimed = await outbox.claim(due, MINUTE, 9, kinds)
        assert {task.kind for task in claimed} == kinds
        for task in claimed:
            await outbox.complete(task)


async def test_a_timer_somebody_holds_keeps_its_time(cases: SqlCaseStore, outbox: SqlOutbox) -> None:
    case = await saved(cases, CASES[Status.WAITING])
    (held,) = [t for t in await outbox.claim(NOW + 6 * MINUTE, MINUTE, 9, SCHEDULED) if t.kind is TaskKind.CHECK]
    await cases.save(apply(case, Reminded(), NOW + 6 * MINUTE, TIMING), timers(case, NOW + 6 * MINUTE, TIMING))
    await outbox.complete(held)
    assert TaskKind.CHECK not in {task.kind for task in await outbox.claim(NOW + 99 * HOUR, MINUTE, 9, SCHEDULED)}


async def test_the_sender_history_counts_what_our_records_say(cases: SqlCaseStore) -> None:
    await saved(cases, CASES[Status.WORKS])
    await saved(cases, CASES[Status.WITHDRAWN])
    await saved(cases, replace(CASES[Status.DENIED], restriction=restriction(since=SINCE - HOUR)))
    await saved(cases, CASES[Status.NOT_RESTRICTED])
    history_of = await cases.history_of(ANA, NOW - 24 * HOUR)
    assert (history_of.restrictions, history_of.unblocks, history_of.requests) == (2, 1, 3)
    assert (await cases.history_of(ANA, NOW)).restrictions == 0
    latest = await cases.latest_of(ANA)
    assert latest is not None
    assert latest.number == 4
    assert await cases.get(CaseNumber(9)) is None


async def test_places(database: Database) -> None:
    chat = ConversationRef(id="a:1", service_url="https://x/", locale="en-GB")
    conversations = SqlConversationStore(database, channel=replace(chat, id="19:settings"))
    assert await conversations.person(ANA) is None
    await conversations.remember(ANA, chat)
    await conversations.remember(ANA, replace(chat, locale="de"))
    assert await conversations.person(ANA) == replace(chat, locale="de")
    assert (await conversations.channel()) == replace(chat, id="19:settings")
    await conversations.use_channel(replace(chat, id="19:teams"))
    assert (await conversations.channel()) == replace(chat, id="19:teams")


async def test_posted_cards(cases: SqlCaseStore, database: Database) -> None:
    number = (await saved(cases)).number
    chat, cards = ConversationRef(id="a:1", service_url="https://x/"), SqlCardStore(database)
    first, second = (Posted(conversation=chat, activity=name) for name in ("1", "2"))
    await cards.record(number, Audience.PERSON, first)
    await cards.record(number, Audience.PERSON, second)
    shown = await cards.shown(number, Audience.PERSON)
    assert (shown.current, shown.superseded) == (second, (first,))
    await cards.forget(number, first)
    assert (await cards.shown(number, Audience.PERSON)).superseded == ()
    assert (await cards.shown(number, Audience.APPROVERS)).current is None


async def test_a_card_that_was_superseded_does_not_become_current_once_the_other_is_gone(
    cases: SqlCaseStore, database: Database
) -> None:
    cards, number = SqlCardStore(database), (await saved(cases)).number
    chat = ConversationRef(id="a:1", service_url="https://smba.example/emea/")
    first, second = Posted(conversation=chat, activity="1"), Posted(conversation=chat, activity="2")
    await cards.record(number, Audience.PERSON, first)
    await cards.record(number, Audience.PERSON, second)
    await cards.forget(number, second)
    shown = await cards.shown(number, Audience.PERSON)
    assert (shown.current, shown.superseded) == (None, (first,))


async def test_a_card_that_stands_above_the_current_one_is_superseded_whenever_it_is_recorded(
    cases: SqlCaseStore, database: Database
) -> None:
    number = (await saved(cases)).number
    chat, cards = ConversationRef(id="a:1", service_url="https://x/"), SqlCardStore(database)
    upper, lower = (Posted(conversation=chat, activity=name) for name in ("999", "1000"))
    await cards.record(number, Audience.PERSON, lower)
    await cards.record(number, Audience.PERSON, upper)
    shown = await cards.shown(number, Audience.PERSON)
    assert (shown.current, shown.superseded) == (lower, (upper,))
    elsewhere = Posted(conversation=replace(chat, id="a:2"), activity="1")
    await cards.record(number, Audience.PERSON, elsewhere)
    assert (await cards.shown(number, Audience.PERSON)).current == elsewhere


async def test_whoever_records_a_card_waits_for_whoever_records_another(
    cases: SqlCaseStore, database: Database
) -> None:
    number = (await saved(cases)).number
    chat, store = ConversationRef(id="a:1", service_url="https://x/"), SqlCardStore(database)
    first, second = (Posted(conversation=chat, activity=name) for name in ("1", "2"))
    async with database.writing() as connection:
        await connection.execute(update(tables.cases).where(tables.cases.c.number == number).values(restricted=True))
        row = {"conversation": "a:1", "service_url": "https://x/", "locale": "en-GB", "activity": "1"}
        values = {"case_number": number, "audience": Audience.PERSON, "current": True, **row}
        await connection.execute(insert(tables.cards).values(values))
        recording = asyncio.create_task(store.record(number, Audience.PERSON, second))
        await asyncio.wait([recording], timeout=0.3)
    shown = await recording
    assert (shown.current, shown.superseded) == (second, (first,))


async def test_of_two_cards_recorded_at_the_same_moment_one_lives(cases: SqlCaseStore, database: Database) -> None:
    """On PostgreSQL neither replica sees the other's card before both are written."""
    number = (await saved(cases)).number
    first, second = ({"conversation": "a:1", "service_url": "https://x/", "activity": name} for name in ("1", "2"))
    async with database.writing() as connection:
        for where in (first, second):
            values = {"case_number": number, "audience": Audience.PERSON, "current": True, "locale": "en-GB", **where}
            await connection.execute(insert(tables.cards).values(values))
    shown = await SqlCardStore(database).shown(number, Audience.PERSON)
    assert shown.current is not None
    assert (shown.current.activity, [card.activity for card in shown.superseded]) == ("2", ["1"])


async def test_a_digest_keeps_its_cases_when_it_is_reposted(cases: SqlCaseStore, database: Database) -> None:
    cards = SqlCardStore(database)
    numbers = [(await saved(cases, CASES[Status.WORKS])).number for _ in range(3)]
    assert await cards.latest() is None
    assert await cards.of(numbers[0]) is None
    posted, reposted = (
        Posted(conversation=ConversationRef(id="19:c", service_url="https://x/"), activity=n) for n in ("1", "2")
    )
    for number in numbers[:2]:
        await cards.join(number, posted)
    digest = await cards.of(numbers[0])
    assert digest == Digest(posted=posted, cases=(numbers[0], numbers[1])) == await cards.latest()
    await cards.move(digest, reposted)
    assert await cards.of(numbers[1]) == Digest(posted=reposted, cases=(numbers[0], numbers[1]))
    assert await cards.of(numbers[2]) is None
    assert [case.number for case in await cases.many((numbers[2], CaseNumber(99), numbers[0]))] == [
        numbers[2],
        numbers[0],
    ]
    assert await cases.came_since(NOW - HOUR) == 3
    assert await cases.came_since(NOW) == 0


async def test_a_lost_channel_is_remembered_until_it_is_found(database: Database) -> None:
    channel = ConversationRef(id="19:c", service_url="https://x/", team="19:t")
    nowhere, conversations = SqlConversationStore(database), SqlConversationStore(database, channel=channel)
    assert not await nowhere.lost("404", NOW)
    await nowhere.found()
    assert await nowhere.loss() is None
    assert await conversations.lost("404 ConversationNotFound", NOW)
    assert not await conversations.lost("removed", NOW + HOUR)
    assert await conversations.loss() == ChannelLoss(reason="404 ConversationNotFound", since=NOW)
    await conversations.found()
    assert await conversations.loss() is None
    await conversations.lost("removed", NOW)
    await conversations.use_channel(replace(channel, id="19:other"))
    assert await conversations.loss() is None
    assert await conversations.channel() == replace(channel, id="19:other")


async def test_a_chosen_language_outlasts_what_teams_says(database: Database) -> None:
    conversations, chat = (
        SqlConversationStore(database),
        ConversationRef(id="a:1", service_url="https://x/", locale="en-GB"),
    )
    assert await conversations.remember(ANA, chat) == chat
    await conversations.speak(ANA, "de")
    german = replace(chat, locale="de")
    assert await conversations.person(ANA) == german
    assert await conversations.remember(ANA, replace(chat, id="a:2")) == replace(german, id="a:2")


async def test_a_task_whose_case_is_gone_is_harmless(outbox: SqlOutbox) -> None:
    ghost = OutboxTask(case=CaseNumber(99), kind=TaskKind.CHECK, event=0, due=NOW, tries=1)
    await outbox.complete(ghost)
    await outbox.postpone(ghost, NOW)
    assert await outbox.next_due(ALL) is None
