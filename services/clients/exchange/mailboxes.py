"""Who may send from a mailbox: the rights from Exchange, the members of groups from Microsoft Graph."""

from collections.abc import Mapping
from typing import Any

from services.clients.exchange.cmdlets import CmdletFailed, Cmdlets, unexpected
from services.clients.exchange.mailbox_state import read_fill, read_smtp_auth
from services.clients.graph.directory import GraphDirectory
from services.clients.wire_values import text_of
from services.domain.checks.checks import MailboxHome
from services.domain.checks.mailbox_state import MailboxFill, SmtpAuth
from services.domain.exchange_roles import role_with
from services.domain.people import PersonId
from services.domain.proofs.shared_mailbox import Holder, SendRight, SharedMailbox
from services.domain.unknown import UnknownReason
from services.ports.errors import NotFound, Unavailable

_SELF = "NT AUTHORITY\\SELF"
_OWNED = "UserMailbox"
_PEOPLE = ("UserMailbox", "MailUser", "RemoteUserMailbox")
_ELSEWHERE = ("MailUser", "RemoteUserMailbox")
_TRUSTEES_AT_MOST = 30
_MEMBERS_AT_MOST = 100
_MISSING = object()


class ExchangeMailboxes:
    """Implements the port `Mailboxes`."""

    def __init__(self, cmdlets: Cmdlets, graph: GraphDirectory) -> None:
        self._cmdlets = cmdlets
        self._graph = graph

    async def mailbox(self, address: str) -> SharedMailbox:
        row = await self._one("Get-Mailbox", address)
        if row is None:
            raise NotFound(address)
        unread: list[str] = []
        holders = [*_owner(row)]
        for trustee, right in await self._trustees(address, row, unread):
            holders += await self._behind(trustee, right, unread)
        return SharedMailbox(
            address=text_of(row.get("PrimarySmtpAddress")) or address,
            name=text_of(row.get("DisplayName")) or address,
            addresses=_addresses(row, address),
            holders=tuple(holders),
            unread=tuple(dict.fromkeys(unread)),
            identity=text_of(row.get("ExternalDirectoryObjectId")) or "",
        )

    async def addresses(self, address: str) -> tuple[str, ...]:
        row = await self._one("Get-Mailbox", address)
        if row is None:
            raise NotFound(address)
        return _addresses(row, address)

    async def home(self, address: str) -> MailboxHome:
        # https://learn.microsoft.com/powershell/module/exchangepowershell/get-recipient
        try:
            rows = await self._cmdlets.run("Get-Recipient", {"Identity": address}, repeat=True)
        except CmdletFailed as failed:
            if failed.not_found:
                return MailboxHome.NONE
            raise unexpected(failed) from failed
        kinds = {
            text_of(row.get("RecipientTypeDetails")) or "" for row in rows.rows if address.casefold() in _names(row)
        }
        if any(kind.endswith("Mailbox") and not kind.startswith("Remote") for kind in kinds):
            return MailboxHome.HERE
        if not kinds.isdisjoint(_ELSEWHERE):
            return MailboxHome.ELSEWHERE
        # Nothing at all, or another object: that nobody has such a mailbox is said by an error, and by nothing else.
        raise Unavailable(UnknownReason.UNEXPECTED_RESPONSE, "no recipient of a known kind")

    async def fill(self, address: str) -> MailboxFill:
        return await read_fill(self._cmdlets, address)

    async def smtp_auth(self, address: str) -> SmtpAuth:
        return await read_smtp_auth(self._cmdlets, address)

    async def _trustees(self, address: str, row: Mapping[str, Any], unread: list[str]) -> list[tuple[str, SendRight]]:
        """The people and groups that have a right to send. What cannot be read is added to `unread`."""
        behalf, unclear = _read_texts(row.get("GrantSendOnBehalfTo", _MISSING))
        named = [(text, SendRight.ON_BEHALF) for text in behalf]
        unread += ["GrantSendOnBehalfTo"] if unclear else []
        try:
            # https://learn.microsoft.com/powershell/module/exchangepowershell/get-recipientpermission
            rights = await self._cmdlets.run("Get-RecipientPermission", {"Identity": address}, repeat=True)
        except (CmdletFailed, Unavailable) as trouble:
            unread.append(_unread("Get-RecipientPermission", trouble))
            return named
        if not rights.complete:
            unread.append("Get-RecipientPermission")
        for right in rights.rows:
            trustee, allows = text_of(right.get("Trustee")), _allows_send_as(right)
            if allows is False or (trustee is not None and trustee.casefold() == _SELF.casefold()):
                continue
            if trustee is None or allows is None:
                unread.append(trustee or "Get-RecipientPermission")
            else:
                named.append((trustee, SendRight.SEND_AS))
        unread += [trustee for trustee, _ in named[_TRUSTEES_AT_MOST:]]
        return named[:_TRUSTEES_AT_MOST]

    async def _behind(self, trustee: str, right: SendRight, unread: list[str]) -> list[Holder]:
        """The people behind a trustee: the person, or the members of the group. Adds it to `unread` if that is not
        known."""
        try:
            row = await self._one("Get-Recipient", trustee) or {}
            identity = text_of(row.get("ExternalDirectoryObjectId"))
            if identity is None:
                unread.append(trustee)
                return []
            if text_of(row.get("RecipientTypeDetails")) in _PEOPLE:
                return [_holder(identity, row, right)]
            members = await self._graph.members(identity, _MEMBERS_AT_MOST)
        except (CmdletFailed, Unavailable, NotFound):
            unread.append(trustee)
            return []
        name = text_of(row.get("DisplayName")) or trustee
        return [
            Holder(
                person=PersonId(str(member.get("id"))),
                name=text_of(member.get("displayName")) or str(member.get("id")),
                upn=text_of(member.get("userPrincipalName")) or "",
                right=right,
                through=name,
            )
            for member in members
        ]

    async def _one(self, cmdlet: str, identity: str) -> Mapping[str, Any] | None:
        """The object of this identity; `None` if there is none. Some cmdlets return other objects then."""
        try:
            rows = await self._cmdlets.run(cmdlet, {"Identity": identity}, repeat=True)
        except CmdletFailed as failed:
            if failed.not_found:
                return None
            raise unexpected(failed) from failed
        return next((row for row in rows.rows if identity.casefold() in _names(row)), None)


