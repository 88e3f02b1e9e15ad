"""Outbound policies are changed in the sandbox: every step once, whatever fails, and nothing is left behind."""

import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from sandbox import Sandbox
from sandbox.people import APP_ID, APP_SECRET, PEOPLE, TENANT
from sandbox.shared import BULK_SENDERS
from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets, Rows
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.exchange.outbound_policies import ExchangePolicies
from services.clients.http import ApiClient
from services.domain.limits.outbound_policy import Membership, SendingLimits, effective_policy
from services.domain.limits.policy_plan import Plan, Strategy, plan
from services.domain.people import PersonId
from services.domain.unknown import Unknown, UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import ChangedMeanwhileByOthers, OutboundPolicies, PolicyApplied, PolicyRefused

ANA = PEOPLE["ana"]
ADDRESSES = (ANA.upn, *ANA.aliases)
PERSON = PersonId(ANA.id)
MORE = SendingLimits(external_per_hour=2_500, internal_per_hour=1_000, per_day=3_000)
NOTE = "Sendwell case 17"


class SandboxTokens:
    """Tokens as the sandbox's login issues them."""

    def __init__(self, session: aiohttp.ClientSession, login: str) -> None:
        self._session = session
        self._url = f"{login}/{TENANT}/oauth2/v2.0/token"

    async def token(self, scope: str) -> str:
        form = {"grant_type": "client_credentials", "client_id": APP_ID, "client_secret": APP_SECRET, "scope": scope}
        async with self._session.post(self._url, data=form) as response:
            return str((await response.json())["access_token"])

    async def renew(self, scope: str, refused: str) -> None: ...


class Died(Exception):  # noqa: N818 - it names what happened
    """Raised where the process ends."""


@dataclass(kw_only=True)
class Mortal:
    """Cmdlets of a process that ends before or after one of its writes, or while somebody else changes policies."""

    inner: Cmdlets
    before: dict[int, Callable[[], object]] = field(default_factory=dict)
    after: dict[int, Callable[[], object]] = field(default_factory=dict)
    writes: list[tuple[str, Mapping[str, object]]] = field(default_factory=list)

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        assert repeat is cmdlet.startswith("Get-")
        if repeat:
            return await self.inner.run(cmdlet, parameters, repeat=True)
        number = len(self.writes)
        self.writes.append((cmdlet, parameters))
        self.before.pop(number, lambda: None)()
        answer = await self.inner.run(cmdlet, parameters, repeat=False)
        self.after.pop(number, lambda: None)()
        return answer

    @property
    def written(self) -> list[str]:
        return [cmdlet.replace("HostedOutboundSpamFilter", "") for cmdlet, _ in self.writes]


def dies() -> None:
    raise Died


@dataclass(frozen=True, kw_only=True)
class World:
    """The sandbox and our client for it."""

    box: Sandbox
    cmdlets: Mortal
    graph: ApiClient
    policies: OutboundPolicies

    async def plan(self, way: Strategy = Strategy.OWN_LIMITS) -> Plan:
        return plan(way, await self.policies.snapshot(ADDRESSES, PERSON), ADDRESSES, MORE, "Ana Soto")

    @property
    def state(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        held = self.box.tenant.policies
        return [dict(one) for one in held.policies], [dict(one) for one in held.rules]

    async def governs(self) -> tuple[str, SendingLimits]:
        found = effective_policy(await self.policies.snapshot(ADDRESSES, PERSON), ADDRESSES)
        assert not isinstance(found, Unknown)
        return found.policy.name, found.policy.limits


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with Sandbox(data=tmp_path) as box:
        settings = box.environment
        trusted = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=settings["SENDWELL_CA_FILE"]))
        async with aiohttp.ClientSession(connector=trusted) as session:
            tokens = SandboxTokens(session, settings["SENDWELL_LOGIN_URL"])
            exchange, graph = (
                ApiClient(session=session, base_url=settings[name], tokens=tokens, timeout=timedelta(seconds=30))
                for name in ("SENDWELL_EXCHANGE_URL", "SENDWELL_GRAPH_URL")
            )
            cmdlets = Mortal(inner=InvokeCommand(exchange, TENANT))
            yield World(box=box, cmdlets=cmdlets, graph=graph, policies=ExchangePolicies(cmdlets, graph))


