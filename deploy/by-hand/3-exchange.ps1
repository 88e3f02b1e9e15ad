# Run this in PowerShell 7 as an Exchange administrator. It may be run again.
#Requires -Modules ExchangeOnlineManagement
$ErrorActionPreference = "Stop"
Connect-ExchangeOnline -ShowBanner:$false

if (-not (Get-ServicePrincipal | Where-Object AppId -EQ "APP-ID")) {
  New-ServicePrincipal -AppId "APP-ID" -ObjectId "OBJECT-ID" -DisplayName "Sendwell"
}
# The restricted senders and connectors: nothing works without the first two
if (-not (Get-ManagementRole | Where-Object Name -EQ "Sendwell Lists")) {
  New-ManagementRole "Sendwell Lists" -Parent "Transport Hygiene"
}
Get-ManagementRoleEntry "Sendwell Lists\*" | Where-Object Name -NotIn "Get-BlockedSenderAddress", "Remove-BlockedSenderAddress", "Get-BlockedConnector", "Remove-BlockedConnector" |
  ForEach-Object { Remove-ManagementRoleEntry "Sendwell Lists\$($_.Name)" -Confirm:$false }
"Get-BlockedSenderAddress", "Remove-BlockedSenderAddress", "Get-BlockedConnector", "Remove-BlockedConnector" | Where-Object { $_ -notin (Get-ManagementRoleEntry "Sendwell Lists\*").Name } |
  ForEach-Object { Add-ManagementRoleEntry "Sendwell Lists\$_" }
# Evidence in a mailbox; whose an address is; who may send from a shared mailbox; whether it is full
if (-not (Get-ManagementRole | Where-Object Name -EQ "Sendwell Mailboxes")) {
  New-ManagementRole "Sendwell Mailboxes" -Parent "Mail Recipients"
}
Get-ManagementRoleEntry "Sendwell Mailboxes\*" | Where-Object Name -NotIn "Get-Mailbox", "Get-InboxRule", "Get-Recipient", "Get-RecipientPermission", "Get-MailboxStatistics", "Get-CASMailbox" |
  ForEach-Object { Remove-ManagementRoleEntry "Sendwell Mailboxes\$($_.Name)" -Confirm:$false }
"Get-Mailbox", "Get-InboxRule", "Get-Recipient", "Get-RecipientPermission", "Get-MailboxStatistics", "Get-CASMailbox" | Where-Object { $_ -notin (Get-ManagementRoleEntry "Sendwell Mailboxes\*").Name } |
  ForEach-Object { Add-ManagementRoleEntry "Sendwell Mailboxes\$_" }
# Which addresses are outside the organisation; whether its daily limit is used up, or SMTP AUTH off
if (-not (Get-ManagementRole | Where-Object Name -EQ "Sendwell Domains")) {
  New-ManagementRole "Sendwell Domains" -Parent "View-Only Configuration"
}
Get-ManagementRoleEntry "Sendwell Domains\*" | Where-Object Name -NotIn "Get-AcceptedDomain", "Get-LimitsEnforcementStatus", "Get-TransportConfig" |
  ForEach-Object { Remove-ManagementRoleEntry "Sendwell Domains\$($_.Name)" -Confirm:$false }
"Get-AcceptedDomain", "Get-LimitsEnforcementStatus", "Get-TransportConfig" | Where-Object { $_ -notin (Get-ManagementRoleEntry "Sendwell Domains\*").Name } |
  ForEach-Object { Add-ManagementRoleEntry "Sendwell Domains\$_" }
# Whether the organisation keeps an audit log
if (-not (Get-ManagementRole | Where-Object Name -EQ "Sendwell Auditing")) {
  New-ManagementRole "Sendwell Auditing" -Parent "View-Only Audit Logs"
}
Get-ManagementRoleEntry "Sendwell Auditing\*" | Where-Object Name -NotIn "Get-AdminAuditLogConfig" |
  ForEach-Object { Remove-ManagementRoleEntry "Sendwell Auditing\$($_.Name)" -Confirm:$false }
"Get-AdminAuditLogConfig" | Where-Object { $_ -notin (Get-ManagementRoleEntry "Sendwell Auditing\*").Name } |
  ForEach-Object { Add-ManagementRoleEntry "Sendwell Auditing\$_" }
# Other sending limits
if (-not (Get-ManagementRole | Where-Object Name -EQ "Sendwell Limits")) {
  New-ManagementRole "Sendwell Limits" -Parent "Transport Hygiene"
}
Get-ManagementRoleEntry "Sendwell Limits\*" | Where-Object Name -NotIn "Get-HostedOutboundSpamFilterPolicy", "Get-HostedOutboundSpamFilterRule", "New-HostedOutboundSpamFilterPolicy", "New-HostedOutboundSpamFilterRule", "Set-HostedOutboundSpamFilterPolicy", "Set-HostedOutboundSpamFilterRule", "Remove-HostedOutboundSpamFilterPolicy", "Remove-HostedOutboundSpamFilterRule" |
  ForEach-Object { Remove-ManagementRoleEntry "Sendwell Limits\$($_.Name)" -Confirm:$false }
