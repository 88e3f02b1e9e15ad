"""A group of approvers or responders that anybody can join is found, and one that cannot be read is not refused."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest_asyncio

from sandbox.people import APPROVERS_GROUP, RESPONDERS_GROUP
from sandbox.shared import SALES_TEAM
from sandbox.tenant import Tenant
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.open_groups import OpenGroups
from tests.clients.tenant_graph import graph_of
from tests.dialogs.fake_clock import FakeClock

BOTH = {"SENDWELL_APPROVERS_GROUP_ID": APPROVERS_GROUP, "SENDWELL_RESPONDERS_GROUP_ID": RESPONDERS_GROUP}
SOON, LATER = timedelta(minutes=9), timedelta(minutes=11)


@pytest_asyncio.fixture
async def tenant() -> Tenant:
    return Tenant()


@pytest_asyncio.fixture
async def clock() -> FakeClock:
    return FakeClock()


@pytest_asyncio.fixture
async def groups(tenant: Tenant, clock: FakeClock) -> AsyncIterator[OpenGroups]:
    async with graph_of(tenant) as api:
        yield OpenGroups(GraphDirectory(api), BOTH, clock)


async def test_groups_whose_members_an_admin_chooses_are_taken(groups: OpenGroups, tenant: Tenant) -> None:
    tenant.groups.approvers.becomes_dynamic('user.department -eq "IT"')
    tenant.groups.approvers.inside = [SALES_TEAM.id]
    tenant.groups.responders.becomes_public()
    tenant.groups.responders.visibility = "Private"
    assert await groups.complaints() == []


async def test_a_public_group_of_approvers_is_named_with_its_setting(groups: OpenGroups, tenant: Tenant) -> None:
    tenant.groups.approvers.becomes_public()
    (complaint,) = await groups.complaints()
    assert complaint.startswith("SENDWELL_APPROVERS_GROUP_ID names “Mail approvers”")
    assert "public" in complaint


async def test_a_rule_over_ones_own_mobile_number_is_one_for_responders_too(groups: OpenGroups, tenant: Tenant) -> None:
    tenant.groups.responders.becomes_dynamic('user.mobile -startsWith "+34 600"')
    (complaint,) = await groups.complaints()
    assert "SENDWELL_RESPONDERS_GROUP_ID" in complaint
    assert "mobile" in complaint


async def test_a_rule_that_is_paused_takes_in_nobody(groups: OpenGroups, tenant: Tenant) -> None:
    tenant.groups.approvers.becomes_dynamic('user.mobile -eq "1"', state="Paused")
    assert await groups.complaints() == []


async def test_a_group_within_the_group_lets_anybody_in_as_well(groups: OpenGroups, tenant: Tenant) -> None:
    tenant.groups.approvers.inside = [SALES_TEAM.id]
    tenant.groups.known[SALES_TEAM.id].becomes_dynamic('user.displayName -contains "admin"')
    (complaint,) = await groups.complaints()
    assert "which holds “Sales team”" in complaint


async def test_a_group_that_cannot_be_read_is_not_refused(groups: OpenGroups, tenant: Tenant) -> None:
    tenant.groups.approvers.becomes_public()
    tenant.roles.discard("GroupMember.Read.All")
    assert await groups.complaints() == []
    del tenant.groups.known[RESPONDERS_GROUP]
    assert await groups.complaints() == []


async def test_a_group_that_is_opened_later_is_found_then(groups: OpenGroups, tenant: Tenant, clock: FakeClock) -> None:
    assert await groups.complaints() == []
    tenant.groups.approvers.becomes_public()
    clock.time += SOON
    assert await groups.complaints() == []
    clock.time += LATER
    assert len(await groups.complaints()) == 1
