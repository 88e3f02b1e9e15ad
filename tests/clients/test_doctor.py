"""Faults are planted in the sandbox, one at a time: the doctor names each with its step, and on a healthy organisation
it raises no alarm. It reads, and changes nothing."""

import re
import ssl
import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from cards.doctor_lines import finding_words, printed
from cards.words import words_for
from sandbox import Sandbox
from sandbox.authority import Certificates
from sandbox.people import APP_ID, APP_SECRET, APPROVERS_GROUP, PEOPLE, RESPONDER_APP_ID, RESPONDER_APP_SECRET
from sandbox.serving import serving
from services.clients.clock import SystemClock
from services.clients.doctor.looking import LookAt, Looking
from services.clients.doctor.of_endpoint import endpoint_at
from services.clients.doctor.within import Limited
from services.clients.store.database import open_database
from services.domain.doctor.facts import EndpointState
from services.domain.doctor.findings import Finding, Health, is_well
from services.domain.permissions import NEEDS
from services.ports.teams import ConversationRef
from services.settings import Settings, read_settings
from tests.bot.door import doorway
from tests.clients.box_access import BoxAccess, BoxTokens, access_to
from tests.clients.planted import NOBODYS, PLANTED, SET, file_of, healed, together, untold
from tests.clients.test_permissions import without
from tests.rules.examples import EXPECTED, OFFICE

SECRETS = (APP_SECRET, RESPONDER_APP_SECRET, "keep-it", "eyJ", "PRIVATE KEY")
"""What no line may hold: the apps' secrets, a database's password, the beginning of any token, a key."""
NO_APP_CAN_SEE = {"alert_policy", "endpoint", "credential_unknown"}


_LIMITED = Limited()
_AS_IT_IS: Mapping[str, str] = {}


@dataclass(kw_only=True)
class Looked:
    """The sandbox, and the doctor in it."""

    box: Sandbox
    access: BoxAccess

    def doctor(
        self, endpoint: str = "", limited: Limited = _LIMITED, changed: Mapping[str, str] = _AS_IT_IS
    ) -> Looking:
        settings = read_settings({**self.box.environment, **changed})
        return Looking(
            settings,
            self.access.session,
            SystemClock(),
            bot=BoxTokens(box=self.box, app=APP_ID),
            responder=BoxTokens(box=self.box, app=RESPONDER_APP_ID),
            at=LookAt(channel=_channel(settings), endpoint=endpoint, limited=limited),
        )

    async def finds(self, **changed: str) -> set[str]:
        """What is wrong, each as what the sentences are called by."""
        return names(await self.doctor(changed=changed).look())


def names(findings: Sequence[Finding]) -> set[str]:
    wrong = {one.says for one in findings if one.health is not Health.OK}
    for one in findings:
        if one.health is not Health.OK:
            for language in ("en", "de"):
                said = finding_words(one, words_for(language))
                assert said.said, one
                assert said.step, one
                assert not [secret for secret in SECRETS if secret in f"{said.title} {said.said} {said.step}"]
    return wrong - NO_APP_CAN_SEE


def _channel(settings: Settings) -> ConversationRef | None:
    channel = settings.approvals_channel
    return ConversationRef(id=channel.channel, service_url=channel.service_url, team=channel.team) if channel else None


@pytest_asyncio.fixture
async def looked(tmp_path: Path) -> AsyncIterator[Looked]:
    async with Sandbox(data=tmp_path) as box, access_to(box) as access:
        async with open_database(box.environment["SENDWELL_DATABASE_URL"]):
            pass
        yield Looked(box=box, access=access)


async def test_a_healthy_organisation_raises_no_alarm(looked: Looked) -> None:
    found = await looked.doctor().look()
    assert names(found) == set()
    assert is_well(found)


def test_at_least_forty_different_faults_are_planted() -> None:
    assert len({name for faults in (*PLANTED.values(), *SET.values()) for name in faults}) >= 40


async def test_each_fault_is_named_with_its_step(looked: Looked) -> None:
    found, expected = {}, {}
    for faults in together(PLANTED):
        with healed(looked.box):
            for plant, _ in faults.values():
                plant(looked.box)
            found[*faults] = await looked.finds()
        expected[*faults] = set().union(*(says for _, says in faults.values()))
    assert found == expected


async def test_a_role_that_came_later_than_its_group_is_named_with_its_assignment(looked: Looked) -> None:
    looked.box.tenant.management_roles.remove_assignment("Sample bot", "Sample auditing")
    (missing,) = (one for one in await looked.doctor().look() if one.says == "cmdlets_missing")
    for language in ("en", "de"):
        step = finding_words(missing, words_for(language)).step
        assert re.search("New-ManagementRoleAssignment -SecurityGroup .Sendwell. -Role .Sendwell Auditing", step)


async def test_each_wrong_setting_is_named_with_its_step(looked: Looked) -> None:
    found, expected = {}, {}
    for faults in together(SET):
        changed = {name: value for change, _ in faults.values() for name, value in change(looked.box).items()}
        found[*faults] = await looked.finds(**changed)
        expected[*faults] = set().union(*(says for _, says in faults.values()))
    assert found == expected


async def test_a_webhook_that_is_not_told_is_named(looked: Looked) -> None:
    given = {"SENDWELL_WEBHOOK_URL": "https://tickets.example/", "SENDWELL_WEBHOOK_SECRET": f"whsec_{'A' * 32}"}
    assert await looked.finds(**given) == set()
    with healed(looked.box):
        untold(looked.box)
        assert await looked.finds(**given) == {"webhook_late"}
        assert await looked.finds() == set(), "where there is no webhook nobody waits for it"


