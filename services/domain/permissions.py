"""Everything that the organisation grants Sendwell, and what each grant is for: one table for whoever sets it up, for
whoever looks what is missing, and for the documents (`docs/permissions.md`).

The sentences are in `cards/words`: `need.KEY.for` says what a grant serves, `need.KEY.without` what is lost without
it."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.domain.exchange_roles import BOT, RESPONDER, ManagementRole, role_with


class Api(StrEnum):
    """Whose permission it is, as Entra's list of APIs calls it."""

    GRAPH = "Microsoft Graph"
    EXCHANGE = "Office 365 Exchange Online"

    @property
    def app_id(self) -> str:
        """The app id of its service principal, the same in every organisation."""
        graph, exchange = "00000003-0000-0000-c000-000000000000", "00000002-0000-0ff1-ce00-000000000000"
        return graph if self is Api.GRAPH else exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One grant: an application permission, or else Exchange cmdlets that only serve together.

    `apps`: which of the two apps needs it, by the name of its role group. `least`: without it the main job cannot be
    done. `licence`: what the organisation must have bought. `rights_only`: it allows changes alone, so no harmless call
    shows that it works."""

    key: str
    apps: tuple[str, ...] = (BOT,)
    permission: str = ""
    api: Api = Api.GRAPH
    role_id: str = ""
    """The permission's id as an app role; empty where it is not published: it is then found by its name."""
    cmdlets: tuple[str, ...] = ()
    least: bool = False
    licence: str = ""
    rights_only: bool = False

    @property
    def management_role(self) -> ManagementRole | None:
        """The role in Exchange that grants the cmdlets."""
        return role_with(self.cmdlets[0], self.apps[0]) if self.cmdlets else None


_BOTH = (BOT, RESPONDER)
_SECOND = (RESPONDER,)

# https://learn.microsoft.com/graph/permissions-reference has the ids; the one of Exchange is on
# https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
NEEDS = (
    Need(
        key="people",
        permission="User.Read.All",
        role_id="df021288-bdef-4463-88db-98f22de89214",
        apps=_BOTH,
        least=True,
    ),
    Need(
        key="deciders",
        permission="GroupMember.Read.All",
        role_id="98830695-27a2-44f7-8c18-0c3ebc9698f6",
        least=True,
    ),
    Need(
        key="exchange",
        permission="Exchange.ManageAsApp",
        api=Api.EXCHANGE,
        role_id="dc50a0fb-09a3-484d-be87-e023b12c6440",
        apps=_BOTH,
        least=True,
    ),
    Need(key="list", cmdlets=("Get-BlockedSenderAddress", "Remove-BlockedSenderAddress"), least=True),
    Need(
        key="methods",
        permission="UserAuthenticationMethod.Read.All",
        role_id="38d9df27-64da-44fd-b7c5-a6fbac20248f",
    ),
    Need(
        key="logs",
        permission="AuditLog.Read.All",
        role_id="b0afded3-3588-46d8-8b3d-9842eff778da",
        licence="Entra ID P1",
    ),
    Need(key="domains", permission="Domain.Read.All", role_id="dbb9058a-0e50-45d7-ae91-66909b5d4664"),
    Need(
        key="eligible",
        permission="PrivilegedEligibilitySchedule.Read.AzureADGroup",
        role_id="edb419d6-7edc-42a3-9345-509bfdf5d87c",
    ),
    Need(
        key="risk",
        permission="IdentityRiskyUser.Read.All",
        role_id="dc5007c0-2d7d-4c42-879c-2dab87571379",
        licence="Entra ID P2",
    ),
    Need(
        key="risk_events",
        permission="IdentityRiskEvent.Read.All",
        role_id="6e472fd1-ad78-48da-a0f0-97ab2c6b769e",
        licence="Entra ID P2",
    ),
    Need(key="traces", permission="ExchangeMessageTrace.Read.All"),
    Need(
        key="audit",
        permission="AuditLogsQuery-Exchange.Read.All",
        role_id="6b0d2622-d34e-4470-935b-b96550e5ca8d",
    ),
    Need(
        key="installing",
        permission="TeamsAppInstallation.ReadWriteSelfForUser.All",
        role_id="908de74d-f8b2-4d6b-a9ed-2a17b3b78179",
    ),
    Need(key="connectors", cmdlets=("Get-BlockedConnector", "Remove-BlockedConnector")),
    Need(key="mailboxes", cmdlets=("Get-Mailbox", "Get-Recipient", "Get-RecipientPermission")),
    Need(key="rules", cmdlets=("Get-InboxRule",)),
    Need(key="own_domains", cmdlets=("Get-AcceptedDomain",)),
    Need(key="tenant_limit", cmdlets=("Get-LimitsEnforcementStatus",)),
    Need(key="room", cmdlets=("Get-MailboxStatistics",)),
    Need(key="smtp_auth", cmdlets=("Get-CASMailbox",)),
    Need(key="smtp_auth_everywhere", cmdlets=("Get-TransportConfig",)),
    Need(key="auditing", cmdlets=("Get-AdminAuditLogConfig",)),
    Need(
        key="limits",
        cmdlets=tuple(
            f"{verb}-HostedOutboundSpamFilter{what}"
            for what in ("Policy", "Rule")
            for verb in ("Get", "New", "Set", "Remove")
        ),
    ),
    Need(
        key="sessions",
        permission="User.RevokeSessions.All",
        role_id="77f3a031-c388-4f99-b373-dc68676a979e",
        apps=_SECOND,
        rights_only=True,
    ),
    Need(
        key="passwords",
        permission="User-PasswordProfile.ReadWrite.All",
        role_id="cc117bb9-00cf-4eb8-b580-ea2a878fe8f7",
        apps=_SECOND,
        rights_only=True,
    ),
    Need(
        key="accounts",
        permission="User.EnableDisableAccount.All",
        role_id="3011c876-62b7-4ada-afa2-506cbbecc68c",
        apps=_SECOND,
        rights_only=True,
    ),
    Need(
        key="admin_roles",
        permission="RoleManagement.Read.Directory",
        role_id="483bed4a-2ad3-4361-a73b-c83ccdbdc53c",
        apps=_SECOND,
    ),
    Need(
        key="containing",
        cmdlets=("Get-Mailbox", "Set-Mailbox", "Get-InboxRule", "Disable-InboxRule", "Enable-InboxRule"),
        apps=_SECOND,
    ),
)
_BY_KEY = {need.key: need for need in NEEDS}


def need(key: str) -> Need:
    return _BY_KEY[key]


def needs_of(app: str) -> Iterator[Need]:
    """What that app needs, the least set first."""
    return (one for one in NEEDS if app in one.apps)
