"""Every metric with its meaning. docs/operate.md says what to do about them, deploy/grafana.json draws them.

Each process counts its own work; what is read from the database (`cases`, `tasks_…`, `watch_…`) is the same for all.
https://prometheus.io/docs/practices/naming/"""

import time
from collections.abc import Callable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import generate_latest

from services.clients.store.figures import Figures
from services.domain.case.milestones import Milestone, MilestoneKind
from services.domain.case.status import Status
from services.domain.case.transition import TaskKind
from services.version import VERSION

_MINUTES = tuple(60.0 * minutes for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1_440, 2_880, 4_320))
_CALLS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_TURNS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 6.0, 9.0)
_ACTIVITIES = ("said", "clicked", "installed", "addedtoteam", "uninstalled")
_LAGS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Metrics:
    """The metrics of one process. `monotonic`: the seconds of a clock that is never set."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.monotonic = monotonic
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._gauge("info", "Which version runs", "version").labels(VERSION).set(1)
        self.trouble = self._gauge(
            "trouble", "Whether this keeps the bot from a part of its work; /readyz says it in words", "about"
        )
        self.activities = self._histogram(
            "activity_seconds", "Activities from Teams, and how long their answers took", _TURNS, "kind", "outcome"
        )
        for kind in _ACTIVITIES:  # what first appears with its first failure is not seen to grow by it
            self.activities.labels(kind, "failed")
        self.responses = self._counter("responses_total", "Responses of the messaging endpoint", "status")
        self.requests = self._counter("requests_total", "Cases that ended, by how", "outcome")
        self.reached = {
            MilestoneKind.DECISION: self._histogram(
                "decision_seconds", "From the request to its decision", _MINUTES, "how"
            ),
            MilestoneKind.UNBLOCK: self._histogram(
                "unblock_seconds", "From the request until every entry was removed", _MINUTES, "how"
            ),
            MilestoneKind.SENDING: self._histogram(
                "sending_seconds", "From the request until mail was seen to flow", _MINUTES, "how"
            ),
        }
        self.cases = self._gauge("cases", "Cases in the database", "status")
        self.tasks_due = self._gauge("tasks_due", "Outbox tasks that are due and in nobody's hands", "kind")
        self.tasks_oldest = self._gauge("tasks_oldest_seconds", "How long the oldest of those is due", "kind")
        self.tasks_tries = self._gauge("tasks_tries", "How often a task was tried at most, so far in vain", "kind")
        self.task_runs = self._counter("task_runs_total", "Outbox tasks that were run", "kind", "outcome")
        self.sources = self._histogram(
            "source_seconds", "Calls of a source, and how long they took", _CALLS, "source", "action", "outcome"
        )
        self.list_age = self._gauge("list_age_seconds", "How old this process's newest good read of a list is", "list")
        self.watch_age = self._gauge("watch_age_seconds", "How old the list monitor's newest good read is")
        self.watch_failures = self._gauge("watch_failures", "How many reads of the list monitor failed in a row")
        self.loop_lag = self._histogram("loop_lag_seconds", "How late the event loop wakes what waits", _LAGS)
        self.token = self._gauge("token_remaining_seconds", "How long a login token is used still", "app", "service")
        self.certificate = self._gauge("certificate_remaining_seconds", "How long a certificate is valid", "app")

    def text(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self.registry)

    def activity(self, kind: str, outcome: str, seconds: float) -> None:
        self.activities.labels(kind, outcome).observe(seconds)

    def responded(self, status: int) -> None:
        self.responses.labels(str(status)).inc()

    def called(self, source: str, action: str, outcome: str, seconds: float) -> None:
        """A source was asked. A good read of a list also says how old the list is from now on."""
        self.sources.labels(source, action, outcome).observe(seconds)
        if action == "restricted" and outcome == "ok":
            read = self.monotonic()
            self.list_age.labels(source).set_function(lambda: self.monotonic() - read)

    def milestone(self, reached: Milestone) -> None:
        if reached.kind is MilestoneKind.END:
            self.requests.labels(reached.how).inc()
            return
        self.reached[reached.kind].labels(reached.how).observe(reached.after.total_seconds())

    def show(self, figures: Figures, now: datetime) -> None:
        """Take over what the database says. Every status and kind is named, those with none too."""
        for status in Status:
            self.cases.labels(status.value).set(figures.cases.get(status.value, 0))
        for kind in TaskKind:
            found = figures.tasks.get(kind.value)
            oldest = found.oldest if found else None
            self.tasks_due.labels(kind.value).set(found.due if found else 0)
            self.tasks_oldest.labels(kind.value).set((now - oldest).total_seconds() if oldest else 0)
            self.tasks_tries.labels(kind.value).set(found.tries if found else 0)

    def forget_database(self) -> None:
        """The database cannot be read: no figure is better than an old one."""
        for gauge in (self.cases, self.tasks_due, self.tasks_oldest, self.tasks_tries):
            gauge.clear()

    def _counter(self, name: str, meaning: str, *labels: str) -> Counter:
        return Counter(f"sendwell_{name}", meaning, labels, registry=self.registry)

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(f"sendwell_{name}", meaning, labels, registry=self.registry)

    def _histogram(self, name: str, meaning: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"sendwell_{name}", meaning, labels, buckets=buckets, registry=self.registry)
