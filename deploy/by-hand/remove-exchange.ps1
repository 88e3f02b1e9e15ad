# Run this in PowerShell 7 as an Exchange administrator. It may be run again: what is there already stays.
#Requires -Modules ExchangeOnlineManagement
$ErrorActionPreference = "Stop"
Connect-ExchangeOnline -ShowBanner:$false

Remove-RoleGroup "Sendwell" -Confirm:$false -ErrorAction SilentlyContinue
Remove-RoleGroup "Sendwell Responder" -Confirm:$false -ErrorAction SilentlyContinue
Remove-ManagementRole "Sendwell Lists" -Confirm:$false -ErrorAction SilentlyContinue
Remove-ManagementRole "Sendwell Mailboxes" -Confirm:$false -ErrorAction SilentlyContinue
Remove-ManagementRole "Sendwell Domains" -Confirm:$false -ErrorAction SilentlyContinue
Remove-ManagementRole "Sendwell Auditing" -Confirm:$false -ErrorAction SilentlyContinue
Remove-ManagementRole "Sendwell Limits" -Confirm:$false -ErrorAction SilentlyContinue
Remove-ManagementRole "Sendwell Containment" -Confirm:$false -ErrorAction SilentlyContinue
