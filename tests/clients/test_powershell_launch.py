"""What a PowerShell session is started with, and which cmdlets it may run."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate

from services.clients.exchange.powershell_launch import CONTAINING, READING_AND_UNBLOCKING, launch_of
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.powershell_settings import PowerShellRoute
from tests.clients.certificates import applicant_with, write_certificate

CLIENTS = Path(__file__).parents[2] / "services/clients/exchange"
ROUTE = PowerShellRoute(
    program="pwsh-7", organization="contoso.onmicrosoft.com", environment_name="O365Default", variables={"HOME": "/x"}
)


@pytest.mark.parametrize("password", [None, "pass"])
def test_the_first_line_holds_the_certificate_and_its_key_unlocked(tmp_path: Path, password: str | None) -> None:
    applicant = applicant_with(tmp_path / "app.pem", password)
    hello = launch_of(ROUTE, applicant, ["Get-Mailbox", "Set-Mailbox", "Get-Mailbox"]).hello()
    key = load_pem_private_key(str(hello["key"]).encode(), None)
    certificate = load_pem_x509_certificate(str(hello["certificate"]).encode())
    assert certificate.public_key() == key.public_key()
    assert (hello["app"], hello["organization"]) == (applicant.app_id, "contoso.onmicrosoft.com")
    assert hello["environment"] == "O365Default"
    assert hello["cmdlets"] == ["Get-Mailbox", "Set-Mailbox"]


def test_the_command_line_names_the_program_and_the_script_and_nothing_else(tmp_path: Path) -> None:
    launch = launch_of(ROUTE, applicant_with(tmp_path / "app.pem"), [])
    assert launch.command[0] == "pwsh-7"
    assert launch.command[-2:] == ("-File", str(CLIENTS / "session.ps1"))
    assert "-NonInteractive" in launch.command
    assert Path(launch.command[-1]).is_file()
    assert launch.environment == {"HOME": "/x"}


def test_a_new_certificate_is_taken_up_by_the_next_start(tmp_path: Path) -> None:
    launch = launch_of(ROUTE, applicant_with(tmp_path / "app.pem"), [])
    before = launch.hello()["certificate"]
    write_certificate(tmp_path / "app.pem")
    assert launch.hello()["certificate"] != before


@pytest.mark.parametrize("kind", ["gone", "junk", "locked"])
def test_a_certificate_that_cannot_be_used_is_said_and_nothing_began(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "app.pem"
    launch = launch_of(ROUTE, applicant_with(path), [])
    match kind:
        case "gone":
            path.unlink()
        case "junk":
            path.write_bytes(b"-----BEGIN")
        case _:
            write_certificate(path, "pass")
    with pytest.raises(Unavailable, match="login: SENDWELL_CERTIFICATE_FILE is not usable") as trouble:
        launch.hello()
    assert (trouble.value.reason, trouble.value.may_have_arrived) == (UnknownReason.NO_PERMISSION, False)


def test_the_cmdlets_that_are_allowed_are_those_that_the_clients_call() -> None:
    called = {
        cmdlet for path in CLIENTS.glob("*.py") if path.stem != "powershell_launch" for cmdlet in cmdlets_in(path)
    }
    assert len(called) > 15
    assert called == {*READING_AND_UNBLOCKING, *CONTAINING}
    assert set(CONTAINING) == cmdlets_in(CLIENTS / "mailbox_containment.py")
    writes = {cmdlet for cmdlet in READING_AND_UNBLOCKING if not cmdlet.startswith("Get-")}
    assert not writes & set(CONTAINING), "only the app that contains accounts may change mailboxes"


def cmdlets_in(path: Path) -> set[str]:
    """Every text of the code that is a cmdlet's name, also where it is put together from a constant of the file."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = dict(pair for node in ast.walk(tree) for pair in constants_of(node))

    def text_of(node: ast.AST) -> str:
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.FormattedValue(value=ast.Name(id=name)):
                return constants.get(name, "?")
            case ast.JoinedStr(values=parts):
                return "".join(map(text_of, parts))
            case _:
                return "?"

    return {text for node in ast.walk(tree) if re.fullmatch(r"[A-Z][a-z]+-[A-Z][A-Za-z]+", text := text_of(node))} - {
        "X-CmdletName",
        "X-AnchorMailbox",
    }


def constants_of(node: ast.AST) -> Iterator[tuple[str, str]]:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
            yield name, text
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            for name_node, value in zip(names, values, strict=True):
                if isinstance(name_node, ast.Name) and isinstance(value, ast.Constant):
                    yield name_node.id, str(value.value)
        case _:
            pass
