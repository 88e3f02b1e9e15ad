"""The ports to one tenant, over its Microsoft Graph and its Exchange cmdlets."""

from dataclasses import replace

from services.clients.access import Access
from services.clients.exchange.mailbox_evidence import ExchangeEvidence
from services.clients.exchange.mailboxes import ExchangeMailboxes
from services.clients.exchange.outbound_policies import ExchangePolicies
from services.clients.exchange.restricted_connectors import RestrictedConnectors
from services.clients.exchange.restricted_senders import ExchangeOnline
from services.clients.graph.account_evidence import GraphEvidence
from services.clients.graph.audit_log import GraphAuditLog
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.group_members import GroupApprovers
from services.clients.graph.message_traces import MessageTraces, trace_budget
from services.clouds import Feature
from services.ports.clock import Clock
from services.ports.microsoft365 import ContainmentSteps, Microsoft365
from services.settings import Settings


def microsoft365(settings: Settings, clock: Clock, access: Access, containment: ContainmentSteps) -> Microsoft365:
    """The ports. What the tenant's cloud lacks is not asked for: it is not licensed there."""
    lacks = settings.cloud.lacks
    api, cmdlets, slow = access.soon.graph, access.soon.cmdlets, access.slow
    graph, slow_graph = GraphDirectory(api), GraphDirectory(slow.graph)
    budget = trace_budget(clock, settings.trace_calls)
    rules = settings.timing.rules
    traces = MessageTraces(
        slow.graph,
        budget,
        offered=Feature.MESSAGE_TRACE not in lacks,
        clocks_differ_by=settings.clocks_differ_by,
        tools=rules.mailing_tools,
    )
    responders = settings.responders_group
    soon = Microsoft365(
        senders=ExchangeOnline(cmdlets, clock),
        connectors=RestrictedConnectors(cmdlets, clock),
        directory=graph,
        mailboxes=ExchangeMailboxes(cmdlets, graph),
        approvers=GroupApprovers(graph, api, settings.approvers_group),
        responders=GroupApprovers(graph, api, responders) if responders else None,
        mailbox_evidence=ExchangeEvidence(slow.cmdlets, traces),
        account_evidence=GraphEvidence(
            slow_graph, risk_known=Feature.IDENTITY_RISK not in lacks, expected=rules.expected
        ),
        audit_log=GraphAuditLog(slow_graph, slow.graph, offered=Feature.AUDIT_SEARCH not in lacks),
        policies=ExchangePolicies(cmdlets, api),
        containment=containment,
    )
    unhurried = replace(
        soon,
        senders=ExchangeOnline(slow.cmdlets, clock),
        connectors=RestrictedConnectors(slow.cmdlets, clock),
        directory=slow_graph,
        approvers=GroupApprovers(slow_graph, slow.graph, settings.approvers_group),
    )
    return replace(soon, unhurried=unhurried)
