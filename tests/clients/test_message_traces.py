"""Message trace: every address is asked, nothing is counted twice, and what was not read is not passed over."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sandbox import Sandbox
from sandbox.people import PEOPLE
from services.clients.clock import SystemClock
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.clients.http import ApiClient
from services.domain.evidence.report import EVIDENCE_OVER, SentMail
from services.domain.evidence.verdict import Verdict, judge
from services.domain.proofs.securing import Mailing, SentMailing
from services.domain.restriction import Restriction, read_reason
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from tests.cases import report
from tests.clients.sandboxed import graph_of
from tests.dialogs.fake_clock import FakeClock
from tests.service import FixedTokens, Script, Service, says

MEGAN = ("megan@contoso.example", "m@contoso.example")
SINCE = datetime(2026, 9, 14, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=10)
PATH = "/v1.0/admin/exchange/tracing/messageTraces"
NEXT = {"@odata.nextLink": f"https://graph.example{PATH}?$top=5000&$skiptoken=5000"}
NOT_SET_UP = says(
    {"error": {"code": "Unauthorized", "message": "Service principal-less Authentication failed: …"}}, 401
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def traces(api: ApiClient, clock: FakeClock) -> MessageTraces:
    return MessageTraces(api, trace_budget(clock))


def row(number: int, message: str = "m1", subject: str = "News", **more: Any) -> dict[str, Any]:
    """One delivery to recipient `number`."""
    at = "2026-09-23T07:40:22Z"
    return {
        "id": message,
        "recipientAddress": f"r{number}@x.example",
        "receivedDateTime": at,
        "subject": subject,
        **more,
    }


def page(*rows: dict[str, Any], **more: Any) -> Script:
    return says({"value": list(rows), **more})


async def refused(traces: MessageTraces, reason: UnknownReason) -> timedelta | None:
    """Returns how long to wait."""
    with pytest.raises(Unavailable) as trouble:
        await traces.sent(MEGAN, SINCE, UNTIL)
    assert trouble.value.reason is reason
    return trouble.value.retry_after


def totals(sent: SentMail) -> tuple[int, int, int, bool]:
    messages = sum(hour.messages for hour in sent.hours)
    return sent.recipients, messages, sent.subjects, sent.complete


async def test_each_address_is_asked_by_itself_and_only_once(traces: MessageTraces, service: Service) -> None:
    service.answers(page(row(1), row(2)), page(row(3, "m2", "new ")))
    sent = await traces.sent(("o'neil@contoso.example", "O@contoso.example", "o@contoso.example"), SINCE, UNTIL)
    assert totals(sent) == (3, 2, 2, True)
    filters = {asked.query["$filter"] for asked in service.asked}
    window = "receivedDateTime ge 2026-09-14T00:00:00Z and receivedDateTime le 2026-09-23T23:59:00Z"
    assert filters == {
        f"senderAddress eq 'o''neil@contoso.example' and {window}",
        f"senderAddress eq 'o@contoso.example' and {window}",
    }


async def test_rows_that_come_twice_count_once(traces: MessageTraces, service: Service) -> None:
    pending = row(2, status="pending")
    service.answers(page(row(1), pending, **NEXT), page({**pending, "status": "delivered"}, row(3)))
    assert totals(await traces.sent(MEGAN[:1], SINCE, UNTIL)) == (3, 1, 1, True)
    assert service.asked[1].query["$skiptoken"] == "5000"


async def test_mail_of_others_is_not_the_senders(traces: MessageTraces, service: Service) -> None:
    """A filter that the service drops without a word returns everybody's."""
    others = [row(n, "m2", senderAddress="pat@contoso.example") for n in range(9)]
    service.answers(page(row(1, senderAddress=MEGAN[0].upper()), *others))
    assert totals(await traces.sent(MEGAN[:1], SINCE, UNTIL)) == (1, 1, 1, True)


@pytest.mark.parametrize("odd", [{"receivedDateTime": "yesterday"}, {"receivedDateTime": None}, {"id": None}])
async def test_a_row_that_cannot_be_read_makes_the_numbers_lower_bounds(
    traces: MessageTraces, service: Service, odd: dict[str, Any]
) -> None:
    service.answers(page(row(1), {**row(2), **odd}))
    assert totals(await traces.sent(MEGAN[:1], SINCE, UNTIL)) == (1, 1, 1, False)


async def test_a_trace_without_end_is_a_lower_bound(traces: MessageTraces, service: Service) -> None:
    service.answers(page(row(1), **NEXT))
    assert not (await traces.sent(MEGAN[:1], SINCE, UNTIL)).complete
    assert len(service.asked) == 10