async def test_the_snapshot_says_what_governs_and_which_groups_the_sender_is_in(world: World) -> None:
    assert await world.governs() == (
        "Default",
        SendingLimits(external_per_hour=500, internal_per_hour=1_000, per_day=1_000),
    )
    world.box.tenant.policies.bulk_senders()
    snapshot = await world.policies.snapshot(ADDRESSES, PERSON)
    assert snapshot.memberships == (Membership(group="bulk-senders@contoso.example", belongs=True),)
    assert snapshot.domains == ("contoso.example",)
    assert (await world.governs())[0] == "Bulk senders"
    dan = await world.policies.snapshot((PEOPLE["dan"].upn,), PersonId(PEOPLE["dan"].id))
    assert dan.memberships == (Membership(group="bulk-senders@contoso.example", belongs=False),)


async def test_a_group_that_no_rule_names_is_looked_up_and_known_by_its_address(world: World) -> None:
    name, address = BULK_SENDERS.name, BULK_SENDERS.address
    snapshot = await world.policies.snapshot(ADDRESSES, PERSON, name)
    assert (snapshot.group, snapshot.belongs_to_group, snapshot.rules) == (address, True, ())
    dan = await world.policies.snapshot((PEOPLE["dan"].upn,), PersonId(PEOPLE["dan"].id), address)
    assert dan.belongs_to_group is False
    unknown = await world.policies.snapshot(ADDRESSES, PERSON, "no.such.group@contoso.example")
    assert unknown.belongs_to_group == Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)


async def test_a_policy_for_a_group_is_applied_governs_its_members_and_goes(world: World) -> None:
    before = world.state
    made = plan(
        Strategy.OWN_LIMITS,
        await world.policies.snapshot(ADDRESSES, PERSON, BULK_SENDERS.name),
        ADDRESSES,
        MORE,
        "Bulk",
    )
    assert await world.policies.apply(made, "Sendwell case 1") == PolicyApplied()
    (rule,) = world.box.tenant.policies.rules
    assert (rule["FromMemberOf"], rule["From"]) == ([BULK_SENDERS.address], None)
    assert await world.governs() == ("Bulk", MORE)
    assert await world.policies.apply(made, "Sendwell case 1") == PolicyApplied()
    assert await world.policies.revert(made) == PolicyApplied()
    assert world.state == before


async def test_a_sender_without_a_person_is_looked_up(world: World) -> None:
    world.box.tenant.policies.bulk_senders()
    snapshot = await world.policies.snapshot(ADDRESSES, None)
    assert snapshot.memberships == (Membership(group="bulk-senders@contoso.example", belongs=True),)
    nobody = await world.policies.snapshot(("nobody@contoso.example",), None)
    assert nobody.memberships[0].belongs == Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)


async def test_a_group_nobody_can_read_leaves_it_unknown(world: World) -> None:
    world.box.tenant.policies.bulk_senders()
    world.box.tenant.roles.discard("GroupMember.Read.All")
    snapshot = await world.policies.snapshot(ADDRESSES, PERSON)
    assert effective_policy(snapshot, ADDRESSES) == Unknown(reason=UnknownReason.INCOMPLETE)
    assert snapshot.memberships[0].belongs == Unknown(reason=UnknownReason.NO_PERMISSION)


async def test_own_limits_are_applied_and_reverted(world: World) -> None:
    before = world.state
    made = await world.plan()
    assert await world.policies.apply(made, NOTE) == PolicyApplied()
    assert await world.governs() == ("Ana Soto", MORE)
    policies, rules = world.state
    assert policies[1]["AdminDisplayName"] == rules[0]["Comments"] == NOTE
    assert (policies[1]["ActionWhenThresholdReached"], policies[1]["AutoForwardingMode"]) == ("BlockUser", "Automatic")
    assert (rules[0]["From"], rules[0]["Priority"]) == ([ANA.upn], 0)
    assert await world.policies.revert(made) == PolicyApplied()
    assert world.state == before
    assert world.cmdlets.written == ["New-Policy", "New-Rule", "Remove-Rule", "Remove-Policy"]


