"""The same as scripts, for whoever reads a script rather than runs a tool: made from the tables that `setup` goes by.

`python app.py scripts FOLDER` writes them; `deploy/` holds them as they are made for every feature."""

from collections.abc import Mapping
from pathlib import Path

from services.setup import exchange_script
from services.setup.needs import BOT, EXCHANGE, FEATURES, GRAPH, MESSAGE_TRACE, RESPONDER, permissions

_NAMES = {BOT: "Sendwell", RESPONDER: "Sendwell Responder"}
_MARKS = {BOT: ("APP-ID", "OBJECT-ID"), RESPONDER: ("SECOND-APP-ID", "SECOND-OBJECT-ID")}


def scripts() -> Mapping[str, str]:
    """Each script's text, by its file's name."""
    return {
        "1-entra.ps1": _entra(),
        "2-azure.sh": _AZURE,
        "3-exchange.ps1": exchange_script.script(_MARKS[BOT], _MARKS[RESPONDER], with_limits=True),
        "remove-exchange.ps1": exchange_script.removal(_MARKS[BOT][1], _MARKS[RESPONDER][1]),
    }


def write_scripts(folder: Path) -> list[Path]:
    """The files that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, text in scripts().items():
        files.append(folder / name)
        files[-1].write_text(text, encoding="utf-8")
    return files


def _entra() -> str:
    apps = "\n".join(_app(role) for role in (BOT, RESPONDER))
    return _ENTRA.format(apps=apps, graph=GRAPH, exchange=EXCHANGE, trace=MESSAGE_TRACE)


def _app(role: str) -> str:
    asked = permissions(role, FEATURES)
    graph, exchange = (", ".join(f'"{name}"' for name in sorted(asked[service])) for service in (GRAPH, EXCHANGE))
    purpose = "The bot" if role == BOT else "Containing accounts: leave it out where nobody may"
    return f'# {purpose}\nNew-SendwellApp "{_NAMES[role]}" @({graph}) @({exchange})\n'


_ENTRA = """\
# Apps, service principals and groups in Entra. Run it once, in PowerShell 7; it ends with what is left to a human.
# Take out of the lists what you do not want: docs/permissions.md says what each permission is for.
#Requires -Modules Microsoft.Graph.Applications, Microsoft.Graph.Groups
$ErrorActionPreference = "Stop"
Connect-MgGraph -Scopes Application.ReadWrite.All, Group.ReadWrite.All -NoWelcome
$tenant = (Get-MgContext).TenantId

function Get-Access($service, $names) {{
  $roles = (Get-MgServicePrincipal -Filter "appId eq '$service'").AppRoles
  $access = foreach ($name in $names) {{
    $role = $roles | Where-Object Value -EQ $name
    if (-not $role) {{ throw "$name is not offered in this tenant" }}
    @{{ Id = $role.Id; Type = "Role" }}
  }}
  @{{ ResourceAppId = $service; ResourceAccess = @($access) }}
}}

function New-SendwellApp($name, $graph, $exchange) {{
  $asks = @((Get-Access "{graph}" $graph), (Get-Access "{exchange}" $exchange))
  $app = New-MgApplication -DisplayName $name -SignInAudience AzureADMyOrg -RequiredResourceAccess $asks
  $principal = New-MgServicePrincipal -AppId $app.AppId
  "{{0}}: app id {{1}}, object id for 3-exchange.ps1 {{2}}" -f $name, $app.AppId, $principal.Id
  "  consent: https://login.microsoftonline.com/$tenant/adminconsent?client_id=$($app.AppId)"
}}

{apps}
# Message trace; it works some hours later
if (-not (Get-MgServicePrincipal -Filter "appId eq '{trace}'")) {{
  New-MgServicePrincipal -AppId "{trace}" | Out-Null
}}

foreach ($name in "Sendwell approvers", "Sendwell responders") {{
  $nick = $name.Replace(" ", "-").ToLower()
  $group = New-MgGroup -DisplayName $name -MailNickname $nick -MailEnabled:$false -SecurityEnabled
  "{{0}}: object id {{1}}; add two members at least" -f $name, $group.Id
}}
"Upload a certificate to each app under Certificates & secrets, or make a client secret there."
"""
_AZURE = """\
#!/bin/sh
# The Azure Bot with its Teams channel: ./2-azure.sh APP-ID https://your-host RESOURCE-GROUP [NAME]
set -eu
app=$1 host=$2 group=$3 name=${4:-sendwell-bot}
tenant=$(az account show --query tenantId --output tsv)
az provider register --namespace Microsoft.BotService --wait
az bot create --resource-group "$group" --name "$name" --app-type SingleTenant --appid "$app" --tenant-id "$tenant" \\
  --endpoint "$host/api/messages" --sku F0
az bot msteams create --resource-group "$group" --name "$name"
"""
