"""The commands that give the apps their roles in Exchange: only Exchange's own module can run them.

Every line can be run again: what is there stays, and is cut down anew."""

from collections.abc import Iterable

from services.domain.exchange_roles import BOT, RESPONDER, ROLES, ManagementRole


def script(bot: tuple[str, str], responder: tuple[str, str] | None, *, with_limits: bool) -> str:
    """For the app ids and service principals' object ids of the bot's app and of the one that contains accounts."""
    of_bot = [role for role in ROLES if role.group == BOT and (with_limits or role.name != "Sendwell Limits")]
    lines = [_HEAD, *_group(BOT, *bot, of_bot)]
    if responder:
        lines += ["", *_group(RESPONDER, *responder, [role for role in ROLES if role.group == RESPONDER])]
    return "\n".join([*lines, "", 'Get-ManagementRoleEntry "Sendwell*\\*" | Format-Table Role, Name', ""])


def removal() -> str:
    """The commands that take it all back."""
    groups = [f'Remove-RoleGroup "{group}" -Confirm:$false -ErrorAction SilentlyContinue' for group in (BOT, RESPONDER)]
    roles = [f'Remove-ManagementRole "{role.name}" -Confirm:$false -ErrorAction SilentlyContinue' for role in ROLES]
    return "\n".join([_HEAD, *groups, *roles, ""])


_HEAD = """\
# Run this in PowerShell 7 as an Exchange administrator. It may be run again: what is there already stays.
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
    ]
