"""A bug below a client surfaces as a bug. No question reports it as "there is none" or as an unreachable source."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime

import pytest

from services.clients.containment import Microsoft365Containment
from services.clients.exchange.cmdlets import Rows
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.mailboxes import ExchangeMailboxes
from services.clients.exchange.restricted_senders import ExchangeOnline
from services.clients.graph.account_evidence import GraphEvidence
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.group_members import GroupApprovers
from services.clients.graph.installer import TeamsInstaller
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.clients.http import ApiClient
from services.domain.containment.containment import ContainmentStep
from services.domain.people import PersonId
from tests.dialogs.fake_clock import FakeClock
from tests.service import FixedTokens

ANA = PersonId("00000000-0000-4000-8000-000000000001")
ADDRESS = "ana@contoso.example"
SINCE = datetime(2026, 1, 2, tzinfo=UTC)
GROUP = "5a4d8f2e-0000-4000-8000-000000000009"

Question = Callable[[ApiClient, InvokeCommand], Awaitable[object]]

QUESTIONS: dict[str, Question] = {
    "who is it": lambda api, _: GraphDirectory(api).person(ANA),
    "which methods": lambda api, _: GraphDirectory(api).methods(ANA),
    "may they decide": lambda api, _: GroupApprovers(GraphDirectory(api), api, GROUP).standing(ANA),
    "anybody else": lambda api, _: GroupApprovers(GraphDirectory(api), api, GROUP).anybody_but(ANA),
    "at risk": lambda api, _: GraphEvidence(GraphDirectory(api)).risk(ANA),
    "sign-ins": lambda api, _: GraphEvidence(GraphDirectory(api)).sign_ins(ANA, SINCE),
    "whose mailbox": lambda api, cmdlets: ExchangeMailboxes(cmdlets, GraphDirectory(api)).mailbox(ADDRESS),
    "mail sent": lambda api, _: MessageTraces(api, trace_budget(FakeClock())).sent((ADDRESS,), SINCE, SINCE),
    "who is restricted": lambda _, cmdlets: ExchangeOnline(cmdlets, FakeClock()).restricted(),
    "any role": lambda api, cmdlets: Microsoft365Containment(api, cmdlets).privileged(ANA),
    "lock out": lambda api, cmdlets: Microsoft365Containment(api, cmdlets).contain(
        ContainmentStep.REVOKE_SESSIONS, ANA, ADDRESS, ()
    ),
    "a chat": lambda api, _: TeamsInstaller(GraphDirectory(api), api, "https://graph.example", "app").chat_with(ANA),
}


BUGS = [KeyError("id"), IndexError("list index out of range"), ValueError("no number")]


@pytest.mark.parametrize("bug", BUGS, ids=["key", "index", "value"])
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
async def test_a_bug_is_no_finding(api: ApiClient, tokens: FixedTokens, question: Question, bug: Exception) -> None:
    tokens.trouble = bug
    with pytest.raises(type(bug)):
        await question(api, InvokeCommand(api, GROUP))


class Cmdlets:
    """An Exchange with one mailbox and one right on it; asking who holds that right runs into the bug."""

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        del parameters, repeat
        rows: dict[str, dict[str, object]] = {
            "Get-Mailbox": {"PrimarySmtpAddress": ADDRESS},
            "Get-RecipientPermission": {"Trustee": "Sales team", "AccessRights": ["SendAs"]},
        }
        return Rows(rows=(rows[cmdlet],), complete=True)


async def test_a_holder_of_a_right_is_not_laid_aside_as_unreadable(api: ApiClient) -> None:
    with pytest.raises(KeyError, match="Get-Recipient"):
        await ExchangeMailboxes(Cmdlets(), GraphDirectory(api)).mailbox(ADDRESS)
