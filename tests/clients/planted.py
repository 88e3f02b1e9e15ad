"""Faults of an organisation, a machine or the settings, planted in the sandbox: each with what the doctor must find."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import TypeVar

from sandbox import Sandbox
from sandbox.people import APP_OBJECT, APPROVERS_GROUP, CHANNEL_ID, RESPONDERS_GROUP
from sandbox.trace_routes import NOT_SET_UP
from tests.certificates import app_certificate

NOBODYS = "5a4d8f2e-0000-4000-8000-00000000dead"
Plant = Callable[[Sandbox], object]
Changed = Callable[[Sandbox], Mapping[str, str]]


def file_of(box: Sandbox) -> Path:
    """The database."""
    return Path(box.environment["SENDWELL_DATABASE_URL"].partition("///")[2])


def _says(*statements: str) -> Plant:
    """What somebody did to the database."""

    def plant(box: Sandbox) -> None:
        with closing(sqlite3.connect(file_of(box))) as database, database:
            for statement in statements:
                database.execute(statement)

    return plant


def _approvers(*members: str) -> Plant:
    """Fay is a guest, Gil's account is disabled."""
    return lambda box: setattr(box.tenant, "approvers", set(members))


def _responders(*members: str) -> Plant:
    return lambda box: setattr(box.tenant, "responders", set(members))


def _chats(name: str) -> Plant:
    return lambda box: setattr(box.chats, name, True)


def _fails(what: str, kind: str) -> Plant:
    return lambda box: box.tenant.faults.fail(what, kind)


def _throttles(what: str) -> Plant:
    return lambda box: box.tenant.faults.fail(what, "429", retry_after=0)


def _lacks(what: str) -> Plant:
    return lambda box: box.tenant.unreadable.add(what)


def _role_without(role: str, cmdlet: str) -> Plant:
    return lambda box: box.tenant.management_roles.remove_entry(role, cmdlet)


def _another_programs(box: Sandbox) -> None:
    file_of(box).unlink()
    _says("create table orders (id integer)")(box)


def untold(box: Sandbox) -> None:
    """A milestone of long ago of which the webhook was not told."""
    _says(
        "insert into events (case_number, seq, at, actor, verb, name, facts)"
        " values (1, 1, '2026-01-01 00:00:00.0', 'clock', 'open', '', '{}')",
        "insert into outbox (case_number, kind, event, due, tries)"
        " values (1, 'webhook', 1, '2026-01-01 00:00:00.0', 3)",
    )(box)


def _spoil(box: Sandbox) -> None:
    file_of(box).write_bytes(b"no database at all, and long enough to be read as one" * 40)


def _uninstall(box: Sandbox) -> None:
    for account in box.tenant.accounts.values():
        account.installed = False


def _disable(*keys: str) -> Plant:
    def plant(box: Sandbox) -> None:
        for key in keys:
            box.tenant.accounts[key].enabled = False

    return plant


def _nested(box: Sandbox) -> None:
    """The approvers hold a group that everybody can join."""
    box.tenant.groups.approvers.inside = [RESPONDERS_GROUP]
    box.tenant.groups.responders.becomes_public()


@contextmanager
def healed(box: Sandbox) -> Iterator[None]:
    """Everything is as before at the end."""
    tenant, file, roles = box.tenant, file_of(box), box.tenant.management_roles
    approvers, responders, known = set(tenant.approvers), set(tenant.responders), dict(tenant.groups.known)
    content, enabled = file.read_bytes(), {key: account.enabled for key, account in tenant.accounts.items()}
    entries = {role: set(roles.entries(role)) for role in _ROLES}
    yield
    tenant.approvers, tenant.responders, tenant.groups.known = approvers, responders, known
    for group in (tenant.groups.approvers, tenant.groups.responders):
        group.types, group.visibility, group.rule, group.state, group.inside = [], None, None, None, []
    box.chats.bot_is_out = box.chats.channel_is_gone = box.chats.channel_is_private = False
    box.login.clock_ahead = 0.0
    tenant.premium = tenant.auditing = True
    tenant.faults.heal()
    tenant.unreadable.clear()
    for key, account in tenant.accounts.items():
        account.installed, account.enabled = True, enabled[key]
    for role, cmdlets in entries.items():
        for cmdlet in cmdlets - set(roles.entries(role)):
            roles.add_entry(role, cmdlet)
    if not roles.may_run(box.environment["MicrosoftAppId"], "Get-BlockedSenderAddress"):
        roles.add_member("Sample bot", APP_OBJECT)
    file.write_bytes(content)