async def test_the_recipe_beside_a_custom_policy_and_back(world: World) -> None:
    held = world.box.tenant.policies
    held.bulk_senders()
    held.somebody_excepts("Bulk senders", PEOPLE["kim"].upn)
    before = world.state
    made = await world.plan(Strategy.PUBLISHED_RECIPE)
    assert await world.policies.apply(made, NOTE) == PolicyApplied()
    assert await world.governs() == ("Default", MORE)
    held.somebody_excepts("Bulk senders", PEOPLE["dan"].upn)
    assert await world.policies.revert(made) == PolicyApplied()
    rules = {rule["Name"]: rule["ExceptIfFrom"] for rule in held.rules}
    assert rules["Bulk senders"] == [PEOPLE["kim"].upn, PEOPLE["dan"].upn]
    assert world.state[0] == before[0]


async def test_the_recipe_where_default_governs_and_back(world: World) -> None:
    before = world.state
    made = await world.plan(Strategy.PUBLISHED_RECIPE)
    assert await world.policies.apply(made, NOTE) == PolicyApplied()
    assert await world.governs() == ("Default", MORE)
    dan = (PEOPLE["dan"].upn,)
    others = effective_policy(await world.policies.snapshot(dan, PersonId(PEOPLE["dan"].id)), dan)
    assert not isinstance(others, Unknown)
    assert (others.policy.name, others.policy.limits.external_per_hour) == ("Ana Soto", 500)
    assert await world.policies.revert(made) == PolicyApplied()
    assert world.state == before


async def test_an_exception_that_was_the_only_one_goes_too(world: World) -> None:
    world.box.tenant.policies.bulk_senders()
    before = world.state
    made = await world.plan(Strategy.PUBLISHED_RECIPE)
    await world.policies.apply(made, NOTE)
    assert await world.policies.revert(made) == PolicyApplied()
    assert world.state == before


@pytest.mark.parametrize("way", Strategy)
@pytest.mark.parametrize("custom", [False, True])
@pytest.mark.parametrize("moment", ["before", "after"])
async def test_a_crash_at_any_write_is_made_good_by_repeating(
    world: World, way: Strategy, custom: bool, moment: str
) -> None:
    if custom:
        world.box.tenant.policies.bulk_senders()
    before, made = world.state, await world.plan(way)
    for number in range(2 * len(made.steps)):
        outcomes: list[object] = []
        for work in (partial(world.policies.apply, made, NOTE), partial(world.policies.revert, made)):
            world.cmdlets.writes.clear()
            at = number if not outcomes else number - len(made.steps)
            getattr(world.cmdlets, moment)[at] = dies
            outcomes.append(await _repeated(work))
            getattr(world.cmdlets, moment).clear()
            twice = len(made.steps) + (moment == "before" and 0 <= at < len(made.steps))
            assert len(world.cmdlets.writes) == twice
            if len(outcomes) == 1:
                assert await world.governs() == (made.after.name, MORE)
        assert outcomes == [PolicyApplied(), PolicyApplied()]
        assert world.state == before


async def _repeated(work: Callable[[], Any]) -> object:
    """Repeats the call until it returns, as a caller does after a crash or an unknown outcome."""
    for _ in range(3):
        try:
            return await work()
        except (Died, Unavailable):
            continue
    raise AssertionError("never done")


@pytest.mark.parametrize("kind", ["reset", "done-then-reset", "503", "badjson"])
@pytest.mark.parametrize("way", Strategy)
async def test_an_answer_that_is_lost_is_unavailable_and_a_repeat_finds_out(
    world: World, kind: str, way: Strategy
) -> None:
    before, made = world.state, await world.plan(way)
    for work in (partial(world.policies.apply, made, NOTE), partial(world.policies.revert, made)):
        world.box.tenant.faults.fail("exchange.policy", kind, times=1)
        with pytest.raises(Unavailable):
            await work()
        assert await work() == PolicyApplied()
    assert world.state == before


async def test_doing_it_twice_does_it_once(world: World) -> None:
    made = await world.plan()
    for _ in range(2):
        assert await world.policies.apply(made, NOTE) == PolicyApplied()
    for _ in range(2):
        assert await world.policies.revert(made) == PolicyApplied()
    assert len(world.cmdlets.writes) == 4


