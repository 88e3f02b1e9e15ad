"""Containing an account through Microsoft Graph, and reading which directory roles it holds."""

from dataclasses import dataclass
from urllib.parse import quote

from services.clients.graph.directory import GraphDirectory
from services.clients.graph.roles import holds_role
from services.clients.http import ApiClient, Response
from services.clients.refusals import Refusal, needing
from services.clients.unknown_password import unknown_password
from services.clients.wire_values import read_moment, text_of
from services.domain.containment.after_steps import AccountRead
from services.domain.people import PersonId
from services.ports.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The properties of an account that decide whether a step can be taken, and what is read after it."""

    read: AccountRead
    guest: bool

    @property
    def enabled(self) -> bool:
        return self.read.enabled

    @property
    def synchronised(self) -> bool:
        return self.read.synchronised


class AccountContainment:
    """Each method raises `Unavailable`; each but `holds_role` raises `Refusal` if Graph refuses."""

    def __init__(self, api: ApiClient) -> None:
        self._api = api
        self._graph = GraphDirectory(api)

    async def account(self, person: PersonId) -> Account:
        # https://learn.microsoft.com/graph/api/resources/user (both dates come only when selected)
        dates = "signInSessionsValidFromDateTime,lastPasswordChangeDateTime"
        fields = f"id,accountEnabled,userType,onPremisesSyncEnabled,{dates}"
        try:
            with needing("User.Read.All"):
                user = await self._graph.get(f"{_user(person)}?$select={fields}")
        except NotFound as nobody:
            raise Refusal(str(nobody)) from nobody
        return Account(
            guest=text_of(user.get("userType")) == "Guest",
            read=AccountRead(
                # A missing value must not count as disabled already.
                enabled=user.get("accountEnabled") is not False,
                synchronised=user.get("onPremisesSyncEnabled") is True,
                sessions_valid_from=read_moment(user.get("signInSessionsValidFromDateTime")),
                password_changed_at=read_moment(user.get("lastPasswordChangeDateTime")),
            ),
        )

    async def revoke_sessions(self, person: PersonId) -> None:
        # https://learn.microsoft.com/graph/api/user-revokesigninsessions
        with needing("User.RevokeSessions.All"):
            response = await self._api.once("POST", f"{_user(person)}/revokeSignInSessions")
        _accept(response)
        if isinstance(response.json, dict) and response.json.get("value") is False:
            raise Refusal("revokeSignInSessions answered false")

    async def set_unknown_password(self, person: PersonId) -> None:
        """Set a password that nobody knows: it is made here, sent once, and neither returned, kept nor logged.

        Only to require a new one at the next sign-in would let whoever knows the old one choose it."""
        # https://learn.microsoft.com/graph/api/resources/passwordprofile
        password = unknown_password()
        body = {"passwordProfile": {"password": password, "forceChangePasswordNextSignIn": True}}
        with needing(_PASSWORD_RIGHTS):
            response = await self._api.once("PATCH", _user(person), body)
        try:
            _accept(response)
        except Refusal as refused:
            # Should Graph's error ever repeat what it was sent.
            raise Refusal(str(refused).replace(password, "…")) from None

    async def enable(self, person: PersonId, *, on: bool) -> None:
        # https://learn.microsoft.com/graph/api/user-update (accountEnabled takes these two permissions together)
        with needing("User.EnableDisableAccount.All with User.Read.All"):
            _accept(await self._api.once("PATCH", _user(person), {"accountEnabled": on}))

    async def holds_role(self, person: PersonId) -> bool:
        """Whether any directory role is held: assigned, activated, or through a group. Raises `Unavailable` if that
        cannot be read."""
        return await holds_role(self._api, person)


_PASSWORD_RIGHTS = "User-PasswordProfile.ReadWrite.All, and for some tenants the Entra role User Administrator,"


def _user(person: PersonId) -> str:
    return f"/v1.0/users/{quote(person, safe='')}"


def _accept(response: Response) -> None:
    """Raises `Refusal` with Graph's own message if the response is an error."""
    if not response.is_success:
        error = response.json.get("error") if isinstance(response.json, dict) else None
        message = text_of(error.get("message")) if isinstance(error, dict) else None
        raise Refusal(message or f"HTTP {response.status}")