async def test_pages_beyond_the_budget_are_left_out_and_said_to_be_missing(
    traces: MessageTraces, service: Service
) -> None:
    service.answers(page(row(1), **NEXT))
    for _ in range(5):
        assert not (await traces.sent(MEGAN[:1], SINCE, UNTIL)).complete
    background = len(service.asked)
    assert 10 < background <= 45
    await refused(traces, UnknownReason.THROTTLED)
    await traces.sent(MEGAN[:1], SINCE, UNTIL, urgent=True)
    assert background < len(service.asked) <= 60


async def test_somebody_with_very_many_addresses_is_read_in_part(traces: MessageTraces, service: Service) -> None:
    service.answers(page(row(1)))
    sent = await traces.sent([f"a{n}@contoso.example" for n in range(21)], SINCE, UNTIL)
    assert (len(service.asked), sent.complete) == (20, False)


async def test_before_it_is_set_up_it_says_so_and_no_token_is_renewed(
    traces: MessageTraces, service: Service, tokens: FixedTokens
) -> None:
    service.answers(NOT_SET_UP)
    await refused(traces, UnknownReason.NOT_SET_UP)
    assert (len(service.asked), tokens.number) == (len(MEGAN), 1)


async def test_one_that_is_turned_away_keeps_the_others_from_asking(
    traces: MessageTraces, service: Service, clock: FakeClock
) -> None:
    service.answers(says({}, 429, {"Retry-After": "90"}))
    await refused(traces, UnknownReason.THROTTLED)
    asked = len(service.asked)
    assert asked == len(MEGAN)
    assert await refused(traces, UnknownReason.THROTTLED) == timedelta(seconds=90)
    assert len(service.asked) == asked
    clock.time += timedelta(seconds=90)
    service.answers(page(row(1)))
    assert (await traces.sent(MEGAN, SINCE, UNTIL)).complete


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (says({}, 500), UnknownReason.UNREACHABLE),
        (says({}, 403), UnknownReason.NO_PERMISSION),
        (says({}, 404), UnknownReason.UNEXPECTED_RESPONSE),
        (says({"error": {"code": "BadRequest"}}, 400), UnknownReason.UNEXPECTED_RESPONSE),
        (says({"value": 7}), UnknownReason.UNEXPECTED_RESPONSE),
        (says([1]), UnknownReason.UNEXPECTED_RESPONSE),
    ],
)
async def test_a_failure_is_no_empty_trace_and_costs_one_call_an_address(
    traces: MessageTraces, service: Service, script: Script, reason: UnknownReason
) -> None:
    service.answers(script)
    await refused(traces, reason)
    assert len(service.asked) == len(MEGAN)


async def test_a_failure_for_one_address_is_not_made_up_for_by_another(traces: MessageTraces, service: Service) -> None:
    service.answers(page(row(1)), says({}, 403))
    await refused(traces, UnknownReason.NO_PERMISSION)


async def test_a_cloud_without_message_trace_is_not_asked(api: ApiClient, service: Service, clock: FakeClock) -> None:
    await refused(MessageTraces(api, trace_budget(clock), offered=False), UnknownReason.NO_LICENCE)
    assert service.asked == []


async def test_a_mailing_that_does_not_show_yet_fits_nothing_and_is_honest_once_it_does(tmp_path: Path) -> None:
    """Played in the sandbox: the days before show at once, the mailing that led to the restriction hours later."""
    async with Sandbox(data=tmp_path) as box, graph_of(box) as graph:
        box.tenant.restrict("ana", "limit")
        clock, ana = SystemClock(), PEOPLE["ana"]
        traces, now = MessageTraces(graph, trace_budget(clock)), clock.now()
        entry = read_reason(box.tenant.entries[0].reason or "")
        listed = Restriction(address=ana.upn, cause=entry.cause, counts=entry.counts, since=box.tenant.entries[0].since)
        said, verdicts = Mailing(sent=SentMailing.YES, recipients="2000"), []
        for lag in (timedelta(hours=2), timedelta()):
            box.tenant.message_trace.lag = lag
            sent = await traces.sent((ana.upn, *ana.aliases), now - EVIDENCE_OVER, now)
            judgement = judge(report(gathered_at=now, sent=sent), listed, said)
            verdicts.append((sent.recipients, judgement.verdict))
    assert verdicts == [(81, Verdict.NOT_ENOUGH), (2_081, Verdict.HONEST)]
