"""The administrator who signs in with a code, by one of Microsoft's own programs, and the tokens that come of it.

https://learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.credentials import Refused

GRAPH_TOOLS, AZURE_CLI = "14d82eec-204b-4c2f-b7e8-296a70dab67e", "04b07795-8ddb-461a-bbee-02f9e1bf7b46"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_SAID = "To sign in, use a web browser to open the page {page} and enter the code {code} to authenticate."


@dataclass(kw_only=True)
class Administrator:
    """`refuses`: they close the browser. `pending`: how often a program is told to ask again. `lacks`: scopes that
    their roles do not cover; a token has them all the same, and the service refuses."""

    refuses: bool = False
    pending: int = 0
    lacks: set[str] = field(default_factory=set)
    codes: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """By device code: the program, and what it asked for."""

    def begins(self, form: Mapping[str, Any], page: str) -> dict[str, Any] | Refused:
        app, scopes = str(form.get("client_id", "")), tuple(str(form.get("scope", "")).split())
        if app not in (GRAPH_TOOLS, AZURE_CLI):
            text = "Application was not found in the directory."
            return Refused(error="unauthorized_client", code=700016, text=text, status=400)
        device, code = secrets.token_urlsafe(24), secrets.token_hex(4).upper()
        self.codes[device] = (app, scopes)
        return {
            "device_code": device,
            "user_code": code,
            "verification_uri": page,
            "expires_in": 900,
            "interval": 1,
            "message": _SAID.format(page=page, code=code),
        }

    def asks(self, form: Mapping[str, Any]) -> tuple[str, tuple[str, ...]] | Refused:
        """The program, and the scopes of its token."""
        app, scopes = self.codes.get(str(form.get("device_code", "")), ("", ()))
        if not app or app != form.get("client_id"):
            return Refused(error="bad_verification_code", code=70019, text="Verification code expired.", status=400)
        if self.refuses:
            text = "The end user declined."
            return Refused(error="authorization_declined", code=70000, text=text, status=400)
        if self.pending:
            self.pending -= 1
            return Refused(error="authorization_pending", code=70016, text="Authorization is pending.", status=400)
        return app, scopes


def resource_of(scopes: tuple[str, ...], audiences: Mapping[str, str]) -> tuple[str, list[str]] | Refused:
    """The one service that is asked for, and the names of the scopes. `audiences`: which program each is for."""
    named = [scope for scope in scopes if "/" in scope]
    services = {scope.rpartition("/")[0] for scope in named}
    if len(services) != 1:
        return Refused(error="invalid_scope", code=28000, text="The scopes are of more than one resource.", status=400)
    service = services.pop()
    if service not in audiences:
        return Refused(error="invalid_resource", code=500011, text="The resource was not found.", status=400)
    return service, [scope.rpartition("/")[2] for scope in named]