"Get-HostedOutboundSpamFilterPolicy", "Get-HostedOutboundSpamFilterRule", "New-HostedOutboundSpamFilterPolicy", "New-HostedOutboundSpamFilterRule", "Set-HostedOutboundSpamFilterPolicy", "Set-HostedOutboundSpamFilterRule", "Remove-HostedOutboundSpamFilterPolicy", "Remove-HostedOutboundSpamFilterRule" | Where-Object { $_ -notin (Get-ManagementRoleEntry "Sendwell Limits\*").Name } |
  ForEach-Object { Add-ManagementRoleEntry "Sendwell Limits\$_" }
if (-not (Get-RoleGroup | Where-Object Name -EQ "Sendwell")) {
  New-RoleGroup "Sendwell" -Roles "Sendwell Lists", "Sendwell Mailboxes", "Sendwell Domains", "Sendwell Auditing", "Sendwell Limits"
}
if (-not (Get-ManagementRoleAssignment -RoleAssignee "Sendwell" -Role "Sendwell Lists" -Delegating $false)) {
  New-ManagementRoleAssignment -SecurityGroup "Sendwell" -Role "Sendwell Lists"
}
if (-not (Get-ManagementRoleAssignment -RoleAssignee "Sendwell" -Role "Sendwell Mailboxes" -Delegating $false)) {
  New-ManagementRoleAssignment -SecurityGroup "Sendwell" -Role "Sendwell Mailboxes"
}
if (-not (Get-ManagementRoleAssignment -RoleAssignee "Sendwell" -Role "Sendwell Domains" -Delegating $false)) {
  New-ManagementRoleAssignment -SecurityGroup "Sendwell" -Role "Sendwell Domains"
}
if (-not (Get-ManagementRoleAssignment -RoleAssignee "Sendwell" -Role "Sendwell Auditing" -Delegating $false)) {
  New-ManagementRoleAssignment -SecurityGroup "Sendwell" -Role "Sendwell Auditing"
}
if (-not (Get-ManagementRoleAssignment -RoleAssignee "Sendwell" -Role "Sendwell Limits" -Delegating $false)) {
  New-ManagementRoleAssignment -SecurityGroup "Sendwell" -Role "Sendwell Limits"
}
try { Add-RoleGroupMember "Sendwell" -Member "OBJECT-ID" } catch {
  if ("$($_.FullyQualifiedErrorId) $_" -notmatch "AlreadyExists|already a member") { throw }
}

if (-not (Get-ServicePrincipal | Where-Object AppId -EQ "SECOND-APP-ID")) {
  New-ServicePrincipal -AppId "SECOND-APP-ID" -ObjectId "SECOND-OBJECT-ID" -DisplayName "Sendwell Responder"
}
# Containing an account
if (-not (Get-ManagementRole | Where-Object Name -EQ "Sendwell Containment")) {
  New-ManagementRole "Sendwell Containment" -Parent "Mail Recipients"
}
Get-ManagementRoleEntry "Sendwell Containment\*" | Where-Object Name -NotIn "Get-Mailbox", "Set-Mailbox", "Get-InboxRule", "Disable-InboxRule", "Enable-InboxRule" |
  ForEach-Object { Remove-ManagementRoleEntry "Sendwell Containment\$($_.Name)" -Confirm:$false }
"Get-Mailbox", "Set-Mailbox", "Get-InboxRule", "Disable-InboxRule", "Enable-InboxRule" | Where-Object { $_ -notin (Get-ManagementRoleEntry "Sendwell Containment\*").Name } |
  ForEach-Object { Add-ManagementRoleEntry "Sendwell Containment\$_" }
if (-not (Get-RoleGroup | Where-Object Name -EQ "Sendwell Responder")) {
  New-RoleGroup "Sendwell Responder" -Roles "Sendwell Containment"
}
if (-not (Get-ManagementRoleAssignment -RoleAssignee "Sendwell Responder" -Role "Sendwell Containment" -Delegating $false)) {
  New-ManagementRoleAssignment -SecurityGroup "Sendwell Responder" -Role "Sendwell Containment"
}
try { Add-RoleGroupMember "Sendwell Responder" -Member "SECOND-OBJECT-ID" } catch {
  if ("$($_.FullyQualifiedErrorId) $_" -notmatch "AlreadyExists|already a member") { throw }
}

Get-ManagementRoleEntry "Sendwell*\*" | Format-Table Role, Name
