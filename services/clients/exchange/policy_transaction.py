"""Reading all outbound policies and rules, with what is needed to apply a rule to one sender."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets, unexpected
from services.clients.exchange.policy_rows import read_policy, read_rule
from services.clients.http import ApiClient
from services.clients.wire_values import list_of, text_of
from services.domain.limits.outbound_policy import Membership, OutboundRule, PolicySnapshot, in_order
from services.domain.people import PersonId
from services.domain.unknown import Unknown, UnknownReason
from services.ports.errors import Unavailable

_POLICIES, _RULES = "Get-HostedOutboundSpamFilterPolicy", "Get-HostedOutboundSpamFilterRule"
_GROUPS_AT_ONCE = 20


class PolicyReader:
    """Reads policies, rules and recipients from Exchange, and group memberships from the directory."""

    def __init__(self, cmdlets: Cmdlets, directory: ApiClient) -> None:
        self._cmdlets = cmdlets
        self._directory = directory

    async def snapshot(self, addresses: Sequence[str], person: PersonId | None, group: str = "") -> PolicySnapshot:
        """All policies and rules for one sender, and whether they belong to `group`, which no rule needs to name.

        Raises `Unavailable`."""
        policies = tuple(read_policy(row) for row in await self._rows(_POLICIES))
        if not any(policy.is_default for policy in policies):
            raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "no default outbound policy")
        rules = await self.rules()
        asked = await self._shown(group) if group else ""
        groups = _groups(rules, asked)
        sender = await self._sender(addresses[0], person, rules, groups)
        return PolicySnapshot(
            policies=policies,
            rules=rules,
            person=person,
            primary=text_of(sender.get("PrimarySmtpAddress")) or "",
            memberships=await self._memberships(person or _id_of(sender), groups),
            domains=await self._domains(),
            group=asked,
        )

    async def rules(self) -> tuple[OutboundRule, ...]:
        """Raises `Unavailable`."""
        return tuple(read_rule(row) for row in await self._rows(_RULES))

    async def _rows(self, cmdlet: str) -> Sequence[Mapping[str, Any]]:
        """All rows of a cmdlet. It is not asked for one identity, since it returns other objects for an unknown one.

        https://learn.microsoft.com/powershell/module/exchangepowershell/get-hostedoutboundspamfilterrule"""
        try:
            rows = await self._cmdlets.run(cmdlet, {}, repeat=True)
        except CmdletFailed as failed:
            raise unexpected(failed) from failed
        if not rows.complete:
            raise Unavailable(UnknownReason.INCOMPLETE, cmdlet)
        return rows.rows

    async def _shown(self, group: str) -> str:
        """The group's address as Exchange shows it, so that a rule reads back the way it was written."""
        found = await self._recipient(group)
        return group if isinstance(found, Unknown) else text_of(found.get("PrimarySmtpAddress")) or group

    async def _sender(
        self, address: str, person: PersonId | None, rules: Sequence[OutboundRule], groups: Sequence[str]
    ) -> Mapping[str, Any]:
        """The sender's recipient row; empty if no rule needs it, or if it cannot be read."""
        by_domain = any(rule.domains or rule.except_domains for rule in in_order(rules))
        if not by_domain and (person is not None or not groups):
            return {}
        found = await self._recipient(address)
        return {} if isinstance(found, Unknown) else found

    async def _memberships(self, sender: str | None, groups: Sequence[str]) -> tuple[Membership, ...]:
        found: dict[str, str | Unknown] = {}
        for group in groups:
            row = await self._recipient(group)
            missing = Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)
            found[group] = row if isinstance(row, Unknown) else _id_of(row) or missing
        ids = [identity for identity in found.values() if isinstance(identity, str)]
        mine = await self._groups_of(sender, ids)
        return tuple(Membership(group=group, belongs=_belongs(identity, mine)) for group, identity in found.items())

    async def _groups_of(self, sender: str | None, ids: Sequence[str]) -> frozenset[str] | Unknown:
        if sender is None:
            return Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)
        mine: set[str] = set()
        # https://learn.microsoft.com/graph/api/directoryobject-checkmembergroups (transitive, twenty groups at most)
        path = f"/v1.0/users/{quote(sender, safe='')}/checkMemberGroups"
        for first in range(0, len(ids), _GROUPS_AT_ONCE):
            try:
                body = {"groupIds": list(ids[first : first + _GROUPS_AT_ONCE])}
                response = await self._directory.read("POST", path, body)
            except Unavailable as trouble:
                return Unknown(reason=trouble.reason)
            value = response.json.get("value") if response.is_success and isinstance(response.json, dict) else None
            if not isinstance(value, list):
                return Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)
            mine |= {str(group).casefold() for group in value}
        return frozenset(mine)

    async def _recipient(self, identity: str) -> Mapping[str, Any] | Unknown:
        """The recipient of this name or address; `Unknown` also if there is none or more than one."""
        try:
            rows = await self._cmdlets.run("Get-Recipient", {"Identity": identity}, repeat=True)
        except CmdletFailed:
            return Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)
        except Unavailable as trouble:
            return Unknown(reason=trouble.reason)
        mine = [row for row in rows.rows if identity.casefold() in _names(row)]
        return mine[0] if len(mine) == 1 else Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)

    async def _domains(self) -> tuple[str, ...] | Unknown:
        """The organisation's own domains. They may be `Unknown`: the effective policy does not depend on them."""
        try:
            rows = await self._rows("Get-AcceptedDomain")
        except Unavailable as trouble:
            return Unknown(reason=trouble.reason)
        names = tuple(name for row in rows if (name := text_of(row.get("DomainName"))))
        return names if len(names) == len(rows) else Unknown(reason=UnknownReason.UNEXPECTED_RESPONSE)


def _groups(rules: Sequence[OutboundRule], asked: str) -> tuple[str, ...]:
    named = [group for rule in in_order(rules) for group in (*rule.groups, *rule.except_groups)]
    return tuple(dict.fromkeys([*named, asked] if asked else named))


def _belongs(identity: str | Unknown, mine: frozenset[str] | Unknown) -> bool | Unknown:
    if isinstance(identity, Unknown):
        return identity
    return mine if isinstance(mine, Unknown) else identity.casefold() in mine


def _id_of(row: Mapping[str, Any]) -> str | None:
    return text_of(row.get("ExternalDirectoryObjectId"))


def _names(row: Mapping[str, Any]) -> set[str]:
    fields = ("Identity", "Name", "Alias", "DisplayName", "PrimarySmtpAddress", "UserPrincipalName", "WindowsLiveID")
    more = ("ExternalDirectoryObjectId", "Guid", "DistinguishedName")
    texts = [text for field in (*fields, *more) if (text := text_of(row.get(field)))]
    aliases = [str(text).partition(":")[2] for text in list_of(row.get("EmailAddresses"))]
    return {text.casefold() for text in [*texts, *aliases] if text}
