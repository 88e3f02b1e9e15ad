"""Microsoft's clouds: the names of the services in each, and what is missing there.

A tenant lives in one cloud, and a token of one cloud is worth nothing in another, so the names are set together. GCC is
the exception: its tenants use the services of the worldwide cloud."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit


class Cloud(StrEnum):
    """The cloud a tenant lives in, as `SENDWELL_CLOUD` names it."""

    WORLDWIDE = "worldwide"
    GCC = "gcc"
    GCC_HIGH = "gcchigh"
    DOD = "dod"
    CHINA = "china"


class Feature(StrEnum):
    """What not every cloud has."""

    MESSAGE_TRACE = "message trace"
    AUDIT_SEARCH = "audit search"
    IDENTITY_RISK = "identity risk"
    APP_INSTALLATION = "app installation"


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudServices:
    """The services of one cloud. Base addresses have no slash at their end."""

    cloud: Cloud
    login_url: str
    graph_url: str
    exchange_url: str
    exchange_environment: str
    """The cloud's name in Exchange's PowerShell module."""
    connector: str
    """The Bot Connector: the issuer of its tokens, and the resource that ours are for."""
    openid_metadata_url: str
    service_hosts: frozenset[str]
    """The hosts that a Bot Connector may have; none where Microsoft publishes none."""
    reset_url: str
    security_info_url: str
    defender_url: str
    admin_url: str
    teams_url: str
    more_hosts: frozenset[str] = frozenset()
    """Other hosts of this cloud, which an operator may set instead."""
    lacks: frozenset[Feature] = frozenset()
    file_hosts: frozenset[str] = frozenset({".sharepoint.com"})
    """Where files that are dropped into a chat are kept; with a dot at the beginning: every host below that name."""

    @property
    def connector_scope(self) -> str:
        return f"{self.connector}/.default"

    @property
    def hosts(self) -> frozenset[str]:
        """Every host of this cloud that is named here."""
        urls = (
            *(self.login_url, self.graph_url, self.exchange_url, self.connector, self.openid_metadata_url),
            *(self.reset_url, self.security_info_url, self.defender_url, self.admin_url, self.teams_url),
        )
        return self.service_hosts | self.more_hosts | {urlsplit(url).hostname or "" for url in urls}


# Login and Graph: https://learn.microsoft.com/graph/deployments
# Exchange: https://learn.microsoft.com/exchange/reference/admin-api-get-started (the documented API at the same hosts)
# Its PowerShell module: https://learn.microsoft.com/powershell/module/exchangepowershell/connect-exchangeonline
# Bot Connector: https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
# Its hosts: https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
_WORLDWIDE = CloudServices(
    cloud=Cloud.WORLDWIDE,
    login_url="https://login.microsoftonline.com",
    graph_url="https://graph.microsoft.com",
    exchange_url="https://outlook.office365.com",
    exchange_environment="O365Default",
    connector="https://api.botframework.com",
    openid_metadata_url="https://login.botframework.com/v1/.well-known/openidconfiguration",
    service_hosts=frozenset({"smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"}),
    reset_url="https://passwordreset.microsoftonline.com",
    security_info_url="https://mysignins.microsoft.com/security-info",
    defender_url="https://security.microsoft.com",
    admin_url="https://admin.microsoft.com/support",
    teams_url="https://teams.microsoft.com",
    more_hosts=frozenset({"login.windows.net", "sts.windows.net", "login.microsoft.com"}),
)

# Not in any national cloud: https://learn.microsoft.com/graph/api/messagetracingroot-list-messagetraces and
# https://learn.microsoft.com/graph/api/security-auditcoreroot-post-auditlogqueries, each "global service" alone; and
# installing an app for somebody as an app: https://learn.microsoft.com/graph/teamwork-national-cloud-differences
_GLOBAL_ONLY = frozenset({Feature.MESSAGE_TRACE, Feature.AUDIT_SEARCH, Feature.APP_INSTALLATION})

# Login, Graph, Exchange and the Connector's hosts as above.
# Bot Connector: https://learn.microsoft.com/azure/bot-service/how-to-deploy-gov-cloud-high
# Password reset: https://learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure
# Security info: the origins that https://github.com/AzureAD/microsoft-authentication-library-common-for-android trusts
# Defender: https://learn.microsoft.com/defender-endpoint/gov; Teams:
# https://learn.microsoft.com/microsoftteams/platform/concepts/sovereign-cloud
# Admin center: https://learn.microsoft.com/licensing/introduction-to-volume-licensing-microsoft-365-admin-center
_GCC_HIGH = CloudServices(
    cloud=Cloud.GCC_HIGH,
    login_url="https://login.microsoftonline.us",
    graph_url="https://graph.microsoft.us",
    exchange_url="https://outlook.office365.us",
    exchange_environment="O365USGovGCCHigh",
    connector="https://api.botframework.us",
    openid_metadata_url="https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
    service_hosts=frozenset({"smba.infra.gov.teams.microsoft.us"}),
    reset_url="https://passwordreset.microsoftonline.us",
    security_info_url="https://mysignins.azure.us/security-info",
    defender_url="https://security.microsoft.us",
    admin_url="https://portal.office365.us/adminportal/home",
    teams_url="https://gov.teams.microsoft.us",
    lacks=_GLOBAL_ONLY,
    file_hosts=frozenset({".sharepoint.us"}),
)

# Sources as for GCC High. Exchange also answers at webmail.apps.mil:
# https://learn.microsoft.com/powershell/exchange/connect-to-exchange-online-powershell
_DOD = replace(
    _GCC_HIGH,
    cloud=Cloud.DOD,
    graph_url="https://dod-graph.microsoft.us",
    exchange_url="https://outlook-dod.office365.us",
    exchange_environment="O365USGovDoD",
    service_hosts=frozenset({"smba.infra.dod.teams.microsoft.us"}),
    defender_url="https://security.apps.mil",
    admin_url="https://portal.apps.mil/adminportal/home",
    teams_url="https://dod.teams.microsoft.us",
    more_hosts=frozenset({"webmail.apps.mil"}),
    file_hosts=frozenset({".sharepoint.us"}),
)

# Login, Graph and Exchange as above. Bot Connector: https://learn.microsoft.com/azure/bot-service/how-to-deploy-china-cloud;
# no host of it is published, and https://learn.microsoft.com/microsoftteams/platform/concepts/sovereign-cloud says that
# Teams operated by 21Vianet runs no bots. No identity risk: https://learn.microsoft.com/graph/api/riskdetection-list
# Password reset and security info: https://docs.azure.cn/entra/identity/authentication/ (no page names the newer one)
_CHINA = CloudServices(
    cloud=Cloud.CHINA,
    login_url="https://login.partner.microsoftonline.cn",
    graph_url="https://microsoftgraph.chinacloudapi.cn",
    exchange_url="https://outlook.office365.cn",
    exchange_environment="O365China",
    connector="https://api.botframework.azure.cn",
    openid_metadata_url="https://login.botframework.azure.cn/v1/.well-known/openidconfiguration",
    service_hosts=frozenset(),
    reset_url="https://passwordreset.activedirectory.windowsazure.cn",
    security_info_url="https://account.activedirectory.windowsazure.cn/proofup.aspx",
    defender_url="https://security.microsoft.cn",
    admin_url="https://portal.partner.microsoftonline.cn/adminportal",
    teams_url="https://teams.microsoftonline.cn",
    more_hosts=frozenset({"login.chinacloudapi.cn", "partner.outlook.cn"}),
    lacks=_GLOBAL_ONLY | {Feature.IDENTITY_RISK},
    file_hosts=frozenset({".sharepoint.cn"}),
)

# https://learn.microsoft.com/office365/servicedescriptions/office-365-platform-service-description/office-365-us-government
_GCC = replace(_WORLDWIDE, cloud=Cloud.GCC)

CLOUDS = {row.cloud: row for row in (_WORLDWIDE, _GCC, _GCC_HIGH, _DOD, _CHINA)}

_US, _PUBLIC = frozenset({Cloud.GCC_HIGH, Cloud.DOD}), frozenset({Cloud.WORLDWIDE, Cloud.GCC})
_DOMAINS = {
    # Microsoft's own domains alone: those that customers have hosts in (azure.us, trafficmanager.net) say nothing.
    **dict.fromkeys(("microsoft.com", "microsoftonline.com", "office365.com", "office.com"), _PUBLIC),
    "botframework.com": _PUBLIC,
    **dict.fromkeys(("microsoft.us", "microsoftonline.us", "office365.us", "botframework.azure.us", "apps.mil"), _US),
    **dict.fromkeys(("chinacloudapi.cn", "microsoftonline.cn", "outlook.cn", "office365.cn"), frozenset({Cloud.CHINA})),
    **dict.fromkeys(("botframework.azure.cn", "windowsazure.cn", "microsoft.cn"), frozenset({Cloud.CHINA})),
}


def clouds_of(host: str) -> frozenset[Cloud]:
    """The clouds that a host belongs to; none if it is not one of Microsoft's services, as a proxy is."""
    host = host.casefold()
    named = frozenset(row.cloud for row in CLOUDS.values() if host in row.hosts)
    return named or next((clouds for domain, clouds in _DOMAINS.items() if host.endswith(f".{domain}")), frozenset())


def check_cloud(cloud: Cloud, hosts: Iterable[str]) -> None:
    """Raises `ValueError` if one of the hosts belongs to other clouds and not to this one. Its message completes the
    sentence "it must be"."""
    for host in hosts:
        clouds = clouds_of(host.partition(":")[0])
        if clouds and cloud not in clouds:
            others = " or ".join(sorted(clouds))
            raise ValueError(f"of the same cloud as the rest: SENDWELL_CLOUD is {cloud}, this is of {others}")
