"""What an Exchange administrator pastes or runs in PowerShell, played on the sandbox's rights: no PowerShell is needed.

Known are the commands that give an app its roles and take them back; any other is refused by its words."""

import re
from collections.abc import Iterator
from contextlib import suppress

from sandbox.management_roles import AlreadyMember, ManagementRoles

_PRINCIPAL = re.compile(r"New-ServicePrincipal -AppId (\S+) -ObjectId (\S+) -DisplayName .*")
_NEW_ROLE = re.compile(r'New-ManagementRole "([^"]+)" -Parent "([^"]+)"')
_CUT_DOWN = re.compile(
    r'Get-ManagementRoleEntry "([^"]+)\\\*" \| Where-Object Name -NotIn ([^|]+) \| ForEach-Object '
    r'\{ Remove-ManagementRoleEntry "\1\\\$\(\$_.Name\)" -Confirm:\$false \}'
)
_ADD = re.compile(r'Add-ManagementRoleEntry "([^"]+)\\([\w-]+)"')
_NEW_GROUP = re.compile(r'New-RoleGroup "([^"]+)" -Roles (.+)')
_MEMBER = re.compile(r'Add-RoleGroupMember "([^"]+)" -Member (\S+)')


def paste(commands: str, roles: ManagementRoles, **apps: str) -> None:
    """Plays the commands, with these ids in place of what stands for them. Raises
    `RoleRefused`, or `ValueError` for a command that is not known."""
    for name, value in sorted(apps.items(), reverse=True):
        commands = re.sub(rf"(?<![\w-]){name.replace('_', '-').upper()}\b", value, commands)
    for command in commands.replace("|\n", "|").splitlines():
        if command and not command.startswith(("#", "```")):
            _play(" ".join(command.split()), roles)


_GUARD = re.compile(r'if \(-not \(Get-(\w+) \| Where-Object (?:AppId|Name) -EQ "([^"]+)"\)\) \{')
_TRY = re.compile(r"try \{ (.+) \} catch \{")
_IGNORED = ("#", "$ErrorActionPreference", "Connect-ExchangeOnline", 'Get-ManagementRoleEntry "Sendwell*')
_GONE = re.compile(r'Remove-(RoleGroup|ManagementRole) "([^"]+)" -Confirm:\$false -ErrorAction SilentlyContinue')


def run_script(script: str, roles: ManagementRoles) -> None:
    """Plays a whole script, with its guards, as an administrator runs it in PowerShell. Raises what
    `paste` raises."""
    waiting = iter(script.replace("|\n", "|").splitlines())
    for line in waiting:
        command = " ".join(line.split()).replace('-AppId "', "-AppId ").replace('" -ObjectId "', " -ObjectId ")
        command = command.replace('" -DisplayName', " -DisplayName")
        if guard := _GUARD.fullmatch(command):
            if roles.has(guard[1], guard[2]):
                _to_the_end(waiting)
        elif tried := _TRY.fullmatch(command):
            _to_the_end(waiting)
            with suppress(AlreadyMember):
                _play(tried[1].replace('-Member "', "-Member ").rstrip('"'), roles)
        elif gone := _GONE.fullmatch(command):
            roles.remove(gone[1], gone[2])
        elif command not in ("", "}") and not command.startswith(_IGNORED):
            _play(command, roles)


def _to_the_end(lines: Iterator[str]) -> None:
    while next(lines).strip() != "}":
        pass


def _play(command: str, roles: ManagementRoles) -> None:
    if found := _PRINCIPAL.fullmatch(command):
        roles.new_principal(found[1], found[2])
    elif found := _NEW_ROLE.fullmatch(command):
        roles.new_role(found[1], found[2])
    elif found := _CUT_DOWN.fullmatch(command):
        for entry in set(roles.entries(found[1])) - set(re.findall(r'"([^"]+)"', found[2])):
            roles.remove_entry(found[1], entry)
    elif found := _ADD.fullmatch(command):
        roles.add_entry(found[1], found[2])
    elif found := _NEW_GROUP.fullmatch(command):
        roles.new_group(found[1], re.findall(r'"([^"]+)"', found[2]))
    elif found := _MEMBER.fullmatch(command):
        roles.add_member(found[1], found[2])
    else:
        raise ValueError(f"the sandbox does not know this command: {command}")