@pytest.mark.parametrize("batch", range(3))
async def test_each_grant_that_is_not_there_is_named(looked: Looked, batch: int) -> None:
    taken = NEEDS[batch::3]
    with ExitStack() as stack:
        for need in taken:
            stack.enter_context(without(looked.box, need))
        found = await looked.doctor().look()
    names(found)
    lacking = {one.need for one in found if one.says in {"permission_missing", "cmdlets_missing"}}
    unseen = {need.key for need in taken if need.cmdlets and "exchange" in {one.key for one in taken}}
    assert lacking == {need.key for need in taken} - unseen  # whoever may run nothing is not asked for each
    assert {one.need for one in found if one.says == "cmdlets_unknown"} >= unseen


async def test_nothing_is_changed(looked: Looked) -> None:
    before = file_of(looked.box).read_bytes(), list(looked.box.tenant.log), len(looked.box.tenant.audit_log.searches)
    await looked.doctor().look()
    assert (
        file_of(looked.box).read_bytes(),
        looked.box.tenant.log,
        len(looked.box.tenant.audit_log.searches),
    ) == before


async def test_whatever_does_not_answer_in_its_time_is_not_known_and_is_no_alarm(looked: Looked) -> None:
    found = await looked.doctor("https://127.0.0.1:1/api/messages", Limited(limit=timedelta())).look()
    names(found)
    assert {one.check for one in found if one.health is Health.OK} == {"mentions"}
    assert {one.says for one in found if one.health is Health.MISSING} == {
        "database_unusable",
        "endpoint_away",
        "keys_away",
    }


async def test_a_list_of_members_without_end_is_given_up(looked: Looked) -> None:
    looked.box.tenant.approvers = {"fay"}
    looked.box.tenant.groups.endless = True
    found = await looked.doctor(limited=Limited(limit=timedelta(milliseconds=300))).look()
    assert "group_unread" in names(found)


async def test_a_hostile_name_of_a_group_reaches_a_terminal_as_text_alone(looked: Looked) -> None:
    group = looked.box.tenant.groups.approvers
    group.becomes_public()
    group.name = "\x1b[2J\x1b]0;owned\x07 \u202eevil\r\nWell             The login: Sendwell\u2028x"
    out = list(printed(await looked.doctor().look(), words_for("en")))
    assert [line for line in out if "evil" in line]
    assert not [char for line in out for char in line if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")]
    assert not [line for line in out if line.startswith("Well             The login: Sendwell\u2028")]


async def test_the_public_address_is_looked_at(looked: Looked, tmp_path: Path) -> None:
    graph = looked.box.environment["SENDWELL_GRAPH_URL"]
    # First: the server is done with a handshake that failed long before the test ends.
    async with aiohttp.ClientSession() as stranger:  # who does not trust the sandbox's authority
        assert await endpoint_at(f"{graph}/api/messages", stranger) is EndpointState.UNTRUSTED
    async with doorway() as door, fronted(door.url, Certificates(tmp_path).context) as front:
        found = {
            url: {one.says for one in await looked.doctor(url).look() if one.check == "endpoint"}
            for url in (
                f"{front}/api/messages",
                f"{front}/healthz/api/messages",
                f"{graph}/api/messages",
                "https://127.0.0.1:1/api/messages",
                f"{door.url}/api/messages",
                "api/messages",
            )
        }
    assert list(found.values()) == [
        {""},
        {"endpoint_no_address"},
        {"endpoint_other"},
        {"endpoint_away"},
        {"endpoint_no_address"},
        {"endpoint_no_address"},
    ]


ESCALATION = "[escalation]\nafter = '2h'\n"


def _mentioning(key: str) -> str:
    return f"{ESCALATION}people = ['{PEOPLE[key].upn}']\n"


OVER = OFFICE.replace("2026-12-25", "2020-12-25")
RULES: dict[str, tuple[str, set[str]]] = {
    "an approver is named": (_mentioning("bo"), set()),
    "a group that is there": (f"{ESCALATION}group = '{APPROVERS_GROUP}'\n", set()),
    "somebody who is not there": (f"{ESCALATION}people = ['nobody@contoso.example']\n", {"rules_strangers"}),
    "only somebody disabled": (_mentioning("fay"), {"rules_nobody"}),
    "a group that is not there": (f"{ESCALATION}group = '{NOBODYS}'\n", {"rules_unread"}),
    "the holidays of another year": (OVER, {"rules_holidays"}),
    "no word of whom to mention": (EXPECTED, set()),
}
"""Files of rules that can be used, of which only the organisation knows what is wrong with them."""


async def test_what_is_wrong_with_the_rules_is_named_with_its_step(looked: Looked, tmp_path: Path) -> None:
    found = {}
    for name, (text, _) in RULES.items():
        file = tmp_path / "rules.toml"
        file.write_text(text, encoding="utf-8")
        looks = await looked.doctor(changed={"SENDWELL_RULES": str(file)}).look()
        found[name] = names(looks)
        assert any(one.check == "rules" for one in looks)
    assert found == {name: expected for name, (_, expected) in RULES.items()}


@asynccontextmanager
async def fronted(behind: str, certificate: ssl.SSLContext) -> AsyncIterator[str]:
    """A proxy with that certificate in front of the bot's own address; yields its own."""

    async def passed_on(request: web.Request) -> web.Response:
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                request.method,
                f"{behind}{request.path}",
                data=await request.read(),
                headers={"Content-Type": request.content_type},
            ) as response,
        ):
            return web.Response(status=response.status, body=await response.read())

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", passed_on)
    async with serving(application, tls=certificate) as port:
        yield f"https://127.0.0.1:{port}"
