"""Microsoft Graph: a person's account in the directory."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from services.clients.graph.methods import read_method
from services.clients.graph.pages import all_rows, pages
from services.clients.http import ApiClient
from services.clients.wire_values import read_moment, text_of
from services.domain.people import (
    AuthenticationMethod,
    PasswordChange,
    PasswordHome,
    Person,
    PersonId,
    Registration,
)
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable

# https://learn.microsoft.com/graph/api/user-get (fields come only when selected)
_USER = (
    "id,displayName,userPrincipalName,mail,proxyAddresses,accountEnabled,userType,"
    "lastPasswordChangeDateTime,onPremisesSyncEnabled,mobilePhone,businessPhones"
)
_MANAGER = "manager($select=id,displayName)"


_DOMAIN_GOOD_FOR = 600.0
"""Seconds. It can only be asked once the person is known, and a first look would wait for two answers in turn."""

# https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
_PASSWORD_ACTIVITIES = ("reset user password", "change user password", "reset password", "change password")


class GraphDirectory:
    """Implements the port `Directory`."""

    def __init__(self, api: ApiClient) -> None:
        self._api = api
        self._homes: dict[str, tuple[float, PasswordHome]] = {}
        """Of each domain until when its answer is good, by the loop's clock."""

    async def person(self, person: PersonId) -> Person:
        user = await self.get(f"/v1.0/users/{_id(person)}?$select={_USER}&$expand={_MANAGER}")
        upn = text_of(user.get("userPrincipalName"))
        if upn is None:
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "a user without a name")
        business = (number for one in _list(user.get("businessPhones")) if (number := text_of(one)))
        manager = user.get("manager")
        return Person(
            id=person,
            name=text_of(user.get("displayName")) or upn,
            upn=upn,
            addresses=_addresses(upn, user),
            enabled=user.get("accountEnabled") is True,
            guest=text_of(user.get("userType")) == "Guest",
            phone=text_of(user.get("mobilePhone")),
            business_phone=next(business, None),
            manager=text_of(manager.get("displayName")) if isinstance(manager, dict) else None,
            password_home=await self._password_home(user, upn),
            password_changed_at=read_moment(user.get("lastPasswordChangeDateTime")),
        )

    async def methods(self, person: PersonId) -> tuple[AuthenticationMethod, ...]:
        # https://learn.microsoft.com/graph/api/authentication-list-methods
        rows = await all_rows(self.get, f"/v1.0/users/{_id(person)}/authentication/methods", "sign-in methods")
        return tuple(read_method(row, person) for row in rows)

    async def registration(self, person: PersonId) -> Registration:
        found = await self.get(f"/v1.0/reports/authenticationMethods/userRegistrationDetails/{_id(person)}")
        details = found.get("value", found)  # the documentation shows a wrapper that the service does not send
        if not isinstance(details, dict) or not isinstance(details.get("isMfaRegistered"), bool):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "a registration report of no known shape")
        return Registration(
            mfa_registered=details["isMfaRegistered"], self_service_reset=details.get("isSsprCapable") is True
        )

    async def password_changes(self, person: PersonId, since: datetime) -> tuple[PasswordChange, ...]:
        stamp = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        mine = f"activityDateTime ge {stamp} and targetResources/any(t:t/id eq '{_id(person)}')"
        rows = await all_rows(self.get, f"/v1.0/auditLogs/directoryAudits?$filter={quote(mine)}", "directory audit log")
        return tuple(change for row in rows if (change := _change(row)))

    async def members(self, group: str, most: int) -> tuple[Mapping[str, Any], ...]:
        """The people in a group, nested groups included. Raises `Unavailable` if there are more than `most`."""
        path = f"/v1.0/groups/{quote(group, safe='')}/transitiveMembers/microsoft.graph.user"
        path += "?$select=id,displayName,userPrincipalName"
        found: list[Mapping[str, Any]] = []
        async for page in pages(self.get, path, "members of a group"):
            if not all(row.get("id") for row in page.rows):
                raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "a member without an id")
            found += page.rows
            if len(found) > most:
                break
            if page.is_last:
                return tuple(found)
        raise Unavailable(UnknownReason.INCOMPLETE, "a very large group")

    async def ping(self) -> None:
        """Read one user, which needs User.Read.All."""
        await self.get("/v1.0/users?$top=1&$select=id")

    async def get(self, path: str) -> Mapping[str, Any]:
        """The JSON object at a path. Raises `Unavailable`; `NotFound` for 404."""
        response = await self._api.read("GET", path)
        if response.status == 404:
            raise NotFound("the directory knows no such object")
        if not response.is_success or not isinstance(response.json, dict):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, f"HTTP {response.status}")
        return response.json

    async def _password_home(self, user: Mapping[str, Any], upn: str) -> PasswordHome:
        """Where the password is kept. If that cannot be read the cloud is assumed: then an old change date counts as
        "changed before", which proves nothing."""
        if user.get("onPremisesSyncEnabled") is True:
            return PasswordHome.ON_PREMISES
        domain = quote(upn.rpartition("@")[2], safe="")
        until, known = self._homes.get(domain, (0.0, PasswordHome.CLOUD))
        now = asyncio.get_running_loop().time()
        if now < until:
            return known
        try:
            found = await self.get(f"/v1.0/domains/{domain}?$select=id,authenticationType")
        except (Unavailable, NotFound):
            return PasswordHome.CLOUD
        federated = str(found.get("authenticationType")).casefold() == "federated"
        home = PasswordHome.FEDERATED if federated else PasswordHome.CLOUD
        self._homes[domain] = now + _DOMAIN_GOOD_FOR, home
        return home


def _id(person: PersonId) -> str:
    return quote(person, safe="")


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _addresses(upn: str, user: Mapping[str, Any]) -> tuple[str, ...]:
    """The UPN first, by which the restricted list names hosted mailboxes; then the primary address and every alias."""
    proxies = [text for value in _list(user.get("proxyAddresses")) if (text := text_of(value))]
    smtp = [proxy[5:] for proxy in proxies if proxy[:5].casefold() == "smtp:"]
    known: dict[str, str] = {}
    for address in (upn, text_of(user.get("mail")), *smtp):
        if address:
            known.setdefault(address.casefold(), address)
    return tuple(known.values())


def _change(row: Mapping[str, Any]) -> PasswordChange | None:
    if str(row.get("result")).casefold() != "success":
        return None
    at = read_moment(row.get("activityDateTime"))
    if at is None or not str(row.get("activityDisplayName")).casefold().startswith(_PASSWORD_ACTIVITIES):
        return None
    by = row.get("initiatedBy")
    user = by.get("user") if isinstance(by, dict) else None
    user = user if isinstance(user, dict) else {}
    return PasswordChange(at=at, by=text_of(user.get("userPrincipalName")), from_where=text_of(user.get("ipAddress")))
