"""What a refusal by the login means, in a sentence that an operator can act on.

https://learn.microsoft.com/entra/identity-platform/reference-error-codes says that codes may change: one that is not
known here is told as it came."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.domain.unknown import UnknownReason
from services.ports.errors import Unavailable
from services.settings import Applicant, AppType

_UNREGISTERED = (
    "The certificate of {certificate} is not registered with the app, or was revoked. Upload it in Entra, under "
    "Certificates & secrets."
)
_ENDED = (
    "The certificate of {certificate} has expired. Upload a new one in Entra, and put it with its key into the file."
)
_UNKNOWN_APP = (
    "There is no app with this id in the tenant. Compare {app} and MicrosoftAppTenantId with the app registration."
)
_UNKNOWN_TENANT = "There is no such tenant. Set MicrosoftAppTenantId to the tenant's GUID."
_NOT_ASSIGNED = (
    "The managed identity is not assigned to this host, or not known for this service. Assign the one whose client id "
    "is {app} to the host."
)
_ADVICE: Mapping[int, str] = {
    7000215: "The client secret is wrong. Put the secret's value, not its id, into {secret}.",
    7000222: "The client secret has expired. Create a new one in Entra and put its value into {secret}.",
    700027: _UNREGISTERED,
    7000214: _UNREGISTERED,
    7000277: _UNREGISTERED,
    7000274: _ENDED,
    1000502: _ENDED,
    700024: "The clock of this machine and Entra's differ, or the answer took minutes. Set the clock by a time server.",
    700016: _UNKNOWN_APP,
    700021: _UNKNOWN_APP,
    7000112: "The app is disabled in the tenant. Enable it in Entra, under Enterprise applications.",
    90002: _UNKNOWN_TENANT,
    900023: _UNKNOWN_TENANT,
    500011: "The tenant does not know the service that the token is for. Check that its address belongs to the cloud.",
}
_CODE = re.compile(r"AADSTS(\d{4,8})")
_REFUSALS = ("invalid", "unauthorized", "access_denied")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRefusal:
    """Why there is no token. `by_login`: the login refused the app, and asking again with the same proof is no use."""

    error: str
    codes: tuple[int, ...]
    advice: str
    by_login: bool

    @property
    def sentence(self) -> str:
        codes = " ".join(f"AADSTS{code}" for code in self.codes)
        said = " ".join(part for part in (self.error, codes) if part)
        return f"{said}: {self.advice}" if self.advice else said

    def unavailable(self) -> Unavailable:
        reason = UnknownReason.NO_PERMISSION if self.by_login else UnknownReason.UNREACHABLE
        return Unavailable(reason, f"login: {self.sentence}")


def refusal(response: Mapping[str, Any], applicant: Applicant) -> LoginRefusal:
    """Reads an answer that holds no token. Of the login's own text only the codes are kept."""
    error = str(response.get("error", "no token"))[:60]
    error = error if error.replace(" ", "_").isidentifier() and error.count(" ") < 2 else "an error of no known name"
    text = str(response.get("error_description", ""))
    codes = codes_in(response.get("error_codes"), text)
    by_login = error.startswith(_REFUSALS)
    return LoginRefusal(error=error, codes=codes, advice=_advice(codes, text, by_login, applicant), by_login=by_login)


def codes_in(listed: Any, text: str) -> tuple[int, ...]:
    """The AADSTS codes of an answer: those it lists, or those that its text names."""
    if isinstance(listed, list) and listed:
        return tuple(code for code in listed[:5] if isinstance(code, int))
    return tuple(int(code) for code in _CODE.findall(text)[:5])


def no_such_tenant(text: str, applicant: Applicant) -> LoginRefusal | None:
    """The refusal in the text of an error about the authority; `None` if it is something else."""
    codes = codes_in(None, text)
    advice = _advice(codes, text, True, applicant)
    return LoginRefusal(error="invalid_tenant", codes=codes, advice=advice, by_login=True) if codes else None


def _advice(codes: tuple[int, ...], text: str, by_login: bool, applicant: Applicant) -> str:
    known = next((_ADVICE[code] for code in codes if code in _ADVICE), "")
    if 700027 in codes and "expired" in text:
        known = _ENDED
    if not codes and by_login and applicant.app_type is AppType.MANAGED_IDENTITY:
        known = _NOT_ASSIGNED
    credential = applicant.credential
    secret = f"{credential.secret_named}_FILE" if credential.secret_file else credential.secret_named
    return known.format(secret=secret, certificate=f"{credential.named}_FILE", app=applicant.app_setting)
