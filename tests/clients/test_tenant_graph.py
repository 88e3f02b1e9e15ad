"""Graph as real tenants show it, played by the sandbox: sign-ins, roles, methods, and searches of the audit log."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from sandbox.audit_log import AT_ONCE
from sandbox.people import PEOPLE
from sandbox.tenant import Tenant
from sandbox.traces import ABROAD, BLOCKED_BY_POLICY, STEPS
from services.clients.graph.account_evidence import GraphEvidence
from services.clients.graph.audit_log import GraphAuditLog
from services.clients.graph.directory import GraphDirectory
from services.clients.graph.roles import holds_role
from services.clients.http import ApiClient
from services.domain.evidence.findings import EvidenceSource, Found, findings
from services.domain.evidence.report import EVIDENCE_OVER, Change, Report
from services.domain.people import MethodKind, PersonId
from services.domain.proofs.securing import MfaFinding, MfaProof, judge_mfa, snapshot_of
from services.domain.unknown import Unknown, UnknownReason
from services.ports.errors import Unavailable
from tests.clients.tenant_graph import graph_of

ANA = PersonId(PEOPLE["ana"].id)
ADDRESSES = (PEOPLE["ana"].upn,)
UNASKED = Unknown(reason=UnknownReason.NOT_YET)


@pytest_asyncio.fixture
async def tenant() -> Tenant:
    return Tenant()


@pytest_asyncio.fixture
async def api(tenant: Tenant) -> AsyncIterator[ApiClient]:
    async with graph_of(tenant) as api:
        yield api


def now() -> datetime:
    return datetime.now(UTC)


async def refused(question: object) -> UnknownReason:
    with pytest.raises(Unavailable) as trouble:
        await question  # type: ignore[misc]  # any coroutine
    return trouble.value.reason


# Sign-ins.


async def sign_ins_say(api: ApiClient) -> set[Found | UnknownReason | None]:
    """What the evidence of sign-ins comes to."""
    read = await GraphEvidence(GraphDirectory(api)).sign_ins(ANA, now() - EVIDENCE_OVER)
    report = Report(gathered_at=now(), sign_ins=read.rows, sign_ins_cut=read.cut)
    told = findings(report, now() - timedelta(hours=1), None)
    return {one.found or one.not_checked for one in told if one.source is EvidenceSource.SIGN_INS}


async def test_a_password_reset_and_a_registration_are_no_attack(tenant: Tenant, api: ApiClient) -> None:
    tenant.reset_password("ana")
    tenant.add_method("ana")
    assert len(STEPS) > 10
    assert await sign_ins_say(api) == {None}


async def test_wrong_passwords_are_an_attack_among_all_those_steps(tenant: Tenant, api: ApiClient) -> None:
    tenant.reset_password("ana")
    tenant.investigate("ana", "burst")
    assert await sign_ins_say(api) == {Found.SIGNED_IN_AFTER_FAILURES}


async def test_who_was_stopped_by_a_policy_did_not_guess_the_password(tenant: Tenant, api: ApiClient) -> None:
    traces = tenant.accounts["ana"].traces
    traces.burst(BLOCKED_BY_POLICY)
    traces.signs_in("ES")
    assert await sign_ins_say(api) == {Found.FAILED_BURST}
    traces.burst()
    traces.signs_in("ES")
    assert await sign_ins_say(api) == {Found.SIGNED_IN_AFTER_FAILURES}


async def test_a_code_that_nobody_knows_is_neither_a_failure_nor_a_success(tenant: Tenant, api: ApiClient) -> None:
    tenant.accounts["ana"].traces.burst(code=59_999)
    assert await sign_ins_say(api) == {None}


@pytest.mark.parametrize(("a_page", "fault"), [(3, "503"), (3, "429"), (3, "badjson"), (1, None)])
async def test_a_part_of_the_sign_ins_is_incomplete_and_never_clean(
    tenant: Tenant, api: ApiClient, a_page: int, fault: str | None
) -> None:
    """Nine sign-ins of nine days; then more than ten pages of them."""
    evidence = GraphEvidence(GraphDirectory(api))
    tenant.sign_ins_a_page = a_page
    assert len((await evidence.sign_ins(ANA, now() - EVIDENCE_OVER)).rows) == 9
    if fault:
        tenant.faults.fail("graph.next", fault)
    else:
        tenant.accounts["ana"].traces.signs_in(ABROAD)
        tenant.accounts["ana"].traces.signs_in(ABROAD)
    assert await sign_ins_say(api) == {UnknownReason.INCOMPLETE}


async def test_an_attack_is_still_seen_though_the_log_is_too_long_to_read(tenant: Tenant, api: ApiClient) -> None:
    """Anybody can make it so long: guessing at a password takes no account."""
    tenant.sign_ins_a_page = 2
    tenant.accounts["ana"].traces.burst()
    tenant.accounts["ana"].traces.signs_in("ES")
    assert await sign_ins_say(api) == {Found.SIGNED_IN_AFTER_FAILURES, UnknownReason.INCOMPLETE}


# Roles.


@pytest.mark.parametrize("how", [{}, {"activated": True}, {"through_group": True}], ids=str)
@pytest.mark.parametrize("lacks", ["nothing", "role schedule", "transitive roles"])
async def test_a_role_is_found_however_it_is_held(
    tenant: Tenant, api: ApiClient, how: dict[str, bool], lacks: str
) -> None:
    tenant.unreadable.add(lacks)
    assert not await holds_role(api, ANA)
    tenant.privilege("ana", on=True, **how)
    assert await holds_role(api, ANA)


async def test_roles_are_not_known_where_neither_list_can_be_read(tenant: Tenant, api: ApiClient) -> None:
    tenant.roles.discard("RoleManagement.Read.Directory")
    assert await refused(holds_role(api, ANA)) is UnknownReason.NO_PERMISSION
    tenant.privilege("ana", on=True, through_group=True)
    assert await holds_role(api, ANA), "one yes is enough"


# Methods.


async def mfa_since(api: ApiClient, snapshot: tuple[str, ...]) -> MfaProof:
    methods = await GraphDirectory(api).methods(ANA)
    return judge_mfa(methods, snapshot, now() - timedelta(hours=3), now())


async def test_another_number_under_the_same_id_is_new(tenant: Tenant, api: ApiClient) -> None:
    tenant.set_phone("ana", "+34 600000111")
    directory = GraphDirectory(api)
    first_look = snapshot_of(await directory.methods(ANA))
    assert (await mfa_since(api, first_look)).finding is MfaFinding.REGISTERED_UNDATED
    tenant.set_phone("ana", "+34 600 000 111")
    assert (await mfa_since(api, first_look)).finding is MfaFinding.REGISTERED_UNDATED, "the same one, spaced otherwise"
    tenant.set_phone("ana", "+234 8000000000")
    assert (await mfa_since(api, first_look)).finding is MfaFinding.NEW
    assert "600000111" not in "".join(first_look)


async def test_the_same_number_looks_different_for_each_person_and_place(tenant: Tenant, api: ApiClient) -> None:
    for key in ("ana", "dan"):
        tenant.remove_methods(key)
        tenant.set_phone(key, "+34 600000111")
        tenant.set_phone(key, "+34 600000111", "office")
    directory = GraphDirectory(api)
    snapshots = [snapshot_of(await directory.methods(PersonId(PEOPLE[key].id))) for key in ("ana", "dan")]
    assert len({entry for snapshot in snapshots for entry in snapshot}) == 4


async def test_a_snapshot_from_before_numbers_were_kept_holds_whatever_is_under_its_ids(
    tenant: Tenant, api: ApiClient
) -> None:
    tenant.set_phone("ana", "+34 600000111")
    ids_alone = tuple(method.id for method in await GraphDirectory(api).methods(ANA))
    assert (await mfa_since(api, ids_alone)).finding is MfaFinding.REGISTERED_UNDATED


@pytest.mark.parametrize(
    ("kind", "finding"),
    [
        ("external", MfaFinding.NEW),
        ("passwordlessMicrosoftAuthenticator", MfaFinding.NEW),
        ("qrCodePin", MfaFinding.NONE),
        ("temporaryAccessPass", MfaFinding.NONE),
        ("email", MfaFinding.NONE),
        ("cameLastYear", MfaFinding.NOT_CHECKED),
    ],
)
async def test_which_kinds_are_a_second_factor(tenant: Tenant, api: ApiClient, kind: str, finding: MfaFinding) -> None:
    tenant.remove_methods("ana")
    tenant.add_method("ana", kind)
    proof = await mfa_since(api, ())
    assert proof.finding is finding
    assert kind != "external" or proof.kinds == (MethodKind.EXTERNAL,)


# Searches of the audit log.


class Searching:
    """The audit log of a tenant in which a search ends when the test says so."""

    def __init__(self, tenant: Tenant, api: ApiClient) -> None:
        self.tenant, self.log = tenant, tenant.audit_log
        self.log.takes = 3_600
        self._client = GraphAuditLog(GraphDirectory(api), api)

    async def begins(self, name: str = "Sendwell case 1") -> str:
        return await self._client.begin(name, ADDRESSES, now() - timedelta(days=90), now())

    async def finds(self, search: str) -> list[bool] | None:
        found = await self._client.listings(search, ADDRESSES)
        return None if found is None else sorted(one.listed for one in found)

    async def ends(self, search: str) -> None:
        await self._client.end(search)

    def is_done(self, how: str = "succeeded") -> None:
        self.log.takes, self.log.ends = 0, how


@pytest_asyncio.fixture
async def searching(tenant: Tenant, api: ApiClient) -> Searching:
    tenant.restrict("ana")
    tenant.remove(PEOPLE["ana"].upn)
    return Searching(tenant, api)


async def test_a_search_is_looked_at_until_it_has_ended_and_then_deleted(searching: Searching) -> None:
    search = await searching.begins()
    assert await searching.finds(search) is None
    searching.is_done()
    assert await searching.finds(search) == [False, True]
    await searching.ends(search)
    await searching.ends(search)
    assert searching.log.searches == {}


async def test_a_search_of_the_same_name_is_not_begun_twice(searching: Searching) -> None:
    searches = [await searching.begins(name) for name in ("one", "two", "one", "two")]
    assert (len(set(searches)), searching.log.made) == (2, 2)


@pytest.mark.parametrize("says_why", [True, False])
async def test_too_many_searches_have_to_wait(searching: Searching, says_why: bool) -> None:
    searching.log.says_why = says_why
    for number in range(AT_ONCE):
        await searching.begins(f"somebody else's {number}")
    assert await refused(searching.begins()) is UnknownReason.THROTTLED
    searching.is_done()
    assert await searching.begins()
    assert searching.log.most_at_once == AT_ONCE


@pytest.mark.parametrize("how", ["failed", "cancelled"])
async def test_a_search_that_failed_found_nothing_out(searching: Searching, how: str) -> None:
    search = await searching.begins()
    searching.is_done(how)
    assert await refused(searching.finds(search)) is UnknownReason.UNEXPECTED_RESPONSE
    await searching.ends(search)
    assert await refused(searching.finds(search)) is UnknownReason.UNEXPECTED_RESPONSE


async def test_a_long_result_is_read_to_its_end_or_called_incomplete(searching: Searching) -> None:
    search = await searching.begins()
    searching.is_done()
    searching.log.rows_a_page = 1
    assert await searching.finds(search) == [False, True]
    searching.tenant.faults.fail("graph.next", "503")
    assert await refused(searching.finds(search)) is UnknownReason.INCOMPLETE


async def test_a_search_that_cannot_be_deleted_is_left_to_the_service(searching: Searching) -> None:
    search = await searching.begins()
    searching.log.deletes = False
    await searching.ends(search)
    assert list(searching.log.searches) == [search]


async def test_an_organisation_without_an_audit_log_says_so(searching: Searching) -> None:
    searching.tenant.unreadable.add("audit")
    assert await refused(searching.begins()) is UnknownReason.NO_PERMISSION


async def test_a_telephone_number_that_is_changed_in_the_directory_is_dated_by_its_log(
    tenant: Tenant, api: ApiClient
) -> None:
    tenant.change_number("ana", "+34 600 000 099")
    tenant.change_number("ana", "+34 910 000 099", business=True)
    person = await GraphDirectory(api).person(ANA)
    assert (person.phone, person.business_phone) == ("+34 600 000 099", "+34 910 000 099")
    changes = await GraphEvidence(GraphDirectory(api)).changes(ANA, now() - EVIDENCE_OVER)
    assert {(one.what, one.detail) for one in changes.rows} == {
        (Change.NUMBER_CHANGED, "mobile"),
        (Change.NUMBER_CHANGED, "business"),
    }