_ROLES = ("Sample hygiene", "Sample mailboxes", "Sample domains", "Sample auditing")
_NO_ROLE = {"cmdlets_missing"}
_SINCE = "2026-01-01 00:00:00.0"
_LOST = f"insert into lost_channels (conversation, why, since) values ('{CHANNEL_ID}', '403 Blocked', '{_SINCE}')"
PLANTED: Mapping[str, Mapping[str, tuple[Plant, set[str]]]] = {
    "clock": {
        "a clock that is late": (lambda box: setattr(box.login, "clock_ahead", 400.0), {"clock_wrong"}),
        "a clock that is early": (lambda box: setattr(box.login, "clock_ahead", -400.0), {"clock_wrong"}),
    },
    "approvers": {
        "one approver": (_approvers("bo"), {"group_small"}),
        "one approver beside a guest": (_approvers("bo", "fay"), {"group_small_besides"}),
        "one approver beside disabled accounts": (_disable("cleo"), {"group_small_besides"}),
        "guests and disabled approvers alone": (_approvers("fay", "gil"), {"group_empty_besides", "app_not_seen"}),
        "no approver": (_approvers(), {"group_empty", "app_not_seen"}),
        "no such group": (lambda box: box.tenant.groups.goes(APPROVERS_GROUP), {"group_gone", "app_unread"}),
        "a group for everybody": (lambda box: box.tenant.groups.approvers.becomes_public(), {"group_open"}),
        "a group of those who say so": (
            lambda box: box.tenant.groups.approvers.becomes_dynamic('user.displayName -contains "Admin"'),
            {"group_open"},
        ),
        "a group for everybody within": (_nested, {"group_open"}),
        "nobody has the app": (_uninstall, {"app_not_seen"}),
    },
    "responders": {
        "no responder": (_responders(), {"group_empty"}),
        "no such group of responders": (lambda box: box.tenant.groups.goes(RESPONDERS_GROUP), {"group_gone"}),
        "responders for everybody": (lambda box: box.tenant.groups.responders.becomes_public(), {"group_open"}),
    },
    "channel": {
        "out of the team": (_chats("bot_is_out"), {"channel_out"}),
        "a channel that is gone": (_chats("channel_is_gone"), {"channel_gone"}),
        "a private channel": (_chats("channel_is_private"), {"channel_closed"}),
        "Teams does not answer": (_fails("teams.channels", "badjson"), {"channel_unread"}),
    },
    "keys": {"no keys of Teams": (_fails("teams.keys", "503"), {"keys_away"})},
    "database": {
        "an older database": (_says("update alembic_version set version_num = '0003'"), {"database_older"}),
        "a newer database": (_says("update alembic_version set version_num = '9999'"), {"database_newer"}),
        "no database": (lambda box: file_of(box).unlink(), {"database_none"}),
        "a spoiled database": (_spoil, {"database_unusable"}),
        "a database without cases": (_says("drop table cases"), {"database_unusable"}),
        "another program's database": (_another_programs, {"database_foreign"}),
        "a channel that took nothing": (_says(_LOST), {"channel_lost"}),
    },
    "grants": {
        "message trace is not set up": (_lacks(NOT_SET_UP), {"not_set_up"}),
        "message trace is refused": (_lacks("message trace"), {"permission_refused"}),
        "a grant that the service refuses": (
            _fails("graph:/v1.0/domains/sendwell.invalid", "nul403"),
            {"permission_refused"},
        ),
        "no licence for sign-ins": (lambda box: setattr(box.tenant, "premium", False), {"licence_missing"}),
        "no licence for risk": (_lacks("risk"), {"licence_missing"}),
        "a log that is away": (_fails("graph:/v1.0/auditLogs/directoryAudits", "badjson"), {"source_away"}),
        "a directory that turns people away": (_throttles("graph:/v1.0/users"), {"source_away"}),
    },
    "exchange": {
        "no inventory": (_fails("exchange:inventory", "badjson"), {"cmdlets_unknown"}),
        "an inventory that lets nobody in": (_fails("exchange:inventory", "nul403"), {"cmdlets_unknown"}),
        "no role in Exchange": (
            lambda box: box.tenant.management_roles.remove_member("Sample bot", APP_OBJECT),
            {"cmdlets_missing", "audit_log"},
        ),
        "the list cannot be read": (_role_without("Sample hygiene", "Get-BlockedSenderAddress"), _NO_ROLE),
        "nobody can be unblocked": (_role_without("Sample hygiene", "Remove-BlockedSenderAddress"), _NO_ROLE),
        "mailboxes cannot be read": (_role_without("Sample mailboxes", "Get-Mailbox"), _NO_ROLE),
        "rules cannot be read": (_role_without("Sample mailboxes", "Get-InboxRule"), _NO_ROLE),
        "limits cannot be written": (_role_without("Sample hygiene", "New-HostedOutboundSpamFilterRule"), _NO_ROLE),
        "no audit log": (lambda box: setattr(box.tenant, "auditing", False), {"audit_off"}),
        "no audit log, said as text": (lambda box: setattr(box.tenant, "auditing", "False"), {"audit_off"}),
    },
}
"""By what they are about. Those about different things are planted together: each is named however much else is
wrong."""


