"""Recipients and who may send from them."""

from collections.abc import Callable, Iterable, Mapping

from aiohttp import web

from sandbox.cmdlets import Cmdlet, Parameters, Row, not_found, rows
from sandbox.faults import nul_403
from sandbox.people import PEOPLE, Persona
from sandbox.shared import BULK_SENDERS, NEWSLETTER, SALES, SALES_TEAM, Group, Shared
from sandbox.tenant import Account, Tenant


class MailboxCmdlets:
    """Get-Mailbox and what else is asked of one mailbox, Get-Recipient and Get-RecipientPermission."""

    def __init__(self, tenant: Tenant, base_url: Callable[[], str]) -> None:
        self._tenant = tenant
        self._base_url = base_url

    def cmdlets(self) -> Mapping[str, Cmdlet]:
        identity = {"Identity": str}
        return {
            "Get-Mailbox": Cmdlet(takes=identity, run=self._mailbox),
            "Get-Recipient": Cmdlet(takes=identity, run=self._recipient),
            "Get-MailboxStatistics": Cmdlet(takes=identity, run=self._statistics),
            "Get-CASMailbox": Cmdlet(takes=identity, run=self._protocols),
            "Get-TransportConfig": Cmdlet(takes={}, run=self._transport),
            "Get-RecipientPermission": Cmdlet(takes=identity, run=self._permissions),
        }

    def _mailbox(self, given: Parameters) -> web.Response:
        if "mailboxes" in self._tenant.unreadable:
            return nul_403()
        return self._found(given, [self._forwarded(row) for row in self._mailboxes()])

    def _recipient(self, given: Parameters) -> web.Response:
        if "mailboxes" in self._tenant.unreadable:
            return nul_403()
        return self._found(given, [*self._mailboxes(), *self._elsewhere(), _group(SALES_TEAM), _group(BULK_SENDERS)])

    def _statistics(self, given: Parameters) -> web.Response:
        return self._of_one(given, lambda account: {"TotalItemSize": _size(account.size), "ItemCount": 120})

    def _protocols(self, given: Parameters) -> web.Response:
        return self._of_one(given, lambda account: {"SmtpClientAuthenticationDisabled": account.smtp_auth_off})

    def _transport(self, _given: Parameters) -> web.Response:
        row = {"Name": "Transport Settings", "SmtpClientAuthenticationDisabled": self._tenant.smtp_auth_off}
        return rows(self._base_url(), [row])

    def _of_one(self, given: Parameters, says: Callable[[Account], Row]) -> web.Response:
        """The mailbox of a person, with what the cmdlet says of it beside its names."""
        if "mailboxes" in self._tenant.unreadable:
            return nul_403()
        held = [(row, self._tenant.account_of(str(row["ExternalDirectoryObjectId"]))) for row in self._mailboxes()]
        return self._found(given, [{**row, **says(account)} for row, account in held if account])

    def _mailboxes(self) -> list[Row]:
        return [
            *(_persons(persona) for key, persona in PEOPLE.items() if not persona.guest and self._is_at(key, "here")),
            _shared(SALES),
            _shared(NEWSLETTER),
        ]

    def _elsewhere(self) -> list[Row]:
        """People whose mailbox is on the organisation's own servers: a recipient, and no mailbox here."""
        there = (persona for key, persona in PEOPLE.items() if self._is_at(key, "servers"))
        return [{**_persons(persona), "RecipientTypeDetails": "MailUser"} for persona in there]

    def _is_at(self, key: str, place: str) -> bool:
        return self._tenant.accounts[key].mailbox == place

    def _forwarded(self, row: Row) -> Row:
        account = self._tenant.account_of(str(row["ExternalDirectoryObjectId"]))
        target = account.traces.forwarding if account else None
        forwarding = f"smtp:{target}" if target else None
        return {
            **row,
            "ForwardingAddress": account.traces.forwarding_inside if account else None,
            "ForwardingSmtpAddress": forwarding,
            "ProhibitSendQuota": _size(106_300_440_576),
            "DeliverToMailboxAndForward": account.traces.keeps_copy if account else True,
        }

    def _found(self, given: Parameters, among: Iterable[Row]) -> web.Response:
        wanted = str(given.get("Identity", "")).casefold()
        found = [row for row in among if wanted in _names(row)]
        return rows(self._base_url(), found) if found else not_found(wanted)

    def _permissions(self, given: Parameters) -> web.Response:
        wanted = str(given.get("Identity", "")).casefold()
        if not any(wanted in _names(row) for row in self._mailboxes()):
            return not_found(wanted)
        if "mailbox rights" in self._tenant.unreadable:
            return nul_403()
        trustees = SALES.send_as if wanted in (SALES.address, SALES.alias) else ("NT AUTHORITY\\SELF",)
        return rows(self._base_url(), [_permission(wanted, trustee) for trustee in trustees])


def _permission(identity: str, trustee: str) -> Row:
    return {
        "Identity": identity,
        "Trustee": trustee,
        "AccessControlType": "Allow",
        "AccessRights@odata.type": "#Collection(String)",
        "AccessRights": ["SendAs"],
        "IsInherited": False,
    }


def _persons(persona: Persona) -> Row:
    addresses = [f"SMTP:{persona.upn}", *(f"smtp:{alias}" for alias in persona.aliases)]
    row = _row(persona.id, persona.name, persona.upn, "UserMailbox", addresses)
    return {**row, "GrantSendOnBehalfTo@odata.type": "#Collection(String)", "GrantSendOnBehalfTo": []}


def _shared(mailbox: Shared) -> Row:
    row = _row(mailbox.id, mailbox.name, mailbox.address, "SharedMailbox", _smtp(mailbox.address, mailbox.alias))
    return {**row, "GrantSendOnBehalfTo@odata.type": "#Collection(String)", "GrantSendOnBehalfTo": [*mailbox.on_behalf]}


def _group(group: Group) -> Row:
    row = _row(group.id, group.name, group.address, "MailUniversalSecurityGroup", _smtp(group.address))
    return {key: value for key, value in row.items() if key != "UserPrincipalName"}


def _smtp(first: str, *others: str) -> list[str]:
    return [f"SMTP:{first}", *(f"smtp:{other}" for other in others)]


def _row(identity: str, name: str, address: str, kind: str, addresses: list[str]) -> Row:
    return {
        "Identity": name,
        "Name": name,
        "DisplayName": name,
        "PrimarySmtpAddress": address,
        "UserPrincipalName": address,
        "EmailAddresses@odata.type": "#Collection(String)",
        "EmailAddresses": addresses,
        "RecipientTypeDetails": kind,
        "ExternalDirectoryObjectId": identity,
    }


def _size(count: int) -> str:
    return f"{count / 2**30:.3f} GB ({count:,} bytes)"


def _names(row: Row) -> set[str]:
    names = [row["Name"], row["PrimarySmtpAddress"], row["ExternalDirectoryObjectId"]]
    return {str(name).casefold() for name in [*names, *(text[5:] for text in row["EmailAddresses"])]}
