"""Which application permissions each feature takes, of the table in `services/domain/permissions.py`."""

from collections.abc import Iterable, Mapping

from services.domain.exchange_roles import BOT as BOT_GROUP
from services.domain.exchange_roles import RESPONDER as RESPONDER_GROUP
from services.domain.permissions import Api, needs_of

GRAPH, EXCHANGE = Api.GRAPH.app_id, Api.EXCHANGE.app_id
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
_NEEDS_OF: Mapping[str, tuple[str, ...]] = {
    "mfa": ("methods",),
    "audit": ("logs",),
    "federation": ("domains",),
    "eligible": ("eligible",),
    "risk": ("risk", "risk_events"),
    "trace": ("traces",),
    "history": ("audit",),
    "notify": ("installing",),
}
"""The rows of the table of permissions that a feature takes beyond the least."""


def permissions(role: str, features: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """By the app id of the service: the permissions that the app of this role needs for these features."""
    chosen = {key for feature in features for key in _NEEDS_OF.get(feature, ())}
    group = RESPONDER_GROUP if role == RESPONDER else BOT_GROUP
    needed = [
        need for need in needs_of(group) if need.permission and (role == RESPONDER or need.least or need.key in chosen)
    ]
    return {
        api.app_id: frozenset(need.permission for need in needed if need.api is api)
        for api in (Api.GRAPH, Api.EXCHANGE)
    }