def _certificate(*, ended: bool) -> Changed:
    def changed(box: Sandbox) -> Mapping[str, str]:
        file = file_of(box).with_name("app.pem")
        file.write_bytes(app_certificate("doctor", ended=ended).pem)
        return {"MicrosoftAppPassword": "", "SENDWELL_CERTIFICATE_FILE": str(file)}

    return changed


def _channel(nth: int, other: str) -> Changed:
    """The channel of the settings, with another team, channel or host in it."""

    def changed(box: Sandbox) -> Mapping[str, str]:
        parts = box.environment["SENDWELL_APPROVALS_CHANNEL"].split(";")
        parts[nth] = other
        return {"SENDWELL_APPROVALS_CHANNEL": ";".join(parts)}

    return changed


def _database(url: str) -> Changed:
    return lambda box: {"SENDWELL_DATABASE_URL": url.format(file=file_of(box), folder=file_of(box).parent)}


def _set(name: str, value: str) -> Changed:
    return lambda _box: {name: value}


SET: Mapping[str, Mapping[str, tuple[Changed, set[str]]]] = {
    "channel": {
        "no channel": (_set("SENDWELL_APPROVALS_CHANNEL", ""), {"channel_none"}),
        "another team": (_channel(0, "19:another@thread.tacv2"), {"channel_out"}),
        "another channel": (_channel(1, "19:another@thread.tacv2"), {"channel_gone"}),
        "another host": (_set("SENDWELL_SERVICE_HOSTS", "smba.trafficmanager.net"), {"channel_host"}),
    },
    "app": {
        "no app in the catalogue": (_set("SENDWELL_TEAMS_APP_ID", ""), {"app_unset"}),
        "another app in the catalogue": (_set("SENDWELL_TEAMS_APP_ID", NOBODYS), {"app_not_seen"}),
        "another group": (_set("SENDWELL_APPROVERS_GROUP_ID", NOBODYS), {"group_gone", "app_unread"}),
    },
    "mentions": {"nobody is mentioned": (_set("SENDWELL_MENTION", "none"), {"mentions_off"})},
    "credential": {
        "a certificate that ends soon": (_certificate(ended=False), {"credential_ends"}),
        "a certificate that has ended": (_certificate(ended=True), {"credential_ended"}),
    },
    "keys": {
        "keys at another address": (_set("SENDWELL_OPENID_METADATA_URL", "https://127.0.0.1:1/keys"), {"keys_away"}),
    },
    "database": {
        "no folder for the database": (_database("sqlite+aiosqlite:///{folder}/nowhere/x.db"), {"database_no_folder"}),
        "a database that cannot be written": (
            _database("sqlite+aiosqlite:///file:{file}?mode=ro&uri=true"),
            {"database_read_only"},
        ),
        "no server for the database": (
            _database("postgresql+psycopg://sendwell:keep-it@127.0.0.1:1/sendwell"),
            {"database_away"},
        ),
    },
}
"""Settings that are wrong for the organisation or the machine, planted in the same way."""

_Fault = TypeVar("_Fault")


def together(faults: Mapping[str, Mapping[str, _Fault]]) -> Iterator[Mapping[str, _Fault]]:
    """One fault of each kind, until each was planted once."""
    for some in zip_longest(*(of_kind.items() for of_kind in faults.values())):
        yield dict(one for one in some if one is not None)
