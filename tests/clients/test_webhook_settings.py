"""The settings of the webhook: an address of its own kind, and a secret that is one."""

from pathlib import Path

import pytest

from tests.clients.test_settings import faults, read

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
URL = "https://tickets.example/sendwell?token=s3cret"


def test_nobody_outside_is_told_until_a_setting_says_whom() -> None:
    assert read().webhook is None


def test_address_and_secret_go_together_and_are_in_no_repr() -> None:
    settings = read(SENDWELL_WEBHOOK_URL=URL, SENDWELL_WEBHOOK_SECRET=SECRET)
    assert settings.webhook is not None
    assert (settings.webhook.url, len(settings.webhook.secret), settings.webhook.may_be_private) == (URL, 24, False)
    assert not [private for private in ("s3cret", SECRET, repr(settings.webhook.secret)) if private in repr(settings)]


def test_the_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (file := tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    settings = read(SENDWELL_WEBHOOK_URL=URL, SENDWELL_WEBHOOK_SECRET_FILE=str(file))
    assert settings.webhook is not None
    assert len(settings.webhook.secret) == 24


def test_one_without_the_other_is_said() -> None:
    assert "SENDWELL_WEBHOOK_SECRET is not set" in faults(SENDWELL_WEBHOOK_URL=URL)
    assert "SENDWELL_WEBHOOK_URL is not set" in faults(SENDWELL_WEBHOOK_SECRET=SECRET)


@pytest.mark.parametrize("secret", ["whsec_", "whsec_c2hvcnQ=", "whsec_not base64!", SECRET.removeprefix("whsec_")])
def test_a_secret_that_is_none_is_refused_and_not_shown(secret: str) -> None:
    told = faults(SENDWELL_WEBHOOK_URL=URL, SENDWELL_WEBHOOK_SECRET=secret)
    assert "SENDWELL_WEBHOOK_SECRET is not usable: it must be whsec_ and the base64" in told
    assert "s3cret" not in told


@pytest.mark.parametrize(
    "url",
    [
        "http://tickets.example/",
        "ftp://tickets.example/",
        "tickets.example",
        "https://user:s3cret@tickets.example/",
        "https://tickets.example/#part",
    ],
)
def test_an_address_that_is_not_plain_https_is_refused(url: str) -> None:
    told = faults(SENDWELL_WEBHOOK_URL=url, SENDWELL_WEBHOOK_SECRET=SECRET)
    assert "SENDWELL_WEBHOOK_URL is not usable: it must be an https:// address" in told
    assert "s3cret" not in told


@pytest.mark.parametrize(
    "host",
    [
        *("10.0.0.7", "127.0.0.1", "[::1]", "169.254.169.254", "localhost", "224.0.0.1"),
        "[::ffff:10.0.0.7]",
        "[2002:a00:7::]",  # 6to4 of it
        "[64:ff9b::a00:7]",  # NAT64 of it
        "[2001:0:5ef5:79fd::f5ff:fff8]",  # and Teredo
    ],
)
def test_an_address_in_ones_own_network_takes_a_setting(host: str) -> None:
    given = {"SENDWELL_WEBHOOK_URL": f"https://{host}/hook", "SENDWELL_WEBHOOK_SECRET": SECRET}
    assert "unless SENDWELL_WEBHOOK_PRIVATE is on" in faults(**given)
    settings = read(**given, SENDWELL_WEBHOOK_PRIVATE="on")
    assert settings.webhook is not None
    assert settings.webhook.may_be_private
