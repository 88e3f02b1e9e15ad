"""Exchange's rights: management roles with their parents, role groups, and the apps that belong to them.

The verbs are an administrator's cmdlets, and refuse what those refuse. Names count in any case, as in Exchange."""

from collections.abc import Iterable, Mapping

from sandbox.people import APP_ID, APP_OBJECT, RESPONDER_APP_ID, RESPONDER_APP_OBJECT

_SENDERS = "Get-BlockedSenderAddress Remove-BlockedSenderAddress Get-BlockedConnector Remove-BlockedConnector"
_POLICIES = " ".join(
    f"{verb}-HostedOutboundSpamFilter{what}"
    for verb, what in (
        *((verb, what) for verb in ("Get", "New", "Set", "Remove") for what in ("Policy", "Rule")),
        ("Enable", "Rule"),
        ("Disable", "Rule"),
    )
)
_MAILBOXES = (
    "Get-Mailbox Set-Mailbox Get-MailboxStatistics Get-Recipient Get-User Get-CASMailbox Set-CASMailbox "
    "Get-MailboxPermission Add-MailboxPermission Remove-MailboxPermission Get-RecipientPermission "
    "Add-RecipientPermission Remove-RecipientPermission Get-InboxRule Enable-InboxRule Disable-InboxRule"
)
_READ_POLICIES = "Get-HostedOutboundSpamFilterPolicy Get-HostedOutboundSpamFilterRule"
BUILT_IN: Mapping[str, frozenset[str]] = {
    "Transport Hygiene": frozenset(f"{_SENDERS} {_POLICIES}".split()),
    "Mail Recipients": frozenset(_MAILBOXES.split()),
    "View-Only Configuration": frozenset(
        f"Get-AcceptedDomain Get-LimitsEnforcementStatus Get-TransportConfig Get-TransportRule {_READ_POLICIES}".split()
    ),
    "View-Only Audit Logs": frozenset({"Get-AdminAuditLogConfig", "Search-UnifiedAuditLog"}),
    "Security Admin": frozenset(f"{_SENDERS} {_POLICIES}".split()),
}
"""No role holds everything: mailboxes and the restricted list are different roles."""
_BUILT_IN_GROUPS = {"Security Administrator": ("Security Admin",)}
_OBJECTS = {APP_OBJECT: APP_ID, RESPONDER_APP_OBJECT: RESPONDER_APP_ID}
_NAME_AT_MOST = 64


class RoleRefused(Exception):  # noqa: N818 - it names what happened
    """Exchange refuses the administrator's cmdlet."""


class AlreadyMember(RoleRefused):
    """Who is to be added is in the role group already."""