async def test_a_rule_that_is_refused_takes_the_policy_with_it(world: World) -> None:
    before, made = world.state, await world.plan()
    world.cmdlets.before[1] = lambda: world.box.tenant.unreadable.add("policy changes")
    world.cmdlets.before[2] = world.box.tenant.unreadable.clear
    assert await world.policies.apply(made, NOTE) == PolicyRefused(error="no permission: HTTP 403")
    assert world.state == before
    assert world.cmdlets.written == ["New-Policy", "New-Rule", "Remove-Policy"]


async def test_limits_that_are_refused_leave_everything_as_it_was(world: World) -> None:
    world.box.tenant.policies.bulk_senders()
    before, made = world.state, await world.plan(Strategy.PUBLISHED_RECIPE)
    world.box.tenant.unreadable.add("policy changes")
    assert await world.policies.apply(made, NOTE) == PolicyRefused(error="no permission: HTTP 403")
    assert world.state == before


async def test_an_exception_that_is_refused_takes_the_limits_back(world: World) -> None:
    world.box.tenant.policies.bulk_senders()
    before, made = world.state, await world.plan(Strategy.PUBLISHED_RECIPE)
    world.cmdlets.before[1] = lambda: world.box.tenant.unreadable.add("policy changes")
    world.cmdlets.before[2] = world.box.tenant.unreadable.clear
    assert await world.policies.apply(made, NOTE) == PolicyRefused(error="no permission: HTTP 403")
    assert world.state == before


async def test_what_cannot_be_reverted_is_named(world: World) -> None:
    made = await world.plan()
    world.cmdlets.before[1] = lambda: world.box.tenant.unreadable.add("policy changes")
    refused = await world.policies.apply(made, NOTE)
    assert refused == PolicyRefused(error="no permission: HTTP 403", left_behind=("Ana Soto",))


async def test_a_sender_exchange_does_not_know_is_refused_in_its_words(world: World) -> None:
    strangers = ("stranger@contoso.example",)
    snapshot = await world.policies.snapshot(strangers, PERSON)
    refused = await world.policies.apply(plan(Strategy.OWN_LIMITS, snapshot, strangers, MORE, "Stranger"), NOTE)
    words = "The recipient 'stranger@contoso.example' couldn't be found."
    assert refused == PolicyRefused(error=words)
    assert len(world.state[0]) == 1


def _lowers_default(world: World) -> None:
    world.box.tenant.policies.somebody_changes("Default", RecipientLimitPerDay=800)


async def test_what_others_changed_before_stops_it(world: World) -> None:
    made = await world.plan()
    _lowers_default(world)
    assert await world.policies.apply(made, NOTE) == ChangedMeanwhileByOthers()
    assert world.cmdlets.writes == []


async def test_what_others_changed_while_we_were_down_takes_back_what_we_made(world: World) -> None:
    made = await world.plan(Strategy.PUBLISHED_RECIPE)
    world.cmdlets.after[1] = dies
    with pytest.raises(Died):
        await world.policies.apply(made, NOTE)
    _lowers_default(world)
    assert await world.policies.apply(made, NOTE) == ChangedMeanwhileByOthers()
    policies, rules = world.state
    assert ([one["Name"] for one in policies], rules) == (["Default"], [])
    assert policies[0]["RecipientLimitPerDay"] == 800


async def test_limits_that_may_be_somebody_elses_are_named_and_not_touched(world: World) -> None:
    world.box.tenant.policies.bulk_senders()
    made = await world.plan(Strategy.PUBLISHED_RECIPE)
    world.cmdlets.after[0] = dies
    with pytest.raises(Died):
        await world.policies.apply(made, NOTE)
    world.box.tenant.policies.somebody_changes("Bulk senders", AutoForwardingMode="On")
    assert await world.policies.apply(made, NOTE) == ChangedMeanwhileByOthers(left_behind=("Default",))


async def test_what_others_do_beside_us_is_told(world: World) -> None:
    held = world.box.tenant.policies
    held.bulk_senders()
    made = await world.plan()
    world.cmdlets.after[0] = lambda: held.somebody_changes("Newsletter", RecipientLimitPerDay=9_000)
    world.cmdlets.after[1] = lambda: held.add_rule("Ana Soto 0", "Default", {"From": [ANA.upn]}, priority=0)
    outcome = await world.policies.apply(made, NOTE)
    assert outcome == PolicyApplied(differs=("Newsletter", "Ana Soto 0", "Default"))


