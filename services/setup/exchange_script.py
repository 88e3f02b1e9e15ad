"""The commands that give the apps their roles in Exchange: only Exchange's own module can run them.

Every line can be run again: what is there stays, is cut down anew, and gets what a later version needs."""

from collections.abc import Iterable

from services.domain.exchange_roles import BOT, RESPONDER, ROLES, ManagementRole


def script(bot: tuple[str, str], responder: tuple[str, str] | None, *, with_limits: bool) -> str:
    """For the app ids and service principals' object ids of the bot's app and of the one that contains accounts."""
    of_bot = [role for role in ROLES if role.group == BOT and (with_limits or role.name != "Sendwell Limits")]
    lines = [_HEAD, *_group(BOT, *bot, of_bot)]
    if responder:
        lines += ["", *_group(RESPONDER, *responder, [role for role in ROLES if role.group == RESPONDER])]
    return "\n".join([*lines, "", 'Get-ManagementRoleEntry "Sendwell*\\*" | Format-Table Role, Name', ""])


def removal(bot: str, responder: str | None) -> str:
    """The commands that take it all back, for the service principals' object ids. What somebody else uses stays, and
    the script says so."""
    principals = {BOT: bot, **({RESPONDER: responder} if responder else {})}
    groups = [line for group, principal in principals.items() for line in _without(group, principal)]
    roles = [line for role in ROLES if role.group in principals for line in _gone(role.name)]
    return "\n".join([_HEAD, *groups, *roles, ""])


_HEAD = """\
# Run this in PowerShell 7 as an Exchange administrator. It may be run again.
#Requires -Modules ExchangeOnlineManagement
$ErrorActionPreference = "Stop"
Connect-ExchangeOnline -ShowBanner:$false
"""


def _group(group: str, app: str, principal: str, roles: Iterable[ManagementRole]) -> list[str]:
    roles = tuple(roles)
    names = ", ".join(f'"{role.name}"' for role in roles)
    return [
        f'if (-not (Get-ServicePrincipal | Where-Object AppId -EQ "{app}")) {{',
        f'  New-ServicePrincipal -AppId "{app}" -ObjectId "{principal}" -DisplayName "{group}"',
        "}",
        *(line for role in roles for line in _role(role)),
        f'if (-not (Get-RoleGroup | Where-Object Name -EQ "{group}")) {{',
        f'  New-RoleGroup "{group}" -Roles {names}',
        "}",
        *(line for role in roles for line in _assigned(group, role.name)),
        f'try {{ Add-RoleGroupMember "{group}" -Member "{principal}" }} catch {{',
        '  if ("$($_.FullyQualifiedErrorId) $_" -notmatch "AlreadyExists|already a member") { throw }',
        "}",
    ]


def _role(role: ManagementRole) -> list[str]:
    kept = ", ".join(f'"{cmdlet}"' for cmdlet in role.cmdlets)
    return [
        f"# {role.serves[0].upper()}{role.serves[1:]}",
        f'if (-not (Get-ManagementRole | Where-Object Name -EQ "{role.name}")) {{',
        f'  New-ManagementRole "{role.name}" -Parent "{role.parent}"',
        "}",
        f'Get-ManagementRoleEntry "{role.name}\\*" | Where-Object Name -NotIn {kept} |',
        f'  ForEach-Object {{ Remove-ManagementRoleEntry "{role.name}\\$($_.Name)" -Confirm:$false }}',
        f'{kept} | Where-Object {{ $_ -notin (Get-ManagementRoleEntry "{role.name}\\*").Name }} |',
        f'  ForEach-Object {{ Add-ManagementRoleEntry "{role.name}\\$_" }}',
    ]


def _assigned(group: str, role: str) -> list[str]:
    """A role that came later than its group is in none of the group's assignments.
    https://learn.microsoft.com/powershell/module/exchangepowershell/new-managementroleassignment"""
    return [
        f'if (-not (Get-ManagementRoleAssignment -RoleAssignee "{group}" -Role "{role}" -Delegating $false)) {{',
        f'  New-ManagementRoleAssignment -SecurityGroup "{group}" -Role "{role}"',
        "}",
    ]


def _without(group: str, principal: str) -> list[str]:
    """The app leaves the group, and the group goes with it where nobody else is in it and nothing else was given it."""
    ours = ", ".join(f'"{role.name}"' for role in ROLES if role.group == group)
    return [
        f'if (Get-RoleGroup | Where-Object Name -EQ "{group}") {{',
        f'  try {{ Remove-RoleGroupMember "{group}" -Member "{principal}" -Confirm:$false }} catch {{',
        f'    "The app was not taken out of the role group {group}: $_"',
        "  }",
        f'  if (Get-RoleGroupMember "{group}") {{',
        f'    "The role group {group} stays: somebody else is in it."',
        "  }",
        f'  elseif (Get-ManagementRoleAssignment -RoleAssignee "{group}" | Where-Object Role -NotIn {ours}) {{',
        f'    "The role group {group} stays: it has roles of somebody else."',
        "  }",
        "  else {",
        f'    Remove-RoleGroup "{group}" -Confirm:$false',
        "  }",
        "}",
        f'try {{ Remove-ServicePrincipal "{principal}" -Confirm:$false }} catch {{',
        f'  "The app of {group} was not taken out of Exchange: $_"',
        "}",
    ]


def _gone(role: str) -> list[str]:
    """Not while it is assigned.
    https://learn.microsoft.com/powershell/module/exchangepowershell/remove-managementrole"""
    return [
        f'if (Get-ManagementRole | Where-Object Name -EQ "{role}") {{',
        f'  if (Get-ManagementRoleAssignment -Role "{role}" -Delegating $false) {{',
        f'    "The role {role} stays: it is assigned to somebody."',
        "  }",
        "  else {",
        f'    try {{ Remove-ManagementRole "{role}" -Confirm:$false }} catch {{',
        f'      "The role {role} stays: $_"',
        "    }",
        "  }",
        "}",
    ]
