# Run this in PowerShell 7 as an Exchange administrator. It may be run again.
#Requires -Modules ExchangeOnlineManagement
$ErrorActionPreference = "Stop"
Connect-ExchangeOnline -ShowBanner:$false

if (Get-RoleGroup | Where-Object Name -EQ "Sendwell") {
  try { Remove-RoleGroupMember "Sendwell" -Member "OBJECT-ID" -Confirm:$false } catch {
    "The app was not taken out of the role group Sendwell: $_"
  }
  if (Get-RoleGroupMember "Sendwell") {
    "The role group Sendwell stays: somebody else is in it."
  }
  elseif (Get-ManagementRoleAssignment -RoleAssignee "Sendwell" | Where-Object Role -NotIn "Sendwell Lists", "Sendwell Mailboxes", "Sendwell Domains", "Sendwell Auditing", "Sendwell Limits") {
    "The role group Sendwell stays: it has roles of somebody else."
  }
  else {
    Remove-RoleGroup "Sendwell" -Confirm:$false
  }
}
try { Remove-ServicePrincipal "OBJECT-ID" -Confirm:$false } catch {
  "The app of Sendwell was not taken out of Exchange: $_"
}
if (Get-RoleGroup | Where-Object Name -EQ "Sendwell Responder") {
  try { Remove-RoleGroupMember "Sendwell Responder" -Member "SECOND-OBJECT-ID" -Confirm:$false } catch {
    "The app was not taken out of the role group Sendwell Responder: $_"
  }
  if (Get-RoleGroupMember "Sendwell Responder") {
    "The role group Sendwell Responder stays: somebody else is in it."
  }
  elseif (Get-ManagementRoleAssignment -RoleAssignee "Sendwell Responder" | Where-Object Role -NotIn "Sendwell Containment") {
    "The role group Sendwell Responder stays: it has roles of somebody else."
  }
  else {
    Remove-RoleGroup "Sendwell Responder" -Confirm:$false
  }
}
try { Remove-ServicePrincipal "SECOND-OBJECT-ID" -Confirm:$false } catch {
  "The app of Sendwell Responder was not taken out of Exchange: $_"
}
if (Get-ManagementRole | Where-Object Name -EQ "Sendwell Lists") {
  if (Get-ManagementRoleAssignment -Role "Sendwell Lists" -Delegating $false) {
    "The role Sendwell Lists stays: it is assigned to somebody."
  }
  else {
    try { Remove-ManagementRole "Sendwell Lists" -Confirm:$false } catch {
      "The role Sendwell Lists stays: $_"
    }
  }
}
if (Get-ManagementRole | Where-Object Name -EQ "Sendwell Mailboxes") {
  if (Get-ManagementRoleAssignment -Role "Sendwell Mailboxes" -Delegating $false) {
    "The role Sendwell Mailboxes stays: it is assigned to somebody."
  }
  else {
    try { Remove-ManagementRole "Sendwell Mailboxes" -Confirm:$false } catch {
      "The role Sendwell Mailboxes stays: $_"
    }
  }
}
if (Get-ManagementRole | Where-Object Name -EQ "Sendwell Domains") {
  if (Get-ManagementRoleAssignment -Role "Sendwell Domains" -Delegating $false) {
    "The role Sendwell Domains stays: it is assigned to somebody."
  }
  else {
    try { Remove-ManagementRole "Sendwell Domains" -Confirm:$false } catch {
      "The role Sendwell Domains stays: $_"
    }
  }
}
if (Get-ManagementRole | Where-Object Name -EQ "Sendwell Auditing") {
  if (Get-ManagementRoleAssignment -Role "Sendwell Auditing" -Delegating $false) {
    "The role Sendwell Auditing stays: it is assigned to somebody."
  }
  else {
    try { Remove-ManagementRole "Sendwell Auditing" -Confirm:$false } catch {
      "The role Sendwell Auditing stays: $_"
    }
  }
}
if (Get-ManagementRole | Where-Object Name -EQ "Sendwell Limits") {
  if (Get-ManagementRoleAssignment -Role "Sendwell Limits" -Delegating $false) {
    "The role Sendwell Limits stays: it is assigned to somebody."
  }
  else {
    try { Remove-ManagementRole "Sendwell Limits" -Confirm:$false } catch {
      "The role Sendwell Limits stays: $_"
    }
  }
}
if (Get-ManagementRole | Where-Object Name -EQ "Sendwell Containment") {
  if (Get-ManagementRoleAssignment -Role "Sendwell Containment" -Delegating $false) {
    "The role Sendwell Containment stays: it is assigned to somebody."
  }
  else {
    try { Remove-ManagementRole "Sendwell Containment" -Confirm:$false } catch {
      "The role Sendwell Containment stays: $_"
    }
  }
}
