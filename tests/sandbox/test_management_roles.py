"""The sandbox grants a cmdlet only through a role that has it, and no role has what its parent has not."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.exchange_script import paste
from sandbox.management_roles import ManagementRoles, RoleRefused
from sandbox.people import APP_ID, APP_OBJECT, RESPONDER_APP_ID, RESPONDER_APP_OBJECT, RESPONDER_APP_SECRET
from services.domain.exchange_roles import BOT, RESPONDER, cmdlets_of
from tests.sandbox.test_strict import Client, talking_to

BY_HAND = Path(__file__).parents[2] / "docs" / "by-hand.md"
IDS = {
    "app_id": APP_ID,
    "object_id": APP_OBJECT,
    "second_app_id": RESPONDER_APP_ID,
    "second_object_id": RESPONDER_APP_OBJECT,
}
EVERY_CMDLET = sorted(cmdlets_of(BOT) | cmdlets_of(RESPONDER))
ONE_COPY = f"""
New-ServicePrincipal -AppId APP-ID -ObjectId OBJECT-ID -DisplayName "Sendwell"
New-ManagementRole "Sendwell" -Parent "Transport Hygiene"
Get-ManagementRoleEntry "Sendwell\\*" | Where-Object Name -NotIn {", ".join(f'"{one}"' for one in EVERY_CMDLET)} |
  ForEach-Object {{ Remove-ManagementRoleEntry "Sendwell\\$($_.Name)" -Confirm:$false }}
New-RoleGroup "Sendwell" -Roles "Sendwell"
Add-RoleGroupMember "Sendwell" -Member OBJECT-ID
"""
"""One copy of one role, with everything that is needed in it: what cannot be made."""


@pytest_asyncio.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    """An app that may run nothing yet."""
    async with Sandbox(data=tmp_path) as box, talking_to(box) as client:
        box.tenant.management_roles = ManagementRoles()
        yield client


class Second(Client):
    """The app that contains accounts."""

    async def token(self, audience: str, **change: str | None) -> tuple[int, object]:
        second = {"client_id": RESPONDER_APP_ID, "client_secret": RESPONDER_APP_SECRET}
        return await super().token(audience, **{**second, **change})


async def refused(client: Client) -> set[str]:
    """The cmdlets that this app may not run. One that is refused for its parameters alone may be run."""
    return {cmdlet for cmdlet in EVERY_CMDLET if (await client.cmdlet(cmdlet, Bogus="x"))[0] == 403}


async def test_the_permission_alone_lets_an_app_run_nothing(client: Client) -> None:
    status, body = await client.cmdlet("Get-BlockedSenderAddress")
    assert (status, set(body)) == (403, {0})
    assert await refused(client) == set(EVERY_CMDLET)


async def test_the_commands_to_paste_let_each_app_run_its_own_cmdlets_and_no_other(client: Client) -> None:
    commands = BY_HAND.read_text(encoding="utf-8").split("```powershell\n")[1].split("```")[0]
    paste(commands, client.box.tenant.management_roles, **IDS)
    second = Second(client.box, client.session)
    for app, group in ((client, BOT), (second, RESPONDER)):
        assert await refused(app) == set(EVERY_CMDLET) - cmdlets_of(group)


async def test_one_copy_of_one_role_cannot_hold_them_all(client: Client) -> None:
    roles = client.box.tenant.management_roles
    paste(ONE_COPY, roles, **IDS)
    lacking = await refused(client)
    assert {"Get-Mailbox", "Get-InboxRule", "Get-AcceptedDomain", "Get-RecipientPermission"} <= lacking
    assert "Get-BlockedSenderAddress" not in lacking
    for cmdlet in lacking:
        with pytest.raises(RoleRefused, match="not in the parent"):
            paste(f'Add-ManagementRoleEntry "Sendwell\\{cmdlet}"', roles)


async def test_a_security_administrator_reads_no_mailbox(client: Client) -> None:
    roles = client.box.tenant.management_roles
    roles.new_principal(APP_ID, APP_OBJECT)
    roles.add_member("Security Administrator", APP_OBJECT)
    lacking = await refused(client)
    assert {"Get-Mailbox", "Get-InboxRule", "Get-AcceptedDomain"} <= lacking
    assert not {"Remove-BlockedSenderAddress", "Set-HostedOutboundSpamFilterRule"} & lacking


@pytest.mark.parametrize(
    "command",
    [
        'New-ServicePrincipal -AppId APP-ID -ObjectId APP-ID -DisplayName "x"',
        'New-ManagementRole "Mail Recipients" -Parent "Mail Recipients"',
        'New-ManagementRole "x" -Parent "Nobody\'s"',
        'New-RoleGroup "x" -Roles "Nobody\'s"',
        'New-RoleGroup "Security Administrator" -Roles "Mail Recipients"',
        'Add-RoleGroupMember "Security Administrator" -Member OBJECT-ID',
        'Add-ManagementRoleEntry "Mail Recipients\\Get-AcceptedDomain"',
    ],
)
def test_an_administrator_is_refused_what_exchange_refuses(command: str) -> None:
    with pytest.raises(RoleRefused):
        paste(command, ManagementRoles(), **IDS)


def test_a_built_in_role_cannot_be_cut_down_and_a_copy_cannot_exceed_another_copy() -> None:
    roles = ManagementRoles()
    with pytest.raises(RoleRefused):
        roles.remove_entry("Mail Recipients", "Get-Mailbox")
    roles.new_role("Small", "Mail Recipients")
    roles.remove_entry("small", "get-mailbox")
    roles.new_role("Smaller", "Small")
    assert "Get-Mailbox" not in roles.entries("Smaller")
    with pytest.raises(RoleRefused):
        roles.add_entry("Smaller", "Get-Mailbox")
    roles.add_entry("Small", "Get-Mailbox")
    roles.add_entry("Smaller", "Get-Mailbox")
