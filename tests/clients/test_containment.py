"""The steps of containing an account, against the sandbox's Graph and Exchange and against recorded responses."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web
from pydantic import TypeAdapter

from sandbox import Sandbox
from sandbox.people import PEOPLE
from sandbox.tenant import Account, Tenant
from services.clients.containment import Microsoft365Containment
from services.clients.exchange.invoke_command import InvokeCommand
from services.clients.http import ApiClient, trust
from services.clients.tokens import MsalTokens
from services.domain.containment.after_steps import AccountRead
from services.domain.containment.containment import ContainmentStep, StepOutcome, StepResult
from services.domain.people import PersonId
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.ports.microsoft365 import ContainmentSteps
from services.settings import Applicant, Settings, read_settings
from tests.service import Script, Service, hangs, resets, says, says_raw

ANA, GIL = PEOPLE["ana"], PEOPLE["gil"]
PERSON = PersonId(ANA.id)
FORCE = "forceChangePasswordNextSignIn"
COLLECTOR = "collector@mail.example"
STEPS = tuple(ContainmentStep)
DISABLE, RULES, FORWARDING = ContainmentStep.DISABLE, ContainmentStep.RULES_OFF, ContainmentStep.FORWARDING_OFF
SESSIONS, PASSWORD = ContainmentStep.REVOKE_SESSIONS, ContainmentStep.NEW_PASSWORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Contained:
    """A sample tenant and a containment client for it."""

    tenant: Tenant
    containment: ContainmentSteps

    @property
    def ana(self) -> Account:
        return self.tenant.accounts["ana"]

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the inbox rules that the thief made."""
        return tuple(rule["Identity"] for rule in self.ana.traces.rules if rule["Name"] != "mine")

    @property
    def on(self) -> list[str]:
        return [rule["Name"] for rule in self.ana.traces.rules if rule["Enabled"]]

    async def take(self, step: ContainmentStep) -> StepResult:
        return await self.containment.contain(step, PERSON, ANA.upn, self.rules)

    async def before(self, step: ContainmentStep) -> tuple[str, ...]:
        return await self.containment.before(step, PERSON, ANA.upn, self.rules)

    async def back(self, result: StepResult) -> StepResult:
        return await self.containment.put_back(result, PERSON, ANA.upn)


async def no_pause(_: float) -> None:
    """Does not wait before the next try."""


@asynccontextmanager
async def contained_in(
    folder: Path, who: Callable[[Settings], Applicant], *, second_app: bool = True
) -> AsyncIterator[Contained]:
    async with Sandbox(data=folder, second_app=second_app) as box:
        settings = read_settings(box.environment)
        context = trust(settings.ca_files)
        tokens = MsalTokens(who(settings), context)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=context)) as session:

            def api(url: str) -> ApiClient:
                return ApiClient(
                    session=session, base_url=url, tokens=tokens, timeout=timedelta(seconds=10), pause=no_pause
                )

            cmdlets = InvokeCommand(api(settings.exchange_url), settings.tenant)
            containment = Microsoft365Containment(api(settings.graph_url), cmdlets)
            traces = box.tenant.accounts["ana"].traces
            traces.rule("mine", delete=True)
            traces.rule(".", forward_to=COLLECTOR, hidden=True)
            traces.rule("tidy", delete=True)
            traces.forwarding, traces.forwarding_inside = COLLECTOR, "Pat Hall"
            yield Contained(tenant=box.tenant, containment=containment)
        tokens.close()


@pytest_asyncio.fixture
async def contained(tmp_path: Path) -> AsyncIterator[Contained]:
    async with contained_in(tmp_path, lambda settings: settings.responder) as contained:
        yield contained


async def test_sessions_are_revoked_and_a_new_password_is_asked_for_as_often_as_told(contained: Contained) -> None:
    for step in (SESSIONS, PASSWORD):
        done = StepResult(step=step, outcome=StepOutcome.DONE)
        assert await contained.before(step) == ()
        assert await contained.take(step) == done
        assert await contained.take(step) == done
        assert (await contained.back(done)).outcome is StepOutcome.ALREADY_SO
        assert (await contained.back(StepResult(step=step, outcome=StepOutcome.DONE, was=("?",)))).outcome is (
            StepOutcome.ALREADY_SO
        )
    assert contained.ana.sessions_revoked_at is not None
    assert contained.ana.must_change_password


