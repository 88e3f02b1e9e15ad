"""The settings about seeing it run: nothing is shown until it is asked for, and secrets stay out of a repr."""

from pathlib import Path

import pytest

from services.observing_settings import Listen
from tests.clients.test_settings import faults, read

TOKEN = "sixteen-letters-"


def test_nothing_is_shown_until_a_setting_says_to_whom() -> None:
    observing = read().observing
    assert (observing.metrics_token, observing.metrics_at, observing.traces_url) == (None, None, None)
    assert not observing.json_log


def test_a_token_may_stand_in_a_file_and_is_in_no_repr(tmp_path: Path) -> None:
    (file := tmp_path / "token").write_text(f"{TOKEN}\n", encoding="utf-8")
    settings = read(SENDWELL_METRICS_TOKEN_FILE=str(file))
    assert settings.observing.metrics_token == TOKEN
    assert TOKEN not in repr(settings)


@pytest.mark.parametrize("token", ["short", "with a blank in it", "nicht-nur-ascii-zeichen-ü"])
def test_a_token_that_can_be_guessed_or_not_be_sent_is_refused(token: str) -> None:
    assert "SENDWELL_METRICS_TOKEN is not usable" in faults(SENDWELL_METRICS_TOKEN=token)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("127.0.0.1:9464", Listen(host="127.0.0.1", port=9464)),
        ("0.0.0.0:1", Listen(host="0.0.0.0", port=1)),
        ("[::1]:9464", Listen(host="::1", port=9464)),
    ],
)
def test_where_metrics_are_served_alone(said: str, meant: Listen) -> None:
    assert read(SENDWELL_METRICS_LISTEN=said).observing.metrics_at == meant


@pytest.mark.parametrize("said", ["9464", ":9464", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:http"])
def test_what_is_no_address_with_a_port_is_said(said: str) -> None:
    assert "such as 127.0.0.1:9464" in faults(SENDWELL_METRICS_LISTEN=said)


def test_the_log_is_text_or_json() -> None:
    assert read(SENDWELL_LOG_FORMAT="json").observing.json_log
    assert "it must be text or json" in faults(SENDWELL_LOG_FORMAT="xml")


@pytest.mark.parametrize("said", ["localhost:4318", "ftp://collector/v1/traces", "https://user:secret@collector/v1"])
def test_where_traces_go_is_an_address(said: str) -> None:
    told = faults(SENDWELL_TRACES_URL=said)
    assert "such as http://localhost:4318/v1/traces" in told
    assert "secret" not in told