async def test_where_nobody_can_say_any_more_what_governs_that_is_told(world: World) -> None:
    held = world.box.tenant.policies
    made = await world.plan()

    def unsure() -> None:
        held.add_rule("Sales", "Default", {"FromMemberOf": ["sales-team@contoso.example"]}, priority=0)
        world.box.tenant.roles.discard("GroupMember.Read.All")

    world.cmdlets.after[1] = unsure
    assert await world.policies.apply(made, NOTE) == PolicyApplied(differs=("Sales", "Ana Soto"))


async def test_an_exception_others_add_beside_us_is_kept(world: World) -> None:
    held = world.box.tenant.policies
    held.bulk_senders()
    made = await world.plan(Strategy.PUBLISHED_RECIPE)
    world.cmdlets.after[0] = lambda: held.somebody_excepts("Bulk senders", PEOPLE["kim"].upn)
    assert await world.policies.apply(made, NOTE) == PolicyApplied(differs=("Bulk senders",))
    rule = held.rule("Bulk senders")
    assert rule is not None
    assert rule["ExceptIfFrom"] == [PEOPLE["kim"].upn, ANA.upn]


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        (lambda held: held.somebody_changes("Ana Soto", RecipientLimitPerDay=9_000), "Ana Soto"),
        (lambda held: held.somebody_excepts("Ana Soto", PEOPLE["kim"].upn), "Ana Soto"),
        (lambda held: held.somebody_changes("Default", RecipientLimitPerDay=9_000), "Default"),
    ],
)
async def test_what_is_not_as_we_left_it_is_not_reverted(
    world: World, change: Callable[[Any], None], difference: str
) -> None:
    made = await world.plan(Strategy.PUBLISHED_RECIPE)
    await world.policies.apply(made, NOTE)
    change(world.box.tenant.policies)
    before = world.state
    refused = await world.policies.revert(made)
    assert refused == PolicyRefused(error=f"changed since: {difference}", left_behind=(difference,))
    assert world.state == before


async def test_a_description_and_another_place_may_be_given_by_others(world: World) -> None:
    held = world.box.tenant.policies
    made = await world.plan()
    await world.policies.apply(made, NOTE)
    held.bulk_senders()
    held.somebody_changes("Ana Soto", AdminDisplayName="Agreed with marketing")
    # The first of the other rules matches the sender now; it did not when this was planned.
    assert await world.policies.revert(made) == PolicyApplied(differs=("Bulk senders",))
    assert held.policy("Ana Soto") is None


async def test_taking_back_that_is_refused_names_what_is_left(world: World) -> None:
    made = await world.plan()
    await world.policies.apply(made, NOTE)
    world.cmdlets.before[3] = lambda: world.box.tenant.unreadable.add("policy changes")
    refused = await world.policies.revert(made)
    assert refused == PolicyRefused(error="no permission: HTTP 403", left_behind=("Ana Soto",))
    assert world.state[1] == []


async def test_what_others_removed_in_the_meantime_is_gone(world: World) -> None:
    held = world.box.tenant.policies
    made = await world.plan()
    await world.policies.apply(made, NOTE)
    world.cmdlets.before[2] = lambda: held.remove(held.rules[0])
    assert await world.policies.revert(made) == PolicyApplied()


async def test_an_earlier_call_that_takes_effect_late_is_no_refusal(world: World) -> None:
    held = world.box.tenant.policies
    made = await world.plan()
    world.cmdlets.before[0] = lambda: held.add_policy("Ana Soto", _settings(made))
    assert await world.policies.apply(made, NOTE) == PolicyApplied()


def _settings(made: Plan) -> dict[str, object]:
    return {
        "RecipientLimitExternalPerHour": made.after.limits.external_per_hour,
        "RecipientLimitInternalPerHour": made.after.limits.internal_per_hour,
        "RecipientLimitPerDay": made.after.limits.per_day,
        "ActionWhenThresholdReached": "BlockUser",
    }


