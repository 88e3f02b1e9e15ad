"""How a PowerShell session of one app is started, and which cmdlets it may run."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificates

from services.clients.exchange.powershell_session import Launch
from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.powershell_settings import PowerShellRoute
from services.settings import Applicant, Credential

_SCRIPT = Path(__file__).with_name("session.ps1")
_POLICY, _RULE = "HostedOutboundSpamFilterPolicy", "HostedOutboundSpamFilterRule"

READING_AND_UNBLOCKING = (
    "Get-BlockedSenderAddress",
    "Remove-BlockedSenderAddress",
    "Get-BlockedConnector",
    "Remove-BlockedConnector",
    "Get-Mailbox",
    "Get-InboxRule",
    "Get-AcceptedDomain",
    "Get-Recipient",
    "Get-RecipientPermission",
    *(f"{verb}-{noun}" for noun in (_POLICY, _RULE) for verb in ("Get", "New", "Set", "Remove")),
)
CONTAINING = ("Get-Mailbox", "Set-Mailbox", "Get-InboxRule", "Disable-InboxRule", "Enable-InboxRule")


def launch_of(route: PowerShellRoute, applicant: Applicant, cmdlets: Iterable[str]) -> Launch:
    """A launch that connects as this app and allows these cmdlets.

    The certificate is read anew for each start, so that a new file is taken up. Its key goes through a pipe: it is
    neither on the command line nor in the environment."""
    allowed = list(dict.fromkeys(cmdlets))

    def hello() -> Mapping[str, object]:
        certificate, key = _certificate(applicant.credential)
        return {
            "app": applicant.app_id,
            "organization": route.organization,
            "environment": route.environment_name,
            "certificate": certificate,
            "key": key,
            "cmdlets": allowed,
        }

    command = (route.program, "-NoLogo", "-NoProfile", "-NonInteractive", "-File", str(_SCRIPT))
    return Launch(command=command, environment=route.variables, hello=hello)


def _certificate(credential: Credential) -> tuple[str, str]:
    """The certificate and its key, unlocked, as PEM: .NET reads fewer kinds of locked keys. Of a chain it is the
    certificate whose key this is."""
    password = credential.certificate_password.encode() if credential.certificate_password else None
    try:
        pem = credential.certificate_file.read_bytes() if credential.certificate_file else b""
        key = load_pem_private_key(pem, password)
        public, certificates = key.public_key(), load_pem_x509_certificates(pem)
        certificate = next(one for one in certificates if one.public_key() == public)
    except (ValueError, TypeError, OSError, StopIteration) as unusable:
        text = f"login: {credential.named}_FILE is not usable ({type(unusable).__name__})"
        raise Unavailable(UnknownReason.NO_PERMISSION, text, may_have_arrived=False) from None
    plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM).decode(), plain.decode()
