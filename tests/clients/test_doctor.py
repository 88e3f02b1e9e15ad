"""Faults are planted in the sandbox, one at a time: the doctor names each with its step, and on a healthy organisation
it raises no alarm. It reads, and changes nothing."""

import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from cards.doctor_lines import finding_words
from cards.words import words_for
from sandbox import Sandbox
from sandbox.people import APP_ID, APPROVERS_GROUP, CHANNEL_ID, PEOPLE, RESPONDER_APP_ID, RESPONDERS_GROUP
from sandbox.trace_routes import NOT_SET_UP
from services.clients.clock import SystemClock
from services.clients.doctor.looking import Looking
from services.clients.store.database import open_database
from services.domain.doctor.findings import Finding, Health, is_well
from services.domain.permissions import NEEDS
from services.ports.teams import ConversationRef
from services.settings import Settings, read_settings
from tests.clients.box_access import BoxAccess, BoxTokens, access_to
from tests.clients.test_permissions import without
from tests.rules.examples import EXPECTED, OFFICE

NOBODYS = "5a4d8f2e-0000-4000-8000-00000000dead"
NO_APP_CAN_SEE = {"audit_log", "alert_policy", "endpoint", "credential_unknown"}


@dataclass(kw_only=True)
class Looked:
    """The sandbox, and the doctor in it."""

    box: Sandbox
    access: BoxAccess

    def doctor(self, **changed: str) -> Looking:
        settings = read_settings({**self.box.environment, **changed})
        return Looking(
            settings,
            self.access.session,
            SystemClock(),
            bot=BoxTokens(box=self.box, app=APP_ID),
            responder=BoxTokens(box=self.box, app=RESPONDER_APP_ID),
            configured=_channel(settings),
        )

    async def finds(self, **changed: str) -> set[str]:
        """What is wrong, each as what the sentences are called by."""
        return names(await self.doctor(**changed).look())


def names(findings: Sequence[Finding]) -> set[str]:
    wrong = {one.says for one in findings if one.health is not Health.OK}
    for one in findings:
        if one.health is not Health.OK:
            for language in ("en", "de"):
                said = finding_words(one, words_for(language))
                assert said.said, one
                assert said.step, one
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


Plant = Callable[[Sandbox], object]


def _nobody_but(*members: str) -> Plant:
    return lambda box: setattr(box.tenant, "approvers", set(members))


def _chats(name: str) -> Plant:
    return lambda box: setattr(box.chats, name, True)


def _stamped(version: str) -> Plant:
    """The database says that it is of that version."""

    def stamp(box: Sandbox) -> None:
        with closing(sqlite3.connect(_file(box))) as database, database:
            database.execute("update alembic_version set version_num = ?", (version,))

    return stamp


def _file(box: Sandbox) -> Path:
    return Path(box.environment["SENDWELL_DATABASE_URL"].partition("///")[2])


def _spoil(box: Sandbox) -> None:
    _file(box).write_bytes(b"no database at all, and long enough to be read as one" * 40)


def _uninstall(box: Sandbox) -> None:
    for account in box.tenant.accounts.values():
        account.installed = False


def _lost(box: Sandbox) -> None:
    _row(box, "insert into lost_channels (conversation, why, since) values (?, '403 Blocked', '2026-01-01 00:00:00.0')")


def _row(box: Sandbox, statement: str) -> None:
    with closing(sqlite3.connect(_file(box))) as database, database:
        database.execute(statement, (CHANNEL_ID,))


def _untold(box: Sandbox) -> None:
    with closing(sqlite3.connect(_file(box))) as database, database:
        happened = "values (1, 1, '2026-01-01 00:00:00.0', 'clock', 'open', '', '{}')"
        database.execute(f"insert into events (case_number, seq, at, actor, verb, name, facts) {happened}")
        due = "values (1, 'webhook', 1, '2026-01-01 00:00:00.0', 3)"
        database.execute(f"insert into outbox (case_number, kind, event, due, tries) {due}")


@contextmanager
def healed(box: Sandbox) -> Iterator[None]:
    """Everything is as before at the end."""
    tenant, file = box.tenant, _file(box)
    approvers, groups, content = set(tenant.approvers), dict(tenant.groups.known), file.read_bytes()
    yield
    tenant.approvers, tenant.groups.known = approvers, groups
    tenant.groups.approvers.types, tenant.groups.approvers.visibility = [], None
    box.chats.bot_is_out = box.chats.channel_is_gone = box.chats.channel_is_private = False
    box.login.clock_ahead = 0.0
    tenant.faults.heal()
    tenant.unreadable.clear()
    for account in tenant.accounts.values():
        account.installed = True
    file.write_bytes(content)