async def test_an_account_is_switched_off_and_on_again(contained: Contained) -> None:
    assert await contained.before(DISABLE) == ("enabled",)
    off = await contained.take(DISABLE)
    assert (off.outcome, off.was, contained.ana.enabled) == (StepOutcome.DONE, ("enabled",), False)
    assert await contained.take(DISABLE) == StepResult(step=DISABLE, outcome=StepOutcome.ALREADY_SO)
    assert await contained.before(DISABLE) == ()
    back = await contained.back(off)
    assert (back.outcome, back.was, contained.ana.enabled) == (StepOutcome.DONE, (), True)
    assert (await contained.back(off)).outcome is StepOutcome.ALREADY_SO


async def test_the_named_rules_are_switched_off_and_on_again_hidden_ones_too(contained: Contained) -> None:
    hidden, tidy = contained.rules
    contained.ana.traces.rules[2]["Enabled"] = False
    assert await contained.before(RULES) == (hidden,)
    off = await contained.take(RULES)
    assert (off.outcome, off.was, contained.on) == (StepOutcome.DONE, (hidden,), ["mine"])
    assert await contained.take(RULES) == StepResult(step=RULES, outcome=StepOutcome.ALREADY_SO)
    assert (await contained.back(off)).outcome is StepOutcome.DONE
    assert contained.on == ["mine", "."], f"{tidy} was off before"
    assert (await contained.back(off)).outcome is StepOutcome.ALREADY_SO


async def test_a_rule_that_is_gone_stays_gone(contained: Contained) -> None:
    off = await contained.take(RULES)
    del contained.ana.traces.rules[1:]
    assert (await contained.back(off)).outcome is StepOutcome.ALREADY_SO
    gone = await contained.containment.contain(RULES, PERSON, ANA.upn, off.was)
    assert gone == StepResult(step=RULES, outcome=StepOutcome.ALREADY_SO)


@pytest.mark.parametrize(
    ("outside", "inside", "keeps"),
    [(COLLECTOR, None, True), (None, "Pat Hall", False), (COLLECTOR, "Pat Hall", True)],
)
async def test_forwarding_is_switched_off_and_put_back_as_it_was(
    contained: Contained, outside: str | None, inside: str | None, keeps: bool
) -> None:
    traces = contained.ana.traces
    traces.forwarding, traces.forwarding_inside, traces.keeps_copy = outside, inside, keeps
    was = (f"smtp:{outside}" if outside else "", inside or "", "true" if keeps else "false")
    assert await contained.before(FORWARDING) == was
    off = await contained.take(FORWARDING)
    assert (off.outcome, off.was) == (StepOutcome.DONE, was)
    assert (traces.forwarding, traces.forwarding_inside, traces.keeps_copy) == (None, None, False)
    assert await contained.take(FORWARDING) == StepResult(step=FORWARDING, outcome=StepOutcome.ALREADY_SO)
    assert (await contained.back(off)).outcome is StepOutcome.DONE
    assert (traces.forwarding, traces.forwarding_inside, traces.keeps_copy) == (outside, inside, keeps)
    assert (await contained.back(off)).outcome is StepOutcome.ALREADY_SO


async def test_a_forwarding_set_since_then_is_left_alone(contained: Contained) -> None:
    off = await contained.take(FORWARDING)
    contained.ana.traces.forwarding = "deputy@contoso.example"
    back = await contained.back(off)
    assert (back.outcome, contained.ana.traces.forwarding) == (StepOutcome.FAILED, "deputy@contoso.example")


