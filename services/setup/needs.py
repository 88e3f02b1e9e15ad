"""Which application permissions each feature takes."""

from collections.abc import Iterable, Mapping

GRAPH, EXCHANGE = "00000003-0000-0000-c000-000000000000", "00000002-0000-0ff1-ce00-000000000000"
"""App ids of the services that grant them."""
MESSAGE_TRACE = "8bd644d1-64a1-4d4b-ae52-2e0cbf64e373"
"""The app id of Exchange's message trace, which needs a service principal in the tenant.
https://learn.microsoft.com/exchange/monitoring/trace-an-email-message/graph-api-message-trace"""
BOT, RESPONDER = "bot", "responder"
"""Which of the two apps."""

FEATURES: Mapping[str, str] = {
    "mfa": "verifying MFA methods",
    "audit": "who changed a password, sign-ins, account changes (Entra ID P1)",
    "federation": "telling a federated password from a cloud one",
    "eligible": "telling an eligible approver to activate (PIM for groups)",
    "risk": "an account's risk (Entra ID P2)",
    "trace": "what was sent, and whether mail flows again",
    "history": "earlier restrictions beyond Sendwell's own records",
    "notify": "writing to people who never had the app",
    "limits": "proposing other sending limits",
    "containment": "containing a stolen account, by an app of its own",
}
_LEAST = {GRAPH: {"User.Read.All", "GroupMember.Read.All"}, EXCHANGE: {"Exchange.ManageAsApp"}}
_GRAPH_OF: Mapping[str, frozenset[str]] = {
    "mfa": frozenset({"UserAuthenticationMethod.Read.All"}),
    "audit": frozenset({"AuditLog.Read.All"}),
    "federation": frozenset({"Domain.Read.All"}),
    "eligible": frozenset({"PrivilegedEligibilitySchedule.Read.AzureADGroup"}),
    "risk": frozenset({"IdentityRiskyUser.Read.All", "IdentityRiskEvent.Read.All"}),
    "trace": frozenset({"ExchangeMessageTrace.Read.All"}),
    "history": frozenset({"AuditLogsQuery-Exchange.Read.All"}),
    "notify": frozenset({"TeamsAppInstallation.ReadWriteSelfForUser.All"}),
}
_RESPONDER = frozenset(
    {
        "User.Read.All",
        "User.RevokeSessions.All",
        "User-PasswordProfile.ReadWrite.All",
        "User.EnableDisableAccount.All",
        "RoleManagement.Read.Directory",
    }
)


def permissions(role: str, features: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """By the app id of the service: the permissions that the app of this role needs for these features."""
    if role == RESPONDER:
        return {GRAPH: _RESPONDER, EXCHANGE: frozenset(_LEAST[EXCHANGE])}
    more = frozenset[str]().union(*(_GRAPH_OF.get(feature, frozenset()) for feature in features))
    return {GRAPH: frozenset(_LEAST[GRAPH]) | more, EXCHANGE: frozenset(_LEAST[EXCHANGE])}
