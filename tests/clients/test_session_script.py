"""`session.ps1` cannot be run where there is no PowerShell: it is parsed, and held to what the review relied on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

from services.clients.exchange.powershell_launch import launch_of
from services.powershell_settings import PowerShellRoute
from tests.certificates import app_certificate
from tests.clients.test_powershell_launch import applicant_with

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "services/clients/exchange/session.ps1"
THE_MODULES_AND_POWERSHELLS = {
    "Import-Module",
    "Connect-ExchangeOnline",
    "Disconnect-ExchangeOnline",
    "Get-Command",
    "Get-Module",
    "ConvertFrom-Json",
    "ConvertTo-Json",
}


@pytest.fixture(scope="module")
def script() -> Node:
    parser = Parser(Language(tree_sitter_powershell.language()))
    return parser.parse(SCRIPT.read_bytes()).root_node


def nodes(root: Node) -> Iterator[Node]:
    yield root
    for child in root.children:
        yield from nodes(child)


def texts(root: Node, kind: str) -> list[str]:
    return [(node.text or b"").decode() for node in nodes(root) if node.type == kind]


def test_it_parses(script: Node) -> None:
    assert not script.has_error


def test_it_calls_what_it_names_and_the_one_allowed_cmdlet(script: Node) -> None:
    """No text is run as code: there is no Invoke-Expression, no script block made of a text, no other program."""
    own = set(texts(script, "function_name"))
    assert set(texts(script, "command_name")) == own | THE_MODULES_AND_POWERSHELLS
    assert texts(script, "command_name_expr") == ["$command"]
    assert texts(script, "command_invokation_operator") == ["&"]
    assert not {"Create", "Invoke", "InvokeScript", "NewScriptBlock", "AddScript"} & set(texts(script, "member_name"))


def test_only_answers_are_written_to_standard_output(script: Node) -> None:
    written = [call for call in texts(script, "invokation_expression") if "$writer" in call]
    assert len(written) == 1
    assert written[0].startswith("$writer.WriteLine((ConvertTo-Json")
    assert "[Console]::SetOut([Console]::Error)" in texts(script, "invokation_expression")


def test_nothing_else_reads_standard_input(script: Node) -> None:
    """PowerShell itself reads it as soon as `$input` is used."""
    assert "$input" not in {name.casefold() for name in texts(script, "variable")}
    assert sum("OpenStandardInput()" in call for call in texts(script, "invokation_expression")) == 2  # with its reader


def test_it_reads_every_part_of_the_first_line_and_of_a_call(script: Node, tmp_path: Path) -> None:
    file = tmp_path / "app.pem"
    file.write_bytes(app_certificate("sendwell-2026").pem)
    route = PowerShellRoute(program="pwsh", organization="o", environment_name="e", variables={})
    hello = launch_of(route, applicant_with(file), ["Get-Mailbox"]).hello()
    assert {*hello, "cmdlet", "parameters"} <= set(texts(script, "member_name"))