async def test_what_is_mastered_on_premises_is_not_even_tried(contained: Contained) -> None:
    off = await contained.take(DISABLE)
    contained.ana.synced = True
    assert (await contained.back(off)).outcome is StepOutcome.ON_PREMISES
    assert (await contained.take(DISABLE)).outcome is StepOutcome.ALREADY_SO
    contained.ana.enabled = True
    requests = len(contained.tenant.log)
    for step in (PASSWORD, DISABLE):
        assert await contained.take(step) == StepResult(step=step, outcome=StepOutcome.ON_PREMISES)
        assert await contained.before(step) == ()
    assert len(contained.tenant.log) == requests
    for step in (SESSIONS, RULES, FORWARDING):
        assert (await contained.take(step)).outcome is StepOutcome.DONE


async def test_a_guest_is_refused_and_so_is_a_stranger(contained: Contained) -> None:
    requests = len(contained.tenant.log)
    for step in STEPS:
        guest = await contained.containment.contain(step, PersonId(GIL.id), GIL.upn, ())
        assert (guest.outcome, "another organisation" in guest.error) == (StepOutcome.FAILED, True)
        stranger = await contained.containment.contain(step, PersonId("nobody"), ANA.upn, ())
        assert (stranger.outcome, "no such" in stranger.error) == (StepOutcome.FAILED, True)
    assert await contained.containment.before(DISABLE, PersonId("nobody"), ANA.upn, ()) == ()
    assert len(contained.tenant.log) == requests


async def test_who_holds_a_directory_role(contained: Contained) -> None:
    privileged = contained.containment.privileged
    assert not await privileged(PERSON)
    for how in ({"activated": True}, {"through_group": True}, {}):
        contained.tenant.privilege("ana", on=True, **how)
        assert await privileged(PERSON)
    contained.tenant.privilege("ana", on=False)
    contained.tenant.roles.discard("RoleManagement.Read.Directory")
    with pytest.raises(Unavailable) as refused:
        await privileged(PERSON)
    assert refused.value.reason is UnknownReason.NO_PERMISSION


@pytest.mark.parametrize(
    ("permission", "steps"),
    [
        ("User.Read.All", STEPS),
        ("User.RevokeSessions.All", (SESSIONS,)),
        ("User-PasswordProfile.ReadWrite.All", (PASSWORD,)),
        ("User.EnableDisableAccount.All", (DISABLE,)),
        ("Exchange.ManageAsApp", (RULES, FORWARDING)),
    ],
)
async def test_a_missing_permission_is_named(
    contained: Contained, permission: str, steps: tuple[ContainmentStep, ...]
) -> None:
    contained.tenant.roles.discard(permission)
    for step in STEPS:
        result = await contained.take(step)
        assert (result.outcome is StepOutcome.FAILED) == (step in steps)
        assert (permission in result.error) == (step in steps)
        assert result.was == () or step not in steps
    if permission == "Exchange.ManageAsApp":
        assert await contained.before(RULES) == await contained.before(FORWARDING) == ()


async def test_a_missing_exchange_role_is_named(contained: Contained) -> None:
    contained.tenant.switch("unreadable", "containing cmdlets", on=True)
    for step, cmdlet in ((RULES, "Disable-InboxRule"), (FORWARDING, "Set-Mailbox")):
        result = await contained.take(step)
        assert (result.outcome, cmdlet in result.error, result.was) == (StepOutcome.FAILED, True, ())


async def test_an_administrator_is_beyond_the_permissions_alone(contained: Contained) -> None:
    contained.tenant.privilege("ana", on=True)
    for step in (PASSWORD, DISABLE):
        result = await contained.take(step)
        assert (result.outcome, "not enough for this account" in result.error) == (StepOutcome.FAILED, True)
    assert contained.ana.enabled


@pytest.mark.parametrize("kind", ["done-then-reset", "reset", "500", "html502"])
@pytest.mark.parametrize("step", STEPS)
async def test_what_is_not_known_is_repeated_and_loses_nothing(
    contained: Contained, step: ContainmentStep, kind: str
) -> None:
    was = await contained.before(step)
    for service in ("graph.contain", "exchange.contain"):
        contained.tenant.faults.fail(service, kind, times=1)
    with pytest.raises(Unavailable):
        await contained.take(step)
    contained.tenant.faults.heal()
    again = await contained.take(step)
    assert again.outcome in (StepOutcome.DONE, StepOutcome.ALREADY_SO)
    repeatable = step in (SESSIONS, PASSWORD)
    nothing_left = kind == "done-then-reset" and step in (DISABLE, FORWARDING)
    assert (again.outcome is StepOutcome.ALREADY_SO) == nothing_left
    await contained.back(StepResult(step=step, outcome=StepOutcome.DONE, was=was))
    assert repeatable or await contained.before(step) == was


