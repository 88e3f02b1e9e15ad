"""The settings of the PowerShell route to Exchange."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from services.setting_values import Reader, domain

# https://learn.microsoft.com/powershell/module/exchangepowershell/connect-exchangeonline
_EXCHANGE_ENVIRONMENTS = {
    "outlook.office365.com": "O365Default",
    "outlook.office365.us": "O365USGovGCCHigh",
    "outlook-dod.office365.us": "O365USGovDoD",
    "webmail.apps.mil": "O365USGovDoD",
    "outlook.office365.cn": "O365China",
    "partner.outlook.cn": "O365China",
}
_PASSED_ON = (
    *("PATH", "HOME", "USER", "LANG", "LC_ALL", "TZ", "TMPDIR", "PSModulePath", "LD_LIBRARY_PATH"),
    *("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "NO_PROXY", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "DOTNET_ROOT", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"),
)
"""What PowerShell gets of the environment. The rest may hold secrets that are none of its business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerShellRoute:
    """How Exchange cmdlets run in PowerShell: the program, the organisation's initial domain, Microsoft's name for its
    cloud, and the program's environment, which holds none of the bot's settings."""

    program: str
    organization: str
    environment_name: str
    variables: Mapping[str, str] = field(repr=False)


def read_powershell(reader: Reader, exchange_url: str) -> PowerShellRoute | None:
    """The PowerShell route; `None` for REST. The module takes no secret, and connects to Microsoft's clouds only."""
    route = reader.given("SENDWELL_EXCHANGE_ROUTE", _route, "rest")
    organization = reader.optional("SENDWELL_EXCHANGE_ORGANIZATION", domain) or ""
    program = reader.given("SENDWELL_PWSH", str, "pwsh")
    if route == "rest":
        return None
    cloud = _EXCHANGE_ENVIRONMENTS.get((urlsplit(exchange_url).hostname or "").casefold(), "")
    reader.faults += _missing(reader, cloud)
    given = {name: value for name in _PASSED_ON if (value := reader.passed_on(name))}
    quiet = {"POWERSHELL_TELEMETRY_OPTOUT": "1", "POWERSHELL_UPDATECHECK": "Off", "NO_COLOR": "1"}
    return PowerShellRoute(
        program=program, organization=organization, environment_name=cloud, variables={**given, **quiet}
    )


def _missing(reader: Reader, cloud: str) -> list[str]:
    wanted = ["SENDWELL_EXCHANGE_ORGANIZATION", "SENDWELL_CERTIFICATE_FILE"]
    if reader.has("SENDWELL_RESPONDER_APP_ID"):
        wanted.append("SENDWELL_RESPONDER_CERTIFICATE_FILE")
    faults = [f"SENDWELL_EXCHANGE_ROUTE powershell needs {name}: set it." for name in wanted if not reader.has(name)]
    if not cloud:
        known = ", ".join(_EXCHANGE_ENVIRONMENTS)
        faults.append(f"SENDWELL_EXCHANGE_ROUTE powershell needs SENDWELL_EXCHANGE_URL to be on one of {known}.")
    return faults


def _route(text: str) -> str:
    if text not in ("rest", "powershell"):
        raise ValueError("rest or powershell")
    return text
