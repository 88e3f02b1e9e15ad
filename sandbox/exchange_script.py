"""What an Exchange administrator pastes or runs in PowerShell, played on the sandbox's rights: no PowerShell is needed.

Known are the commands that give an app its roles and take them back; any other is refused by its words."""

import re
from collections.abc import Callable

from sandbox.management_roles import AlreadyMember, ManagementRoles, RoleRefused

_PRINCIPAL = re.compile(r'New-ServicePrincipal -AppId "?([^\s"]+)"? -ObjectId "?([^\s"]+)"? -DisplayName .*')
_NEW_ROLE = re.compile(r'New-ManagementRole "([^"]+)" -Parent "([^"]+)"')
_CUT_DOWN = re.compile(
    r'Get-ManagementRoleEntry "([^"]+)\\\*" \| Where-Object Name -NotIn ([^|]+) \| ForEach-Object '
    r'\{ Remove-ManagementRoleEntry "\1\\\$\(\$_.Name\)" -Confirm:\$false \}'
)
_ADD = re.compile(r'Add-ManagementRoleEntry "([^"]+)\\([\w-]+)"')
_NEW_GROUP = re.compile(r'New-RoleGroup "([^"]+)" -Roles (.+)')
_MEMBER = re.compile(r'(Add|Remove)-RoleGroupMember "([^"]+)" -Member "?([^\s"]+)"?(?: -Confirm:\$false)?')
_FILL_UP = re.compile(
    r'([^|]+) \| Where-Object \{ \$_ -notin \(Get-ManagementRoleEntry "([^"]+)\\\*"\)\.Name \} \| ForEach-Object '
    r'\{ Add-ManagementRoleEntry "\2\\\$_" \}'
)
_ASSIGN = re.compile(r'New-ManagementRoleAssignment -SecurityGroup "([^"]+)" -Role "([^"]+)"')
_GONE = re.compile(r'Remove-(ServicePrincipal|RoleGroup|ManagementRole) "([^"]+)" -Confirm:\$false')
_NAME = re.compile(r'"([^"]+)"')


def paste(commands: str, roles: ManagementRoles, **apps: str) -> None:
    """Plays the commands, with these ids in place of what stands for them. Raises `RoleRefused`,
    or `ValueError` for a command that is not known."""
    for name, value in sorted(apps.items(), reverse=True):
        commands = re.sub(rf"(?<![\w-]){name.replace('_', '-').upper()}\b", value, commands)
    for command in commands.replace("|\n", "|").splitlines():
        if command and not command.startswith(("#", "```")):
            _play(" ".join(command.split()), roles)


_IF = re.compile(r"(?:else)?if \((.+)\) \{")
_TRY = re.compile(r"try \{ (.+) \} catch \{")
_THROW = re.compile(
    r'if \("\$\(\$_\.FullyQualifiedErrorId\) \$_" -notmatch "AlreadyExists\|already a member"\) \{ throw \}'
)
_THERE = re.compile(r'Get-(\w+) \| Where-Object (?:AppId|Name) -EQ "([^"]+)"')
_MEMBERS = re.compile(r'Get-RoleGroupMember "([^"]+)"')
_ASSIGNED = re.compile(
    r'Get-ManagementRoleAssignment(?: -RoleAssignee "([^"]+)")?(?: -Role "([^"]+)")?'
    r"(?: -Delegating \$false| \| Where-Object Role -NotIn (.+))"
)
_IGNORED = ("#", "$ErrorActionPreference", "Connect-ExchangeOnline", 'Get-ManagementRoleEntry "Sendwell*')


def run_script(script: str, roles: ManagementRoles) -> list[str]:
    """Plays a whole script as an administrator runs it in PowerShell; returns what it says. Raises what `paste`
    raises."""
    played = _Played(script, roles)
    played.block(runs=True)
    return played.said


