# Apps, service principals and groups in Entra. Run it once, in PowerShell 7; it ends with what is left to a human.
# Take out of the lists what you do not want: docs/permissions.md says what each permission is for.
#Requires -Modules Microsoft.Graph.Applications, Microsoft.Graph.Groups
$ErrorActionPreference = "Stop"
Connect-MgGraph -Scopes Application.ReadWrite.All, Group.ReadWrite.All -NoWelcome
$tenant = (Get-MgContext).TenantId

function Get-Access($service, $names) {
  $roles = (Get-MgServicePrincipal -Filter "appId eq '$service'").AppRoles
  $access = foreach ($name in $names) {
    $role = $roles | Where-Object Value -EQ $name
    if (-not $role) { throw "$name is not offered in this tenant" }
    @{ Id = $role.Id; Type = "Role" }
  }
  @{ ResourceAppId = $service; ResourceAccess = @($access) }
}

function New-SendwellApp($name, $graph, $exchange) {
  $asks = @((Get-Access "00000003-0000-0000-c000-000000000000" $graph), (Get-Access "00000002-0000-0ff1-ce00-000000000000" $exchange))
  $app = New-MgApplication -DisplayName $name -SignInAudience AzureADMyOrg -RequiredResourceAccess $asks
  $principal = New-MgServicePrincipal -AppId $app.AppId
  "{0}: app id {1}, object id for 3-exchange.ps1 {2}" -f $name, $app.AppId, $principal.Id
  "  consent: https://login.microsoftonline.com/$tenant/adminconsent?client_id=$($app.AppId)"
}

# The bot
New-SendwellApp "Sendwell" @("AuditLog.Read.All", "AuditLogsQuery-Exchange.Read.All", "Domain.Read.All", "ExchangeMessageTrace.Read.All", "GroupMember.Read.All", "IdentityRiskEvent.Read.All", "IdentityRiskyUser.Read.All", "PrivilegedEligibilitySchedule.Read.AzureADGroup", "TeamsAppInstallation.ReadWriteSelfForUser.All", "User.Read.All", "UserAuthenticationMethod.Read.All") @("Exchange.ManageAsApp")

# Containing accounts: leave it out where nobody may
New-SendwellApp "Sendwell Responder" @("RoleManagement.Read.Directory", "User-PasswordProfile.ReadWrite.All", "User.EnableDisableAccount.All", "User.Read.All", "User.RevokeSessions.All") @("Exchange.ManageAsApp")

# Message trace; it works some hours later
if (-not (Get-MgServicePrincipal -Filter "appId eq '8bd644d1-64a1-4d4b-ae52-2e0cbf64e373'")) {
  New-MgServicePrincipal -AppId "8bd644d1-64a1-4d4b-ae52-2e0cbf64e373" | Out-Null
}

foreach ($name in "Sendwell approvers", "Sendwell responders") {
  $nick = $name.Replace(" ", "-").ToLower()
  $group = New-MgGroup -DisplayName $name -MailNickname $nick -MailEnabled:$false -SecurityEnabled
  "{0}: object id {1}; add two members at least" -f $name, $group.Id
}
"Upload a certificate to each app under Certificates & secrets, or make a client secret there."