def _unread(cmdlet: str, trouble: CmdletFailed | Unavailable) -> str:
    """The cmdlet and why it said nothing: the role that it takes, or the trouble. The card has room for few words."""
    role = role_with(cmdlet)
    lacking = isinstance(trouble, Unavailable) and trouble.reason in (
        UnknownReason.NO_PERMISSION,
        UnknownReason.NO_LICENCE,
    )
    return f"{cmdlet} (role {role.name})" if lacking and role else f"{cmdlet}: {trouble}"


def _owner(row: Mapping[str, Any]) -> list[Holder]:
    """The owner of a personal mailbox, who may send from it without an entry in the rights."""
    identity = text_of(row.get("ExternalDirectoryObjectId"))
    if text_of(row.get("RecipientTypeDetails")) != _OWNED or identity is None:
        return []
    return [_holder(identity, row, SendRight.OWNER)]


def _holder(identity: str, row: Mapping[str, Any], right: SendRight) -> Holder:
    address = text_of(row.get("PrimarySmtpAddress")) or ""
    upn = text_of(row.get("UserPrincipalName")) or text_of(row.get("WindowsLiveID")) or address
    return Holder(person=PersonId(identity), name=text_of(row.get("DisplayName")) or upn, upn=upn, right=right)


def _allows_send_as(row: Mapping[str, Any]) -> bool | None:
    """Whether the row allows to send as the mailbox; `None` if that cannot be read."""
    kind = (text_of(row.get("AccessControlType", "Allow")) or "").casefold()
    if kind == "deny":
        return False
    rights, unclear = _read_texts(row.get("AccessRights", _MISSING))
    named = {part.replace(" ", "").casefold() for right in rights for part in right.split(",")}
    if unclear or kind != "allow":
        return None if unclear or "sendas" in named else False
    return "sendas" in named


def _addresses(row: Mapping[str, Any], asked: str) -> tuple[str, ...]:
    """The UPN first, by which the restricted list names hosted mailboxes."""
    aliases = [text[5:] for text in _texts(row.get("EmailAddresses")) if text[:5].casefold() == "smtp:"]
    first = [text_of(row.get("UserPrincipalName")), text_of(row.get("PrimarySmtpAddress"))]
    every = [text for text in [*first, *aliases, asked] if text]
    once: dict[str, str] = {}
    for text in every:
        once.setdefault(text.casefold(), text)
    return tuple(once.values())


def _names(row: Mapping[str, Any]) -> set[str]:
    """All identities by which Exchange finds this object, in lower case."""
    fields = ("Identity", "Name", "Alias", "DisplayName", "PrimarySmtpAddress", "UserPrincipalName", "WindowsLiveID")
    more = ("ExternalDirectoryObjectId", "Guid", "DistinguishedName")
    texts = [text for field in (*fields, *more) if (text := text_of(row.get(field)))]
    aliases = [text.partition(":")[2] for text in _texts(row.get("EmailAddresses"))]
    return {text.casefold() for text in [*texts, *aliases]}


def _read_texts(value: object) -> tuple[list[str], bool]:
    """The texts of a list, or the one text; and whether something else was among them. Nothing at all is none."""
    items = value if isinstance(value, list) else [] if value is None else [value]
    return [text for item in items if (text := text_of(item))], not all(isinstance(item, str) for item in items)


def _texts(value: object) -> list[str]:
    return [text for item in value if (text := text_of(item))] if isinstance(value, list) else []
