"""The settings, read once at start. All faults are reported together, each with what to do."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from services.cloud_settings import read_cloud, read_file_hosts, read_service_hosts
from services.clouds import CloudServices
from services.domain.case.timing import Timing
from services.domain.mention import Mention
from services.domain.rules.rules import NO_RULES, Rules
from services.observing_settings import Observing, read_observing
from services.powershell_settings import PowerShellRoute, read_powershell
from services.rules.rules_file import FaultyRulesError, rules_in
from services.setting_values import (
    Reader,
    count,
    database,
    duration,
    durations,
    existing_file,
    guid,
    is_loopback,
    loopback_url,
    on_or_off,
    port,
    time_zone,
    up_to_a_hundred,
)
from services.webhook_settings import WebhookReceiver, read_webhook


class AppType(StrEnum):
    """How the bot is registered. Multi-tenant is not supported: the bot serves one organisation."""

    SINGLE_TENANT = "SingleTenant"
    MANAGED_IDENTITY = "UserAssignedMSI"


class FaultySettingsError(Exception):
    """The faults of the settings, one line each, with what to do. The message never contains a setting's value."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """An approvals channel given by the settings."""

    team: str
    channel: str
    service_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Credential:
    """The app's credential: a secret, a file with the secret, or a file with a certificate and its key (PEM). A managed
    identity has none."""

    secret: str | None = field(default=None, repr=False)
    secret_file: Path | None = None
    certificate_file: Path | None = None
    certificate_password: str | None = field(default=None, repr=False)
    secret_named: str = "MicrosoftAppPassword"
    """The name of its secret's setting, for error messages; the file's is this with `_FILE`."""
    named: str = "SENDWELL_CERTIFICATE"
    """What the names of its certificate's settings begin with, for error messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderApp:
    """A separate app registration for containing accounts, so that the bot's own needs no permission for it."""

    app_id: str
    credential: Credential


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What is needed to get tokens for one app."""

    app_id: str
    tenant: str
    app_type: AppType
    credential: Credential
    login_url: str
    app_setting: str = "MicrosoftAppId"
    """The name of the setting that the app id is from, for error messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that an operator may set. docs/settings.md has the names and meanings."""

    app_id: str
    tenant: str
    app_type: AppType
    credential: Credential
    host: str
    port: int
    database_url: str = field(repr=False)
    approvers_group: str
    approvals_channel: Channel | None
    cloud: CloudServices
    """The cloud's own names. An address below is one of them, unless the operator set another."""
    login_url: str
    graph_url: str
    exchange_url: str
    openid_metadata_url: str
    service_hosts: frozenset[str]
    file_hosts: frozenset[str]
    """Where dropped files may be fetched; with a dot at the beginning: every host below that name."""
    ca_files: tuple[Path, ...]
    """Trust roots in addition to the system's own."""
    anonymous: bool
    timing: Timing
    trace_calls: int
    clocks_differ_by: timedelta
    """How far our clock and Microsoft's may differ: a trace may not end in its future."""
    """Calls of message trace that this process may make within five minutes, of the organisation's 100."""
    helpdesk: str | None
    password_reset_url: str
    security_info_url: str
    zone: ZoneInfo
    """Of times that Teams cannot write in each reader's own."""
    mention: Mention | int
    """Whom a request notifies: a tag, or so many of the approvers; 0 for nobody."""
    teams_app: str | None
    responders_group: str | None
    """If it is `None`, nobody may contain an account."""
    responder_app: ResponderApp | None
    """If it is `None`, the bot's own app contains accounts."""
    powershell: PowerShellRoute | None
    """If it is `None`, Exchange cmdlets run over REST."""
    observing: Observing
    webhook: WebhookReceiver | None = None
    """Who outside is told of milestones; `None`: nobody."""
    clock_file: Path | None = None
    """How many seconds ahead the clock is, where everything is on this machine; `None`: the machine's own clock."""

    @property
    def bot(self) -> Applicant:
        """What the bot's own app needs to get tokens."""
        return Applicant(
            app_id=self.app_id,
            tenant=self.tenant,
            app_type=self.app_type,
            credential=self.credential,
            login_url=self.login_url,
        )

    @property
    def responder(self) -> Applicant:
        """What the app that contains accounts needs to get tokens: the responder app, or the bot's own."""
        app = self.responder_app
        if app is None:
            return self.bot
        return replace(
            self.bot,
            app_id=app.app_id,
            app_type=AppType.SINGLE_TENANT,
            credential=app.credential,
            app_setting="SENDWELL_RESPONDER_APP_ID",
        )


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings from the environment.

    Raises:
        FaultySettingsError: with every fault at once.
    """
    reader = Reader(environment)
    settings = _read(reader)
    if reader.faults:
        raise FaultySettingsError(reader.faults)
    return settings


def read_database_url(environment: Mapping[str, str]) -> str:
    """Where the database is, for whoever needs nothing else. Raises `FaultySettingsError`."""
    reader = Reader(environment)
    url = _database_url(reader)
    if reader.faults:
        raise FaultySettingsError(reader.faults)
    return url


def _database_url(reader: Reader) -> str:
    return reader.secret("SENDWELL_DATABASE_URL", database) or "sqlite+aiosqlite:///sendwell.db"


def read_env_file(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a file, empty if there is no file. Blank lines and `#` comments are skipped, and quotes
    around a value are removed."""
    if not path.is_file():
        return {}
    lines = (line.strip().removeprefix("export ") for line in path.read_text(encoding="utf-8").splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {name.strip(): value.strip().strip("'\"") for name, equals, value in pairs if equals}


def _read(reader: Reader) -> Settings:
    anonymous = reader.optional("SENDWELL_ANONYMOUS", _loopback_only) is not None
    app_type = reader.given("MicrosoftAppType", _app_type, AppType.SINGLE_TENANT)
    host = reader.given("HOST", str, "0.0.0.0")  # noqa: S104 - a service behind the operator's own front door
    app_id = _app_id(reader, anonymous=anonymous, host=host)
    cloud, here = read_cloud(reader)
    return Settings(
        app_id=app_id,
        tenant=reader.required("MicrosoftAppTenantId", guid, "the GUID of your tenant") or "",
        app_type=app_type,
        credential=_credential(reader, app_type, anonymous=anonymous),
        host=host,
        port=reader.given("PORT", port, "3978"),
        database_url=_database_url(reader),
        approvers_group=reader.required(
            "SENDWELL_APPROVERS_GROUP_ID", guid, "the object id (GUID) of the Entra group whose members may decide"
        )
        or "",
        approvals_channel=reader.optional(
            "SENDWELL_APPROVALS_CHANNEL", lambda text: _channel(text, loopback_url if anonymous else here.https)
        ),
        cloud=cloud,
        login_url=reader.given("SENDWELL_LOGIN_URL", here.https, cloud.login_url),
        graph_url=reader.given("SENDWELL_GRAPH_URL", here.https, cloud.graph_url),
        exchange_url=reader.given("SENDWELL_EXCHANGE_URL", here.https, cloud.exchange_url),
        openid_metadata_url=reader.given("SENDWELL_OPENID_METADATA_URL", here.https, cloud.openid_metadata_url),
        service_hosts=read_service_hosts(reader, cloud, here),
        file_hosts=read_file_hosts(reader, cloud, here),
        ca_files=_ca_files(reader),
        anonymous=anonymous,
        timing=_timing(reader),
        clocks_differ_by=reader.given("SENDWELL_CLOCKS_DIFFER_BY", duration, "1m"),
        trace_calls=reader.given("SENDWELL_TRACE_CALLS", up_to_a_hundred, "60"),
        helpdesk=reader.optional("SENDWELL_HELPDESK_CONTACT", str),
        password_reset_url=reader.given("SENDWELL_PASSWORD_RESET_URL", here.https, cloud.reset_url),
        security_info_url=reader.given("SENDWELL_SECURITY_INFO_URL", here.https, cloud.security_info_url),
        zone=reader.given("SENDWELL_TIME_ZONE", time_zone, "UTC"),
        mention=reader.given("SENDWELL_MENTION", _mention, "members"),
        teams_app=reader.optional("SENDWELL_TEAMS_APP_ID", guid),
        responders_group=reader.optional("SENDWELL_RESPONDERS_GROUP_ID", guid),
        responder_app=_responder_app(reader),
        powershell=read_powershell(reader, cloud),
        observing=read_observing(reader),
        webhook=read_webhook(reader),
        clock_file=_clock_file(reader, host=host, login_url=reader.given("SENDWELL_LOGIN_URL", str, cloud.login_url)),
    )


def _clock_file(reader: Reader, *, host: str, login_url: str) -> Path | None:
    """For the sandbox alone: times of a moved clock would be wrong beside those of a real tenant."""
    file = reader.optional("SENDWELL_CLOCK_FILE", Path)
    if file and not (is_loopback(host) and is_loopback(urlsplit(login_url).hostname or "")):
        reader.faults.append("SENDWELL_CLOCK_FILE moves the clock, and is for the sandbox alone: unset it.")
    return file


def _ca_files(reader: Reader) -> tuple[Path, ...]:
    """Files with trust roots: those of the usual variables and of `SENDWELL_CA_FILE`. The usual variables may name a
    folder or a missing file, which is not reported: other programs use them too."""
    usual = (reader.optional(name, Path) for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"))
    ours = reader.optional("SENDWELL_CA_FILE", existing_file)
    return (*(path for path in usual if path and path.is_file()), *([ours] if ours else []))


def _timing(reader: Reader) -> Timing:
    timing = _read_timing(reader)
    if timing.keep_details_for <= timing.watch_for:
        reader.faults.append("SENDWELL_KEEP_DETAILS_FOR must be longer than SENDWELL_WATCH_FOR, which needs them.")
    if timing.click_within > _TEAMS_WAITS:
        reader.faults.append("SENDWELL_CLICK_WITHIN must be at most 10s: Teams takes a slower answer for none.")
    return timing


_TEAMS_WAITS = timedelta(seconds=10)


def _rules(reader: Reader) -> Rules:
    """A mistake in the file is one of the settings, with its line."""
    file = reader.optional("SENDWELL_RULES", existing_file)
    try:
        return rules_in(file) if file else NO_RULES
    except FaultyRulesError as faulty:
        reader.faults += [f"SENDWELL_RULES, {fault}" for fault in faulty.faults]
        return NO_RULES


def _read_timing(reader: Reader) -> Timing:
    return Timing(
        check_after=reader.given("SENDWELL_CHECK_AFTER", durations, "1m,3m,10m,20m,40m,60m"),
        check_every=reader.given("SENDWELL_CHECK_EVERY", duration, "5m"),
        support_after=reader.given("SENDWELL_SUPPORT_AFTER", duration, "60m"),
        lag_window=reader.given("SENDWELL_LAG_WINDOW", duration, "60m"),
        unblock_grace=reader.given("SENDWELL_RELEASE_GRACE", duration, "15m"),
        remind_after=reader.given("SENDWELL_REMIND_AFTER", duration, "30m"),
        expire_after=reader.given("SENDWELL_EXPIRE_AFTER", duration, "72h"),
        watch_for=reader.given("SENDWELL_WATCH_FOR", duration, "24h"),
        ask_again_after=reader.given("SENDWELL_ASK_AGAIN_AFTER", duration, "1h"),
        digest_over=reader.given("SENDWELL_DIGEST_OVER", count, "10"),
        digest_within=reader.given("SENDWELL_DIGEST_WITHIN", duration, "10m"),
        requests_a_day=reader.given("SENDWELL_REQUESTS_A_DAY", count, "5"),
        messages_a_minute=reader.given("SENDWELL_MESSAGES_A_MINUTE", count, "20"),
        keep_details_for=reader.given("SENDWELL_KEEP_DETAILS_FOR", duration, "365d"),
        watch_every=reader.given("SENDWELL_WATCH_EVERY", _duration_or_off, "5m") or None,
        approval_lasts=reader.given("SENDWELL_APPROVAL_LASTS", duration, "2h"),
        trouble_due=reader.given("SENDWELL_TROUBLE_DUE", duration, "24h"),
        lease=reader.given("SENDWELL_LEASE", duration, "90s"),
        slow_read=reader.given("SENDWELL_SLOW_READ", duration, "60s"),
        call_code=reader.given("SENDWELL_CALL_CODE", on_or_off, "off"),
        click_within=reader.given("SENDWELL_CLICK_WITHIN", duration, "6s"),
        decide_within=reader.given("SENDWELL_DECIDE_WITHIN", duration, "60s"),
        evidence_within=reader.given("SENDWELL_EVIDENCE_WITHIN", duration, "2m"),
        evidence_lasts=reader.given("SENDWELL_EVIDENCE_LASTS", duration, "30m"),
        prove_after=reader.given("SENDWELL_PROVE_AFTER", durations, "2m,10m,30m,2h,6h,18h,23h"),
        audit_after=reader.given("SENDWELL_AUDIT_AFTER", durations, "1m,3m,8m,18m,38m"),
        rules=_rules(reader),
    )


def _app_id(reader: Reader, *, anonymous: bool, host: str) -> str:
    """The app id; empty in anonymous mode, where activities are not authenticated. That is allowed only on loopback and
    only by an explicit setting."""
    if not anonymous:
        return reader.required("MicrosoftAppId", guid, "the bot's app id (GUID)") or ""
    if reader.optional("MicrosoftAppId", str):
        reader.faults.append("SENDWELL_ANONYMOUS must not be set together with MicrosoftAppId: unset one of them.")
    if not is_loopback(host):
        reader.faults.append("SENDWELL_ANONYMOUS needs HOST to be a loopback address such as 127.0.0.1.")
    return ""


def _credential(reader: Reader, app_type: AppType, *, anonymous: bool) -> Credential:
    credential = _read_credential(reader, "MicrosoftAppPassword", "SENDWELL_CERTIFICATE")
    given = [name for name in _BOT if reader.has(name)]
    if app_type is AppType.SINGLE_TENANT and len(given) != 1 and not anonymous:
        reader.faults.append(_one_of(*_BOT))
    if app_type is AppType.MANAGED_IDENTITY and given:
        reader.faults.append("MicrosoftAppType UserAssignedMSI has no credential: unset the password or certificate.")
    return credential


def _read_credential(reader: Reader, secret: str, certificate: str) -> Credential:
    return Credential(
        secret=reader.optional(secret, str),
        secret_file=reader.optional(f"{secret}_FILE", existing_file),
        certificate_file=reader.optional(f"{certificate}_FILE", existing_file),
        certificate_password=reader.secret(f"{certificate}_PASSWORD", str),
        secret_named=secret,
        named=certificate,
    )


_BOT = ("MicrosoftAppPassword", "MicrosoftAppPassword_FILE", "SENDWELL_CERTIFICATE_FILE")
_RESPONDER = (
    "SENDWELL_RESPONDER_APP_PASSWORD",
    "SENDWELL_RESPONDER_APP_PASSWORD_FILE",
    "SENDWELL_RESPONDER_CERTIFICATE_FILE",
)


def _one_of(secret: str, secret_file: str, certificate: str) -> str:
    return f"Set {secret}, {secret_file} or {certificate}: exactly one of them."


def _responder_app(reader: Reader) -> ResponderApp | None:
    """The responder app; `None` if none is set. It needs an app id, a credential and a responders group together."""
    app_id = reader.optional("SENDWELL_RESPONDER_APP_ID", guid)
    credential = _read_credential(reader, _RESPONDER[0], "SENDWELL_RESPONDER_CERTIFICATE")
    named = reader.has("SENDWELL_RESPONDER_APP_ID")
    given = [name for name in _RESPONDER if reader.has(name)]
    if named and len(given) != 1:
        reader.faults.append(_one_of(*_RESPONDER))
    if given and not named:
        reader.faults.append(f"SENDWELL_RESPONDER_APP_ID is not set: set it, or unset {' and '.join(given)}.")
    if (named or given) and not reader.has("SENDWELL_RESPONDERS_GROUP_ID"):
        reader.faults.append(
            "SENDWELL_RESPONDERS_GROUP_ID is not set: it must be the object id (GUID) of the Entra group whose "
            "members may contain an account; the responder app serves nobody else."
        )
    return ResponderApp(app_id=app_id, credential=credential) if app_id else None


def _loopback_only(text: str) -> str:
    if text != "loopback":
        raise ValueError("loopback, or not set at all")
    return text


def _duration_or_off(text: str) -> timedelta:
    return timedelta() if text.casefold() in ("off", "0") else duration(text)


def _app_type(text: str) -> AppType:
    if text not in set(AppType):
        raise ValueError("SingleTenant or UserAssignedMSI")
    return AppType(text)


_MENTIONED_AT_MOST = 20
_TAG = re.compile(r"[A-Za-z0-9+/_=-]{16,500}")


def _mention(text: str) -> Mention | int:
    """A tag, or how many members; 0 for nobody."""
    kind, _, value = text.partition(":")
    tag, _, name = value.partition(";")
    if text == "none":
        return 0
    if kind == "members" and not value:
        return 5
    if kind == "members" and value.isascii() and value.isdigit() and 0 < int(value) <= _MENTIONED_AT_MOST:
        return int(value)
    if kind == "tag" and _TAG.fullmatch(tag):
        return Mention(id=tag, name=name.strip(), is_tag=True)
    raise ValueError(
        f"members, members:1 to members:{_MENTIONED_AT_MOST}, none, or tag:ID;NAME with the tag's id in Graph"
    )


def _channel(text: str, address: Callable[[str], str]) -> Channel:
    """The channel, whose service is an `address`: in anonymous mode on this machine, since the bot must not write to
    others then."""
    parts = [part.strip() for part in text.split(";")]
    if len(parts) != 3 or not all(parts):
        raise ValueError("teamId;channelId;serviceUrl")
    return Channel(team=parts[0], channel=parts[1], service_url=address(parts[2]) + "/")
