"""The sandbox's outbound policies refuse what Exchange refuses."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.people import APPROVERS_GROUP, PEOPLE
from sandbox.shared import BULK_SENDERS
from tests.sandbox.test_strict import Client, talking_to

ANA = PEOPLE["ana"].upn
POLICY, RULE = "HostedOutboundSpamFilterPolicy", "HostedOutboundSpamFilterRule"
PILOT = {"Name": "Pilot", POLICY: "Pilot", "From": [ANA]}


@pytest_asyncio.fixture
async def client(tmp_path: Path) -> AsyncIterator[Client]:
    async with Sandbox(data=tmp_path) as box, talking_to(box) as client:
        held = box.tenant.policies
        held.bulk_senders()
        held.add_policy("Pilot", {})
        yield client


@pytest.mark.parametrize(
    ("cmdlet", "parameters", "status"),
    [
        (f"Get-{POLICY}", {"ResultSize": "Unlimited"}, 400),
        (f"Get-{RULE}", {"Name": "Pilot"}, 400),
        (f"New-{POLICY}", {}, 400),
        (f"New-{POLICY}", {"Name": "x" * 65}, 400),
        (f"New-{POLICY}", {"Name": "a;b"}, 400),
        (f"New-{POLICY}", {"Name": "a%b"}, 400),
        (f"New-{POLICY}", {"Name": "pilot"}, 400),
        (f"New-{POLICY}", {"Name": "New", "Enabled": True}, 400),
        (f"New-{POLICY}", {"Name": "New", "RecipientLimitPerDay": 10_001}, 400),
        (f"New-{POLICY}", {"Name": "New", "RecipientLimitPerDay": -1}, 400),
        (f"New-{POLICY}", {"Name": "New", "RecipientLimitPerDay": True}, 400),
        (f"New-{POLICY}", {"Name": "New", "RecipientLimitPerDay": "500"}, 400),
        (f"New-{POLICY}", {"Name": "New", "ActionWhenThresholdReached": "Block"}, 400),
        (f"New-{POLICY}", {"Name": "New", "AutoForwardingMode": "o"}, 400),
        (f"New-{POLICY}", {"Name": "New", "NotifyOutboundSpamRecipients": [7]}, 400),
        (f"New-{POLICY}", {"Name": "New", "RecipientLimitPerDay": 10_000, "AutoForwardingMode": "On"}, 200),
        (f"Set-{POLICY}", {"Identity": "Nobody", "RecipientLimitPerDay": 1}, 404),
        (f"Set-{POLICY}", {"Identity": "Pilot", "Name": "Other"}, 400),
        (f"Set-{POLICY}", {"Identity": "Default", "RecipientLimitPerDay": 0}, 200),
        (f"Remove-{POLICY}", {"Identity": "Default"}, 400),
        (f"Remove-{POLICY}", {"Identity": "Nobody"}, 404),
        (f"New-{RULE}", {**PILOT, POLICY: "Nobody"}, 404),
        (f"New-{RULE}", {**PILOT, POLICY: "Default"}, 400),
        (f"New-{RULE}", {**PILOT, POLICY: "Newsletter"}, 400),
        (f"New-{RULE}", {**PILOT, "Name": "newsletter"}, 400),
        (f"New-{RULE}", {**PILOT, "Name": "a|b"}, 400),
        (f"New-{RULE}", {**PILOT, "From": []}, 400),
        (f"New-{RULE}", {**PILOT, "From": ANA}, 400),
        (f"New-{RULE}", {**PILOT, "From": ["nobody@contoso.example"]}, 400),
        (f"New-{RULE}", {**PILOT, "ExceptIfFromMemberOf": [ANA]}, 400),
        (f"New-{RULE}", {**PILOT, "Priority": 3}, 400),
        (f"New-{RULE}", {**PILOT, "Priority": -1}, 400),
        (f"New-{RULE}", {**PILOT, "State": "Enabled"}, 400),
        (f"New-{RULE}", {**PILOT, "Comments": "x" * 1_025}, 400),
        (f"New-{RULE}", PILOT, 200),
        (f"Set-{RULE}", {"Identity": "Nobody", "From": [ANA]}, 404),
        (f"Set-{RULE}", {"Identity": "Newsletter", "Enabled": False}, 400),
        (f"Set-{RULE}", {"Identity": "Newsletter", "From": None}, 400),
        (f"Set-{RULE}", {"Identity": "Newsletter", "Priority": 2}, 400),
        (f"Set-{RULE}", {"Identity": "Newsletter", POLICY: "Bulk senders"}, 400),
        (f"Set-{RULE}", {"Identity": "Newsletter", POLICY: "Newsletter"}, 200),
        (f"Remove-{RULE}", {"Identity": "Pilot"}, 404),
        (f"Remove-{RULE}", {"Identity": "Newsletter", "Confirm": False}, 200),
    ],
)
async def test_what_is_taken_and_what_is_refused(
    client: Client, cmdlet: str, parameters: dict[str, Any], status: int
) -> None:
    assert (await client.cmdlet(cmdlet, **parameters))[0] == status


async def test_the_organisations_own_limit_counts_what_was_sent(client: Client) -> None:
    _, before = await client.cmdlet("Get-LimitsEnforcementStatus")
    client.box.tenant.restrict("ana", "limit")
    _, after = await client.cmdlet("Get-LimitsEnforcementStatus")
    assert after["value"][0]["ObservedValue"] - before["value"][0]["ObservedValue"] == 2_000


async def names(client: Client, what: str) -> list[str]:
    _, answer = await client.cmdlet(f"Get-{what}")
    return [row["Name"] for row in answer["value"]]


async def test_default_says_it_is_off_and_has_limits(client: Client) -> None:
    _, answer = await client.cmdlet(f"Get-{POLICY}", Identity="Default")
    row = answer["value"][0]
    assert (row["IsDefault"], row["Enabled"], row["ActionWhenThresholdReached"]) == (True, False, "BlockUser")
    assert [row[f"RecipientLimit{which}"] for which in ("ExternalPerHour", "InternalPerHour", "PerDay")] == [
        500,
        1_000,
        1_000,
    ]
    assert row["RecipientLimitPerDay@data.type"] == "System.UInt32"


async def test_an_identity_nobody_has_is_answered_with_everything(client: Client) -> None:
    _, answer = await client.cmdlet(f"Get-{POLICY}", Identity="Nobody")
    assert len(answer["value"]) == 4


async def test_priorities_stay_unique_and_move(client: Client) -> None:
    await client.cmdlet(f"New-{RULE}", **PILOT, Priority=1)
    _, answer = await client.cmdlet(f"Get-{RULE}")
    assert [(row["Name"], row["Priority"]) for row in answer["value"]] == [
        ("Newsletter", 0),
        ("Pilot", 1),
        ("Bulk senders", 2),
    ]
    await client.cmdlet(f"Set-{RULE}", Identity="Bulk senders", Priority=0)
    assert await names(client, RULE) == ["Bulk senders", "Newsletter", "Pilot"]
    await client.cmdlet(f"Remove-{RULE}", Identity="Bulk senders")
    assert [rule["Priority"] for rule in client.box.tenant.policies.rules] == [0, 1]


async def test_a_new_rule_is_the_last_and_shows_the_primary_address(client: Client) -> None:
    alias = PEOPLE["ana"].aliases[0]
    _, answer = await client.cmdlet(f"New-{RULE}", **{**PILOT, "From": [alias.upper()]}, Enabled=False)
    row = answer["value"][0]
    assert (row["Priority"], row["State"], row["From"], row["ExceptIfFrom"]) == (2, "Disabled", [ANA], None)


async def test_set_replaces_lists(client: Client) -> None:
    rule = client.box.tenant.policies.rule("Newsletter")
    assert rule is not None
    for given, shown in (([ANA], [ANA]), ([PEOPLE["kim"].upn], [PEOPLE["kim"].upn]), ([], None), (None, None)):
        assert (await client.cmdlet(f"Set-{RULE}", Identity="Newsletter", ExceptIfFrom=given))[0] == 200
        assert rule["ExceptIfFrom"] == shown


async def test_removing_one_leaves_the_other(client: Client) -> None:
    await client.cmdlet(f"Remove-{POLICY}", Identity="Newsletter")
    assert "Newsletter" in await names(client, RULE)
    await client.cmdlet(f"Remove-{RULE}", Identity="Bulk senders")
    assert "Bulk senders" in await names(client, POLICY)


@pytest.mark.parametrize(
    ("switch", "reads", "writes"), [("policies", 403, 403), ("policy changes", 200, 403), ("mailboxes", 200, 200)]
)
async def test_a_missing_role_is_refused(client: Client, switch: str, reads: int, writes: int) -> None:
    client.box.tenant.switch("unreadable", switch, on=True)
    assert (await client.cmdlet(f"Get-{RULE}"))[0] == reads
    assert (await client.cmdlet(f"Set-{POLICY}", Identity="Default", RecipientLimitPerDay=5))[0] == writes


async def test_reads_and_writes_fail_apart(client: Client) -> None:
    client.box.tenant.faults.fail("exchange.policy", "503")
    assert (await client.cmdlet(f"Get-{RULE}"))[0] == 200
    assert (await client.cmdlet(f"Remove-{RULE}", Identity="Newsletter"))[0] == 503
    client.box.tenant.faults.fail("exchange.policies", "503")
    assert (await client.cmdlet(f"Get-{RULE}"))[0] == 503


async def test_somebody_else_changes_it(client: Client) -> None:
    held = client.box.tenant.policies
    held.somebody_changes()
    held.somebody_excepts("Newsletter", ANA)
    held.bulk_senders()
    _, answer = await client.cmdlet(f"Get-{POLICY}")
    assert [row["RecipientLimitPerDay"] for row in answer["value"]] == [1_200, 3_000, 8_000, 0]
    rule = held.rule("Newsletter")
    assert rule is not None
    assert rule["ExceptIfFrom"] == [ANA]


async def test_the_directory_knows_the_bulk_senders(client: Client) -> None:
    asked = {"groupIds": [BULK_SENDERS.id, APPROVERS_GROUP]}
    for key, groups in (("ana", [BULK_SENDERS.id]), ("bo", [APPROVERS_GROUP]), ("dan", [])):
        _, answer = await client.graph(f"/v1.0/users/{PEOPLE[key].id}/checkMemberGroups", "POST", asked)
        assert answer["value"] == groups
    _, found = await client.cmdlet("Get-Recipient", Identity=BULK_SENDERS.address)
    assert found["value"][0]["ExternalDirectoryObjectId"] == BULK_SENDERS.id
