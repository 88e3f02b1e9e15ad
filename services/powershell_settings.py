"""The settings of the PowerShell route to Exchange."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.clouds import CloudServices
from services.setting_values import Reader, domain

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


def read_powershell(reader: Reader, cloud: CloudServices) -> PowerShellRoute | None:
    """The PowerShell route; `None` for REST. The module takes no secret, and knows its own addresses of the cloud."""
    route = reader.given("SENDWELL_EXCHANGE_ROUTE", _route, "rest")
    organization = reader.optional("SENDWELL_EXCHANGE_ORGANIZATION", domain) or ""
    program = reader.given("SENDWELL_PWSH", str, "pwsh")
    if route == "rest":
        return None
    wanted = ["SENDWELL_EXCHANGE_ORGANIZATION", "SENDWELL_CERTIFICATE_FILE"]
    if reader.has("SENDWELL_RESPONDER_APP_ID"):
        wanted.append("SENDWELL_RESPONDER_CERTIFICATE_FILE")
    missing = [name for name in wanted if not reader.has(name)]
    reader.faults += [f"SENDWELL_EXCHANGE_ROUTE powershell needs {name}: set it." for name in missing]
    given = {name: value for name in _PASSED_ON if (value := reader.passed_on(name))}
    quiet = {"POWERSHELL_TELEMETRY_OPTOUT": "1", "POWERSHELL_UPDATECHECK": "Off", "NO_COLOR": "1"}
    return PowerShellRoute(
        program=program,
        organization=organization,
        environment_name=cloud.exchange_environment,
        variables={**given, **quiet},
    )


def _route(text: str) -> str:
    if text not in ("rest", "powershell"):
        raise ValueError("rest or powershell")
    return text