async def test_who_is_asked_to_wait_has_done_nothing(contained: Contained) -> None:
    contained.tenant.faults.fail("graph.contain", "429", times=1)
    with pytest.raises(Unavailable) as wait:
        await contained.take(DISABLE)
    assert (wait.value.reason, wait.value.may_have_arrived, contained.ana.enabled) == (
        UnknownReason.THROTTLED,
        False,
        True,
    )


async def test_beside_a_second_app_the_bots_own_can_contain_nothing(tmp_path: Path) -> None:
    async with contained_in(tmp_path, lambda settings: settings.bot) as contained:
        for step in STEPS:
            assert (await contained.take(step)).outcome is StepOutcome.FAILED
        traces = contained.ana.traces
        assert (contained.ana.enabled, contained.on, traces.forwarding) == (True, ["mine", ".", "tidy"], COLLECTOR)


async def test_without_a_second_app_the_bots_own_contains(tmp_path: Path) -> None:
    async with contained_in(tmp_path, lambda settings: settings.responder, second_app=False) as contained:
        assert not await contained.containment.privileged(PERSON)
        for step in STEPS:
            assert (await contained.take(step)).outcome is StepOutcome.DONE


USER = says({"id": ANA.id, "accountEnabled": True, "userType": "Member", "onPremisesSyncEnabled": None})
MAILBOX: dict[str, Any] = {
    "UserPrincipalName": ANA.upn,
    "ForwardingAddress": None,
    "ForwardingSmtpAddress": "smtp:x@mail.example",
}
NOTHING = says_raw(b"", 200)


def rules(**states: object) -> Script:
    return says({"value": [{"Name": name, "Identity": name, "Enabled": on} for name, on in states.items()]})


def refused(words: str, status: int = 400) -> Script:
    return says({"error": {"code": "BadRequest", "message": words}}, status)


@pytest.fixture
def containment(api: ApiClient) -> Microsoft365Containment:
    return Microsoft365Containment(api, InvokeCommand(api, "11111111-2222-4333-8444-555555555555"))


Take = Callable[..., Any]


@pytest.fixture
def take(containment: Microsoft365Containment, service: Service) -> Take:
    async def taken(step: ContainmentStep, *answers: Script, named: tuple[str, ...] = ("a", "b")) -> StepResult:
        service.answers(*answers)
        return await containment.contain(step, PERSON, ANA.upn, named)

    return taken


@pytest.mark.parametrize(
    ("step", "answers", "error"),
    [
        (SESSIONS, [USER, refused("Not this one.")], "Not this one."),
        (SESSIONS, [USER, says({"value": False})], "revokeSignInSessions answered false"),
        (SESSIONS, [USER, says({"error": "?"}, 404)], "HTTP 404"),
        (PASSWORD, [USER, refused("x" * 400)], "x" * 300),
        (DISABLE, [USER, USER, says_raw(b"no", 400)], "HTTP 400"),
        (FORWARDING, [USER, says({"value": [MAILBOX]}), refused("|Some.Type|Too long.")], "Too long."),
        (RULES, [USER, refused("No mailbox.", 404)], "HTTP"),
    ],
)
async def test_a_refusal_keeps_the_services_own_words(
    take: Take, step: ContainmentStep, answers: list[Script], error: str
) -> None:
    if error == "HTTP":
        with pytest.raises(Unavailable):
            await take(step, *answers)
        return
    assert await take(step, *answers) == StepResult(step=step, outcome=StepOutcome.FAILED, error=error)


async def test_a_login_that_refuses_the_app_is_quoted(take: Take, tokens: Any) -> None:
    tokens.trouble = Unavailable(UnknownReason.NO_PERMISSION, "login: invalid_client 7000215")
    failed = await take(SESSIONS, USER)
    assert (failed.outcome, failed.error) == (StepOutcome.FAILED, "no permission: login: invalid_client 7000215")


