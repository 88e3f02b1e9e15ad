"""Every command that a document gives is tried, here or by a test that is named, or says what it would take."""

import subprocess
from collections.abc import Mapping
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

import pytest

from app import main
from services.command_line import parsed
from tests.documented import DOCUMENTS, ROOT, blocks, commands
from tests.exchange_recipe import recipe


class Here(StrEnum):
    """How it is tried in this file."""

    RUN = "run"
    MAKE = "its rule is read by make, which runs nothing"
    PROGRAM = "its program, files and options are there; what it does is what other tests call, or takes minutes"


class Takes(StrEnum):
    """What it would take to run it."""

    TENANT = "a tenant"
    ENGINE = "a container engine"
    AZURE = "an Azure subscription"
    SYSTEMD = "a machine with systemd"
    NETWORK = "the network, and somebody else's programs"


BY_TEST: Mapping[str, tuple[str, ...]] = {
    "tests/sandbox/test_command.py::test_it_says_where_to_look_starts_the_bot_and_again_with_nothing_remembered": (
        "python app.py",
    ),
    "tests/inspecting/test_commands.py::test_why_a_case_waits_is_said_with_what_it_has_due_and_without_anybody": (
        "python app.py case 17",
    ),
    "tests/inspecting/test_commands.py::test_a_decision_is_exported_with_who_made_it_and_on_which_facts": (
        "python app.py export 17",
    ),
    "tests/inspecting/test_commands.py::test_a_month_is_exported_from_its_first_moment_until_before_the_next": (
        "python app.py export 2026-10",
    ),
    "tests/inspecting/test_commands.py::test_a_report_is_figures_and_names_nobody": ("python app.py report 30",),
    "tests/rules/test_said.py::test_the_command_reads_the_file_that_is_named_or_set": (
        "python app.py rules",
        "python app.py rules rules.toml",
    ),
    "tests/rules/test_rules_file.py::test_the_example_is_a_file_that_can_be_used": (
        "cp deploy/rules.example.toml rules.toml",
    ),
    "tests/stories/test_rules.py::test_what_looks_stolen_waits_for_no_hours_and_no_rule_makes_it_look_better": (
        "SENDWELL_RULES=rules.toml python app.py",
    ),
    "tests/test_app.py::test_the_doctor_says_that_nothing_is_missing_and_makes_no_database": ("python app.py doctor",),
    "tests/clients/test_doctor.py::test_the_public_address_is_looked_at": (
        "python app.py doctor --endpoint https://sendwell.example.org/api/messages",
        "python app.py doctor --endpoint https://sendwell.contoso.com/api/messages",
    ),
    "tests/test_app.py::test_a_recording_is_made_from_the_command_line": (
        "python app.py record",
        "python app.py record FOLDER",
        "python app.py record FOLDER [ADDRESS]",
    ),
    "tests/setup/test_setup.py::test_the_command_plans_against_a_tenant_and_asks_nobody_without_a_terminal": (
        "python app.py setup",
        "python app.py setup --yes",
        "python CLONE/app.py setup",
    ),
    "tests/setup/test_setup.py::test_a_dry_run_without_a_plan_asks_for_one_and_keeps_none": (
        "python app.py setup --dry-run",
    ),
    "tests/setup/test_setup.py::test_everything_is_taken_back_and_nothing_else": ("python app.py remove",),
    "tests/sandbox/test_command.py::test_for_a_rehearsal_it_prints_where_the_tenant_is_and_nothing_that_setup_makes": (
        "python -m sandbox --bare --front 3981 3982",
    ),
    "tests/sandbox/test_rehearsal.py::test_the_front_hands_on_to_each_in_turn_and_passes_over_who_is_away": (
        "PORT=3981 python CLONE/app.py",
        "PORT=3982 python CLONE/app.py",
    ),
    "tests/sandbox/test_rehearsal.py::test_what_setup_leaves_to_humans_can_be_done_in_the_sandbox": (
        ".venv/bin/python -m sandbox --run FOLDER/sendwell-exchange.ps1",
        "curl -k ADDRESS",
    ),
    "tests/sandbox/test_playground.py::test_it_says_how_to_open_the_windows_and_writes_what_they_read": (
        "python -m sandbox --playground --fresh -- python app.py",
    ),
    "tests/recording/test_record.py::test_a_recording_is_replayed_and_what_is_not_in_it_is_the_sandboxs_own": (
        "python -m sandbox --replay FOLDER -- python app.py",
    ),
    "tests/stories/test_backup.py::test_a_restored_backup_finds_out_what_happened_meanwhile": (
        'sqlite3 sendwell.db ".backup copy.db"',
        "pg_dump --format=custom --file=copy URL",
        "pg_restore --no-owner --dbname=URL copy",
    ),
    "tests/deploy/test_deploy.py::test_the_bicep_file_is_bicep": ("az bicep build -f deploy/azure/main.bicep",),
}
"""By the test that runs it."""
TRIED: Mapping[str, Here | Takes | str] = {
    **{command: test for test, given in BY_TEST.items() for command in given},
    "python app.py settings": Here.RUN,
    "python app.py scripts FOLDER": Here.RUN,
    "python app.py bounces FOLDER": Here.RUN,
    "SENDWELL_CLOUD=… python app.py record FOLDER": Takes.TENANT,
    "python3.11 -m venv .venv && . .venv/bin/activate": Takes.NETWORK,
    ". .venv/bin/activate": Takes.NETWORK,
    **dict.fromkeys(
        (
            *("make demo", "make demo KEEP=1", "make demo PORT=8800 BOT_PORT=3988", "make clean"),
            *("make demo PYTHON=/path/to/python3.11", "make package", "make pictures", "make lint", "make coverage"),
            *("make test", "make tests", "make test RUN_TESTS=tests.again", "make test-postgres", "make soak"),
            *("make simulate SEEDS=500", "make simulate-planted", "make bench", "make bench-intents"),
            "make judge-bounces FOLDER=tests/bounces",
        ),
        Here.MAKE,
    ),
    **dict.fromkeys(
        (
            ".venv/bin/python -m pytest tests/bot/test_gate.py -k loopback",
            ".venv/bin/python -m pytest tests/cards",
            ".venv/bin/python -m pytest tests/domain/test_bounce_table.py tests/cards/test_languages.py",
            ".venv/bin/python -m pytest tests/domain/test_checks.py tests/dialogs/test_no_bounce.py tests/cards",
            "SENDWELL_REDRAW=1 .venv/bin/python -m pytest tests/cards tests/test_readme.py",
            "SENDWELL_REDRAW=1 .venv/bin/python -m pytest tests/cards/test_golden.py tests/cards/test_spoken.py",
            "SENDWELL_REDRAW=1 .venv/bin/python -m pytest tests/test_causes_table.py",
            "SENDWELL_SOAK=1 python -m pytest tests/bot/test_fuzz.py",
            "SENDWELL_SOAK=200 python -m pytest tests/reliability/test_machine.py",
            ".venv/bin/python -m tests.cards.gallery FOLDER NAME",
            ".venv/bin/python -m tests.cards.gallery FOLDER [PATTERN]",
            ".venv/bin/python -m tests.cards.heights [PATTERN]",
            ".venv/bin/python -m tests.simulation 17 --again",
            ".venv/bin/python -m tests.simulation 500",
            *("python -m bench.faults", "python -m bench.load", "python -m bench.peers"),
            *(f"python -m bench.replicas {cases} none" for cases in (40, 100, 500)),
            *("python -m bench.beside FOLDER", "python -m bench.beside FOLDER 10"),
            "python -m bench.replicas 12 kill pause restart starve",
            "python -m bench.replicas 120 kill pause restart starve",
            "python -m bench.intents --wrong",
            *("python -m bench.case_calls", "python -m bench.due", "python -m bench.growth", "python -m bench.pauses"),
            "python -m bench.growth sqlite 1000000",
            *("python -m tests.browser", "python -m tests.clients.freeze", "python -m tests.fuzz 1000000"),
            "python -m tests.reliability",
            "pip install -r requirements.txt",
            *("PORT=3981 python app.py", "PORT=3982 python app.py"),
        ),
        Here.PROGRAM,
    ),
    "docker build -f deploy/Dockerfile -t sendwell .": Takes.ENGINE,
    "docker build -f deploy/Dockerfile .": Takes.ENGINE,
    "docker compose -f deploy/compose.yaml config": Takes.ENGINE,
    "docker run --read-only --env-file .env -v sendwell:/data -p 3978:3978 sendwell": Takes.ENGINE,
    "SENDWELL_DOMAIN=sendwell.example.org docker compose -f deploy/compose.yaml up --build": Takes.ENGINE,
    "az deployment group create -g GROUP -f deploy/azure/main.bicep "
    "-p image=… approversGroupId=… databasePassword=…": Takes.AZURE,
    "systemctl enable --now sendwell": Takes.SYSTEMD,
    "git clone https://github.com/YOUR-ORGANISATION/sendwell.git": Takes.NETWORK,
    "cd sendwell": Takes.NETWORK,
    "git clone https://github.com/sisimai/set-of-emails": Takes.NETWORK,
    "npx @microsoft/m365agentsplayground start …": Takes.NETWORK,
}
PASTED_BY = (
    "tests/sandbox/test_management_roles.py::test_the_commands_to_paste_let_each_app_run_its_own_cmdlets_and_no_other"
)
"""Pastes the PowerShell that is drawn from the table of roles."""
IN_A_TENANT = {
    "Connect-MgGraph -Scopes Application.ReadWrite.All",
    "New-MgServicePrincipal -AppId 8bd644d1-64a1-4d4b-ae52-2e0cbf64e373",
}
"""PowerShell that takes a tenant."""
_LANGUAGES = {"sh", "json", "text", "powershell", "yaml", "mermaid"}


