"""Microsoft's clouds: the names of each go together, and no two are mixed."""

from collections.abc import Awaitable, Callable
from dataclasses import fields
from urllib.parse import urlsplit

import pytest

from services.clients.access import Access, Sources
from services.clients.clock import SystemClock
from services.clients.containment import Microsoft365Containment
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.http import ApiClient
from services.clients.microsoft365 import microsoft365
from services.clouds import CLOUDS, Cloud, clouds_of
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import Microsoft365
from tests.clients.test_settings import faults, read
from tests.clients.test_traces import MEGAN, PERSON, SINCE, UNTIL
from tests.service import Service, says

CHINAS_HOST = {"SENDWELL_SERVICE_HOSTS": "bots.example"}
"""Microsoft publishes none for China."""


# Each with its source in `services/clouds.py`: login, Graph, Exchange, Bot Connector, its keys, one of its hosts.
NAMES = {
    "gcc": (
        "login.microsoftonline.com",
        "graph.microsoft.com",
        "outlook.office365.com",
        "api.botframework.com",
        "login.botframework.com",
        "smba.infra.gcc.teams.microsoft.com",
    ),
    "gcchigh": (
        "login.microsoftonline.us",
        "graph.microsoft.us",
        "outlook.office365.us",
        "api.botframework.us",
        "login.botframework.azure.us",
        "smba.infra.gov.teams.microsoft.us",
    ),
    "dod": (
        "login.microsoftonline.us",
        "dod-graph.microsoft.us",
        "outlook-dod.office365.us",
        "api.botframework.us",
        "login.botframework.azure.us",
        "smba.infra.dod.teams.microsoft.us",
    ),
    "china": (
        "login.partner.microsoftonline.cn",
        "microsoftgraph.chinacloudapi.cn",
        "outlook.office365.cn",
        "api.botframework.azure.cn",
        "login.botframework.azure.cn",
        "bots.example",
    ),
}


@pytest.mark.parametrize("cloud", NAMES)
def test_one_setting_names_every_service_of_a_cloud(cloud: str) -> None:
    login, graph, exchange, connector, metadata, host = NAMES[cloud]
    settings = read(SENDWELL_CLOUD=cloud, **(CHINAS_HOST if cloud == "china" else {}))
    urls = (settings.login_url, settings.graph_url, settings.exchange_url)
    assert urls == (f"https://{login}", f"https://{graph}", f"https://{exchange}")
    assert settings.cloud.connector == f"https://{connector}"
    assert settings.cloud.connector_scope == f"https://{connector}/.default"
    assert settings.openid_metadata_url == f"https://{metadata}/v1/.well-known/openidconfiguration"
    assert host in settings.service_hosts


def test_no_name_of_one_cloud_is_anothers() -> None:
    """Login and password pages are shared by the two of the US government, and everything by GCC and the world."""
    for row in CLOUDS.values():
        values = [getattr(row, field.name) for field in fields(row) if field.name.endswith("_url")]
        for host in {urlsplit(url).hostname or "" for url in values} | row.service_hosts | row.more_hosts:
            clouds = clouds_of(host)
            assert row.cloud in clouds
            assert clouds <= {Cloud.WORLDWIDE, Cloud.GCC} or clouds <= {Cloud.GCC_HIGH, Cloud.DOD} or len(clouds) == 1


@pytest.mark.parametrize(
    ("host", "clouds"),
    [
        ("canary.graph.microsoft.com", {Cloud.WORLDWIDE, Cloud.GCC}),
        ("GRAPH.microsoft.us", {Cloud.GCC_HIGH}),
        ("somewhere.microsoft.us", {Cloud.GCC_HIGH, Cloud.DOD}),
        ("partner.outlook.cn", {Cloud.CHINA}),
        ("webmail.apps.mil", {Cloud.DOD}),
        ("localhost", set()),
        ("proxy.contoso.cn", set()),
        ("contoso.trafficmanager.net", set()),
        ("notmicrosoft.us", set()),
    ],
)
def test_a_host_is_known_by_its_name_or_its_domain(host: str, clouds: set[Cloud]) -> None:
    assert clouds_of(host) == clouds


