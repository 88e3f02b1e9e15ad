"""The commands of docs/by-hand.md for Exchange's rights: written from the table the code names missing roles by.
`sandbox/exchange_script.py` plays them as an administrator would paste them."""

from services.domain.exchange_roles import BOT, RESPONDER, ROLES, ManagementRole

APP, OBJECT = "APP-ID", "OBJECT-ID"
SECOND_APP, SECOND_OBJECT = "SECOND-APP-ID", "SECOND-OBJECT-ID"


def recipe() -> str:
    """The commands for both apps."""
    return "\n".join(
        [
            "```powershell",
            *_group(BOT, APP, OBJECT),
            "",
            "# Only for containing accounts. Without a second app: leave out the next line, and add OBJECT-ID below.",
            *_group(RESPONDER, SECOND_APP, SECOND_OBJECT),
            "```",
        ]
    )


def _group(group: str, app: str, object_id: str) -> list[str]:
    roles = [role for role in ROLES if role.group == group]
    return [
        f'New-ServicePrincipal -AppId {app} -ObjectId {object_id} -DisplayName "{group}"',
        *(line for role in roles for line in _role(role)),
        f'New-RoleGroup "{group}" -Roles {", ".join(_quoted(role.name) for role in roles)}',
        f'Add-RoleGroupMember "{group}" -Member {object_id}',
    ]


def _role(role: ManagementRole) -> list[str]:
    kept = ", ".join(_quoted(cmdlet) for cmdlet in role.cmdlets)
    return [
        f"# {role.serves[0].upper()}{role.serves[1:]}",
        f'New-ManagementRole "{role.name}" -Parent "{role.parent}"',
        f'Get-ManagementRoleEntry "{role.name}\\*" | Where-Object Name -NotIn {kept} |',
        f'  ForEach-Object {{ Remove-ManagementRoleEntry "{role.name}\\$($_.Name)" -Confirm:$false }}',
    ]


def _quoted(text: str) -> str:
    return f'"{text}"'
