"""One harmless call for each permission of Microsoft Graph, which shows that the service takes it. They ask about
somebody who does not exist, so that nothing personal is read: "not found" is an answer."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from services.clients.doctor.within import Limited
from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets
from services.clients.http import ApiClient
from services.domain.exchange_roles import BOT
from services.domain.unknown import Unknown, UnknownReason
from services.ports.errors import Unavailable

_NOBODY = "00000000-0000-4000-8000-0000000d0c00"


def calls_of(group: str, now: datetime) -> Mapping[str, tuple[str, ...]]:
    """The paths by the key of the need. `group`: the approvers'."""
    since, until = (_stamp(now - timedelta(minutes=minutes)) for minutes in (10, 5))
    mine = quote(f"groupId eq '{group}' and principalId eq '{_NOBODY}'")
    changes = quote(f"activityDateTime ge {since} and targetResources/any(t:t/id eq '{_NOBODY}')")
    traced = (
        f"senderAddress eq 'nobody@sendwell.invalid' and receivedDateTime ge {since} and receivedDateTime le {until}"
    )
    risk, roles = quote(f"userId eq '{_NOBODY}'"), quote(f"principalId eq '{_NOBODY}'")
    app = quote(f"teamsApp/id eq '{_NOBODY}'")
    apps = f"/v1.0/users/{_NOBODY}/teamwork/installedApps?$expand=teamsApp"
    return {
        "people": ("/v1.0/users?$top=1&$select=id",),
        "deciders": (f"/v1.0/groups/{group}?$select=id",),
        "methods": (f"/v1.0/users/{_NOBODY}/authentication/methods",),
        # The second asks for a licence that the first does without, and no sign-ins: those are slow to come.
        "logs": (
            f"/v1.0/auditLogs/directoryAudits?$filter={changes}",
            "/v1.0/reports/authenticationMethods/userRegistrationDetails?$top=1&$select=id",
        ),
        "domains": ("/v1.0/domains/sendwell.invalid?$select=id,authenticationType",),
        "eligible": (f"/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances?$filter={mine}",),
        "risk": (f"/v1.0/identityProtection/riskyUsers/{_NOBODY}",),
        "risk_events": (f"/v1.0/identityProtection/riskDetections?$filter={risk}",),
        "traces": (f"/v1.0/admin/exchange/tracing/messageTraces?$filter={quote(traced)}",),
        "audit": ("/beta/security/auditLog/queries",),
        "installing": (f"{apps}&$filter={app}",),
        "admin_roles": (f"/v1.0/roleManagement/directory/roleAssignments?$filter={roles}",),
    }


async def answer_to(api: ApiClient, paths: Sequence[str], limited: Limited) -> Unknown | None:
    """How the calls ended, the first that failed; `None` if the service answered them."""
    ended = [await limited(_asked(api, path)) for path in paths]
    return next((one for one in ended if one is not None), None)


async def _asked(api: ApiClient, path: str) -> None:
    response = await api.read("GET", path)
    if response.status != 404 and not (response.is_success and isinstance(response.json, dict)):
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status}")


async def try_one(app: str, cmdlets: Cmdlets) -> None:
    """Run the cmdlet that the app needs first, about nobody. Raises `Unavailable` where it may not."""
    try:
        if app == BOT:
            await cmdlets.run("Get-BlockedSenderAddress", {"SenderAddress": "nobody@sendwell.invalid"}, repeat=True)
        else:
            await cmdlets.run("Get-Mailbox", {"Identity": "nobody@sendwell.invalid"}, repeat=True)
    except CmdletFailed:
        return  # it was run, and found nobody


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
