"""msal's applications, each with one way to ask for a token."""

from typing import Any, Protocol
from urllib.parse import urlsplit

import msal
import requests

from services.clients.app_credential import Proof
from services.settings import Applicant, AppType

_MICROSOFT_LOGINS = (
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
)


class Application(Protocol):
    """What we use of msal."""

    def acquire(self, scope: str) -> dict[str, Any]:
        """The login's answer, with a token or with an error."""
        ...


def msal_application(applicant: Applicant, proof: Proof, session: requests.Session) -> Application:
    """The application of this app, which proves itself with this proof. It may ask the login for its metadata."""
    if applicant.app_type is AppType.MANAGED_IDENTITY:
        identity = msal.UserAssignedManagedIdentity(client_id=applicant.app_id)
        return _Managed(msal.ManagedIdentityClient(identity, http_client=session))
    host = urlsplit(applicant.login_url).hostname
    return _Confidential(
        msal.ConfidentialClientApplication(
            applicant.app_id,
            authority=f"{applicant.login_url}/{applicant.tenant}",
            client_credential=proof,
            # Instance discovery asks Microsoft's list of login hosts, which knows no others.
            instance_discovery=host in _MICROSOFT_LOGINS,
            http_client=session,
        )
    )


class _Confidential:
    """An app with a secret or a certificate."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def acquire(self, scope: str) -> dict[str, Any]:
        response: dict[str, Any] = self._application.acquire_token_for_client(scopes=[scope])
        return response


class _Managed:
    """An app with a managed identity: the Azure platform it runs on gives it tokens."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def acquire(self, scope: str) -> dict[str, Any]:
        response: dict[str, Any] = self._application.acquire_token_for_client(resource=scope.removesuffix("/.default"))
        return response
