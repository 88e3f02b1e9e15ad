"""What a PowerShell session is started with, and which cmdlets it may run."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from services.clients.exchange.powershell_launch import launch_of
from services.domain.exchange_roles import BOT, RESPONDER, cmdlets_of
from services.powershell_settings import PowerShellRoute
from services.settings import Applicant, AppType, Credential, FaultySettingsError
from tests.certificates import app_certificate

GUID = "5a4d8f2e-0000-4000-8000-00000000c0de"
OLD, NEW = app_certificate("sendwell-2026"), app_certificate("sendwell-2027")
CLIENTS = Path(__file__).parents[2] / "services/clients/exchange"
ROUTE = PowerShellRoute(
    program="pwsh-7", organization="contoso.onmicrosoft.com", environment_name="O365Default", variables={"HOME": "/x"}
)


def applicant_with(path: Path, password: str | None = None) -> Applicant:
    """An app whose certificate is in this file."""
    credential = Credential(certificate_file=path, certificate_password=password)
    login = "https://login.microsoftonline.com"
    return Applicant(app_id=GUID, tenant=GUID, app_type=AppType.SINGLE_TENANT, credential=credential, login_url=login)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "app.pem"
    path.write_bytes(OLD.pem)
    return path


@pytest.mark.parametrize("password", [None, "pass"])
def test_the_first_line_holds_the_certificate_and_its_key_unlocked(file: Path, password: str | None) -> None:
    key = load_pem_private_key(OLD.key, None)
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    if password:
        lock = BestAvailableEncryption(password.encode())
        file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock) + OLD.certificate)
    hello = launch_of(ROUTE, applicant_with(file, password), ["Get-Mailbox", "Set-Mailbox", "Get-Mailbox"]).hello()
    assert str(hello["key"]).encode() == plain
    assert str(hello["certificate"]).encode() == OLD.certificate
    assert (hello["app"], hello["organization"]) == (GUID, "contoso.onmicrosoft.com")
    assert hello["environment"] == "O365Default"
    assert hello["cmdlets"] == ["Get-Mailbox", "Set-Mailbox"]


def test_the_command_line_names_the_program_and_the_script_and_nothing_else(file: Path) -> None:
    launch = launch_of(ROUTE, applicant_with(file), [])
    assert launch.command[0] == "pwsh-7"
    assert launch.command[-2:] == ("-File", str(CLIENTS / "session.ps1"))
    assert "-NonInteractive" in launch.command
    assert Path(launch.command[-1]).is_file()
    assert launch.environment == {"HOME": "/x"}


def test_a_new_certificate_is_taken_up_by_the_next_start_once_it_is_whole(file: Path) -> None:
    launch = launch_of(ROUTE, applicant_with(file), [])
    for content, certificate in ((OLD.pem, OLD), (NEW.pem[:500], OLD), (NEW.pem, NEW)):
        file.write_bytes(content)
        assert str(launch.hello()["certificate"]).encode() == certificate.certificate


def test_a_certificate_that_cannot_be_used_is_a_fault_of_the_settings(file: Path) -> None:
    file.write_bytes(b"-----BEGIN")
    with pytest.raises(FaultySettingsError, match="SENDWELL_CERTIFICATE_FILE is not usable"):
        launch_of(ROUTE, applicant_with(file), [])


def test_only_the_app_that_contains_accounts_may_change_mailboxes() -> None:
    writes = {cmdlet for cmdlet in cmdlets_of(BOT) if not cmdlet.startswith("Get-")}
    assert not writes & cmdlets_of(RESPONDER)