class _Played:
    """A script of the few forms that ours are written in: `if` with its `elseif` and `else`, `try`, texts, commands."""

    def __init__(self, script: str, roles: ManagementRoles) -> None:
        lines = (" ".join(line.split()) for line in script.replace("|\n", "|").splitlines())
        self._lines = [line for line in lines if line and not line.startswith(_IGNORED)]
        self._roles = roles
        self.said: list[str] = []

    def block(self, *, runs: bool, refused: RoleRefused | None = None) -> None:
        """To its closing brace, or to the end of the script. `refused`: what `$_` is in it."""
        while self._lines and (line := self._lines.pop(0)) != "}":
            if _THROW.fullmatch(line):
                if refused is not None and not isinstance(refused, AlreadyMember):
                    raise refused
            elif condition := _IF.fullmatch(line):
                self._either(condition[1], runs=runs)
            elif tried := _TRY.fullmatch(line):
                trouble = self._refusal(tried[1]) if runs else None
                self.block(runs=trouble is not None, refused=trouble)
            elif runs and line.startswith('"') and "|" not in line:
                self.said.append(line.strip('"').replace("$_", str(refused)))
            elif runs:
                _play(line, self._roles)

    def _either(self, condition: str, *, runs: bool) -> None:
        took = runs and self._holds(condition)
        self.block(runs=took)
        while self._lines and self._lines[0].startswith("else"):
            line = self._lines.pop(0)
            takes = runs and not took and (line == "else {" or self._holds(_matched(_IF, line)[1]))
            self.block(runs=takes)
            took = took or takes

    def _refusal(self, command: str) -> RoleRefused | None:
        try:
            _play(command, self._roles)
        except RoleRefused as refused:
            return refused
        return None

    def _holds(self, condition: str) -> bool:
        if condition.startswith("-not ("):
            return not self._holds(condition.removeprefix("-not (").removesuffix(")"))
        if found := _THERE.fullmatch(condition):
            return self._roles.has(found[1], found[2])
        if found := _MEMBERS.fullmatch(condition):
            return bool(self._roles.members(found[1]))
        found = _matched(_ASSIGNED, condition)
        others = {name.casefold() for name in _NAME.findall(found[3] or "")}
        pairs = self._roles.assignments(group=found[1] or "", role=found[2] or "")
        return any(role not in others for _, role in pairs)


def _matched(pattern: re.Pattern[str], text: str) -> re.Match[str]:
    if (found := pattern.fullmatch(text)) is None:
        raise ValueError(f"nobody knows this condition: {text}")
    return found


def _cut_down(roles: ManagementRoles, role: str, kept: str) -> None:
    for entry in set(roles.entries(role)) - set(_NAME.findall(kept)):
        roles.remove_entry(role, entry)


def _fill_up(roles: ManagementRoles, wanted: str, role: str) -> None:
    for entry in set(_NAME.findall(wanted)) - set(roles.entries(role)):
        roles.add_entry(role, entry)


def _member(roles: ManagementRoles, verb: str, group: str, member: str) -> None:
    (roles.add_member if verb == "Add" else roles.remove_member)(group, member)


_COMMANDS: tuple[tuple[re.Pattern[str], Callable[..., None]], ...] = (
    (_PRINCIPAL, ManagementRoles.new_principal),
    (_NEW_ROLE, ManagementRoles.new_role),
    (_CUT_DOWN, _cut_down),
    (_FILL_UP, _fill_up),
    (_ADD, ManagementRoles.add_entry),
    (_NEW_GROUP, lambda roles, group, named: roles.new_group(group, _NAME.findall(named))),
    (_MEMBER, _member),
    (_ASSIGN, ManagementRoles.new_assignment),
    (_GONE, ManagementRoles.remove),
)


def _play(command: str, roles: ManagementRoles) -> None:
    for pattern, does in _COMMANDS:
        if found := pattern.fullmatch(command):
            does(roles, *found.groups())
            return
    raise ValueError(f"nobody knows this command: {command}")
