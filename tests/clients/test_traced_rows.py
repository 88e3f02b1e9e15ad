"""Each row of message trace is read as strictly as a proof must be, from the sandbox's own sending and from scripts."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.outbox import Outbox
from sandbox.people import PEOPLE
from services.clients.clock import SystemClock
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.clients.graph.traced_rows import traced_of
from services.domain.delivery.traced import TracedStatus, came_back, first_delivered
from tests.clients.sandboxed import graph_of

ROW = {
    "id": "trace-1",
    "messageId": "<m1@contoso.example>",
    "senderAddress": "ana@contoso.example",
    "recipientAddress": "guest@fabrikam.example",
    "receivedDateTime": "2026-11-24T14:01:00Z",
    "subject": "Offer",
    "status": "delivered",
}


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("delivered", TracedStatus.DELIVERED),
        ("Delivered", TracedStatus.DELIVERED),
        ("failed", TracedStatus.FAILED),
        ("expanded", TracedStatus.EXPANDED),
        ("quarantined", TracedStatus.QUARANTINED),
        ("filteredAsSpam", TracedStatus.FILTERED),
        ("pending", TracedStatus.UNDECIDED),
        ("gettingStatus", TracedStatus.UNDECIDED),
        ("unknownFutureValue", TracedStatus.UNDECIDED),
        (None, TracedStatus.UNDECIDED),
    ],
)
def test_what_became_of_a_message_is_read_and_a_new_word_says_nothing(word: object, status: TracedStatus) -> None:
    (row,) = traced_of([{**ROW, "status": word}], complete=True).rows
    assert row.status is status


@pytest.mark.parametrize("field", ["senderAddress", "recipientAddress", "receivedDateTime"])
def test_a_row_that_does_not_say_whose_it_is_makes_the_read_incomplete(field: str) -> None:
    traced = traced_of([{**ROW, field: None}, ROW], complete=True)
    assert (len(traced.rows), traced.complete) == (1, False)


def test_a_message_that_is_sent_on_once_more_is_the_same_message() -> None:
    first, again = traced_of([ROW, {**ROW, "id": "trace-2", "status": "failed"}, ROW], complete=True).rows
    assert first.message == again.message


async def test_what_the_sandbox_sends_is_read_over_all_pages(tmp_path: Path) -> None:
    ana, clock = PEOPLE["ana"], SystemClock()
    async with Sandbox(data=tmp_path) as box, graph_of(box) as api:
        traces = MessageTraces(api, trace_budget(clock), clocks_differ_by=timedelta())
        outbox = Outbox(box.tenant)
        begun = clock.now() - timedelta(seconds=1)
        box.tenant.restrict("ana", "spam")
        outbox.send_many("ana", 5_001)
        box.tenant.lift("ana")

        async def read() -> Any:
            return await traces.messages((ana.address,), begun, clock.now() + timedelta(microseconds=1))

        traced = await read()
        assert traced.complete
        assert len(came_back(traced, (ana.address,), begun - timedelta(seconds=1)).messages) == 5_001
        assert first_delivered(traced, (ana.address,), begun) is None
        outbox.send("ana")
        assert first_delivered(await read(), (ana.address,), begun - timedelta(seconds=1)) is not None