@pytest.mark.parametrize("script", [hangs, resets, says({}, 503)])
@pytest.mark.parametrize("step", [SESSIONS, PASSWORD])
async def test_no_answer_is_no_result_and_asked_once(take: Take, service: Service, step: Any, script: Script) -> None:
    with pytest.raises(Unavailable):
        await take(step, USER, script)
    assert len(service.asked) == 2


async def test_a_password_is_set_that_is_another_each_time_and_told_to_nobody(
    take: Take, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    results = [await take(PASSWORD, USER, says_raw(b"", 204)) for _ in range(2)]
    updates = [asked for asked in service.asked if asked.method == "PATCH"]
    assert {asked.path for asked in updates} == {f"/v1.0/users/{ANA.id}"}
    assert [asked.json["passwordProfile"].keys() for asked in updates] == [{"password", FORCE}] * 2
    passwords = [asked.json["passwordProfile"]["password"] for asked in updates]
    assert len(set(passwords)) == 2
    assert all(len(password) > 60 for password in passwords)
    assert not any(password in f"{results} {caplog.text}" for password in passwords)


async def test_an_error_that_repeats_the_password_does_not_tell_it(take: Take) -> None:
    async def repeats(request: web.Request) -> web.StreamResponse:
        sent = (await request.json())["passwordProfile"]["password"]
        return web.json_response({"error": {"code": "BadRequest", "message": f"{sent} is too weak"}}, status=400)

    failed = await take(PASSWORD, USER, repeats)
    assert (failed.outcome, failed.error) == (StepOutcome.FAILED, "… is too weak")


async def test_what_the_directory_says_after_the_steps_is_read(
    contained: Contained, containment: Microsoft365Containment, service: Service
) -> None:
    before = await contained.containment.account(PERSON)
    assert (before.enabled, before.synchronised) == (True, False)
    for step in (PASSWORD, SESSIONS, DISABLE):
        await contained.take(step)
    after = await contained.containment.account(PERSON)
    assert not after.enabled
    for shown, earlier in (
        (after.password_changed_at, before.password_changed_at),
        (after.sessions_valid_from, before.sessions_valid_from),
    ):
        assert shown is not None
        assert earlier is not None
        assert shown > earlier
    with pytest.raises(Unavailable):
        await contained.containment.account(PersonId("nobody"))
    service.answers(says({"id": ANA.id, "signInSessionsValidFromDateTime": "yesterday"}))
    assert await containment.account(PERSON) == AccountRead(enabled=True)


async def test_what_is_not_said_is_not_taken_for_off_already(take: Take, service: Service) -> None:
    bare = says({"id": ANA.id})
    assert (await take(DISABLE, bare, bare, says_raw(b"", 204))).outcome is StepOutcome.DONE
    assert service.asked[2].json == {"accountEnabled": False}


async def test_ids_beyond_64_bits_stay_text(take: Take, service: Service) -> None:
    row = {"Name": ".", "RuleIdentity": 15394007230974001153, "Enabled": "True"}
    off = says({"value": [{**row, "Enabled": False}]})
    done = await take(RULES, USER, says({"value": [row]}), NOTHING, off, named=("15394007230974001153",))
    assert done == StepResult(step=RULES, outcome=StepOutcome.DONE, was=("15394007230974001153",))
    assert service.asked[2].json["CmdletInput"] == {
        "CmdletName": "Disable-InboxRule",
        "Parameters": {"Identity": "15394007230974001153", "Mailbox": ANA.upn, "Force": True, "Confirm": False},
    }
    assert service.asked[3].json["CmdletInput"]["Parameters"] == {"Mailbox": ANA.upn, "IncludeHidden": True}


@pytest.mark.parametrize(
    ("answers", "outcome", "error", "was"),
    [
        ([NOTHING, NOTHING, rules(a=False, b=False)], StepOutcome.DONE, "", ("a", "b")),
        ([NOTHING, NOTHING, rules(a=False)], StepOutcome.DONE, "", ("a",)),
        ([NOTHING, refused("Broken rule."), rules(a=False, b=True)], StepOutcome.FAILED, "Broken rule.", ("a",)),
        ([refused("Broken rule."), NOTHING, rules(a=False, b=False)], StepOutcome.DONE, "", ("a", "b")),
        (
            [NOTHING, NOTHING, rules(a=True, b=False)],
            StepOutcome.FAILED,
            "Disable-InboxRule ran, and changed nothing",
            ("b",),
        ),
    ],
)
async def test_what_exchange_shows_afterwards_is_what_counts(
    take: Take, answers: list[Script], outcome: StepOutcome, error: str, was: tuple[str, ...]
) -> None:
    result = await take(RULES, USER, rules(a=True, b=True, c=True), *answers)
    assert result == StepResult(step=RULES, outcome=outcome, error=error, was=was)


async def test_a_rule_that_exchange_cannot_switch_on_again(
    containment: Microsoft365Containment, service: Service
) -> None:
    service.answers(rules(a=False), refused("It is broken."), rules(a=False))
    off = StepResult(step=RULES, outcome=StepOutcome.DONE, was=("a",))
    back = await containment.put_back(off, PERSON, ANA.upn)
    assert back == StepResult(step=RULES, outcome=StepOutcome.FAILED, error="It is broken.")


async def test_rules_cut_short_and_another_mailbox_are_no_answer(take: Take) -> None:
    with pytest.raises(Unavailable) as cut:
        await take(RULES, USER, says({"value": [], "@odata.nextLink": "x"}))
    assert cut.value.reason is UnknownReason.INCOMPLETE
    with pytest.raises(Unavailable):
        await take(FORWARDING, USER, says({"value": [{**MAILBOX, "UserPrincipalName": "dan@contoso.example"}]}))


NO_ROLE, A_ROLE = says({"value": []}), says({"value": [{"id": "1"}]})


@pytest.mark.parametrize(
    "answer", [says({"value": 7}), says({"value": [], "@odata.nextLink": "x"}), says({}, 404), says({}, 403)]
)
async def test_roles_nobody_can_read_are_not_no_roles(
    containment: Microsoft365Containment, service: Service, answer: Script
) -> None:
    service.answers(answer)
    with pytest.raises(Unavailable):
        await containment.privileged(PERSON)
    for list_of_roles in range(2):
        service.answers(*[NO_ROLE] * list_of_roles, answer, NO_ROLE)
        with pytest.raises(Unavailable):
            await containment.privileged(PersonId("o'neil"))
    assert service.asked[-1].query["$filter"] == "principalId eq 'o''neil'"


@pytest.mark.parametrize("answer", [says({"value": 7}), says({}, 404), says({}, 403)])
async def test_where_there_is_no_list_of_roles_the_memberships_say_it_as_well(
    containment: Microsoft365Containment, service: Service, answer: Script
) -> None:
    service.answers(NO_ROLE, NO_ROLE, answer, NO_ROLE)
    assert not await containment.privileged(PERSON)
    assert service.asked[-1].path.endswith("/transitiveMemberOf/microsoft.graph.directoryRole")
    service.answers(answer, A_ROLE)
    assert await containment.privileged(PERSON), "one yes is enough"


@pytest.mark.parametrize("status", [400, 403])
async def test_without_a_licence_for_pim_nobody_has_activated_a_role(
    containment: Microsoft365Containment, service: Service, status: int
) -> None:
    code = "AadPremiumLicenseRequired" if status == 400 else "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    unlicensed = says({"error": {"code": code, "message": "The tenant needs a license."}}, status)
    service.answers(NO_ROLE, unlicensed, NO_ROLE)
    assert not await containment.privileged(PERSON)
    transitive = service.asked[-1]
    assert (transitive.headers["ConsistencyLevel"], transitive.query["$count"]) == ("eventual", "true")


def test_a_result_survives_being_written_down() -> None:
    adapter = TypeAdapter(StepResult)
    for step in STEPS:
        for outcome in StepOutcome:
            result = StepResult(step=step, outcome=outcome, error="no", was=("smtp:x@mail.example", "", "true"))
            assert adapter.validate_json(adapter.dump_json(result)) == result