class ManagementRoles:
    """Which app may run which cmdlet. At first no app may run any."""

    def __init__(self) -> None:
        self._entries = {_key(role): {_key(one): one for one in cmdlets} for role, cmdlets in BUILT_IN.items()}
        self._parents: dict[str, str] = {}
        self._groups = {_key(group): {_key(role) for role in roles} for group, roles in _BUILT_IN_GROUPS.items()}
        self._members: dict[str, set[str]] = {group: set() for group in self._groups}
        self._apps: dict[str, str] = {}
        self._objects = dict(_OBJECTS)

    def may_run(self, app: str, cmdlet: str) -> bool:
        roles = [role for group, roles in self._groups.items() if app in self._members[group] for role in roles]
        return any(_key(cmdlet) in self._entries[role] for role in roles)

    def knows_principal(self, app: str, object_id: str) -> None:
        """The directory has a new enterprise application."""
        self._objects[object_id] = app

    def cmdlets_of(self, app: str) -> frozenset[str]:
        """Every cmdlet that the app may run, by its name in lower case."""
        roles = {role for group, some in self._groups.items() if app in self._members[group] for role in some}
        return frozenset(cmdlet for role in roles for cmdlet in self._entries[role].values())

    def new_principal(self, app: str, object_id: str) -> None:
        """New-ServicePrincipal. The object id is the enterprise application's, not the app registration's."""
        if self._objects.get(object_id) != app:
            raise RoleRefused(f"No service principal {object_id} of the app {app} was found in the directory.")
        self._apps[object_id] = app

    def new_role(self, name: str, parent: str) -> None:
        """New-ManagementRole: a copy of its parent, with every entry of it."""
        if not 0 < len(name) <= _NAME_AT_MOST or _key(name) in self._entries:
            raise RoleRefused(f"The role '{name}' exists already, or its name is not valid.")
        self._entries[_key(name)] = dict(self._role(parent))
        self._parents[_key(name)] = _key(parent)

    def entries(self, role: str) -> tuple[str, ...]:
        """Get-ManagementRoleEntry ROLE\\*."""
        return tuple(sorted(self._role(role).values()))

    def add_entry(self, role: str, cmdlet: str) -> None:
        """Add-ManagementRoleEntry: only what the parent holds."""
        parent = self._parents.get(_key(role))
        if parent is None or _key(cmdlet) not in self._entries[parent]:
            raise RoleRefused(f"The entry '{cmdlet}' is not in the parent of the role '{role}'.")
        if _key(cmdlet) in self._role(role):
            raise RoleRefused(f"The entry '{role}\\{cmdlet}' exists already.")
        self._role(role)[_key(cmdlet)] = cmdlet

    def remove_entry(self, role: str, cmdlet: str) -> None:
        """Remove-ManagementRoleEntry: from a role of one's own."""
        if _key(role) not in self._parents or self._role(role).pop(_key(cmdlet), None) is None:
            raise RoleRefused(f"The entry '{role}\\{cmdlet}' cannot be removed.")

    def new_group(self, name: str, roles: Iterable[str]) -> None:
        """New-RoleGroup."""
        named = {_key(role) for role in roles}
        if missing := named - self._entries.keys():
            raise RoleRefused(f"The roles {sorted(missing)} were not found.")
        if _key(name) in self._groups:
            raise RoleRefused(f"The role group '{name}' exists already.")
        self._groups[_key(name)], self._members[_key(name)] = named, set()

    def add_member(self, group: str, object_id: str) -> None:
        """Add-RoleGroupMember: a service principal that Exchange knows."""
        if _key(group) not in self._groups or object_id not in self._apps:
            raise RoleRefused(f"The group '{group}' or its new member '{object_id}' was not found.")
        if self._apps[object_id] in self._members[_key(group)]:
            raise AlreadyMember(f"The recipient '{object_id}' is already a member of the group '{group}'.")
        self._members[_key(group)].add(self._apps[object_id])

    def remove_member(self, group: str, object_id: str) -> None:
        """Remove-RoleGroupMember: who is in it."""
        app = self._apps.get(object_id)
        if app is None or app not in self._members.get(_key(group), ()):
            raise RoleRefused(f"'{object_id}' is not a member of the group '{group}'.")
        self._members[_key(group)].remove(app)

    def members(self, group: str) -> frozenset[str]:
        """Get-RoleGroupMember: the apps in it."""
        if _key(group) not in self._groups:
            raise RoleRefused(f"The group '{group}' was not found.")
        return frozenset(self._members[_key(group)])

    def new_assignment(self, group: str, role: str) -> None:
        """New-ManagementRoleAssignment -SecurityGroup GROUP -Role ROLE. One that is there is not made twice."""
        self._role(role)
        if _key(group) not in self._groups:
            raise RoleRefused(f"The group '{group}' was not found.")
        if _key(role) in self._groups[_key(group)]:
            raise RoleRefused(f"The role assignment '{role}-{group}' exists already.")
        self._groups[_key(group)].add(_key(role))

    def remove_assignment(self, group: str, role: str) -> None:
        """Remove-ManagementRoleAssignment, of one that is there."""
        if _key(role) not in self._groups.get(_key(group), ()):
            raise RoleRefused(f"The role assignment '{role}-{group}' was not found.")
        self._groups[_key(group)].remove(_key(role))

    def assignments(self, *, group: str = "", role: str = "") -> frozenset[tuple[str, str]]:
        """Get-ManagementRoleAssignment -RoleAssignee GROUP -Role ROLE: pairs of both, in lower case. Asked about what
        is not there it refuses."""
        if role:
            self._role(role)
        if group and _key(group) not in self._groups:
            raise RoleRefused(f"The role assignee '{group}' was not found.")
        return frozenset(
            (one, held)
            for one, roles in self._groups.items()
            for held in roles
            if _key(group) in ("", one) and _key(role) in ("", held)
        )

    def has(self, kind: str, name: str) -> bool:
        """Whether Get-ServicePrincipal (by app id), Get-ManagementRole or Get-RoleGroup finds it."""
        held = {"ServicePrincipal": self._apps.values(), "ManagementRole": self._entries, "RoleGroup": self._groups}
        return _key(name) in {_key(one) for one in held[kind]}

    def remove(self, kind: str, name: str) -> None:
        """Remove-ServicePrincipal (by its object id), Remove-ManagementRole or Remove-RoleGroup. What is built in
        stays, and a role that is assigned."""
        if kind == "ServicePrincipal":
            if self._apps.pop(name, None) is None:
                raise RoleRefused(f"The service principal '{name}' was not found.")
        elif kind == "RoleGroup":
            if _key(name) not in self._groups or _key(name) in map(_key, _BUILT_IN_GROUPS):
                raise RoleRefused(f"The group '{name}' was not found, or it is built in.")
            del self._groups[_key(name)], self._members[_key(name)]
        elif _key(name) not in self._parents or self.assignments(role=name):
            raise RoleRefused(f"The role '{name}' was not found, is built in, or has assignments.")
        else:
            del self._entries[_key(name)], self._parents[_key(name)]

    def _role(self, name: str) -> dict[str, str]:
        if _key(name) not in self._entries:
            raise RoleRefused(f"The role '{name}' was not found.")
        return self._entries[_key(name)]