PLANTED: dict[str, tuple[Plant, set[str]]] = {
    "a clock that is late": (lambda box: setattr(box.login, "clock_ahead", 400.0), {"clock_wrong"}),
    "one enabled approver": (_nobody_but("bo", "fay", "gil"), {"group_small"}),
    "no enabled approver": (_nobody_but("fay", "gil"), {"group_empty", "app_not_seen"}),
    "no such group": (lambda box: box.tenant.groups.goes(APPROVERS_GROUP), {"group_gone", "app_unread"}),
    "no such group of responders": (lambda box: box.tenant.groups.goes(RESPONDERS_GROUP), {"group_gone"}),
    "a group for everybody": (lambda box: box.tenant.groups.approvers.becomes_public(), {"group_open"}),
    "out of the team": (_chats("bot_is_out"), {"channel_out"}),
    "a channel that is gone": (_chats("channel_is_gone"), {"channel_gone"}),
    "a private channel": (_chats("channel_is_private"), {"channel_closed"}),
    "a channel that took nothing": (_lost, {"channel_lost"}),
    "Teams does not answer": (lambda box: box.tenant.faults.fail("teams.channels", "badjson"), {"channel_unread"}),
    "no keys of Teams": (lambda box: box.tenant.faults.fail("teams.keys", "503"), {"keys_away"}),
    "an older database": (_stamped("0003"), {"database_older"}),
    "a newer database": (_stamped("9999_tomorrow"), {"database_newer"}),
    "no database": (lambda box: _file(box).unlink(), {"database_none"}),
    "a spoiled database": (_spoil, {"database_unusable"}),
    "nobody has the app": (_uninstall, {"app_not_seen"}),
    "message trace is not set up": (lambda box: box.tenant.unreadable.add(NOT_SET_UP), {"not_set_up"}),
    "a grant that the service refuses": (
        lambda box: box.tenant.faults.fail("graph:/v1.0/domains/sendwell.invalid", "nul403"),
        {"permission_refused"},
    ),
    "a log that is away": (
        lambda box: box.tenant.faults.fail("graph:/v1.0/auditLogs/directoryAudits", "badjson"),
        {"source_away"},
    ),
    "no inventory": (lambda box: box.tenant.faults.fail("exchange:inventory", "badjson"), {"cmdlets_unknown"}),
}
SET: dict[str, tuple[dict[str, str], set[str]]] = {
    "no channel": ({"SENDWELL_APPROVALS_CHANNEL": ""}, {"channel_none"}),
    "another host": ({"SENDWELL_SERVICE_HOSTS": "smba.trafficmanager.net"}, {"channel_host"}),
    "nobody is mentioned": ({"SENDWELL_MENTION": "none"}, {"mentions_off"}),
    "no app in the catalogue": ({"SENDWELL_TEAMS_APP_ID": ""}, {"app_unset"}),
    "another app in the catalogue": ({"SENDWELL_TEAMS_APP_ID": NOBODYS}, {"app_not_seen"}),
}
"""Settings that are wrong for the organisation."""


async def test_a_healthy_organisation_raises_no_alarm(looked: Looked) -> None:
    found = await looked.doctor().look()
    assert names(found) == set()
    assert is_well(found)


async def test_each_fault_is_named_with_its_step(looked: Looked) -> None:
    found = {}
    for name, (plant, _) in PLANTED.items():
        with healed(looked.box):
            plant(looked.box)
            found[name] = await looked.finds()
    assert found == {name: expected for name, (_, expected) in PLANTED.items()}


async def test_each_wrong_setting_is_named_with_its_step(looked: Looked) -> None:
    found = {name: await looked.finds(**changed) for name, (changed, _) in SET.items()}
    assert found == {name: expected for name, (_, expected) in SET.items()}


async def test_a_webhook_that_is_not_told_is_named(looked: Looked) -> None:
    given = {"SENDWELL_WEBHOOK_URL": "https://tickets.example/", "SENDWELL_WEBHOOK_SECRET": f"whsec_{'A' * 32}"}
    assert await looked.finds(**given) == set()
    with healed(looked.box):
        _untold(looked.box)
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
    before = _file(looked.box).read_bytes(), list(looked.box.tenant.log), len(looked.box.tenant.audit_log.searches)
    await looked.doctor().look()
    assert (_file(looked.box).read_bytes(), looked.box.tenant.log, len(looked.box.tenant.audit_log.searches)) == before


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
        looks = await looked.doctor(SENDWELL_RULES=str(file)).look()
        found[name] = names(looks)
        assert any(one.check == "rules" for one in looks)
    assert found == {name: expected for name, (_, expected) in RULES.items()}