def of(how: Here) -> list[str]:
    return [command for command, tried in TRIED.items() if tried is how]


def test_every_command_of_a_document_is_tried_and_no_other_is_listed() -> None:
    given = commands()
    unlisted = {command: documents for command, documents in given.items() if command not in TRIED}
    assert unlisted == {}, "say in TRIED how each is tried"
    assert TRIED.keys() - given.keys() == set(), "no document gives these any more"


def test_every_block_says_what_it_is() -> None:
    found = {document.name: {language for language, _ in blocks(document)} for document in DOCUMENTS}
    assert {name: languages - _LANGUAGES for name, languages in found.items() if languages - _LANGUAGES} == {}


def test_every_line_of_powershell_is_pasted_or_takes_a_tenant() -> None:
    written = [block for document in DOCUMENTS for language, block in blocks(document) if language == "powershell"]
    lines = {line.strip() for block in written for line in block.splitlines()}
    pasted = {line.strip() for line in recipe().splitlines()}
    assert lines - pasted - IN_A_TENANT == set()
    assert lines >= IN_A_TENANT


def test_every_test_that_is_named_is_there() -> None:
    for named in [PASTED_BY, *BY_TEST]:
        path, _, name = named.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), named


@pytest.mark.parametrize("command", of(Here.RUN))
def test_it_runs(command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ana.txt").write_text("550 5.1.8 Access denied, bad outbound sender", encoding="utf-8")
    words = command.removeprefix("python app.py ").replace("FOLDER", str(tmp_path)).split()
    assert main({}, words) == 0
    assert capsys.readouterr().out


def test_make_knows_every_rule_and_every_variable() -> None:
    words = [command.split()[1:] for command in of(Here.MAKE)]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    variables = {word.partition("=")[0] for given in words for word in given if "=" in word}
    assert [name for name in variables if f"$({name})" not in makefile and f"$(if $({name})" not in makefile] == []
    targets = {word for given in words for word in given if "=" not in word}
    read = subprocess.run(
        ["make", "--dry-run", *sorted(targets)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert read.returncode == 0, read.stderr


@pytest.mark.parametrize("command", [one for one in TRIED if one.startswith("python app.py ")])
def test_the_command_line_takes_it(command: str) -> None:
    words = [word for word in command.split()[2:] if not word.startswith("[")]
    if words == ["record"]:
        words.append("FOLDER")
    assert parsed(words).command == words[0]


@pytest.mark.parametrize("command", of(Here.PROGRAM))
def test_its_program_and_its_files_are_there(command: str) -> None:
    words = command.split()
    if "-m" in words:
        assert find_spec(words[words.index("-m") + 1]) is not None
    files = [word for word in words if "/" in word or word.endswith(".txt")]
    assert [word for word in files if not (ROOT / word).exists() and not word.startswith(".venv/")] == []


def test_files_that_a_command_names_are_there_whatever_it_takes() -> None:
    named = {word for command in TRIED for word in command.split() if word.startswith(("deploy/", "tests/"))}
    assert len(named) > 8
    assert [word for word in named if not (ROOT / word).exists()] == []
