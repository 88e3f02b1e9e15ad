"""The organisation's rules at the edge: what is marked as it is read, and who is mentioned."""

from typing import Any

import pytest

from services.clients.graph.account_evidence import GraphEvidence
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.clients.graph.others_mentioned import OthersMentioned
from services.clients.http import ApiClient
from services.domain.evidence.report import SentByTool
from services.domain.people import PersonId
from services.ports.errors import Unavailable
from tests.clients.test_mentions import GROUP, member
from tests.clients.test_message_traces import SINCE as TRACED_SINCE
from tests.clients.test_message_traces import UNTIL, page, row
from tests.clients.test_unreadable_rows import ANA, SINCE, rows, signed_in
from tests.dialogs.fake_clock import FakeClock
from tests.rules.examples import EXPECTED, ROSTER, TOOLS, rules
from tests.service import Service, says

NOBODY: frozenset[PersonId] = frozenset()
GONE = says({"error": {"code": "Request_ResourceNotFound", "message": "…"}}, 404)


async def test_each_sign_in_is_marked_by_country_network_or_app(api: ApiClient, service: Service) -> None:
    service.answers(
        rows(
            signed_in(20, "NG"),
            signed_in(21, "KP", ipAddress="203.0.113.9"),
            signed_in(22, "KP", appId=ROSTER, appDisplayName="Roster"),
            signed_in(23, "KP", ipAddress="192.0.2.9", appId=f"{ROSTER[:-1]}0", appDisplayName=ROSTER),
            signed_in(24, ""),
        )
    )
    evidence = GraphEvidence(GraphDirectory(api), expected=rules(EXPECTED).expected)
    found = await evidence.sign_ins(ANA, SINCE)
    assert {one.at.day: one.expected for one in found.rows} == {20: True, 21: True, 22: True, 23: False, 24: False}


async def test_what_a_mailing_tool_sent_is_counted_once(api: ApiClient, service: Service) -> None:
    tool: dict[str, Any] = {"senderAddress": "ana@contoso.example", "fromIP": "198.51.100.7"}
    service.answers(
        page(row(1, **tool), row(1, **tool), row(2, **tool), row(3, fromIP="192.0.2.1"), row(4), row(5, fromIP=None))
    )
    traces = MessageTraces(api, trace_budget(FakeClock()), tools=rules(TOOLS).mailing_tools)
    sent = await traces.sent(("ana@contoso.example",), TRACED_SINCE, UNTIL)
    assert sent.recipients == 5
    assert sent.by_tools == (SentByTool(name="Newsletter", recipients=2),)


def others(api: ApiClient, **whom: str) -> OthersMentioned:
    people = f"people = {whom['people']}" if "people" in whom else ""
    group = f"group = '{whom['group']}'" if "group" in whom else ""
    escalation = rules(f"[escalation]\nafter = '2h'\n{people}\n{group}\n").escalation
    assert escalation is not None
    return OthersMentioned(GraphDirectory(api), escalation, FakeClock())


PEOPLE, IDS = (
    "['dan@contoso.example', 'gone@contoso.example', 'fay@contoso.example']",
    "5a4d8f2e-0000-4000-8000-00000000000a",
)


async def test_people_are_mentioned_by_name_without_those_who_are_gone_or_disabled(
    api: ApiClient, service: Service
) -> None:
    service.answers(says(member("4", "Dan")), GONE, says(member("5", "Fay", accountEnabled=False)))
    found = await others(api, people=PEOPLE).of_approvers(NOBODY)
    assert [(one.id, one.name) for one in found] == [("4", "Dan")]
    assert service.asked[0].path == "/v1.0/users/dan@contoso.example"


async def test_a_group_and_people_are_mentioned_once_each_without_the_person_of_the_case(
    api: ApiClient, service: Service
) -> None:
    service.answers(says(member("3", "Cleo")), says({"value": GROUP}))
    found = await others(api, people="['cleo@contoso.example']", group=IDS).of_approvers(frozenset({PersonId("2")}))
    assert [one.id for one in found] == ["3", "1"]


async def test_a_group_that_cannot_be_read_takes_no_person_along(api: ApiClient, service: Service) -> None:
    service.answers(says(member("3", "Cleo")), GONE)
    found = await others(api, people="['cleo@contoso.example']", group=IDS).of_approvers(NOBODY)
    assert [one.id for one in found] == ["3"]
    service.answers(GONE)
    with pytest.raises(Unavailable):
        await others(api, group=IDS).of_approvers(NOBODY)