async def test_somebody_elses_object_of_our_name_is_a_refusal_and_stays(world: World) -> None:
    held = world.box.tenant.policies
    made = await world.plan()
    world.cmdlets.before[0] = lambda: held.add_policy("Ana Soto", {})
    assert await world.policies.apply(made, NOTE) == PolicyRefused(error="The object 'Ana Soto' already exists.")
    assert held.policy("Ana Soto") is not None


async def test_policies_that_cannot_be_read_are_said(world: World) -> None:
    world.box.tenant.unreadable.add("policies")
    with pytest.raises(Unavailable) as unread:
        await world.policies.snapshot(ADDRESSES, PERSON)
    assert unread.value.reason is UnknownReason.NO_PERMISSION


async def test_nothing_is_done_where_nobody_can_say_what_governs(world: World) -> None:
    world.box.tenant.policies.bulk_senders()
    made = await world.plan()
    world.box.tenant.roles.discard("GroupMember.Read.All")
    with pytest.raises(Unavailable):
        await world.policies.apply(made, NOTE)
    assert world.cmdlets.writes == []


@dataclass(kw_only=True)
class Lagging:
    """Cmdlets of an Exchange whose reads do not show recent writes yet."""

    inner: Cmdlets
    shows: bool = True
    known_to_rules: bool = True
    seen: dict[str, Rows] = field(default_factory=dict)

    async def run(self, cmdlet: str, parameters: Mapping[str, object], *, repeat: bool) -> Rows:
        if not repeat:
            if cmdlet.startswith("New-") and cmdlet.endswith("Rule") and not self.known_to_rules:
                words = f"The object '{parameters['HostedOutboundSpamFilterPolicy']}' couldn't be found."
                raise CmdletFailed(words, not_found=True)
            return await self.inner.run(cmdlet, parameters, repeat=False)
        if self.shows or cmdlet not in self.seen:
            self.seen[cmdlet] = await self.inner.run(cmdlet, parameters, repeat=True)
        return self.seen[cmdlet]


@pytest_asyncio.fixture
async def lagging(world: World) -> Lagging:
    return Lagging(inner=world.cmdlets)


def _through(world: World, lagging: Lagging) -> ExchangePolicies:
    return ExchangePolicies(lagging, world.graph)


async def test_what_does_not_show_yet_is_waited_for(world: World, lagging: Lagging) -> None:
    before, made = world.state, await world.plan()
    policies = _through(world, lagging)
    for work in (partial(policies.apply, made, NOTE), partial(policies.revert, made)):
        await policies.snapshot(ADDRESSES, PERSON)
        lagging.shows = False
        for _ in range(3):
            with pytest.raises(Unavailable):
                await work()
        lagging.shows = True
        assert await work() == PolicyApplied()
    assert world.state == before


async def test_a_policy_the_rule_does_not_find_yet_is_waited_for(world: World, lagging: Lagging) -> None:
    made = await world.plan()
    lagging.known_to_rules = False
    with pytest.raises(Unavailable):
        await _through(world, lagging).apply(made, NOTE)
    lagging.known_to_rules = True
    assert await _through(world, lagging).apply(made, NOTE) == PolicyApplied()
    assert world.cmdlets.written == ["New-Policy", "New-Rule"]


async def test_a_rule_that_went_away_in_the_middle_is_looked_at_again(world: World) -> None:
    held = world.box.tenant.policies
    held.bulk_senders()
    made = await world.plan(Strategy.PUBLISHED_RECIPE)
    gone = held.rule("Bulk senders")
    assert gone is not None
    world.cmdlets.after[0] = lambda: held.remove(gone)
    with pytest.raises(Unavailable):
        await world.policies.apply(made, NOTE)
    assert await world.policies.apply(made, NOTE) == ChangedMeanwhileByOthers(left_behind=("Default",))


async def test_a_plan_for_another_mailbox_asks_nobody_of_a_person(world: World) -> None:
    sales = ("sales@contoso.example", "offers@contoso.example")
    made = plan(Strategy.OWN_LIMITS, await world.policies.snapshot(sales, None), sales, MORE, "Sales")
    assert await world.policies.apply(made, NOTE) == PolicyApplied()
