"""Settings: all faults at once, each with what to do, and no secret anywhere."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.domain.mention import Mention
from services.settings import AppType, FaultySettingsError, Settings, read_env_file, read_settings

GUID = "5a4d8f2e-0000-4000-8000-00000000c0de"
GOOD = {
    "MicrosoftAppId": GUID,
    "MicrosoftAppTenantId": GUID,
    "MicrosoftAppPassword": "s3cr3t",
    "SENDWELL_APPROVERS_GROUP_ID": GUID,
}


def read(**change: str) -> Settings:
    return read_settings({**GOOD, **change})


def faults(**change: str) -> str:
    with pytest.raises(FaultySettingsError) as faulty:
        read(**change)
    return str(faulty.value)


def test_the_defaults_are_those_of_the_worldwide_cloud() -> None:
    settings = read()
    assert (settings.host, settings.port) == ("0.0.0.0", 3978)
    assert settings.login_url == "https://login.microsoftonline.com"
    assert settings.graph_url == "https://graph.microsoft.com"
    assert settings.exchange_url == "https://outlook.office365.com"
    assert "smba.trafficmanager.net" in settings.service_hosts
    assert settings.timing.check_after[0] == timedelta(minutes=1)
    assert settings.timing.expire_after == timedelta(hours=72)
    assert settings.approvals_channel is None
    assert settings.trace_calls == 60


@pytest.mark.parametrize("number", ["0", "101", "many"])
def test_no_process_may_have_more_calls_of_message_trace_than_the_organisation(number: str) -> None:
    assert "it must be a number from 1 to 100" in faults(SENDWELL_TRACE_CALLS=number)
    assert read(SENDWELL_TRACE_CALLS="100").trace_calls == 100


def test_all_faults_are_told_at_once_and_no_value() -> None:
    told = faults(
        MicrosoftAppId="nobody",
        MicrosoftAppPassword="",
        PORT="0",
        SENDWELL_CHECK_EVERY="soon",
        SENDWELL_CHECK_AFTER="3m,1m",
        SENDWELL_GRAPH_URL="http://x",
        SENDWELL_APPROVERS_GROUP_ID="",
        SENDWELL_APPROVALS_CHANNEL="team;channel",
        SENDWELL_DATABASE_URL="mysql://root:hunter2@x",
        SENDWELL_CA_FILE="/no/such/file",
        MicrosoftAppType="MultiTenant",
        SENDWELL_EXPIRE_AFTER="0h",
        SENDWELL_DIGEST_OVER="ten",
    )
    assert len(told.splitlines()) == 13
    assert "hunter2" not in told
    assert "nobody" not in told


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("250ms", timedelta(milliseconds=250)),
        ("90s", timedelta(seconds=90)),
        ("5m", timedelta(minutes=5)),
        ("24h", timedelta(hours=24)),
        ("365d", timedelta(days=365)),
    ],
)
def test_a_duration_is_a_number_and_its_unit(said: str, meant: timedelta) -> None:
    settings = read(SENDWELL_CHECK_EVERY=said, SENDWELL_CHECK_AFTER=f"1ms,{said}", SENDWELL_LEASE=said)
    assert (settings.timing.check_every, settings.timing.lease) == (meant, meant)
    assert settings.timing.check_after == (timedelta(milliseconds=1), meant)


@pytest.mark.parametrize("said", ["5", "m5", "5 m", "0ms", "1.5s", "5M", "1h30m", "-5s"])
def test_what_is_no_duration_is_said(said: str) -> None:
    assert "500ms, 90s, 5m or 24h" in faults(SENDWELL_CHECK_EVERY=said)


def test_details_are_kept_at_least_while_the_list_is_watched() -> None:
    assert "SENDWELL_KEEP_DETAILS_FOR must be longer" in faults(SENDWELL_KEEP_DETAILS_FOR="24h")
    assert read(SENDWELL_KEEP_DETAILS_FOR="30d").timing.keep_details_for == timedelta(days=30)


def test_a_click_that_teams_would_not_wait_for_is_a_fault() -> None:
    assert "SENDWELL_CLICK_WITHIN must be at most 10s" in faults(SENDWELL_CLICK_WITHIN="11s")
    assert read(SENDWELL_CLICK_WITHIN="10s").timing.click_within == timedelta(seconds=10)


def test_secrets_stay_out_of_a_repr() -> None:
    settings = read(SENDWELL_DATABASE_URL="postgresql+psycopg://u:hunter2@db/x")
    assert "s3cr3t" not in repr(settings)
    assert "hunter2" not in repr(settings)


def test_one_credential_and_only_one(tmp_path: Path) -> None:
    pem = tmp_path / "app.pem"
    pem.write_text("x")
    assert "exactly one" in faults(MicrosoftAppPassword="")
    assert "exactly one" in faults(SENDWELL_CERTIFICATE_FILE=str(pem))
    assert read(MicrosoftAppPassword="", SENDWELL_CERTIFICATE_FILE=str(pem)).credential.certificate_file == pem
    assert "exactly one" in faults(MicrosoftAppPassword_FILE=str(pem))
    assert "exactly one" in faults(
        MicrosoftAppPassword="", MicrosoftAppPassword_FILE=str(pem), SENDWELL_CERTIFICATE_FILE=str(pem)
    )
    assert read(MicrosoftAppPassword="", MicrosoftAppPassword_FILE=str(pem)).credential.secret_file == pem
    missing = faults(MicrosoftAppPassword="", MicrosoftAppPassword_FILE=str(tmp_path / "none"))
    assert missing == "MicrosoftAppPassword_FILE is not usable: it must be a file that exists and may be read."
    assert "no credential" in faults(MicrosoftAppType="UserAssignedMSI")
    unset = {"MicrosoftAppType": "UserAssignedMSI", "MicrosoftAppPassword": ""}
    assert "no credential" in faults(**unset, MicrosoftAppPassword_FILE=str(pem))
    managed = read(MicrosoftAppType="UserAssignedMSI", MicrosoftAppPassword="")
    assert managed.app_type is AppType.MANAGED_IDENTITY


RESPONDER = {
    "SENDWELL_RESPONDERS_GROUP_ID": GUID,
    "SENDWELL_RESPONDER_APP_ID": "5a4d8f2e-0000-4000-8000-00000000c0d1",
    "SENDWELL_RESPONDER_APP_PASSWORD": "0th3r",
}


def test_containing_is_off_or_done_by_the_bots_own_app_or_by_another() -> None:
    assert read().responders_group is None
    own = read(SENDWELL_RESPONDERS_GROUP_ID=GUID)
    assert (own.responders_group, own.responder_app) == (GUID, None)
    assert own.responder == own.bot
    for kind in ({}, {"MicrosoftAppType": "UserAssignedMSI", "MicrosoftAppPassword": ""}):
        other = read(**RESPONDER, **kind)
        assert (other.responder.app_id[-2:], other.responder.credential.secret) == ("d1", "0th3r")
        assert other.responder.app_type is AppType.SINGLE_TENANT
        assert (other.responder.tenant, other.responder.login_url) == (other.bot.tenant, other.bot.login_url)
        assert "0th3r" not in repr(other) + repr(other.responder)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"SENDWELL_RESPONDER_APP_PASSWORD": ""}, ["SENDWELL_RESPONDER_CERTIFICATE_FILE: exactly one"]),
        ({"SENDWELL_RESPONDER_CERTIFICATE_FILE": __file__}, ["SENDWELL_RESPONDER_CERTIFICATE_FILE: exactly one"]),
        ({"SENDWELL_RESPONDER_APP_PASSWORD_FILE": __file__}, ["SENDWELL_RESPONDER_APP_PASSWORD_FILE or"]),
        ({"SENDWELL_RESPONDER_APP_ID": ""}, ["SENDWELL_RESPONDER_APP_ID is not set"]),
        ({"SENDWELL_RESPONDERS_GROUP_ID": ""}, ["SENDWELL_RESPONDERS_GROUP_ID is not set"]),
        (
            {"SENDWELL_RESPONDERS_GROUP_ID": "", "SENDWELL_RESPONDER_APP_PASSWORD": ""},
            ["exactly one of them", "SENDWELL_RESPONDERS_GROUP_ID is not set"],
        ),
        (
            {"SENDWELL_RESPONDERS_GROUP_ID": "us", "SENDWELL_RESPONDER_APP_ID": "me"},
            ["SENDWELL_RESPONDERS_GROUP_ID is not usable", "SENDWELL_RESPONDER_APP_ID is not usable"],
        ),
        (
            {"SENDWELL_RESPONDER_APP_PASSWORD": "", "SENDWELL_RESPONDER_CERTIFICATE_FILE": "/no/such"},
            ["SENDWELL_RESPONDER_CERTIFICATE_FILE is not usable"],
        ),
    ],
)
def test_half_a_second_app_is_none(change: dict[str, str], told: list[str]) -> None:
    lines = faults(**{**RESPONDER, **change}).splitlines()
    assert len(lines) == len(told)
    assert all(any(words in line for line in lines) for words in told)
    assert "0th3r" not in str(lines)


def test_anonymous_is_for_loopback_alone() -> None:
    assert "HOST" in faults(SENDWELL_ANONYMOUS="loopback", MicrosoftAppId="")
    assert "must not be set together" in faults(SENDWELL_ANONYMOUS="loopback", HOST="127.0.0.1")
    assert "loopback, or not" in faults(SENDWELL_ANONYMOUS="yes")
    for host in ("127.0.0.1", "localhost", "::1"):
        assert read(SENDWELL_ANONYMOUS="loopback", MicrosoftAppId="", HOST=host).anonymous
    assert "HOST" in faults(SENDWELL_ANONYMOUS="loopback", MicrosoftAppId="", HOST="sendwell.example")


def test_an_anonymous_bots_channel_is_on_this_machine_and_nobody_elses_is() -> None:
    anonymous = {"SENDWELL_ANONYMOUS": "loopback", "MicrosoftAppId": "", "HOST": "127.0.0.1"}
    here, teams = "19:t;19:c;http://localhost:56151/_connector", "19:t;19:c;https://smba.trafficmanager.net/emea/"
    channel = read(SENDWELL_APPROVALS_CHANNEL=here, **anonymous).approvals_channel
    assert channel is not None
    assert channel.service_url == "http://localhost:56151/_connector/"
    assert "on this machine" in faults(SENDWELL_APPROVALS_CHANNEL=teams, **anonymous)
    assert "on this machine" in faults(SENDWELL_APPROVALS_CHANNEL="19:t;19:c;ftp://localhost/", **anonymous)
    assert "https://" in faults(SENDWELL_APPROVALS_CHANNEL=here)


@pytest.mark.parametrize("name", ["UTC", "Europe/Vienna", "America/Argentina/Ushuaia"])
def test_a_time_zone_is_named_as_iana_names_it(name: str) -> None:
    assert read(SENDWELL_TIME_ZONE=name).zone.key == name
    assert read().zone.key == "UTC"


@pytest.mark.parametrize("name", ["CEST", "Europe", "Europe/Wien", "../etc/passwd", "/etc/localtime", "UTC+1", "\x00"])
def test_another_name_is_no_time_zone(name: str) -> None:
    assert "SENDWELL_TIME_ZONE is not usable: it must be the IANA name" in faults(SENDWELL_TIME_ZONE=name)


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("members", 5),
        ("members:12", 12),
        ("none", 0),
        ("tag:MjQzMmI1N2ItMGFiZC00MwAA==", Mention(id="MjQzMmI1N2ItMGFiZC00MwAA==", name="", is_tag=True)),
        (
            "tag:MjQzMmI1N2ItMGFiZC00MwAA==; On duty",
            Mention(id="MjQzMmI1N2ItMGFiZC00MwAA==", name="On duty", is_tag=True),
        ),
    ],
)
def test_whom_a_request_mentions(text: str, read_as: Mention | int) -> None:
    assert read(SENDWELL_MENTION=text).mention == read_as


@pytest.mark.parametrize(
    "text", ["everybody", "members:0", "members:21", "members:x", "members:٣", "tag:", "tag:On duty"]
)
def test_nobody_else_can_be_mentioned(text: str) -> None:
    assert "SENDWELL_MENTION is not usable: it must be members" in faults(SENDWELL_MENTION=text)


def test_the_channel_and_the_hosts() -> None:
    settings = read(
        SENDWELL_APPROVALS_CHANNEL="19:t@thread.tacv2; 19:c@thread.tacv2 ;https://smba.trafficmanager.net/emea/",
        SENDWELL_SERVICE_HOSTS=" A.example ,b.example:8443,",
    )
    assert settings.approvals_channel is not None
    assert settings.approvals_channel.channel == "19:c@thread.tacv2"
    assert settings.approvals_channel.service_url == "https://smba.trafficmanager.net/emea/"
    assert settings.service_hosts == {"a.example", "b.example:8443"}


def test_an_env_file(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    assert read_env_file(path) == {}
    path.write_text("# a comment\n\nexport A=1\nB = \"two words\"\nnonsense\nC='x=y'\n", encoding="utf-8")
    assert read_env_file(path) == {"A": "1", "B": "two words", "C": "x=y"}


POWERSHELL = {"SENDWELL_EXCHANGE_ROUTE": "powershell", "SENDWELL_EXCHANGE_ORGANIZATION": "Contoso.onmicrosoft.com"}


def with_certificate(folder: Path, **change: str) -> dict[str, str]:
    (folder / "app.pem").write_text("pem", encoding="utf-8")
    certificate = {"MicrosoftAppPassword": "", "SENDWELL_CERTIFICATE_FILE": str(folder / "app.pem")}
    return {**POWERSHELL, **certificate, **change}


def test_cmdlets_run_over_rest_unless_told_otherwise() -> None:
    assert read().powershell is None
    assert read(SENDWELL_EXCHANGE_ROUTE="rest").powershell is None


def test_powershell_is_given_the_organisation_and_what_programs_need(tmp_path: Path) -> None:
    given = {"PATH": "/bin", "HTTPS_PROXY": "http://proxy", "SENDWELL_CERTIFICATE_PASSWORD": "s3cr3t", "OTHER": "x"}
    route = read(**with_certificate(tmp_path, **given)).powershell
    assert route is not None
    assert (route.program, route.organization) == ("pwsh", "contoso.onmicrosoft.com")
    assert {name: route.variables.get(name) for name in given} == {
        "PATH": "/bin",
        "HTTPS_PROXY": "http://proxy",
        "SENDWELL_CERTIFICATE_PASSWORD": None,
        "OTHER": None,
    }
    assert "proxy" not in repr(route)


@pytest.mark.parametrize(
    ("cloud", "name"),
    [
        ("worldwide", "O365Default"),
        ("gcc", "O365Default"),
        ("gcchigh", "O365USGovGCCHigh"),
        ("dod", "O365USGovDoD"),
        ("china", "O365China"),
    ],
)
def test_powershell_connects_to_the_cloud(tmp_path: Path, cloud: str, name: str) -> None:
    hosts = {"SENDWELL_SERVICE_HOSTS": "connector.example"} if cloud == "china" else {}
    route = read(**with_certificate(tmp_path, SENDWELL_CLOUD=cloud, **hosts)).powershell
    assert route is not None
    assert route.environment_name == name


def test_what_powershell_needs_is_said(tmp_path: Path) -> None:
    told = faults(SENDWELL_EXCHANGE_ROUTE="powershell")
    assert "needs SENDWELL_EXCHANGE_ORGANIZATION: set it" in told
    assert "needs SENDWELL_CERTIFICATE_FILE: set it" in told
    assert "rest or powershell" in faults(SENDWELL_EXCHANGE_ROUTE="carrier pigeon")
    for text in ("contoso", "https://contoso.onmicrosoft.com", "contoso.onmicrosoft.com;x", "-x.y"):
        assert "a domain such as" in faults(**with_certificate(tmp_path, SENDWELL_EXCHANGE_ORGANIZATION=text))
    second = {"SENDWELL_RESPONDER_APP_ID": GUID, "SENDWELL_RESPONDERS_GROUP_ID": GUID}
    told = faults(**with_certificate(tmp_path, **second, SENDWELL_RESPONDER_APP_PASSWORD="0th3r"))
    assert told == "SENDWELL_EXCHANGE_ROUTE powershell needs SENDWELL_RESPONDER_CERTIFICATE_FILE: set it."


def test_a_secret_may_stand_in_a_file_and_in_one_place_only(tmp_path: Path) -> None:
    url, bad = tmp_path / "url", tmp_path / "bad"
    url.write_text("postgresql+psycopg://sendwell:secret@database/sendwell\n", encoding="utf-8")
    bad.write_text("mysql://sendwell:secret@database/sendwell", encoding="utf-8")
    assert read(SENDWELL_DATABASE_URL_FILE=str(url)).database_url.endswith("@database/sendwell")
    assert "both set" in faults(SENDWELL_DATABASE_URL_FILE=str(url), SENDWELL_DATABASE_URL="sqlite+aiosqlite:///x.db")
    assert "secret" not in (told := faults(SENDWELL_DATABASE_URL_FILE=str(bad)))
    assert told.startswith("SENDWELL_DATABASE_URL_FILE is not usable")
