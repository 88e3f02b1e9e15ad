"""What Sendwell counts of itself: requests by their end, times, tasks, sources; and nothing of a person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

import pytest

from dialogs.build import Ports
from services.clients.metrics.collected import Collected
from services.clients.metrics.measured import measured, measured_storage, measured_tenant
from services.clients.metrics.metrics import Metrics
from services.clients.store.database import Database
from services.clients.store.figures import WatchFigures
from services.domain.case.timing import Timing
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable
from services.ports.readiness import Complaint, Trouble
from tests.cases import BO, NOW
from tests.dialogs.world import ANA_CLICKS, LONG_DAYS, World

PRIVATE = ("ana", "soto", "contoso", "@", "bo larsen", "5a4d8f2e")


class MeasuredWorld(World):
    """The same world, measured as the running bot is."""

    def __init__(self, database: Database, timing: Timing = LONG_DAYS) -> None:
        self.seconds = [0.0]
        self.metrics = Metrics(monotonic=lambda: self.seconds[0])
        super().__init__(database, timing)

    def ports(self) -> Ports:
        ports = super().ports()
        return replace(
            ports,
            microsoft365=measured_tenant(ports.microsoft365, self.metrics),
            storage=measured_storage(ports.storage, self.metrics),
        )

    def value(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(f"sendwell_{name}", labels)

    def lines(self) -> list[str]:
        return self.metrics.text().decode().splitlines()


async def test_a_good_day_is_counted_from_the_request_to_its_end(database: Database) -> None:
    w = MeasuredWorld(database)
    await w.ana_has_sent()
    await w.passes(timedelta(minutes=7))
    await w.bo_approves()
    await w.passes(5 * LONG_DAYS.reads_apart)
    await w.presses(ANA_CLICKS, "works")
    assert w.value("decision_seconds_count", how="approved") == 1
    assert w.value("decision_seconds_sum", how="approved") == 7 * 60
    assert w.value("decision_seconds_count", how="denied") is None
    assert w.value("unblock_seconds_count", how="removed") == 1
    assert w.value("sending_seconds_count", how="by_word") == 1
    assert w.value("requests_total", outcome="works") == 1
    assert (w.value("source_seconds_count", source="senders", action="unblock", outcome="ok") or 0) == 1
    assert (w.value("task_runs_total", kind="unblock", outcome="done") or 0) == 1
    assert [word for word in PRIVATE if word in "\n".join(w.lines()).casefold()] == []


async def test_a_denial_is_a_decision_and_an_end(database: Database) -> None:
    w = MeasuredWorld(database)
    await w.ana_has_sent()
    await w.presses(BO, "deny", reason="come by")
    assert w.value("decision_seconds_count", how="denied") == 1
    assert w.value("requests_total", outcome="denied") == 1


async def test_what_a_source_refuses_is_counted_by_its_reason_and_its_task_as_put_off(database: Database) -> None:
    w = MeasuredWorld(database)
    await w.ana_has_sent()
    await w.bo_approves()
    w.mail.trouble = UnknownReason.THROTTLED
    await w.passes(timedelta(minutes=2))
    throttled = w.value("source_seconds_count", source="senders", action="restricted", outcome="throttled")
    assert throttled
    assert w.value("task_runs_total", kind="check", outcome="put_off")


class Failing:
    """A port whose question fails as it is told."""

    def __init__(self, failure: Exception) -> None:
        self._failure = failure

    async def person(self) -> None:
        raise self._failure


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (Unavailable(UnknownReason.TIMED_OUT, "ana@contoso.example"), "timed_out"),
        (NotFound("ana@contoso.example"), "not_found"),
        (ValueError("ana@contoso.example"), "failed"),
    ],
)
async def test_a_failure_is_passed_on_as_it_is_and_counted_by_one_word(failure: Exception, outcome: str) -> None:
    metrics = Metrics()
    with pytest.raises(type(failure)) as raised:
        await measured(Failing(failure), "directory", metrics).person()
    assert raised.value is failure
    counted = {"source": "directory", "action": "person", "outcome": outcome}
    assert metrics.registry.get_sample_value("sendwell_source_seconds_count", counted) == 1
    assert b"contoso" not in metrics.text()


class Watched:
    """/metrics as it is asked for."""

    def __init__(self, w: MeasuredWorld, database: Database | None = None) -> None:
        self.asked, self.complaints = 0, list[Complaint]()
        self.collected = Collected(
            w.metrics,
            database=database or w.database,
            clock=w.clock,
            ready=self._ready,
            logins={},
            watch_every=timedelta(minutes=5),
        )

    async def _ready(self) -> Sequence[Complaint]:
        self.asked += 1
        return self.complaints


async def test_what_is_open_is_counted_each_time_and_what_ended_once_an_hour(database: Database) -> None:
    w = MeasuredWorld(database)
    watched = Watched(w)
    await w.ana_has_sent()
    await watched.collected.text()
    await w.presses(ANA_CLICKS, "withdraw")
    w.seconds[0] += 60
    await watched.collected.text()
    assert (w.value("cases", status="waiting"), w.value("cases", status="withdrawn")) == (0, 0)
    w.seconds[0] += 3_600
    await watched.collected.text()
    assert w.value("cases", status="withdrawn") == 1


async def test_what_is_due_and_for_how_long_is_read_from_the_database(database: Database) -> None:
    w = MeasuredWorld(database)
    watched = Watched(w)
    await w.ana_has_sent()
    w.clock.time += timedelta(minutes=40)  # nobody runs anything
    await watched.collected.text()
    assert w.value("cases", status="waiting") == 1
    assert w.value("cases", status="failed") == 0
    assert w.value("tasks_due", kind="check") == 1
    assert (w.value("tasks_oldest_seconds", kind="check") or 0) >= 300
    assert w.value("tasks_due", kind="expire") == 0


async def test_the_database_is_asked_once_in_ten_seconds_however_many_read(database: Database) -> None:
    w = MeasuredWorld(database)
    watched = Watched(w)
    for _ in range(5):
        await watched.collected.text()
    watched.complaints.append(Complaint(about=Trouble.CHANNEL_LOST, text="gone"))
    assert watched.asked == 1
    assert w.value("trouble", about="channel_lost") == 0
    w.seconds[0] += 10
    await watched.collected.text()
    assert watched.asked == 2
    assert w.value("trouble", about="channel_lost") == 1


class Away(Database):
    """A database that cannot be reached."""

    def reading(self) -> NoReturn:
        raise Unavailable(UnknownReason.UNREACHABLE, "database")


async def test_while_the_database_is_away_no_old_figure_is_shown(database: Database) -> None:
    w = MeasuredWorld(database)
    await w.ana_has_sent()
    await Watched(w).collected.text()
    assert w.value("cases", status="waiting") == 1
    await Watched(w, Away(database.engine)).collected.text()
    assert w.value("cases", status="waiting") is None
    assert w.value("tasks_due", kind="check") is None


def test_the_watch_ages_by_what_failed_and_by_what_nobody_read() -> None:
    every = timedelta(minutes=5)
    fresh = WatchFigures(due=NOW + every, failures=0)
    assert fresh.age(every, NOW) == timedelta()
    assert fresh.age(every, NOW + timedelta(minutes=30)) == timedelta(minutes=30)
    assert replace(fresh, failures=3).age(every, NOW) == 3 * every


async def test_the_newest_good_read_of_the_list_ages(database: Database) -> None:
    w = MeasuredWorld(database)
    assert w.value("list_age_seconds", list="senders") is None
    await w.ana_asks()
    w.seconds[0] += 40
    assert w.value("list_age_seconds", list="senders") == 40