def test_a_mixed_configuration_is_refused_with_all_its_faults_at_once() -> None:
    lines = faults(
        SENDWELL_CLOUD="china",
        SENDWELL_GRAPH_URL="https://graph.microsoft.com",
        SENDWELL_LOGIN_URL="https://login.microsoftonline.us",
        SENDWELL_EXCHANGE_URL="https://partner.outlook.cn",
        SENDWELL_OPENID_METADATA_URL="https://login.botframework.com/v1/.well-known/openidconfiguration",
        SENDWELL_SERVICE_HOSTS="bots.example,smba.trafficmanager.net:443",
        SENDWELL_APPROVALS_CHANNEL="19:t;19:c;https://smba.infra.gov.teams.microsoft.us/teams/",
        SENDWELL_PASSWORD_RESET_URL="https://passwordreset.microsoftonline.us",
        SENDWELL_SECURITY_INFO_URL="https://mysignins.microsoft.com/security-info",
    ).splitlines()
    named = {line.split()[0] for line in lines}
    assert named == {
        "SENDWELL_GRAPH_URL",
        "SENDWELL_LOGIN_URL",
        "SENDWELL_OPENID_METADATA_URL",
        "SENDWELL_SERVICE_HOSTS",
        "SENDWELL_APPROVALS_CHANNEL",
        "SENDWELL_PASSWORD_RESET_URL",
        "SENDWELL_SECURITY_INFO_URL",
    }
    assert all("SENDWELL_CLOUD is china" in line for line in lines)
    assert any("this is of gcc or worldwide" in line for line in lines)


def test_the_default_cloud_is_not_mixed_with_another_either() -> None:
    assert "SENDWELL_CLOUD is worldwide" in faults(SENDWELL_GRAPH_URL="https://graph.microsoft.us")
    assert "SENDWELL_CLOUD is dod" in faults(SENDWELL_CLOUD="dod", SENDWELL_GRAPH_URL="https://graph.microsoft.us")


def test_hosts_that_are_not_microsofts_may_stand_in_for_any() -> None:
    settings = read(
        SENDWELL_CLOUD="GCCHigh",
        SENDWELL_GRAPH_URL="https://localhost:8702",
        SENDWELL_LOGIN_URL="https://login.proxy.example",
        SENDWELL_SERVICE_HOSTS="localhost:8704",
    )
    assert settings.graph_url == "https://localhost:8702"
    assert settings.exchange_url == "https://outlook.office365.us"
    assert settings.cloud.connector == "https://api.botframework.us"


def test_a_cloud_that_does_not_exist_is_one_fault_and_measures_nothing() -> None:
    told = faults(SENDWELL_CLOUD="usgov", SENDWELL_GRAPH_URL="https://graph.microsoft.us").splitlines()
    assert told == ["SENDWELL_CLOUD is not usable: it must be worldwide, gcc, gcchigh, dod or china."]


def test_china_needs_the_host_that_nobody_publishes() -> None:
    assert "SENDWELL_SERVICE_HOSTS is not set" in faults(SENDWELL_CLOUD="china")


def ports_in(cloud: str, api: ApiClient) -> Microsoft365:
    settings = read(SENDWELL_CLOUD=cloud, **(CHINAS_HOST if cloud == "china" else {}))
    cmdlets = InvokeCommand(api, settings.tenant)
    sources = Sources(graph=api, cmdlets=cmdlets)
    access = Access(soon=sources, slow=sources)
    return microsoft365(settings, SystemClock(), access, Microsoft365Containment(api, cmdlets))


@pytest.mark.parametrize(
    ("cloud", "lacks"), [("gcc", 0), ("gcchigh", 2), ("dod", 2), ("china", 3)], ids=["gcc", "gcchigh", "dod", "china"]
)
async def test_what_a_cloud_lacks_is_not_licensed_and_not_asked_for(
    api: ApiClient, service: Service, cloud: str, lacks: int
) -> None:
    service.answers(says({"id": "q", "status": "succeeded", "value": []}))
    ports = ports_in(cloud, api)
    reads: tuple[Callable[[], Awaitable[object]], ...] = (
        lambda: ports.mailbox_evidence.sent((MEGAN,), SINCE, UNTIL),
        lambda: ports.audit_log.begin("name", (MEGAN,), SINCE, UNTIL),
        lambda: ports.account_evidence.risk(PERSON),
    )
    for read_one in reads[:lacks]:
        with pytest.raises(Unavailable) as refused:
            await read_one()
        assert refused.value.reason is UnknownReason.NO_LICENCE
    assert service.asked == []
    for read_one in reads[lacks:]:
        await read_one()
    assert service.asked or lacks == len(reads)