def _key(name: str) -> str:
    return name.casefold()


_READING = "Get-Mailbox Get-Recipient Get-RecipientPermission Get-InboxRule Get-MailboxStatistics Get-CASMailbox"
_CONTAINING = "Get-Mailbox Set-Mailbox Get-InboxRule Enable-InboxRule Disable-InboxRule"
_CUT_DOWN = (
    ("Sample hygiene", "Transport Hygiene", f"{_SENDERS} {_POLICIES}"),
    ("Sample mailboxes", "Mail Recipients", _READING),
    ("Sample domains", "View-Only Configuration", "Get-AcceptedDomain Get-LimitsEnforcementStatus Get-TransportConfig"),
    ("Sample auditing", "View-Only Audit Logs", "Get-AdminAuditLogConfig"),
    ("Sample containing", "Mail Recipients", _CONTAINING),
)


def grant_everything(roles: ManagementRoles, *, second_app: bool) -> None:
    """The sample tenant's rights: reading and unblocking for the bot's app, containing for the second one, or for the
    bot's own where there is no second."""
    for name, parent, cmdlets in _CUT_DOWN:
        roles.new_role(name, parent)
        for entry in set(roles.entries(name)) - set(cmdlets.split()):
            roles.remove_entry(name, entry)
    for object_id, app in _OBJECTS.items():
        roles.new_principal(app, object_id)
    roles.new_group("Sample bot", [name for name, *_ in _CUT_DOWN[:-1]])
    roles.add_member("Sample bot", APP_OBJECT)
    roles.new_group("Sample responder", [_CUT_DOWN[-1][0]])
    roles.add_member("Sample responder", RESPONDER_APP_OBJECT if second_app else APP_OBJECT)
