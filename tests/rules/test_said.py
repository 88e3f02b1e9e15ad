"""`python app.py rules` says back in sentences what a file means."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

import app
from services.rules.said import sentences
from services.settings import FaultySettingsError, read_settings
from tests.rules.examples import ESCALATION, EXPECTED, OFFICE, ROSTER, TOOLS, rules
from tests.test_settings_table import REQUIRED

SATURDAY = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_each_section_is_said_with_what_it_does() -> None:
    said = "\n".join(sentences(rules(OFFICE, ESCALATION, EXPECTED, TOOLS), SATURDAY))
    assert "Monday, Tuesday, Wednesday, Thursday and Friday, 08:00 to 17:00, in Europe/Vienna." in said
    assert "Holidays to come: 2026-12-25; over: 0." in said
    assert "Admins are expected again on Monday, 2026-11-30, at 08:00 CET." in said
    assert "no one has looked at a request for 2 h of business time" in said
    assert "dan@contoso.example is mentioned below it, once" in said
    assert f"from AT and NG; from 203.0.113.0/24 and 2001:db8::/32; with {ROSTER}." in said
    assert "It never proves who signed in" in said
    assert (
        "“Newsletter”: known by sender addresses in news.contoso.example, mail handed in from 198.51.100.7/32" in said
    )


def test_no_rules_are_said_too() -> None:
    said = "\n".join(sentences(rules(), SATURDAY))
    assert said.count("none") == 3


def test_the_command_reads_the_file_that_is_named_or_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(OFFICE, encoding="utf-8")
    for environment, arguments in (({}, ["rules", str(file)]), ({"SENDWELL_RULES": str(file)}, ["rules"])):
        assert app.main(environment, arguments) == 0
        assert "Business hours: Monday" in capsys.readouterr().out
    assert app.main({}, ["rules"]) == 0
    assert "There are no rules" in capsys.readouterr().out
    file.write_text(OFFICE.replace("from", "form"), encoding="utf-8")
    assert app.main({}, ["rules", str(file)]) == 2
    assert "line 5: [hours] has no key 'form'" in capsys.readouterr().out


def test_nothing_starts_with_a_mistake_in_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(EXPECTED.replace('"at"', '"Austria"'), encoding="utf-8")
    given = {**REQUIRED, "SENDWELL_RULES": str(file)}
    with pytest.raises(FaultySettingsError, match=r"SENDWELL_RULES, line 3: \[expected\] countries number 2 must be"):
        read_settings(given)
    assert app.main(given) == 2
    assert "SENDWELL_RULES, line 3: [expected] countries number 2" in capsys.readouterr().err
    file.write_text(EXPECTED, encoding="utf-8")
    assert read_settings(given).timing.rules == rules(EXPECTED)


def test_a_file_that_is_not_there_is_no_rules_without_a_word(tmp_path: Path) -> None:
    with pytest.raises(FaultySettingsError, match="SENDWELL_RULES is not usable: it must be a file that exists"):
        read_settings({**REQUIRED, "SENDWELL_RULES": str(tmp_path / "no.toml")})
