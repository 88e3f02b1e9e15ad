"""How a PowerShell session of one app is started, and which cmdlets it may run."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from services.clients.app_credential import AppCredential
from services.clients.exchange.powershell_session import Launch
from services.powershell_settings import PowerShellRoute
from services.settings import Applicant

_SCRIPT = Path(__file__).with_name("session.ps1")


def launch_of(route: PowerShellRoute, applicant: Applicant, cmdlets: Iterable[str]) -> Launch:
    """A launch that connects as this app and allows these cmdlets. Raises `FaultySettingsError` if its certificate
    cannot be used.

    The certificate is read anew for each start, so that a new file is taken up. Its key goes through a pipe: it is
    neither on the command line nor in the environment."""
    credential, allowed = AppCredential(applicant.credential), list(dict.fromkeys(cmdlets))

    def hello() -> Mapping[str, object]:
        newest = credential.to_try()[0]
        if not isinstance(newest, dict):
            raise TypeError("the settings let only an app with a certificate take this route")
        return {
            "app": applicant.app_id,
            "organization": route.organization,
            "environment": route.environment_name,
            "certificate": newest["public_certificate"],
            "key": newest["private_key"],
            "cmdlets": allowed,
        }

    command = (route.program, "-NoLogo", "-NoProfile", "-NonInteractive", "-File", str(_SCRIPT))
    return Launch(command=command, environment=route.variables, hello=hello)
