"""Each row of message trace is read as strictly as a proof must be, from the sandbox's own sending and from scripts."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.outbox import Outbox
from sandbox.people import PEOPLE
from services.clients.clock import SystemClock
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.clients.graph.traced_rows import reply_in, traced_of
from services.domain.checks.replies import ServerReply
from services.domain.delivery.traced import TracedStatus, came_back, first_delivered
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
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


def event(description: object, name: str = "Fail", at: str = "2026-11-24T14:01:02.5Z") -> dict[str, object]:
    return {"event": name, "description": description, "dateTime": at, "data": "<root/>"}


NOT_FOUND = "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup"


@pytest.mark.parametrize(
    ("events", "reply"),
    [
        ([event("The message was submitted.", "Submit")], None),
        ([], None),
        ([event("")], None),
        ([event(None)], None),
        (
            [event("x", "Submit"), event(f"Reason: [{{LED={NOT_FOUND}}};{{MSG=}};{{FQDN=}};{{IP=}};{{LRT=}}]")],
            ServerReply(words=NOT_FOUND),
        ),
        (
            [event("Reason: [{LED=550 5.0.350 Error};{MSG=550 5.1.1 no {such} user};{FQDN=mx.x.example};{IP=}]")],
            ServerReply(words="550 5.0.350 Error 550 5.1.1 no {such} user", remote=True),
        ),
        ([event(f"Reason: [{{LED={NOT_FOUND}}}]", "fail")], ServerReply(words=NOT_FOUND)),
        ([event("550 5.7.1 no known shape")], ServerReply(words="550 5.7.1 no known shape")),
        (
            [event("550 5.7.2 later", at="2026-11-24T15:00:00Z"), event("550 5.7.1 earlier")],
            ServerReply(words="550 5.7.2 later"),
        ),
    ],
)
def test_the_last_failure_of_a_route_says_what_the_server_said(
    events: list[dict[str, object]], reply: ServerReply | None
) -> None:
    assert reply_in(events) == reply


def test_an_endless_reason_is_read_up_to_a_bound() -> None:
    reply = reply_in([event("{LED=" * 1_000_000)])
    assert reply is not None
    assert len(reply.words) <= 2_000


async def test_the_route_of_a_message_in_the_sandbox_is_asked_for_within_the_budget(tmp_path: Path) -> None:
    ana, clock = PEOPLE["ana"], SystemClock()
    async with Sandbox(data=tmp_path) as box, graph_of(box) as api:
        traces = MessageTraces(api, trace_budget(clock, calls=len([ana.address]) + 1), clocks_differ_by=timedelta())
        at = clock.now() - timedelta(hours=1)
        box.tenant.accounts["ana"].traces.mails("o'neil@x.example", status="failed", at=at, reply=NOT_FOUND)
        traced = await traces.messages((ana.address,), at - timedelta(seconds=1), clock.now(), urgent=True)
        (row,) = [row for row in traced.rows if row.status is TracedStatus.FAILED]
        assert await traces.reply(row) == ServerReply(words=NOT_FOUND)
        with pytest.raises(Unavailable) as trouble:
            await traces.reply(row)
        assert trouble.value.reason is UnknownReason.THROTTLED
        assert await traces.reply(replace(row, trace="")) is None
